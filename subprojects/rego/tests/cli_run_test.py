#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""Tests the interactive session of the program rego, on a terminal too.

usage: tests/cli_run_test.py PROGRAM

example: tests/cli_run_test.py build/rego
"""

import fcntl
import json
import os
import pty
import select
import subprocess
import termios
import time
import unittest

import cli_test


class terminal:
    """The program on a terminal of its own."""

    def __init__(self, *args, cwd):
        self.ours, theirs = pty.openpty()
        plain = {k: v for k, v in os.environ.items()
                 if k != "LANG" and not k.startswith("LC_")}
        self.process = subprocess.Popen(
            [cli_test.PROGRAM, *args], stdin=theirs, stdout=theirs,
            stderr=theirs, cwd=cwd, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
            env={**plain, "HOME": str(cwd), "TERM": "dumb"})
        os.close(theirs)
        self.seen = ""

    def expect(self, text, seconds=20):
        """What came up to the text and with it."""
        end = time.monotonic() + seconds
        while text not in self.seen:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.ours], [], [], left)[0]:
                raise AssertionError(f"no {text!r} in {self.seen!r}")
            try:
                more = os.read(self.ours, 4096)
            except OSError:
                more = b""
            if not more:
                raise AssertionError(f"ended before {text!r}: {self.seen!r}")
            self.seen += more.decode().replace("\r\n", "\n")
        before, self.seen = self.seen.split(text, 1)
        return before + text

    def type(self, text):
        os.write(self.ours, text.encode())

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.ours)


class interactive(cli_test.with_files):
    def test_lines_from_a_file(self):
        code, out, err = self.run_in("run", ".", stdin="""x := 1
x + 1
x := 2
p contains v if {
  some v in [x, 3]
}
p
p contains 1 if
x > y

package authz
allow
input {"method": "POST"}
allow
json
allow
pretty
package repl
import data.authz
authz.allow
f(a) := a + x
f(3)
y := data.nope.z +
nonsense here
unset f
f(3)
unset f
show
trace loud
:nothing
trace notes
input {"user": "ann"}
authz.allow
""")
        self.assertEqual((code, err), (0, ""))
        self.assertIn("Rule 'x' defined in package repl. "
                      "Type 'show' to see rules.\n2\n"
                      "Rule 'x' re-defined in package repl.", out)
        self.assertIn("[\n  2,\n  3\n]\n", out)
        self.assertIn("var y is unsafe", out)
        self.assertIn("\nfalse\ntrue\n{\n  \"result\": [", out)
        self.assertIn("Rule 'f' defined in package repl. "
                      "Type 'show' to see rules.\n5\n", out)
        self.assertIn("rego_parse_error", out)
        self.assertIn("undefined function f", out)
        self.assertIn("no rule 'f' was typed in package repl\n", out)
        self.assertIn("package repl\n\nimport data.authz\n\nx := 2\n"
                      "p contains v if {\n  some v in [x, 3]\n}\n", out)
        self.assertIn("no command ':nothing'; try help\n", out)
        self.assertRegex(out, r'p\.rego:12 +\| \| Note "user ann"')

    def test_terminal_with_history_and_completion(self):
        t = terminal("run", ".", cwd=self.root)
        try:
            t.expect("> ")
            t.type("data.aut\t")
            t.expect("data.authz")
            t.type(".al\t\n")
            t.expect("\nfalse\n")
            t.type("q if {\n")
            t.expect("| ")
            t.type("1 < 2\n}\n")
            t.expect("Rule 'q' defined in package repl.")
            t.type("q\n")
            t.expect("\ntrue\n")
            t.type("\x10\n")  # the line before again
            t.expect("\ntrue\n")
            t.type(":help\n")
            t.expect("example: allow if")
            t.type("exit\n")
            self.assertEqual(t.process.wait(20), 0)
        finally:
            t.close()
        history = self.root / ".rego_history"
        self.assertEqual(history.stat().st_mode & 0o077, 0)

    def test_letters_beyond_ascii_arrive_as_typed(self):
        t = terminal("run", cwd=self.root)
        try:
            t.expect("> ")
            t.type('x := "grün 日本 🙂"\n')
            t.expect("Rule 'x' defined")
            t.type("count(x)\n")
            t.expect("\n9\n")
            t.type("x\n")
            t.expect('\n"grün 日本 🙂"\n')
            t.type("exit\n")
            self.assertEqual(t.process.wait(20), 0)
        finally:
            t.close()

    def test_ctrl_c_ends_the_query_that_runs(self):
        self.write("slow.rego", """package slow

answer if {
  some a in numbers.range(1, 100000)
  some b in numbers.range(1, 100000)
  a + b < 0
}
""")
        t = terminal("run", "slow.rego", cwd=self.root)
        try:
            t.expect("> ")
            t.type("data.slow.answer\n")
            t.expect("data.slow.answer\n")
            t.type("\x03")
            t.expect("eval_cancel_error: ")
            t.type("1 + 1\n")
            t.expect("\n2\n")
            t.type("exit\n")
            self.assertEqual(t.process.wait(20), 0)
        finally:
            t.close()

    def test_ctrl_c_gives_up_what_is_typed(self):
        t = terminal("run", cwd=self.root)
        try:
            t.expect("> ")
            t.type("q if {\n")
            t.expect("| ")
            t.type("1 <\x03")
            t.expect("^C")
            t.expect("> ")
            t.type("1 + 1\n")
            t.expect("\n2\n")
            t.expect("> ")  # only there Ctrl-D is a key
            t.type("\x04")
            self.assertEqual(t.process.wait(20), 0)
        finally:
            t.close()

    def test_what_does_not_compile_is_not_run(self):
        self.write("bad.rego", "package bad\np if x\n")
        code, _, err = self.run_in("run", ".", stdin="1\n")
        self.assertEqual(code, 2)
        self.assertIn("bad.rego:2: rego_unsafe_var_error", err)


class options(cli_test.with_files):
    def test_answers_may_be_json(self):
        _, out, _ = self.run_in("run", "-f", "json", stdin="1\n")
        self.assertEqual(json.loads(out)["result"][0]["expressions"][0]
                         ["value"], 1)
        code, _, err = self.run_in("run", "-f", "raw", stdin="1\n")
        self.assertEqual(code, 2)
        self.assertIn("--format: 'raw' is none of pretty, json", err)

    def test_files_that_change_are_loaded_again(self):
        self.write("w.rego", "package w\nx := 1\n")
        process = subprocess.Popen(
            [cli_test.PROGRAM, "run", "--watch", "w.rego", "data.json"],
            cwd=self.root, text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)

        def asked(line):
            process.stdin.write(line + "\n")
            process.stdin.flush()
            return process.stdout.readline().strip()

        self.assertEqual(asked("data.w.x"), "1")
        self.write("w.rego", "package w\nx := 2\n")
        self.write("data.json", '{"users": ["bob"]}')
        self.assertEqual(asked("data.w.x"), "2")
        self.assertEqual(asked("data.users[0]"), '"bob"')
        self.write("w.rego", "package\n")
        self.assertEqual(asked("data.w.x"), "2")
        self.write("w.rego", "package w\nx := 3\n")
        self.assertEqual(asked("data.w.x"), "3")
        _, err = process.communicate(timeout=60)
        self.assertIn("w.rego:2: rego_parse_error", err)
        self.assertEqual(process.returncode, 0)


if __name__ == "__main__":
    cli_test.main(__doc__)
