#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""The life-cycle scripts before a stand-in for acgsd, also a bad one."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import counted

HERE = Path(__file__).resolve().parent
SCRIPTS = HERE.parents[1] / "scripts"
LIFE_CYCLE = ("start", "stop", "restart", "status", "demo", "test")


class world(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.data = Path(folder.name) / "data"
        self.pids = self.data / "pids"
        build = Path(folder.name) / "build"
        build.mkdir()
        for name, line in (
                ("acgsd", f'exec {sys.executable} {HERE}/fake_node.py "$@"'),
                ("acgs", 'echo "verified: $*"')):
            (build / name).write_text(f"#!/bin/sh\n{line}\n")
            (build / name).chmod(0o755)
        self.environment = dict(os.environ, ACGS_BUILD_DIR=str(build),
                                FAKE_DIR=str(self.data))
        self.environment.pop("LOG_FILE", None)
        self.addCleanup(lambda: self.run_script("stop", "--force"))

    def run_script(self, name, *args, cwd=None, **variables):
        return subprocess.run(
            [SCRIPTS / f"{name}.sh", *args], text=True, capture_output=True,
            env=dict(self.environment, **variables), check=False, timeout=60,
            cwd=cwd)

    def start(self, *args, **variables):
        return self.run_script("start", "--no-install", "--no-build", *args,
                               **variables)

    def pid(self):
        return int((self.pids / "acgsd.pid").read_text())

    def assert_code(self, done, code):
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)

    def is_alive(self, pid):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1]
        return state.split()[0] != "Z"

    def test_start_waits_for_health_and_stop_ends_it(self):
        done = self.start("--no-demo")
        self.assert_code(done, 0)
        pid = self.pid()
        self.assertIn(f"PID      {pid}\n", done.stdout)
        self.assertTrue(self.is_alive(pid))
        done = self.run_script("stop")
        self.assert_code(done, 0)
        self.assertIn(f"PID {pid}: stopped after", done.stdout)
        self.assertFalse(self.is_alive(pid))
        self.assertEqual(list(self.pids.iterdir()), [])

    def test_nobody_else_reads_what_goes_beside_the_log(self):
        log = self.data / "logs" / "acgs.log.out"
        before = os.umask(0o022)
        try:
            self.assert_code(self.start("--no-demo"), 0)
            self.assertEqual(stat.S_IMODE(log.stat().st_mode), 0o640)
            self.run_script("stop")
            log.chmod(0o644) # as it once was made
            self.assert_code(self.start("--no-demo"), 0)
            self.assertEqual(stat.S_IMODE(log.stat().st_mode), 0o640)
            self.run_script("stop")
            log.unlink()
            os.umask(0o077)
            self.assert_code(self.start("--no-demo"), 0)
            self.assertEqual(stat.S_IMODE(log.stat().st_mode), 0o600)
        finally:
            os.umask(before)

    def test_start_shows_two_decisions_and_a_verified_record(self):
        done = self.start()
        self.assert_code(done, 0)
        self.assertIn("allow true", done.stdout)
        self.assertIn("allow false", done.stdout)
        self.assertIn("because: dangerous action", done.stdout)
        self.assertIn("audit verify 7", done.stdout)

    def test_a_second_start_says_that_it_runs_already(self):
        self.start("--no-demo")
        done = self.start("--no-demo")
        self.assert_code(done, 0)
        self.assertIn(f"already running as PID {self.pid()}", done.stdout)

    def test_a_stale_lock_is_replaced(self):
        self.start("--no-demo")
        os.kill(self.pid(), signal.SIGKILL)
        self.assertTrue((self.pids / "acgs.lock").exists())
        done = self.start("--no-demo")
        self.assert_code(done, 0)
        self.assertIn("replacing a stale lock", done.stdout)

    def test_a_lock_with_the_pid_of_a_stranger_is_stale(self):
        self.pids.mkdir(parents=True)
        (self.pids / "acgs.lock").write_text(f"{os.getpid()} 1\n")
        self.assert_code(self.run_script("status"), 3)
        self.assert_code(self.run_script("stop"), 0)
        self.assertTrue(self.is_alive(os.getpid()))
        self.assertFalse((self.pids / "acgs.lock").exists())

    def test_stop_without_a_node_is_no_error(self):
        done = self.run_script("stop")
        self.assert_code(done, 0)
        self.assertEqual(done.stdout, "not running\n")

    def test_a_deaf_node_is_killed_after_the_grace(self):
        self.start("--no-demo", FAKE_MODE="deaf")
        pid = self.pid()
        done = self.run_script("stop")
        self.assert_code(done, 0)
        self.assertIn("killed after", done.stdout)
        self.assertFalse(self.is_alive(pid))
        self.assertEqual(list(self.pids.iterdir()), [])

    def test_restart_replaces_the_process(self):
        self.start("--no-demo")
        before = self.pid()
        done = self.run_script("restart", "--no-build")
        self.assert_code(done, 0)
        self.assertIn("down for at most", done.stdout)
        self.assertNotEqual(self.pid(), before)
        self.assertFalse(self.is_alive(before))

    def test_restart_stops_nothing_where_the_next_start_would_fail(self):
        self.start("--no-demo")
        before = self.pid()
        done = self.run_script("restart", "--no-build", FAKE_MODE="wrong")
        self.assert_code(done, 2)
        self.assertIn("http.listen", done.stderr)
        self.assertIn("nothing was stopped", done.stderr)
        self.assertEqual(self.pid(), before)
        self.assertTrue(self.is_alive(before))

    def test_a_program_that_is_not_there_is_named(self):
        self.start("--no-demo")
        before = self.pid()
        done = self.run_script("restart", "--no-build",
                               ACGS_BUILD_DIR="/nope")
        self.assert_code(done, 4)
        self.assertTrue(self.is_alive(before))
        self.run_script("stop")
        done = self.start("--no-demo", ACGS_BUILD_DIR="/nope",
                          ACGS_NODE_DATA_DIR=str(self.data))
        self.assert_code(done, 4)
        self.assertIn("start: there is no program /nope/acgsd", done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)

    def test_start_fails_with_the_last_words_of_a_node_that_ends(self):
        done = self.start("--no-demo", FAKE_MODE="broken")
        self.assert_code(done, 3)
        self.assertIn("the store is corrupt", done.stderr)

    def test_start_fails_where_the_node_is_not_healthy_in_time(self):
        for mode in ("sick", "silent"):
            done = self.start("--no-demo", FAKE_MODE=mode,
                              FAKE_START_TIMEOUT="400ms")
            self.assert_code(done, 3)
            self.assertIn("not healthy after 400ms", done.stderr)
            self.run_script("stop", "--force")

    def test_a_wrong_configuration_is_2_and_named(self):
        done = self.start("--no-demo", FAKE_MODE="wrong")
        self.assert_code(done, 2)
        self.assertIn("http.listen", done.stderr)

    def test_a_node_ends_though_its_configuration_is_wrong_by_now(self):
        self.start("--no-demo")
        pid = self.pid()
        there = {"FAKE_MODE": "wrong", "ACGS_NODE_DATA_DIR": str(self.data)}
        done = self.run_script("stop", "--config", "config/acgs.yaml",
                               cwd=SCRIPTS.parent, **there)
        self.assert_code(done, 2)
        self.assertTrue(self.is_alive(pid))
        done = self.run_script("stop", **there)
        self.assert_code(done, 0)
        self.assertIn(f"looked for in {self.pids}", done.stderr)
        self.assertFalse(self.is_alive(pid))

    def test_status_shows_a_node_whose_program_is_gone(self):
        self.start("--no-demo")
        done = self.run_script("status", ACGS_BUILD_DIR="/nope",
                               ACGS_NODE_DATA_DIR=str(self.data))
        self.assert_code(done, 0)
        self.assertIn("audit: healthy", done.stdout)

    def test_status_tells_running_sick_and_stopped_apart(self):
        self.assert_code(self.run_script("status"), 3)
        self.start("--no-demo")
        done = self.run_script("status")
        self.assert_code(done, 0)
        self.assertIn("audit: healthy", done.stdout)
        done = self.run_script("status", "--json")
        self.assertTrue(done.stdout.startswith('{"status"'), done.stdout)
        self.run_script("stop")
        self.start("--no-demo", FAKE_MODE="sick", FAKE_START_TIMEOUT="300ms")
        self.assert_code(self.run_script("status"), 1)

    def test_config_is_a_file_as_the_caller_sees_it(self):
        for name in ("start", "stop", "restart", "status", "demo"):
            done = self.run_script(name, "--config")
            self.assert_code(done, 2)
            self.assertIn("--config needs a file", done.stderr)
        folder = self.data.parent
        (folder / "my.yaml").write_text("")
        for config, code in (("my.yaml", 3), (folder / "my.yaml", 3),
                             ("no.yaml", 2)):
            done = self.run_script("status", "--config", config, cwd=folder)
            self.assert_code(done, code)

    def test_what_a_killed_node_left_is_told_apart(self):
        self.start("--no-demo")
        os.kill(self.pid(), signal.SIGKILL)
        done = self.run_script("status")
        self.assert_code(done, 3)
        self.assertIn("a dead node left files in", done.stderr)
        self.assert_code(self.run_script("demo"), 3)
        self.assert_code(self.run_script("stop"), 0)
        self.assertIn("not running\n", self.run_script("status").stderr)

    def test_who_may_not_look_is_not_told_that_nothing_runs(self):
        self.start("--no-demo")
        self.data.chmod(0)
        self.addCleanup(self.data.chmod, 0o700)
        # Root may look anywhere, unless without its capabilities.
        powerless = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]
        for name in ("status", "stop", "demo"):
            done = subprocess.run(
                [*powerless[:3 if os.geteuid() == 0 else 0],
                 SCRIPTS / f"{name}.sh"], text=True, capture_output=True,
                env=self.environment, check=False, timeout=60)
            self.assert_code(done, 4)
            self.assertIn("may not look into", done.stderr)

    def test_every_script_explains_itself_and_refuses_unknown_options(self):
        for name in LIFE_CYCLE:
            done = self.run_script(name, "--help")
            self.assert_code(done, 0)
            self.assertIn("example: scripts/", done.stdout)
            self.assert_code(self.run_script(name, "--no-such-option"), 2)


if __name__ == "__main__":
    counted.main()
