#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""The life-cycle scripts as a user runs them, with the real programs."""

import json
import os
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

import counted

SOURCE = Path(os.environ.get("ACGS_SOURCE", Path(__file__).parents[2]))
BUILD = Path(os.environ.get("ACGS_BUILD", SOURCE / "build"))


class scripts(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.data = Path(folder.name) / "data"
        self.environment = dict(
            os.environ, ACGS_BUILD_DIR=str(BUILD),
            ACGS_NODE_DATA_DIR=str(self.data),
            ACGS_HTTP_LISTEN="127.0.0.1:0", ACGS_RPC_LISTEN="127.0.0.1:0",
            ACGS_METRICS_LISTEN="127.0.0.1:0")
        for name in ("LOG_FILE", "LOG_LEVEL"):
            self.environment.pop(name, None)
        self.addCleanup(lambda: self.run_script("stop", "--force"))

    def run_script(self, name, *args, **variables):
        return subprocess.run(
            [SOURCE / "scripts" / f"{name}.sh", *args], text=True,
            capture_output=True, env=dict(self.environment, **variables),
            check=False, timeout=120)

    def start(self, *args, **variables):
        return self.run_script("start", "--no-install", "--no-build", *args,
                               **variables)

    def assert_code(self, done, code):
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)

    def pid(self):
        return int((self.data / "pids/acgsd.pid").read_text())

    def test_start_decides_and_verifies_and_stop_leaves_nothing(self):
        done = self.start()
        self.assert_code(done, 0)
        self.assertIn("healthy after", done.stdout)
        self.assertIn("allow true", done.stdout)
        self.assertIn("allow false", done.stdout)
        again = self.start()
        self.assert_code(again, 0)
        self.assertIn(f"already running as PID {self.pid()}", again.stdout)
        self.assert_code(self.run_script("stop"), 0)
        self.assertEqual(list((self.data / "pids").iterdir()), [])
        self.assertEqual(
            os.stat(self.data / "keys").st_mode & 0o077, 0)

    def test_status_shows_the_health_that_the_node_answers(self):
        self.assert_code(self.run_script("status"), 3)
        self.assert_code(self.start("--no-demo"), 0)
        done = self.run_script("status", "--json")
        self.assert_code(done, 0)
        self.assertIn(json.loads(done.stdout)["status"],
                      ("healthy", "degraded"))
        self.assertIn("health   ", self.run_script("status").stdout)

    def test_what_was_recorded_outlives_a_kill_and_a_restart(self):
        self.assert_code(self.start(), 0)
        os.kill(self.pid(), signal.SIGKILL)
        done = self.start("--no-demo")
        self.assert_code(done, 0)
        self.assertIn("replacing a stale lock", done.stdout)
        before = self.pid()
        done = self.run_script("restart", "--no-build")
        self.assert_code(done, 0)
        self.assertNotEqual(self.pid(), before)
        self.assert_code(self.run_script("demo"), 0)
        verified = subprocess.run(
            [BUILD / "acgs", "--addr", f"unix:{self.data}/acgsd.sock",
             "audit", "verify"], text=True, capture_output=True, check=False,
            timeout=60)
        self.assert_code(verified, 0)

    def test_a_moved_log_is_opened_anew_at_sighup(self):
        self.assert_code(self.start("--no-demo"), 0)
        log = self.data / "logs/acgs.log"
        for line in log.read_text().splitlines():
            self.assertIn("timestamp", json.loads(line))
        log.rename(log.with_suffix(".old"))
        os.kill(self.pid(), signal.SIGHUP)
        self.assert_code(self.run_script("stop"), 0)
        self.assertTrue(log.exists())

    def test_a_wrong_configuration_stops_the_start_and_is_named(self):
        done = self.start("--no-demo", ACGS_HTTP_BODY_BYTES_MAX="lots")
        self.assert_code(done, 2)
        self.assertIn("http.body_bytes_max: 'lots' is not accepted",
                      done.stderr)
        done = self.start("--no-demo", ACGS_HTTP_LISTEN="0.0.0.0:0")
        self.assert_code(done, 2)
        self.assertIn("reachable from other machines", done.stderr)

    def test_a_busy_port_gives_way_unless_ports_are_strict(self):
        self.assert_code(self.start("--no-demo"), 0)
        busy = (self.data / "pids/http.port").read_text().split()[0]
        other = {"ACGS_NODE_DATA_DIR": str(self.data) + "2",
                 "ACGS_HTTP_LISTEN": f"127.0.0.1:{busy}"}
        try:
            self.assert_code(self.start("--no-demo", **other), 0)
            taken = Path(str(self.data) + "2/pids/http.port").read_text()
            self.assertNotEqual(taken.split()[0], busy)
            self.run_script("stop", **other)
            done = self.start("--no-demo", "--strict-ports", **other)
            self.assert_code(done, 3)
        finally:
            self.run_script("stop", "--force", **other)


if __name__ == "__main__":
    counted.main()
