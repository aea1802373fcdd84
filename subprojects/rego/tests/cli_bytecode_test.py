#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""Tests bytecode in the program rego: build writes it, eval and bench take it.

usage: tests/cli_bytecode_test.py PROGRAM

example: tests/cli_bytecode_test.py build/rego
"""

import json

import cli_test

POLICY = """package acgs.main

decision := {"allow": input.user in data.users, "why": why}

why contains "known" if input.user in data.users
"""


class bytecode(cli_test.with_files):
    def setUp(self):
        super().setUp()
        self.write("main.rego", POLICY)
        self.write("users.json", '{"users": ["ann"]}')
        self.write("input.json", '{"user": "ann"}')

    def done(self, *args, code=0):
        found, out, err = self.run_in(*args)
        self.assertEqual(found, code, out + err)
        return out + err if code else out

    def build(self, *more):
        self.done("build", "-t", "bytecode", "-e", "acgs/main/decision",
                  *more, "main.rego")

    def ask(self, query, *more, code=0):
        return self.done("eval", "-d", "policy.rgc", "-d", "users.json",
                         "-i", "input.json", *more, query, code=code)

    def test_answers_as_the_policy_does(self):
        self.build("-e", "data.acgs.main.why")
        for query in ("data.acgs.main.decision", "data.acgs.main.why"):
            from_text = self.done("eval", "-d", "main.rego", "-d",
                                  "users.json", "-i", "input.json", query)
            self.assertEqual(self.ask(query), from_text)
        self.assertEqual(json.loads(self.ask("acgs/main/decision", "-f",
                                             "raw")),
                         {"allow": True, "why": ["known"]})

    def test_the_same_files_give_the_same_bytes(self):
        self.build("-o", "1.rgc")
        self.build("--output", "2.rgc")
        self.assertEqual((self.root / "1.rgc").read_bytes(),
                         (self.root / "2.rgc").read_bytes())

    def test_is_measured(self):
        self.build()
        figures = json.loads(self.done(
            "bench", "-d", "policy.rgc", "-d", "users.json", "-i",
            "input.json", "-f", "json", "data.acgs.main.decision"))
        self.assertGreater(figures["iterations"], 0)

    def test_other_queries_are_refused(self):
        self.build()
        self.assertIn("'data.acgs.main.why' is no entry point of the "
                      "bytecode; expected data.acgs.main.decision",
                      self.ask("data.acgs.main.why", code=2))
        for option in (["--partial"], ["--explain", "full"], ["--coverage"],
                       ["--package", "acgs"]):
            self.assertIn(f"eval: {option[0]} needs the policies' text",
                          self.ask("data.acgs.main.decision", *option, code=2))

    def test_files_that_do_not_go_together_are_refused(self):
        self.build()
        ask = ("eval", "data.acgs.main.decision", "-d")
        self.assertIn("policies in Rego are not taken beside bytecode",
                      self.done(*ask, "policy.rgc", "-d", "main.rego", code=2))
        self.assertIn("a second file of bytecode",
                      self.done(*ask, "policy.rgc", "-d", "policy.rgc",
                                code=2))
        self.write("hidden.json", '{"acgs": {"main": {"why": 1}}}')
        self.assertIn("conflicting rule for data path acgs/main/why found",
                      self.done(*ask, "policy.rgc", "-d", "hidden.json",
                                code=2))
        self.assertIn("unrecognized file", self.done("test", "policy.rgc",
                                                     code=2))

    def test_what_is_no_bytecode_is_refused(self):
        self.write("policy.rgc", "package a")
        self.assertIn("byte 0: this is no bytecode; expected the text "
                      "REGOCODE", self.ask("data.a", code=2))

    def test_wrong_options_of_build_are_refused(self):
        for args, why in [
                (["-t", "wasm"], "'wasm' is none of rego, bytecode"),
                (["-t", "bytecode"], "--target bytecode needs --entrypoint"),
                (["-e", "a/b"], "--entrypoint is for --target bytecode"),
                (["-t", "bytecode", "-e", "a", "-r", "1"],
                 "-r is for bundles")]:
            self.assertIn(why, self.done("build", *args, "main.rego", code=2))
        self.assertIn("entry point 'data.nope' is no rule and no package",
                      self.done("build", "-t", "bytecode", "-e", "nope",
                                "main.rego", code=1))

    def test_data_is_said_to_be_left_out(self):
        _, _, err = self.run_in("build", "-t", "bytecode", "-e", "acgs/main",
                                "main.rego", "users.json")
        self.assertIn("bytecode has no data", err)


if __name__ == "__main__":
    cli_test.main(__doc__)
