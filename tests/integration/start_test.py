#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""How a node starts, and how it says why it does not."""

import os
import socket
import stat
import subprocess
import unittest

import counted
from node import BUILD, PATIENCE, SOURCE, Node


class start(unittest.TestCase):
    def setUp(self):
        self.node = Node(start=False)
        self.addCleanup(self.node.close)

    def refused(self, *words, config=SOURCE / "config/acgs.yaml",
                **environment):
        """(exit code, last line on stderr) of a program that ends."""
        ended = subprocess.run(
            [BUILD / "acgsd", "--config", config, *words],
            cwd=self.node.folder,
            env=dict(self.node.environment, **environment),
            capture_output=True, text=True, timeout=PATIENCE)
        return ended.returncode, ended.stderr.splitlines()[-1]

    def test_output_that_does_not_arrive_is_an_error(self):
        for words in (["--check-config"], ["--print-config"],
                      ["--print-config", "http.listen"], ["--version"],
                      ["--help"]):
            with open("/dev/full", "w") as full:
                done = subprocess.run(
                    [BUILD / "acgsd", "--config",
                     SOURCE / "config/acgs.yaml", *words],
                    cwd=self.node.folder, env=self.node.environment,
                    stdout=full, stderr=subprocess.PIPE, text=True,
                    timeout=PATIENCE)
            self.assertEqual(done.returncode, 4, (words, done.stderr))
            self.assertEqual(
                done.stderr, "acgsd: the standard output cannot be written: "
                "No space left on device\n", words)

    def test_a_port_in_use_is_named(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            at = f"127.0.0.1:{taken.getsockname()[1]}"
            for part in ("HTTP", "RPC", "METRICS"):
                code, said = self.refused(ACGS_PROCESS_STRICT_PORTS="true",
                                          **{f"ACGS_{part}_LISTEN": at})
                self.assertEqual(code, 3, said)
                self.assertIn(at, said)

    def test_another_constitution_than_the_pinned_one_touches_nothing(self):
        pin = {"ACGS_CONSTITUTION_PIN": "0123456789abcdef"}
        for words in ((), ("--check-config",)):
            code, said = self.refused(*words, **pin)
            self.assertEqual(code, 2, said)
            self.assertIn("constitution.pin: '0123456789abcdef'", said)
            self.assertFalse((self.node.folder / "store").exists())
        pin = {"ACGS_CONSTITUTION_PIN": "cdd01ef066bc6cf2"}
        self.assertEqual(
            subprocess.run(
                [BUILD / "acgsd", "--config", SOURCE / "config/acgs.yaml",
                 "--check-config"], cwd=self.node.folder,
                env=dict(self.node.environment, **pin), capture_output=True,
                check=False, timeout=PATIENCE).returncode, 0)

    def test_what_is_no_regular_file_is_not_waited_for(self):
        pipe = self.node.folder / "pipe"
        os.mkfifo(pipe, 0o600)
        for words in ((), ("--check-config",)):
            code, said = self.refused(*words, config=pipe)
            self.assertEqual(code, 2, said)
            self.assertIn(f"{pipe}: cannot be read: it is a pipe and no "
                          "regular file; expected the configuration", said)
        for name in ("LOGGING_FILE", "KEYS_PASSPHRASE_FILE", "KEYS_KEY_FILE"):
            code, said = self.refused(**{f"ACGS_{name}": str(pipe)})
            self.assertEqual(code, 2, said)
            self.assertIn(str(pipe), said)
        code, said = self.refused(ACGS_POLICY_BUNDLE_KEYS=f"k={pipe}")
        self.assertIn(str(pipe), said)
        self.assertNotEqual(code, 0)

    def test_a_constitution_that_is_not_there_is_named(self):
        for folder in ("missing", "empty"):
            at = self.node.folder / folder
            if folder == "empty":
                at.mkdir()
            code, said = self.refused("--check-config",
                                      ACGS_CONSTITUTION_DIRECTORY=str(at))
            self.assertEqual(code, 2, said)
            self.assertIn("constitution.directory", said)
            self.assertIn(str(at), said)

    def test_a_constitution_that_does_not_compile_touches_nothing(self):
        at = self.node.folder / "broken"
        at.mkdir()
        (at / "main.rego").write_text("package acgs.main\n\nallow if {\n")
        before = sorted(self.node.folder.rglob("*"))
        for words in ((), ("--check-config",)):
            ended = subprocess.run(
                [BUILD / "acgsd", "--config", SOURCE / "config/acgs.yaml",
                 *words],
                cwd=self.node.folder, capture_output=True, text=True,
                env=dict(self.node.environment,
                         ACGS_CONSTITUTION_DIRECTORY=str(at)),
                check=False, timeout=PATIENCE)
            self.assertEqual(ended.returncode, 2, ended.stderr)
            self.assertIn("constitution.directory: ", ended.stderr)
            self.assertIn("main.rego:", ended.stderr)
            self.assertEqual(sorted(self.node.folder.rglob("*")), before)

    def test_whoever_finds_the_http_port_finds_the_others(self):
        with Node() as node:
            pids = node.folder / "pids"
            told = [(pids / f"{name}.port").stat().st_mtime_ns
                    for name in ("metrics", "rpc", "http")]
        self.assertEqual(told, sorted(told))

    def test_what_it_makes_is_nobody_elses_whatever_the_umask(self):
        home = self.node.folder / "data"
        self.node.environment["ACGS_NODE_DATA_DIR"] = str(home)
        self.node.process_options["umask"] = 0
        self.node.folder, before = home, self.node.folder
        self.addCleanup(setattr, self.node, "folder", before)
        self.node.start()
        for at, _, names in os.walk(home):
            for path in (at, *(os.path.join(at, name) for name in names)):
                found = os.lstat(path).st_mode
                mode = stat.S_IMODE(found)
                # Whoever may connect to the socket, its group, writes to it.
                wrong = 0o007 if stat.S_ISSOCK(found) else 0o027
                self.assertEqual(mode & wrong, 0, f"{path}: {mode:o}")
        self.assertEqual(stat.S_IMODE((home / "keys").stat().st_mode), 0o700)
        for secret in (home / "keys").rglob("*"):
            if secret.is_file() and b"BEGIN CERT" not in secret.read_bytes():
                mode = stat.S_IMODE(secret.stat().st_mode)
                self.assertEqual(mode & 0o077, 0, f"{secret}: {mode:o}")


if __name__ == "__main__":
    counted.main()
