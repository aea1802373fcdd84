#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""A real Prometheus scrapes the node, and promtool finds nothing to mend."""

import json
import socket
import subprocess
import tempfile
import unittest
import urllib.parse
import urllib.request
from pathlib import Path

import counted
from node import PERMITTED, REFUSED, Node, select_wait


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def fetch(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def series_of(node):
    """The names and labels of everything that a node shows."""
    text = fetch(f"http://127.0.0.1:{node.port('metrics')}/metrics")
    return {(line.partition("{")[0].split()[0],
             "{" + line.partition("{")[2].rpartition("}")[0] + "}")
            for line in text.splitlines() if not line.startswith("#")}


class prometheus(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.node = Node()
        for body in (PERMITTED, REFUSED, PERMITTED):
            cls.node.decide(body)
        cls.url = f"http://127.0.0.1:{cls.node.port('metrics')}/metrics"

    @classmethod
    def tearDownClass(cls):
        cls.node.close()

    def test_promtool_accepts_every_metric(self):
        done = subprocess.run(["promtool", "check", "metrics"],
                              input=fetch(self.url), text=True,
                              capture_output=True, timeout=30)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(done.stderr, "")

    def test_both_places_show_the_decisions(self):
        for text in (fetch(self.url),
                     self.node.request("GET", "/metrics")[1]):
            self.assertIn("acgs_decisions_total{", text)
            self.assertIn('result="deny"', text)

    def test_what_may_happen_is_shown_before_it_happens(self):
        text = fetch(self.url)
        for series in (
                'acgs_constitutional_violations_total{type="data_access"} 0',
                'acgs_constitutional_violations_total{type="other"} 0',
                'acgs_actor_restarts_total{actor="ledger"} 0',
                'acgs_actor_restarts_total{actor="http_gateway"} 0',
                'acgs_control_commands_total{kind="delete_policy",'
                'result="done"} 0'):
            self.assertIn(series + "\n", text)

    def test_no_series_begins_with_its_first_event(self):
        """But where a caller chooses a label: a path, one that is no route."""
        chosen = ("acgs_decisions_total", 'endpoint="none"')
        with Node() as node:
            before = series_of(node)
            names = {name for name, _ in before}
            for one in ("acgs_rpc_calls_total", "acgs_rpc_calls_failed_total",
                        "acgs_http_requests_total",
                        "acgs_control_commands_total"):
                self.assertIn(one, names)
            node.acgs("policy", "get", "absent", code=2)
            node.acgs("audit", "query", "--offset", "10001", code=2)
            broken = node.folder / "broken.rego"
            broken.write_text("package x\n\np {")
            node.acgs("policy", "put", "broken", str(broken), code=2)
            for body in (PERMITTED, REFUSED, b"{"):
                node.decide(body)
            wrong = {"Authorization": "Bearer none.such.token"}
            for path in ("/audit/event/evt_99999", "/v1/policies", "/health",
                         "/audit/events?limit=x", "/ledger/checkpoint"):
                node.request("GET", path)
                node.request("GET", path, headers=wrong)
            node.acgs("audit", "verify")
            node.acgs("lockdown", "on", "--reason", "a test", "--yes")
            self.assertIs(node.decide(PERMITTED)[1]["allow"], False)
            new = [name + labels for name, labels in series_of(node) - before
                   if not any(each in name + labels for each in chosen)]
        self.assertEqual(sorted(new), [])

    def test_a_refusal_from_the_cache_counts_as_well(self):
        series = ("acgs_constitutional_violations_total"
                  '{type="constitutional_evaluation"} ')
        with Node() as node:
            for _ in range(3):
                self.assertIs(node.decide(REFUSED)[1]["allow"], False)
            text = node.request("GET", "/metrics")[1]
        self.assertEqual(text.split(series)[1].split("\n")[0], "3")

    def test_certificates_show_when_they_run_out(self):
        series = 'acgs_certificate_expiry_seconds{certificate="%s"} '
        left = lambda of: float(
            fetch(self.url).split(series % of)[1].split("\n")[0])
        day = 86400
        self.assertAlmostEqual(left("node"), 365 * day, delta=day)
        self.assertAlmostEqual(left("authority"), 3650 * day, delta=day)
        tls = self.node.folder / "keys" / "tls"
        (tls / "admin.pem").write_text((tls / "ca.pem").read_text())
        self.assertAlmostEqual(left("admin"), 3650 * day, delta=day)
        (tls / "admin.pem").write_text("no certificate")
        self.assertEqual(left("admin"), 0)

    def test_prometheus_scrapes_it(self):
        with tempfile.TemporaryDirectory() as folder:
            config = Path(folder) / "prometheus.yml"
            config.write_text(
                "global: {scrape_interval: 1s}\n"
                "scrape_configs:\n- job_name: acgs\n  static_configs:\n"
                f"  - targets: ['127.0.0.1:{self.node.port('metrics')}']\n")
            port = free_port()
            server = subprocess.Popen(
                ["prometheus", f"--config.file={config}",
                 f"--storage.tsdb.path={folder}/data",
                 f"--web.listen-address=127.0.0.1:{port}"],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                self.assertEqual(self.sum_of_decisions(port), 3)
            finally:
                server.kill()
                server.wait()

    def sum_of_decisions(self, port):
        query = urllib.parse.quote("sum(acgs_decisions_total)")
        for _ in range(1000):
            try:
                answer = json.loads(fetch(
                    f"http://127.0.0.1:{port}/api/v1/query?query={query}"))
                found = answer["data"]["result"]
                if found:
                    return int(found[0]["value"][1])
            except OSError:
                pass
            select_wait()
        return None


if __name__ == "__main__":
    counted.main()
