#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""Tests flags that scripts written for opa use.

usage: tests/cli_flags_test.py PROGRAM

example: tests/cli_flags_test.py build/rego
"""

import json

import cli_test


class flags(cli_test.with_files):
    def test_a_flag_may_be_true_or_false(self):
        self.assertEqual(self.run_in("eval", "--fail=false", "false")[0], 0)
        for no in ("false", "0", "F"):
            code, _, _ = self.run_in("eval", f"--fail={no}", "input.x")
            self.assertEqual(code, 0)
        for yes in ("true", "1", "T"):
            code, _, _ = self.run_in("eval", f"--fail={yes}", "input.x")
            self.assertEqual(code, 1)
        self.assertEqual(self.run_in("eval", "--fail", "--fail=false",
                                     "input.x")[0], 0)
        self.assertEqual(self.run_in("eval", "--fail=false", "--fail",
                                     "input.x")[0], 1)
        code, _, err = self.run_in("eval", "--fail=perhaps", "1")
        self.assertEqual(code, 2)
        self.assertIn("--fail: 'perhaps' is neither true nor false", err)

    def test_ignored_patterns_may_have_commas_between(self):
        self.write("bad.rego", "package")
        self.write("worse.rego", "package")
        for args in (("--ignore", "bad.rego,worse*"),
                     ("--ignore=bad.rego", "--ignore=worse.rego")):
            self.assertEqual(self.run_in("check", *args, ".")[0], 0)
            self.assertEqual(self.run_in("test", *args, ".")[0], 0)
            code, out, _ = self.run_in("eval", *args, "-d", ".",
                                       "data.users[0]", "-f", "raw")
            self.assertEqual((code, out), (0, "ann\n"))
        self.assertEqual(self.run_in("check", "--ignore", "bad.rego,x",
                                     ".")[0], 1)

    def test_targets_are_rego(self):
        self.assertEqual(self.run_in("eval", "-t", "rego", "1")[0], 0)
        self.assertEqual(self.run_in("test", "--target=rego", ".")[0], 0)
        for args in (("eval", "-t", "wasm", "1"), ("bench", "-t", "wasm", "1"),
                     ("test", "-t", "wasm", ".")):
            code, _, err = self.run_in(*args)
            self.assertEqual(code, 2)
            self.assertIn("--target: 'wasm' is unknown; expected rego", err)


class check(cli_test.with_files):
    def checked(self, text, *args):
        self.write("v.rego", text)
        return self.run_in("check", "v.rego", *args)

    def test_policies_have_to_be_right_in_both_versions(self):
        both = "package a\nimport rego.v1\np if input.x\n"
        keywords = "package a\nimport future.keywords.if\np if input.x\n"
        for text in (both, keywords):
            self.assertEqual(self.checked(text, "--v0-v1"), (0, "", ""))
        self.assertEqual(self.checked(both, "--rego-v1")[0], 0)
        for text, why in (
                ("package a\np { input.x }\n",
                 "v.rego:2: rego_parse_error: `if` keyword is required before "
                 "rule body"),
                ("package a\np if input.x\n", "v.rego:2: rego_parse_error"),
                ("package a\ncontains = 1\n",
                 "v.rego:2: rego_parse_error: contains keyword cannot be used "
                 "for rule name"),
                ("package a\nimport data.x\nimport data.y.x\n",
                 "v.rego:3: rego_compile_error: import must not shadow import "
                 "data.x"),
                ("package a\np = any([true])\n",
                 "v.rego:2: rego_type_error: deprecated built-in function "
                 "calls in expression: any")):
            code, _, err = self.checked(text, "--v0-v1")
            self.assertEqual(code, 1)
            self.assertIn(why, err)


class eval_flags(cli_test.with_files):
    def test_errors_of_built_ins_are_shown_beside_the_result(self):
        self.write("e.rego", "package e\n\np := 1 if input.x / 0 > 1\n"
                   "default p := 2\nq := to_number(\"x\")\n")
        args = ("eval", "-d", "e.rego", "--show-builtin-errors")
        code, out, _ = self.run_in(*args, "data.e", stdin="")
        got = json.loads(out)
        self.assertEqual(code, 0)
        self.assertEqual(got["result"][0]["expressions"][0]["value"], {"p": 2})
        self.assertEqual(
            [(e["message"], e["code"], e["location"]["row"])
             for e in got["errors"]],
            [("to_number: strconv.ParseFloat: parsing \"x\": invalid syntax",
              "eval_builtin_error", 5)])
        self.write("i.json", '{"x": 1}')
        code, out, _ = self.run_in(*args, "-i", "i.json", "data.e.p")
        self.assertEqual([e["message"] for e in json.loads(out)["errors"]],
                         ["div: divide by zero"])
        code, out, err = self.run_in(*args, "-f", "pretty", "data.e.q")
        self.assertEqual(code, 0, out)
        self.assertIn("1 error occurred: e.rego:5: eval_builtin_error: "
                      "to_number", err)
        self.assertEqual(self.run_in(*args, "--fail", "data.e.q")[0], 1)
        code, _, _ = self.run_in("eval", "-d", "e.rego", "data.e.q", "-f",
                                 "json")
        self.assertEqual(code, 0)
        for other in ("--strict-builtin-errors", "-p"):
            self.assertEqual(self.run_in(*args, other, "data.e")[0], 2)

    def entered(self, *args):
        code, out, _ = self.run_in("eval", "-d", "r.rego", "-i", "i.json",
                                   "--explain", "full", "-f", "pretty", *args,
                                   "data.r.p")
        self.assertEqual(code, 0)
        return out.count("Enter data.r.p") - 1  # the query's own

    def test_optimisations_can_be_disabled(self):
        self.write("i.json", '{"x": 1}')
        self.write("r.rego", "package r\n\np if input.x == 1\n\n"
                   "p if input.x == 2\n\np if input.x > 0\n")
        self.assertEqual(self.entered(), 1)
        self.assertEqual(self.entered("--disable-indexing"), 1)
        self.assertEqual(self.entered("--disable-early-exit"), 2)
        self.assertEqual(self.entered("--disable-early-exit",
                                      "--disable-indexing"), 3)


class bench(cli_test.with_files):
    def test_what_is_undefined_is_no_benchmark(self):
        code, out, err = self.run_in("bench", "input.x")
        self.assertEqual((code, out), (1, ""))
        self.assertIn("undefined result", err)
        code, out, _ = self.run_in("bench", "--fail=false", "-f", "json",
                                   "--benchmem=false", "input.x")
        self.assertEqual(code, 0)
        got = json.loads(out)
        self.assertIn("p99_ns", got)
        self.assertNotIn("allocs_per_op", got)
        code, out, _ = self.run_in("bench", "-f", "pretty", "1")
        self.assertEqual(code, 0)
        self.assertIn("allocs_per_op ", out)


if __name__ == "__main__":
    cli_test.main(__doc__)
