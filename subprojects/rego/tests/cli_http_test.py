#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""Tests http.send of the program rego against servers on this machine.

usage: tests/cli_http_test.py PROGRAM

example: tests/cli_http_test.py build/rego
"""

import http.server
import json
import os
import ssl
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

PROGRAM = ""


class handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        size = int(self.headers.get("Content-Length", "0"))
        body = self.rfile.read(size).decode()
        path = self.path
        self.server.asked.append((self.command, path))
        if path.startswith("/to?"):
            self.send_response(302)
            self.send_header("Location", path[4:])
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if path == "/never":
            self.server.released.wait(30)
        said = {"method": self.command, "path": path, "body": body,
                "headers": sorted(f"{k.lower()}: {v}"
                                  for k, v in self.headers.items())}
        text = json.dumps(said).encode()
        if path == "/large":
            text = b"x" * (17 << 20)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.send_header("X-Two", "1")
        self.send_header("X-Two", "2")
        if path == "/fresh":
            self.send_header("Cache-Control", "max-age=600")
        self.end_headers()
        try:
            if self.command != "HEAD":
                self.wfile.write(text)
        except OSError:
            self.close_connection = True  # the client had enough

    do_GET = do_POST = do_HEAD = do_DELETE = answer

    def log_message(self, *_):
        pass


class server:
    """A server on a free port of 127.0.0.1, over TLS where it has a context."""

    def __init__(self, context=None):
        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.http.handle_error = lambda *_: None  # refused handshakes
        self.http.asked = []
        self.http.released = threading.Event()
        if context:
            self.http.socket = context.wrap_socket(self.http.socket,
                                                   server_side=True)
        self.port = self.http.server_address[1]
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def asked(self):
        return self.http.asked

    def close(self):
        self.http.released.set()
        self.http.shutdown()
        self.http.server_close()


def rego(*args, stdin=None, env=None):
    done = subprocess.run([PROGRAM, *args], input=stdin, text=True,
                          capture_output=True, timeout=60,
                          env={**os.environ, **(env or {})})
    return done.returncode, done.stdout, done.stderr


def send(url, allow=("127.0.0.1",), env=None, options=(), **members):
    """The response object, or what is on standard error."""
    request = json.dumps({"method": "GET", "url": url, **members})
    hosts = [f"--allow-net={h}" for h in allow]
    code, out, _ = rego("eval", "--strict-builtin-errors", *hosts, *options,
                        f"http.send({request})", env=env)
    got = json.loads(out)
    if code:
        return got["errors"][0]["message"]
    return got["result"][0]["expressions"][0]["value"]


class plain(unittest.TestCase):
    def setUp(self):
        self.server = server()
        self.url = f"http://127.0.0.1:{self.server.port}"

    def tearDown(self):
        self.server.close()

    def test_a_request_and_its_response(self):
        got = send(self.url + "/a?b=%20c", method="post", body={"x": 1},
                   headers={"X-A": "b", "X-Empty": ""})
        self.assertEqual((got["status"], got["status_code"]), ("200 OK", 200))
        self.assertEqual(got["headers"]["x-two"], ["1", "2"])
        self.assertEqual(got["body"]["method"], "POST")
        self.assertEqual(got["body"]["path"], "/a?b=%20c")
        self.assertEqual(json.loads(got["body"]["body"]), {"x": 1})
        self.assertEqual(got["body"]["headers"], [
            "content-length: 7", "content-type: application/json",
            f"host: 127.0.0.1:{self.server.port}", "user-agent: rego",
            "x-a: b", "x-empty: "])

    def test_other_methods_and_a_host_header(self):
        self.assertEqual(send(self.url, method="HEAD")["raw_body"], "")
        got = send(self.url, method="delete", headers={"Host": "h.example"})
        self.assertEqual(got["body"]["method"], "DELETE")
        self.assertIn("host: h.example", got["body"]["headers"])

    def test_failures_to_connect_have_gos_words(self):
        self.server.close()
        self.assertEqual(
            send(self.url), f'http.send: Get "{self.url}": dial tcp 127.0.0.1:'
            f"{self.server.port}: connect: connection refused")
        self.server = server()
        self.assertEqual(
            send("http://none.invalid/", allow=("none.invalid",)),
            'http.send: Get "http://none.invalid/": dial tcp: lookup '
            "none.invalid: no such host")

    def test_hosts_that_are_not_allowed_are_not_asked(self):
        self.assertEqual(send(self.url, allow=()),
                         "http.send: no host is allowed for requests of "
                         "policies")
        self.assertEqual(send(self.url, allow=("localhost",)),
                         "http.send: unallowed host: 127.0.0.1")
        self.assertEqual(self.server.asked(), [])
        code, _, err = rego("eval", "--allow-net", "a.example:80", "1")
        self.assertEqual(code, 2)
        self.assertIn("'a.example:80' is no host", err)

    def test_capabilities_name_hosts(self):
        with tempfile.TemporaryDirectory() as folder:
            def limited(text, **more):
                path = Path(folder, "c.json")
                path.write_text(text)
                return send(self.url, options=("--capabilities", str(path)),
                            **more)
            _, own, _ = rego("capabilities", "--current")
            own = json.loads(own)
            none = json.dumps({**own, "allow_net": []})
            here = json.dumps({**own, "allow_net": ["127.0.0.1"]})
            refused = ("http.send: no host is allowed for requests of "
                       "policies")
            self.assertEqual(limited(none), refused)
            self.assertEqual(limited(json.dumps(own), allow=()), refused)
            self.assertEqual(limited(here, allow=("localhost",)), refused)
            self.assertEqual(self.server.asked(), [])
            self.assertEqual(limited(here)["status_code"], 200)
            self.assertEqual(limited(here, allow=())["status_code"], 200)

    def test_every_hop_of_a_redirect_is_checked(self):
        here = f"http://localhost:{self.server.port}/there"
        way = f"{self.url}/to?{here}"
        self.assertEqual(send(way)["status_code"], 302)
        self.assertIn("unallowed host: localhost",
                      send(way, enable_redirect=True))
        self.assertEqual(self.server.asked(), [("GET", way[way.find("/to"):])]
                         * 2)
        got = send(way, allow=("127.0.0.1", "LOCALHOST"), enable_redirect=True)
        self.assertEqual(got["body"]["path"], "/there")
        self.assertIn("unsupported protocol scheme",
                      send(f"{self.url}/to?file:///etc/hosts",
                           enable_redirect=True))

    def test_no_proxy_of_the_environment_is_used(self):
        closed = "http://127.0.0.1:1"
        got = send(self.url, env={"http_proxy": closed, "ALL_PROXY": closed,
                                  "all_proxy": closed, "no_proxy": ""})
        self.assertEqual(got["status_code"], 200)

    def test_time_and_size_are_bounded(self):
        self.assertIn("request timed out",
                      send(self.url + "/never", timeout="100ms"))
        self.assertEqual(send(self.url + "/never",
                              options=["--timeout", "100ms"]),
                         "the time limit is reached")
        self.assertIn("the response has more than 16777216 bytes",
                      send(self.url + "/large"))

    def test_a_server_that_is_not_there(self):
        self.server.close()
        got = send(self.url, raise_error=False, max_retry_attempts=1)
        self.assertEqual(got["status_code"], 0)
        self.assertEqual(got["error"]["code"], "eval_http_send_network_error")
        self.server = server()

    def test_commands_that_evaluate(self):
        query = (f'http.send({{"method": "get", "url": "{self.url}/fresh", '
                 '"cache": true}).body.path')
        allow = ["--allow-net", "127.0.0.1"]
        _, out, _ = rego("run", *allow, stdin=query + "\n" + query + "\n")
        self.assertEqual(out, '"/fresh"\n"/fresh"\n')
        self.assertEqual(len(self.server.asked()), 1)
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "a_test.rego").write_text(
                f'package a_test\ntest_a if {query} == "/fresh"\n')
            self.assertEqual(rego("test", folder)[0], 1)
            self.assertEqual(rego("test", *allow, folder)[0], 0)
        self.assertEqual(rego("bench", *allow, query)[0], 0)
        self.assertEqual(len(self.server.asked()), 3)


class over_tls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.cert = Path(cls.folder.name, "cert.pem")
        cls.key = Path(cls.folder.name, "key.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                        "-keyout", cls.key, "-out", cls.cert, "-subj",
                        "/CN=inner.example", "-addext",
                        "subjectAltName=DNS:inner.example,DNS:localhost"],
                       check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cls.cert, cls.key)
        context.load_verify_locations(cls.cert)
        context.verify_mode = ssl.CERT_OPTIONAL
        cls.server = server(context)
        cls.url = f"https://localhost:{cls.server.port}/x"

    @classmethod
    def tearDownClass(cls):
        cls.server.close()
        cls.folder.cleanup()

    def status(self, url, **members):
        got = send(url, allow=("localhost", "127.0.0.1"), **members)
        return got["status_code"] if isinstance(got, dict) else got

    def test_certificates_are_verified(self):
        self.assertIn("certificate", self.status(self.url))
        self.assertEqual(self.status(self.url, tls_ca_cert_file=str(self.cert)),
                         200)
        self.assertEqual(
            self.status(self.url, tls_ca_cert=self.cert.read_text()), 200)
        self.assertIn("certificate",
                      self.status(self.url, tls_use_system_certs=False))
        self.assertIn("expected a file that can be read here",
                      self.status(self.url, tls_ca_cert_file="/dev/zero"))
        self.assertEqual(
            self.status(self.url, tls_insecure_skip_verify=True), 200)

    def test_the_server_has_the_name_that_is_asked_for(self):
        url = f"https://127.0.0.1:{self.server.port}/x"
        ca = {"tls_ca_cert_file": str(self.cert)}
        self.assertIn("SSL", self.status(url, **ca))
        got = send(url, tls_server_name="inner.example", **ca)
        self.assertIn(f"host: 127.0.0.1:{self.server.port}",
                      got["body"]["headers"])
        self.assertEqual(
            self.status(url, headers={"Host": "inner.example"}, **ca), 200)
        self.assertIn("SSL",
                      self.status(url, tls_server_name="c.example", **ca))

    def test_a_client_certificate_from_the_environment(self):
        env = {"CERT": self.cert.read_text(), "KEY": self.key.read_text()}
        members = {"tls_ca_cert_env_variable": "CERT",
                   "tls_client_cert_env_variable": "CERT",
                   "tls_client_key_env_variable": "KEY"}
        self.assertEqual(self.status(self.url, env=env, **members), 200)
        env["KEY"] = "no key"
        self.assertIn("Get \"https://localhost",
                      self.status(self.url, env=env, **members))


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] in ("-h", "--help"):
        print(__doc__)
        sys.exit(0 if len(sys.argv) > 1 else 2)
    PROGRAM = str(Path(sys.argv.pop(1)).resolve())
    unittest.main(verbosity=1)
