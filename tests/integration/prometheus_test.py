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
