#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""Tests `rego test --watch`.

usage: tests/cli_watch_test.py PROGRAM

example: tests/cli_watch_test.py build/rego
"""

import os
import select
import signal
import subprocess
import time
import unittest

import cli_test

WATCHING = "*" * 80 + "\nWatching for changes ...\n"


class watching(cli_test.with_files):
    def start(self, *args):
        self.process = subprocess.Popen(
            [cli_test.PROGRAM, "test", "--watch", *args], cwd=self.root,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.addCleanup(self.stop)

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def expect_run(self, *texts, seconds=20):
        """All texts, in runs up to the one that has the last of them."""
        end = time.monotonic() + seconds
        seen = ""
        while not (seen.endswith(WATCHING) and all(t in seen for t in texts)):
            left = end - time.monotonic()
            out = self.process.stdout
            if left <= 0 or not select.select([out], [], [], left)[0]:
                raise AssertionError(f"no {texts!r} in {seen!r}")
            more = os.read(out.fileno(), 4096).decode()
            if not more:
                raise AssertionError(f"ended: {seen!r}")
            seen += more

    def test_files_and_folders_that_change_are_run_again(self):
        self.start(".")
        self.expect_run("PASS: 2/2\n")
        self.write("more_test.rego", "package more_test\ntest_a if false\n")
        self.expect_run("data.more_test.test_a: FAIL", "FAIL: 1/3\n")
        self.write("more_test.rego", "package more_test\ntest_a if\n")
        self.expect_run("rego_parse_error")
        (self.root / "below").mkdir()
        self.expect_run("rego_parse_error")
        self.write("below/data.json", '{"x": 1}')
        self.expect_run("rego_parse_error")
        self.write("more_test.rego",
                   "package more_test\ntest_a if data.below.x == 1\n")
        self.expect_run("PASS: 3/3\n")
        (self.root / "more_test.rego").unlink()
        self.expect_run("PASS: 2/2\n")
        self.process.send_signal(signal.SIGTERM)
        self.assertEqual(self.process.wait(20), 0)

    def test_a_file_that_another_one_replaces_is_run_again(self):
        self.start("p.rego", f"file://{self.root}/p_test.rego",
                   "a.b:data.json")
        self.expect_run("PASS: 2/2\n")
        self.write("new", "package authz_test\ntest_a if false\n")
        self.write("unheeded.rego", "package authz_test\ntest_b if false\n")
        os.replace(self.root / "new", self.root / "p_test.rego")
        self.expect_run("FAIL: 1/1\n")
        self.write("p_test.rego",
                   "package authz_test\ntest_a if data.a.b.x == 2\n")
        self.write("data.json", '{"x": 2}')
        self.expect_run("PASS: 1/1\n")
        self.process.send_signal(signal.SIGINT)
        self.assertEqual(self.process.wait(20), 0)

    def test_what_is_not_there_cannot_be_watched(self):
        code, _, err = self.run_in("test", "-w", "nowhere/x")
        self.assertEqual(code, 2)
        self.assertIn("'nowhere/x' cannot be watched: No such file", err)


if __name__ == "__main__":
    cli_test.main(__doc__)
