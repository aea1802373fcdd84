#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""Tests what --capabilities lets policies use, and rego capabilities.

usage: tests/cli_capabilities_test.py PROGRAM

example: tests/cli_capabilities_test.py build/rego
"""

import json

import cli_test

POLICY = """package shop

price := count(input.items) * 2
"""

REFUSED = "shop.rego:3: rego_type_error: undefined function count"


class capabilities(cli_test.with_files):
    def setUp(self):
        super().setUp()
        self.write("shop.rego", POLICY)
        self.write("shop_test.rego", "package shop_test\n\nimport data.shop\n\n"
                   'test_price if shop.price == 4 with input.items as [1, 2]\n')
        own = self.own()
        own["builtins"] = [b for b in own["builtins"] if b["name"] != "count"]
        self.write("less.json", json.dumps(own))

    def own(self, *args):
        code, out, _ = self.run_in("capabilities", "--current", *args)
        self.assertEqual(code, 0)
        return json.loads(out)

    def test_each_command_refuses_what_is_not_listed(self):
        less = ("--capabilities", "less.json")
        for args in (("check", "shop.rego"),
                     ("test", "shop.rego", "shop_test.rego"),
                     ("build", "shop.rego"),
                     ("bench", "-d", "shop.rego", "data.shop.price")):
            code, out, err = self.run_in(*args, *less)
            self.assertIn(REFUSED, err, args)
            self.assertIn(code, (1, 2))
        code, out, _ = self.run_in("eval", "-d", "shop.rego", *less,
                                   "data.shop.price")
        self.assertEqual(code, 2)
        self.assertEqual(json.loads(out)["errors"][0]["message"],
                         "undefined function count")
        for partial in ((), ("-p",)):
            code, out, _ = self.run_in("eval", *partial, *less,
                                       "count(input.x)")
            self.assertEqual(code, 2)
            self.assertIn("undefined function count", out)

    def test_its_own_are_known_by_their_version(self):
        code, out, _ = self.run_in("capabilities")
        self.assertEqual((code, out.count("\n")), (0, 1))
        version = out.strip()
        for command in (("check", "shop.rego"), ("build", "shop.rego"),
                        ("test", "shop.rego", "shop_test.rego"),
                        ("fmt", "shop.rego")):
            code, _, err = self.run_in(*command, "--capabilities", version)
            self.assertEqual((code, err), (0, ""), command)
        _, out, _ = self.run_in("capabilities", "--version", version)
        self.assertEqual(json.loads(out), self.own())
        for args in (("check", "--capabilities", "v0.34.0", "shop.rego"),
                     ("capabilities", "--version", "v0.34.0")):
            code, _, err = self.run_in(*args)
            self.assertEqual(code, 2)
            self.assertIn("no such file or capabilities version found: "
                          f"v0.34.0; known is {version}", err)

    def test_what_is_printed_can_be_read(self):
        own = self.own()
        count = next(b for b in own["builtins"] if b["name"] == "count")
        self.assertEqual(count["decl"]["result"], {"type": "number"})
        self.assertEqual(own["future_keywords"], ["and", "not", "or"])
        self.assertIn("rule_head_refs", self.own("--v0-compatible")["features"])
        code, out, _ = self.run_in("capabilities", "--file", "less.json")
        self.assertEqual(code, 0)
        self.assertNotIn("count", [b["name"] for b in
                                   json.loads(out)["builtins"]])

    def test_a_file_that_is_not_right_is_bad_usage(self):
        self.write("bad.json", '{"builtins": [1]}')
        for args in (("check", "--capabilities", "bad.json", "shop.rego"),
                     ("eval", "--capabilities", "bad.json", "1"),
                     ("capabilities", "--file", "bad.json")):
            code, _, err = self.run_in(*args)
            self.assertEqual(code, 2)
            self.assertIn("bad.json: capabilities: builtins[0]: expected an "
                          "object with the string name", err)

    def test_fmt_keeps_brackets_where_keywords_are_no_names(self):
        text = 'package a\n\np := input["not"]\n'
        self.write("a.rego", text)
        self.write("v1.json", '{"features": ["rego_v1"]}')
        code, out, _ = self.run_in("fmt", "--capabilities", "v1.json",
                                   "a.rego")
        self.assertEqual((code, out), (0, text))
        self.write("b.rego", "package b\n\np := input.not\n")
        code, _, err = self.run_in("fmt", "--capabilities", "v1.json",
                                   "b.rego")
        self.assertEqual(code, 2)
        self.assertIn("unexpected not keyword", err)

    def test_policies_in_bytecode_are_compiled_already(self):
        self.run_in("build", "-t", "bytecode", "-e", "shop/price", "-o",
                    "shop.rgc", "shop.rego")
        code, _, err = self.run_in("eval", "-d", "shop.rgc", "--capabilities",
                                   "less.json", "data.shop.price")
        self.assertEqual(code, 2)
        self.assertIn("--capabilities", err)


if __name__ == "__main__":
    cli_test.main(__doc__)
