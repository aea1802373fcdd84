#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""The example of each command's help works when it is pasted."""

import os
import re
import shlex
import subprocess
import unittest

import counted
from node import BUILD, PATIENCE, PERMITTED, Node

# What ends commands that go on for ever.
BOUNDED = {"watch": ["--count", "1"], "top": ["--once"]}
# After all others: they take away what those are about.
LATE = ("data delete", "policy delete", "policy candidate drop", "user revoke",
        "token revoke", "keys revoke", "audit archive", "audit shred",
        "restore", "context use")
# Of a node that does not run.
OFFLINE = ("store migrate", "store check", "store compact")


def read_help(words):
    done = subprocess.run([BUILD / "acgs", "help", *words], text=True,
                          capture_output=True, check=True, timeout=PATIENCE)
    return done.stdout


def examples(words=()):
    """(words of a command, its example) of all commands."""
    text = read_help(words)
    example = " ".join(re.search(r"example: (.*)", text, re.S)[1].split())
    if "Subcommands:" not in text:
        yield " ".join(words), example
        return
    if words and "[SUBCOMMAND]" in text:
        yield " ".join(words), example # a command that is a group, too
    for name in re.findall(r"^  ([a-z-]+)", text.split("Subcommands:")[1],
                           re.M):
        yield from examples((*words, name))


class help_texts(unittest.TestCase):
    def setUp(self):
        self.node = Node(start=False)
        self.addCleanup(self.node.close)
        self.folder = self.node.folder
        self.prepare_files()
        self.node.environment["ACGS_POLICY_BUNDLE_KEYS"] = (
            f"release={self.folder}/release.pem")
        self.node.start()
        self.prepare_node()

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)

    def prepare_files(self):
        self.write("policy.rego", "package my.policy\nallow if input.n == 1\n")
        self.write("policies/a.rego", "package a\np := 1\n")
        self.write("policies/a_test.rego",
                   "package a_test\nimport data.a\ntest_p if a.p == 1\n")
        self.write("candidate/c.rego", "package my.policy\nallow := true\n")
        self.write("r1.json", '{"trust": 1}')
        self.write("patch.json", '[{"op": "add", "path": "/r2", "value": 1}]')
        self.write("claims.json", '{"keyid": "release"}')
        self.write("bundle/authz.rego", "package authz\nallow := true\n")
        self.write("bundle/.manifest", '{"roots": ["authz"]}')
        run = lambda words: subprocess.run(
            shlex.split(words), cwd=self.folder, check=True,
            capture_output=True, timeout=PATIENCE)
        run("openssl genrsa -out private.pem 2048")
        run("openssl rsa -in private.pem -pubout -out release.pem")
        run(f"{BUILD / 'rego'} build -b bundle -o bundle.tar.gz "
            "--signing-key private.pem --claims-file claims.json")

    def prepare_node(self):
        """What the examples take for granted, and names for theirs."""
        acgs = self.node.acgs
        for _ in range(300): # some more than an archive holds
            decided = self.node.decide(PERMITTED)[1]
        acgs("policy", "put", "my/policy.rego", "policy.rego")
        for i in range(12):
            acgs("data", "put", "agents/robot_1", "-", text=str(i))
        self.keep_vkey()
        acgs("backup", "monday.acgs")
        acgs("backup", "tuesday.acgs", "--base", "monday.acgs")
        os.rename(self.folder / "monday.acgs", self.folder / "first.acgs")
        acgs("audit", "export", "--format", "tiles", "-o", "kept")
        acgs("bundle", "put", "authz", "bundle.tar.gz")
        acgs("keys", "rotate", "--yes")
        acgs("token", "issue", "--role", "agent", "--subject", "r")
        self.names = {
            "ID": decided["decision_id"],
            "3f2a": self.node.acgs_json("bundle", "list")[0]["digest"][:4],
            "0123abcd": next(
                each["key"].rsplit("+", 1)[1]
                for each in self.node.acgs_json("keys", "list")
                if not each["active"]),
            "./exported": "kept", "./data": str(self.folder),
            "first": self.node.acgs_json("token", "list")[0]["id"],
        }

    def keep_vkey(self):
        self.write("log.vkey", self.node.request("GET", "/ledger/vkey")[1])

    def paste(self, words, example):
        """Runs it in the node's folder as a shell would."""
        said = shlex.split(example)[1:]
        out = [self.names.get(word, word) for word in said
               if (words, word) != ("audit tail", "--follow")]
        if words in ("verify-backup", "restore"):
            out = ["first.acgs" if each == "monday.acgs" else each
                   for each in out]
        if words == "restore":
            out[out.index("--to") + 1] = str(self.folder / "other")
        if words == "audit export":
            out[-1] = "exported"
        if words == "token revoke":
            out[2] = self.names["first"]
        if words in OFFLINE and "--data" not in out:
            out += ["--data", str(self.folder)]
        out[1:1] = BOUNDED.get(words, [])
        done = subprocess.run(
            [BUILD / "acgs", *out], cwd=self.folder, text=True,
            env=self.node.environment, input="a quite long password\n",
            capture_output=True, timeout=PATIENCE)
        self.assertEqual(done.returncode, 0,
                         f"{out}\n{done.stdout}{done.stderr}")

    def test_each_example_works_when_it_is_pasted(self):
        self.node.environment["ACGS_CONTEXTS"] = str(self.folder / "contexts")
        self.node.environment["ACGS_ADDR"] = f"unix:{self.folder}/acgsd.sock"
        all_ = dict(examples())
        self.assertGreater(len(all_), 60)
        order = lambda words: (words in OFFLINE, words in LATE,
                               list(all_).index(words))
        running = True
        for words in sorted(all_, key=order):
            with self.subTest(words):
                self.assertTrue(all_[words].startswith("acgs " + words),
                                all_[words])
                if running and words in OFFLINE:
                    self.keep_vkey() # that of the keys that follow by now
                    self.assertEqual(self.node.stop(), 0)
                    running = False
                self.paste(words, all_[words])


if __name__ == "__main__":
    counted.main()
