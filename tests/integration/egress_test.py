#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""What policies ask a real server, over HTTP and HTTPS: which hosts, how long,
not in lockdown, and told again by a replay when the server is gone."""

import http.server
import json
import ssl
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path

import counted
from node import PATIENCE, Node, wait_for

POLICY = """package app
url := sprintf("http://%s:PORT%s", [input.host, input.path])
told := http.send({"method": "get", "url": url, "raise_error": false,
  "timeout": "1h"})
allow if told.body.level > input.least
why := told.error.message
"""

STRICTER = """package app
allow if {
  told := http.send({"method": "get", "raise_error": false, "timeout": "1h",
    "url": sprintf("http://%s:PORT%s", [input.host, input.path])})
  told.body.level > 100
}
"""

ELSEWHERE = """package app
allow if http.send({"method": "get", "url": "http://127.0.0.1:PORT/more"})
"""


class handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        if self.path == "/never":
            self.server.released.wait(PATIENCE)
        body = json.dumps({"level": 1.10, "path": self.path}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            pass  # the client had gone

    def log_message(self, *_):
        pass


class server:
    """On a free port of 127.0.0.1, over TLS where it has a context."""

    def __init__(self, context=None):
        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.http.asked = []
        self.http.released = threading.Event()
        if context:
            self.http.socket = context.wrap_socket(self.http.socket,
                                                   server_side=True)
        self.port = self.http.server_address[1]
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    @property
    def asked(self):
        return self.http.asked

    def close(self):
        self.http.released.set()
        self.http.shutdown()
        self.http.server_close()


class egress(unittest.TestCase):
    def begin(self, hosts, policy=POLICY, context=None, **environment):
        self.server = server(context)
        self.addCleanup(self.server.close)
        self.node = Node(ACGS_EGRESS_HOSTS=hosts, **environment)
        self.addCleanup(self.node.close)
        self.analyst = self.node.token("analyst")
        self.put("app", policy)

    def file(self, name, text):
        path = self.node.folder / f"{name}.rego"
        path.write_text(text.replace("PORT", str(self.server.port)))
        return path

    def put(self, name, text):
        self.node.acgs("policy", "put", name, str(self.file(name, text)))

    def post(self, document, path="/level", host="127.0.0.1", least=1):
        return self.node.request(
            "POST", f"/v1/data/app/{document}",
            {"input": {"host": host, "path": path, "least": least}},
            self.analyst)[:2]

    def ask(self, *words, **members):
        status, answer = self.post(*words, **members)
        self.assertEqual(status, 200, answer)
        return answer

    def replay(self, *words):
        return json.loads(self.node.acgs("--json", "audit", "replay", "--path",
                                         "app/allow",
                                         *words).splitlines()[-1])

    def count(self, result):
        name = f'acgs_egress_requests_total{{result="{result}"}}'
        text = self.node.request("GET", "/metrics")[1]
        line = [line for line in text.splitlines() if line.startswith(name)]
        return int(float(line[0].split()[-1]))

    def test_listed_hosts_alone_are_asked_and_replays_ask_nobody(self):
        self.begin("127.0.0.1,localhost.example")
        self.assertIs(self.ask("allow")["result"], True)
        self.assertIs(self.ask("allow")["result"], True)  # not out of a cache
        self.assertNotIn("result", self.ask("allow", least=2))
        self.assertEqual(self.server.asked, ["/level"] * 3)
        self.assertEqual(self.count("answered"), 3)
        self.assertEqual(self.ask("told")["result"]["raw_body"],
                         '{"level": 1.1, "path": "/level"}')
        self.assertIn("unallowed host: localhost",
                      self.ask("why", host="localhost")["result"])
        self.assertEqual(len(self.server.asked), 4)
        self.server.close()
        counts = self.replay()
        self.assertEqual((counts["decisions"], counts["same"]), (3, 3))
        draft = self.file("draft", POLICY.replace("> input", "< input"))
        self.assertEqual(self.replay("--policy", str(draft))["changed"], 3)
        self.assertEqual(self.count("connection"), 0)

    def test_a_name_is_not_followed_to_this_machine_unless_that_is_listed(self):
        self.begin("localhost")
        why = self.ask("why", host="localhost")["result"]
        self.assertRegex(why, r"leads to (127\.0\.0\.1|::1)")
        self.assertEqual(self.count("refused"), 1)
        self.assertEqual(self.node.stop(), 0)
        self.node.environment["ACGS_EGRESS_HOSTS"] = "localhost,127.0.0.0/8"
        self.node.start()
        self.assertIs(self.ask("allow", host="localhost")["result"], True)
        self.assertIn("unallowed host",
                      self.ask("why", host="127.0.0.1")["result"])
        self.assertEqual(self.server.asked, ["/level"])

    def test_nothing_is_asked_where_nothing_is_listed(self):
        self.begin("")
        answer = self.ask("allow")
        self.assertNotIn("result", answer)
        shown = self.node.acgs("audit", "show", answer["decision_id"],
                               "--payloads")
        self.assertIn("no host is allowed", shown)
        self.assertEqual(self.server.asked, [])
        self.assertEqual(self.replay()["same"], 1)

    def test_a_request_ends_in_time(self):
        self.begin("127.0.0.1", ACGS_EGRESS_TIMEOUT="200ms",
                   ACGS_POLICY_TIME_MAX="1h")
        self.assertIn("timed out", self.ask("why", "/never")["result"])
        self.assertEqual(self.count("timeout"), 1)

    def test_a_host_s_breaker_is_shown_opened_and_reset(self):
        self.begin("127.0.0.1")
        name = "egress.127.0.0.1"
        self.assertIn(name, self.node.acgs("breaker", "list"))
        self.node.acgs("breaker", "trip", name, "--reason", "a drill", "--yes")
        self.assertIn("circuit breaker", self.ask("why")["result"])
        self.node.acgs("breaker", "reset", name, "--reason", "it is over",
                       "--yes")
        self.assertIs(self.ask("allow")["result"], True)
        self.assertEqual(self.server.asked, ["/level"])

    def begin_waiting(self):
        """A decision that waits for the server; its thread and its answer."""
        got = []

        def ask():
            got.append(self.post("why", "/never"))

        thread = threading.Thread(target=ask)
        before = len(self.server.asked)
        thread.start()
        wait_for(lambda: len(self.server.asked) > before)
        return thread, got

    def test_lockdown_ends_what_is_under_way_and_refuses_the_rest(self):
        self.begin("127.0.0.1", ACGS_EGRESS_TIMEOUT="1h",
                   ACGS_POLICY_TIME_MAX="1h")
        thread, got = self.begin_waiting()
        self.node.acgs("--yes", "lockdown", "on", "--reason", "a drill")
        thread.join(PATIENCE)
        self.assertEqual(got[0][0], 403)
        self.assertIn("lockdown", got[0][1]["message"])
        self.assertEqual(self.count("cancelled"), 1)
        self.node.acgs("--yes", "lockdown", "off", "--reason", "it is over")
        self.assertIs(self.ask("allow")["result"], True)

    def test_a_node_stops_without_waiting_for_an_answer(self):
        self.begin("127.0.0.1", ACGS_EGRESS_TIMEOUT="1h",
                   ACGS_POLICY_TIME_MAX="1h", ACGS_PROCESS_DRAIN_TIMEOUT="0s")
        thread, got = self.begin_waiting()
        self.assertEqual(self.node.stop(), 0)
        thread.join(PATIENCE)
        self.assertEqual(got[0][0], 503)

    def tried(self, text):
        """The verdict of a candidate on one decision more."""
        path = self.file("draft", text)
        self.node.acgs("policy", "candidate", "put", "draft", f"app={path}")
        decided = self.ask("allow")["decision_id"]

        def found():
            return [one for one
                    in self.node.acgs_json("policy", "candidate", "stats")
                    if one.get("decision_id") == decided]

        verdict = wait_for(found)[0]["would_be"]
        self.node.acgs("policy", "candidate", "drop", "draft")
        return verdict

    def test_a_candidate_is_told_what_was_told_and_asks_nothing_more(self):
        self.begin("127.0.0.1")
        self.assertEqual(self.tried(STRICTER), "undefined")
        self.assertEqual(self.tried(ELSEWHERE), "error")
        self.assertEqual(self.server.asked, ["/level"] * 2)

    def test_a_server_proves_itself_by_its_certificate(self):
        with tempfile.TemporaryDirectory() as folder:
            key, certificate = Path(folder, "k.pem"), Path(folder, "c.pem")
            subprocess.run(
                ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                 "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out",
                 certificate, "-days", "2", "-subj", "/CN=acgs test",
                 "-addext", "subjectAltName=IP:127.0.0.1"],
                check=True, capture_output=True)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
            pem = json.dumps(certificate.read_text())
        secure = POLICY.replace("http://", "https://")
        trusting = secure.replace('"raise_error"',
                                  f'"tls_ca_cert": {pem}, "raise_error"')
        self.begin("127.0.0.1", secure, context)
        self.assertIn("certificate", self.ask("why")["result"])
        self.assertEqual(self.count("tls"), 1)
        self.put("app", trusting)
        self.assertIs(self.ask("allow")["result"], True)


if __name__ == "__main__":
    counted.main()
