#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""The interactive shell on a terminal, before a real node."""

import contextlib
import json
import os
import signal
import stat
import subprocess
import termios
import threading
import time
import unittest

import counted
from node import BUILD, PERMITTED, Node
from terminal import Terminal

PROMPT = "acgs> "
UP, TAB, CTRL_A, CTRL_C, CTRL_D = "\x1b[A", "\t", "\x01", "\x03", "\x04"
CTRL_Z = "\x1a"


class shell(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.node = Node()

    @classmethod
    def tearDownClass(cls):
        cls.node.close()

    def setUp(self):
        self.history = self.node.folder / ".acgs_history"
        self.history.unlink(missing_ok=True)

    def open_with(self, *words, columns=200, **variables):
        environment = dict(self.node.environment, TERM="xterm",
                           HOME=str(self.node.folder), **variables)
        opened = Terminal(BUILD / "acgs", "--addr",
                          f"unix:{self.node.folder}/acgsd.sock", *words,
                          environment=environment, columns=columns)
        self.addCleanup(opened.close)
        return opened

    def open(self, columns=200, **variables):
        opened = self.open_with(columns=columns, **variables)
        opened.wait_for(PROMPT)
        return opened

    def run_line(self, at, line):
        """What one line showed, up to the next prompt."""
        at.type(line + "\n")
        return at.wait_for("\n") + at.wait_for(PROMPT)

    def test_a_command_runs_and_the_prompt_comes_back(self):
        at = self.open()
        self.assertIn("healthy", self.run_line(at, "health"))
        self.assertIn("not expected: nonsense", self.run_line(at, "nonsense"))
        self.assertIn("is not closed", self.run_line(at, "audit show 'x"))
        self.assertIn("Usage: acgs", self.run_line(at, "help"))
        self.assertIn("acgs policy put my/", self.run_line(at,
                                                           "help policy put"))
        self.run_line(at, "")
        at.type("exit\n")
        self.assertEqual(at.exit_code(), 0)

    def test_a_script_comes_from_a_file_or_from_standard_input(self):
        lines = "health --json\nstrict-mode on x y\nhealth\n"
        file = self.node.folder / "script"
        file.write_text(lines)
        for name, text in ((str(file), ""), ("-", lines)):
            out = self.node.acgs("-f", name, text=text, code=2)
            self.assertIn('"status"', out)
            self.assertIn("not expected: x y", out)
            self.assertIn("line 2 ended with exit code 2", out)

    def ends_on(self, folder, *words):
        """What a command says whose standard input is a folder."""
        descriptor = os.open(folder, os.O_RDONLY)
        self.addCleanup(os.close, descriptor)
        done = subprocess.run(
            [BUILD / "acgs", "--addr",
             f"unix:{self.node.folder}/acgsd.sock", *words],
            stdin=descriptor, text=True, capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 2, done)
        return done.stderr

    def test_a_script_that_cannot_be_read_is_a_mistake(self):
        folder = self.node.folder / "scripts"
        folder.mkdir()
        for name, why in ((folder, "it is a folder"),
                          (folder / "none", "No such file"),
                          ("/proc/self/mem", "the rest of the script")):
            out = self.node.acgs("-f", str(name), code=2)
            self.assertIn(why, out)
        self.assertIn("the rest of the script",
                      self.ends_on(folder, "-f", "-"))
        self.assertIn("the standard input cannot be read",
                      self.ends_on(folder, "decide"))
        self.assertIn("cannot read '/proc/self/mem' to its end",
                      self.node.acgs("policy", "put", "a", "/proc/self/mem",
                                     code=2))
        pipe = folder / "pipe"
        os.mkfifo(pipe)
        writing = threading.Thread(target=pipe.write_text, args=("health\n",))
        writing.start()
        self.assertIn("healthy", self.node.acgs("-f", str(pipe)))
        writing.join()

    def test_ctrl_d_ends_it_with_the_code_of_the_last_command(self):
        at = self.open()
        at.type(CTRL_D)
        self.assertEqual(at.exit_code(), 0)
        at = self.open()
        self.run_line(at, "audit show ''")
        at.type(CTRL_D)
        self.assertEqual(at.exit_code(), 2)

    def test_ctrl_c_gives_up_the_line_and_not_the_shell(self):
        at = self.open()
        at.type("data put never")
        at.wait_for("never")
        at.type(CTRL_C)
        at.wait_for(PROMPT)
        self.assertIn("{", self.run_line(at, "data get"))
        at.type(CTRL_C)
        at.wait_for(PROMPT)
        at.type(CTRL_D)
        self.assertEqual(at.exit_code(), 0)

    def test_ctrl_c_ends_watching_and_not_the_shell(self):
        at = self.open()
        at.type("watch --interval 3600 data get\n")
        at.wait_for("Ctrl-C ends it")
        at.wait_for("{")
        at.type(CTRL_C)
        at.wait_for(PROMPT)
        self.assertIn("healthy", self.run_line(at, "health"))

    def test_watching_draws_in_place_and_leaves_the_last_run(self):
        at = self.open()
        at.type("watch --interval 1 data get\n")
        for _ in range(3):
            at.wait_for("Ctrl-C ends it")
            at.wait_for("{")
        at.resize(60)
        os.kill(at.pid, signal.SIGWINCH)
        at.wait_for("Ctrl-C ends it")
        at.type("q")
        at.wait_for("{")
        at.wait_for(PROMPT)
        self.assertNotIn(b"\x1b[2J", at.raw) # nothing is wiped
        self.assertGreaterEqual(at.raw.count(b"\x1b[H"), 3)
        at.type("watch --interval 3600 data get none\n")
        at.wait_for(PROMPT) # what cannot work ends it
        self.assertIn("none", at.screen[at.screen.rindex(b"it"):].decode())

    @contextlib.contextmanager
    def piped(self, *words):
        """What goes on for ever, its output in a pipe; ended after a while, so
        that a line that never comes fails the test."""
        with subprocess.Popen(
                [BUILD / "acgs", "--json", "--addr",
                 f"unix:{self.node.folder}/acgsd.sock", *words],
                env=self.node.environment,
                stdout=subprocess.PIPE, text=True) as running:
            late = threading.Timer(60, running.kill)
            late.start()
            try:
                yield running.stdout
            finally:
                late.cancel()
                running.kill()

    def test_output_that_does_not_arrive_is_an_error(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run(
                [BUILD / "acgs", "--addr",
                 f"unix:{self.node.folder}/acgsd.sock", "audit", "query"],
                stdout=full, stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 4)
        self.assertIn("standard output", done.stderr)

    def test_what_goes_on_ends_where_nobody_can_read_it(self):
        address = f"unix:{self.node.folder}/acgsd.sock"
        for words in (["top", "--interval", "1"],
                      ["watch", "--interval", "1", "node", "show"],
                      ["audit", "tail", "--follow"]):
            run = [BUILD / "acgs", "--json", "--addr", address, *words]
            with self.subTest(words), open("/dev/full", "w") as full:
                self.node.decide(PERMITTED)
                done = subprocess.run(run, stdout=full, text=True,
                                      stderr=subprocess.PIPE, timeout=60)
                self.assertEqual(done.returncode, 4)
                self.assertIn("No space left on device", done.stderr)
                with subprocess.Popen(run, stdout=subprocess.PIPE,
                                      stderr=subprocess.PIPE) as running:
                    running.stdout.readline()
                    running.stdout.close()
                    self.node.decide(PERMITTED) # something more to show
                    try:
                        self.assertEqual(running.wait(60), 0)
                    finally:
                        running.kill()
                    self.assertEqual(running.stderr.read(), b"")

    def test_what_goes_on_shows_each_line_at_once_in_a_pipe(self):
        with self.piped("watch", "--interval", "3600", "node", "show") as lines:
            self.assertIn('"constitutional_hash"', lines.readline())
        with self.piped("audit", "tail", "-n", "1", "--follow") as lines:
            last = json.loads(lines.readline())["index"]
            for _ in range(2):
                self.node.decide(PERMITTED)
            for each in (last + 1, last + 2):
                self.assertEqual(json.loads(lines.readline())["index"], each)

    def test_ctrl_c_during_a_completion_gives_up_the_line(self):
        at = self.open()
        self.run_line(at, "health")
        with self.node.frozen():
            at.type("policy get li" + TAB)
            at.wait_until_taken()
            at.type(CTRL_C + "data get\n") # of the next line
        at.wait_for("^C")
        at.wait_for("{")
        at.wait_for(PROMPT)
        self.assertNotIn("lidata", at.screen.decode())

    def test_top_draws_in_place_until_a_key_and_gives_the_screen_back(self):
        at = self.open()
        before = at.modes()
        for key in ("q", CTRL_C):
            at.type("top --interval 3600\n")
            at.wait_for("q ends it")
            at.wait_for("MAILBOX")
            at.type("x" + key)
            at.wait_for(PROMPT)
            self.assertEqual(at.modes(), before)
        self.assertEqual(at.raw.count(b"\x1b[?1049h"), 2)
        self.assertEqual(at.raw.count(b"\x1b[?1049l"), 2)
        self.assertIn("healthy", self.run_line(at, "health"))
        alone = self.open_with("top")
        typing = termios.ECHO | termios.ICANON
        alone.wait_for("MAILBOX")
        self.assertEqual(alone.modes()[3] & typing, 0)
        alone.type("q")
        self.assertEqual(alone.exit_code(), 0)
        self.assertEqual(alone.modes()[3] & typing, typing)

    def test_top_gives_the_screen_back_when_the_program_is_ended(self):
        at = self.open_with("top", "--interval", "3600")
        at.wait_for("MAILBOX")
        os.kill(at.pid, signal.SIGTERM)
        self.assertEqual(at.exit_code(), -signal.SIGTERM)
        self.assertTrue(at.raw.endswith(b"\x1b[?1049l"))

    def test_top_gives_the_terminal_back_while_it_is_stopped(self):
        environment = dict(self.node.environment, TERM="xterm", PS1="$ ",
                           HOME=str(self.node.folder))
        at = Terminal("/bin/bash", "--norc", "--noprofile", "--noediting", "-i",
                      environment=environment, columns=120)
        self.addCleanup(at.close)
        at.wait_for("$ ")
        typing = termios.ECHO | termios.ICANON
        program = (f"{BUILD / 'acgs'} --addr unix:{self.node.folder}"
                   "/acgsd.sock top --interval 3600")
        at.type(program + "\n")
        for _ in range(2):
            at.wait_for("q ends it")
            at.wait_for("MAILBOX")
            self.assertEqual(at.modes()[3] & typing, 0)
            at.type(CTRL_Z)
            at.wait_for("Stopped")
            at.wait_for("$ ")
            self.assertEqual(at.modes()[3] & typing, typing)
            self.assertEqual(at.raw.count(b"\x1b[?1049h"),
                             at.raw.count(b"\x1b[?1049l"))
            at.type("fg\n")
        at.wait_for("q ends it") # drawn again without asking the node
        at.wait_for("MAILBOX")
        at.resize(100)
        at.wait_for("q ends it")
        at.wait_for("MAILBOX")
        at.type(CTRL_C)
        at.wait_for("$ ")
        self.assertEqual(at.modes()[3] & typing, typing)

    def test_top_is_not_kept_by_a_node_that_hangs(self):
        at = self.open()
        self.run_line(at, "health") # over a connection with a long timeout
        with self.node.frozen():
            began = time.monotonic()
            at.type("top --interval 3600\n")
            at.wait_for("error: ")
            at.type("q")
            at.wait_for(PROMPT)
            # One bound for all that a look asks, which are seven questions.
            self.assertLess(time.monotonic() - began, 12)

    def test_top_waits_for_a_node_that_is_away(self):
        at = self.open_with("top", "--interval", "1")
        at.wait_for("healthy")
        self.assertEqual(self.node.stop(), 0)
        at.wait_for("error: ")
        self.node.start()
        at.wait_for("healthy")
        at.type("q")
        self.assertEqual(at.exit_code(), 0)

    def test_history_is_kept_for_the_owner_alone_and_without_secrets(self):
        at = self.open()
        self.run_line(at, "data get")
        self.run_line(at, "health --token s3cr3t")
        self.run_line(at, "context add x --token=s3cr3t")
        self.run_line(at, "health --token 's3cr3t")
        self.run_line(at, " data get hidden")
        at.type(UP)
        at.wait_for("data get")
        at.type("\n")
        at.wait_for(PROMPT)
        at.type("exit\n")
        self.assertEqual(at.exit_code(), 0)
        kept = self.history.read_text()
        self.assertIn("data", kept)
        for secret in ("s3cr3t", "hidden"):
            self.assertNotIn(secret, kept)
        self.assertEqual(stat.S_IMODE(self.history.stat().st_mode), 0o600)
        again = self.open()
        again.type(UP + UP)
        again.wait_for("data get")

    def test_a_password_is_neither_shown_nor_kept(self):
        at = self.open()
        at.type("user add zoe --role viewer\n")
        at.wait_for("password of 'zoe': ")
        at.type("a quite long password\n")
        self.assertNotIn("quite long", at.wait_for("saved 'zoe'"))
        at.wait_for(PROMPT)
        self.assertNotIn("quite", self.history.read_text())

    def test_a_dangerous_command_asks(self):
        at = self.open()
        at.type("data delete nothing\n")
        at.wait_for("Type yes to go on: ")
        at.type("no\n")
        at.wait_for("nothing was done")
        at.wait_for(PROMPT)
        at.type("strict-mode on\n")
        at.wait_for("Type yes to go on: ")
        at.type("yes\n")
        at.wait_for("strict mode is on")
        at.wait_for(PROMPT)
        self.run_line(at, "strict-mode off --yes")

    def test_ctrl_c_at_a_question_is_a_no_and_not_the_end(self):
        at = self.open()
        modes = at.modes()
        for key in (CTRL_C, CTRL_D, "ye" + CTRL_C):
            at.type("strict-mode on\n")
            at.wait_for("Type yes to go on: ")
            at.type(key)
            at.wait_for("nothing was done")
            at.wait_for(PROMPT)
        for key in (CTRL_C, "half" + CTRL_C, CTRL_D):
            at.type("user add zed --role viewer\n")
            at.wait_for("password of 'zed': ")
            at.type(key)
            at.wait_for("no password was given; nothing was done")
            at.wait_for(PROMPT)
        self.assertEqual(at.modes(), modes)
        self.assertNotIn("zed", self.run_line(at, "user list"))
        at.type("data delete nothing\n") # and the next question is one
        at.wait_for("Type yes to go on: ")
        at.type("yes\n")
        self.assertNotIn("nothing was done", at.wait_for(PROMPT))
        self.assertIn("healthy", self.run_line(at, "health"))
        alone = self.open_with("strict-mode", "on")
        alone.wait_for("Type yes to go on: ")
        alone.type(CTRL_C)
        alone.wait_for("nothing was done")
        self.assertEqual(alone.exit_code(), 2)

    def test_no_file_of_the_shell_is_the_standard_input(self):
        at = self.open()
        for line in ("data put zz -", "data patch zz -", "decide -i -",
                     "decide --batch -"):
            self.assertIn("'-' is what is piped into a command of its own; "
                          "expected a file", self.run_line(at, line))
        for command in ("data put", "data patch", "decide"):
            self.assertIn("not in the shell",
                          self.run_line(at, f"help {command}"))
        self.assertIn("expected a file", self.node.acgs(
            "-f", "-", text="data put zz -\n{}\n", code=2))
        self.node.acgs("data", "put", "zz", "-", text="{}")

    def test_tab_completes_commands_options_and_live_names(self):
        self.node.acgs("policy", "put", "live/one.rego", "/dev/stdin",
                       text="package live.one\nallow := true\n")
        at = self.open()
        for typed, whole in (("heal", "health "), ("help keys l", "list "),
                             ("policy get li", "policy get live/one.rego "),
                             ("decide --path live", "--path live/one "),
                             ("actors restart led", "restart ledger "),
                             ("audit query --deci", "--decision-id ")):
            at.type(typed + TAB)
            at.wait_for(whole)
            at.type(CTRL_C)
            at.wait_for(PROMPT)
        at.type("strict-mode o" + TAB)
        at.wait_for("off  on")
        at.wait_for(PROMPT + "strict-mode o")

    def test_letters_beyond_ascii_and_long_lines_go_through(self):
        for variables in ({"LC_ALL": "C"}, {"LC_ALL": "C.UTF-8"}):
            at = self.open(**variables)
            self.assertIn("policy 'grüße-→' ", self.run_line(
                at, "policy get grüße-→") + " ")
            text = "x" * 3000
            shown = self.run_line(at, f"audit show {text}")
            self.assertIn(f"'{text}'", shown.replace("\n", ""))

    def test_many_lines_pasted_at_once_are_all_run(self):
        at = self.open()
        at.type("".join(f"audit show paste-{i}\n" for i in range(40)))
        for i in range(40):
            at.wait_for(f"decision 'paste-{i}'")
        at.wait_for(PROMPT)

    def test_it_goes_on_after_the_window_was_resized(self):
        at = self.open(columns=80)
        at.type("data g")
        at.wait_for("data g")
        at.resize(40)
        os.kill(at.pid, signal.SIGWINCH)
        at.type("et\n")
        at.wait_for("{")
        at.wait_for(PROMPT)

    def test_it_outlives_the_node(self):
        at = self.open()
        self.assertIn("healthy", self.run_line(at, "health"))
        self.assertEqual(self.node.stop(), 0)
        self.assertIn("error: ", self.run_line(at, "health"))
        at.type("policy get li" + TAB) # nobody to ask: no names, no harm
        at.type("qq")
        at.wait_for("qq") # it has taken that it knows no names
        at.type(CTRL_C)
        at.wait_for(PROMPT)
        self.node.start()
        self.assertIn("healthy", self.run_line(at, "health"))
        self.node.kill()
        self.node.start()
        self.assertIn("healthy", self.run_line(at, "health"))


if __name__ == "__main__":
    counted.main()
