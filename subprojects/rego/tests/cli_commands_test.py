#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""Tests the commands exec, inspect and deps.

usage: tests/cli_commands_test.py PROGRAM

example: tests/cli_commands_test.py build/rego
"""

import json

import cli_test

POLICY = """# METADATA
# title: The policy
# description: Who may do what.
# organizations:
# - ACGS
# related_resources:
# - https://docs.example
# - ref: https://note.example
#   description: a note
# authors:
# - Ann <ann@example.com>
# schemas:
# - input: {"type": "object"}
# custom:
#   level: 3
package shop

import data.limits

# METADATA
# entrypoint: true
allow if {
  is_admin
  input.amount < limits.most
}

is_admin if "admin" in input.user.roles

owners contains name if {
  user := data.users[_]
  name := user.name
}

list := [1] if input.list
list := [] if input.empty

bad := 1 / input.zero
"""


class with_bundle(cli_test.with_files):
    def setUp(self):
        super().setUp()
        for folder in ("b/limits", "in/more"):
            (self.root / folder).mkdir(parents=True)
        self.write("b/shop.rego", POLICY)
        self.write("b/limits/data.json", '{"most": 10}')


class exec_command(with_bundle):
    def setUp(self):
        super().setUp()
        self.write("in/a.json", '{"user": {"roles": ["admin"]}, "amount": 1}')
        self.write("in/more/b.yaml", "list: true\n")
        self.write("in/notes.txt", "no input")

    def decide(self, *args, stdin=None):
        code, out, err = self.run_in("exec", "-b", "b", *args, stdin=stdin)
        return code, json.loads(out)["result"] if out else err

    def test_each_input_has_a_result(self):
        code, got = self.decide("--decision", "shop/allow", "in")
        self.assertEqual(code, 0)
        self.assertEqual(got, [
            {"path": "in/a.json", "result": True},
            {"path": "in/more/b.yaml", "error": {
                "code": "opa_undefined_error",
                "message": "shop/allow decision was undefined"}}])
        _, got = self.decide("--decision=/shop/list", "in/more/b.yaml", "-I",
                             stdin='{"empty": 1}')
        self.assertEqual(got, [{"path": "--stdin-input", "result": []},
                               {"path": "in/more/b.yaml", "result": [1]}])

    def test_the_decision_is_the_main_one(self):
        self.write("b/main.rego", "package system\n\nmain := input.amount\n")
        _, got = self.decide("in")
        self.assertEqual(got[0]["result"], 1)
        self.assertEqual(got[1]["error"]["message"],
                         "/system/main decision was undefined")

    def test_results_may_be_failures(self):
        def code(*args):
            return self.decide("--decision", "shop/list", *args)[0]
        self.write("empty.json", '{"empty": true}')
        self.write("none.json", "{}")
        self.write("bad.json", "{")
        self.assertEqual(code("none.json"), 0)
        self.assertEqual(code("bad.json"), 0)
        self.assertEqual(code("--fail", "empty.json"), 0)
        self.assertEqual(code("--fail", "empty.json", "none.json"), 1)
        self.assertEqual(code("--fail-defined", "none.json"), 0)
        self.assertEqual(code("--fail-defined", "empty.json"), 1)
        self.assertEqual(code("--fail-non-empty", "empty.json"), 0)
        self.assertEqual(code("--fail-non-empty", "in"), 1)
        for flag in ("--fail", "--fail-defined", "--fail-non-empty"):
            self.assertEqual(code(flag, "bad.json"), 1)

    def test_what_is_wrong_with_one_input_is_its_result(self):
        self.write("bad.json", "{")
        self.write("two.json", '{"list": true, "empty": true}')
        code, got = self.decide("--decision", "shop/list", "bad.json",
                                "two.json", "in/more")
        self.assertEqual(code, 0)
        self.assertEqual(got[0]["path"], "bad.json")
        self.assertIn("message", got[0]["error"])
        self.assertEqual(got[1]["error"]["code"], "eval_conflict_error")
        self.assertEqual(got[2]["result"], [1])
        _, got = self.decide("--decision", "shop", "--timeout", "1ns", "in")
        self.assertEqual(got[0]["error"]["code"], "eval_cancel_error")

    def test_wrong_usage(self):
        for args, why in (
                ((), "name at least one file or folder"),
                (("--fail", "--fail-defined", "in"), "exclude one another"),
                (("-f", "pretty", "in"), "expected json"),
                (("nowhere",), "no such file or folder")):
            code, err = self.decide(*args)
            self.assertEqual(code, 2)
            self.assertIn(why, err)
        self.write("b/bad.rego", "package")
        self.assertEqual(self.decide("in")[0], 2)


class inspect_command(with_bundle):
    def test_a_folder(self):
        self.write("b/.manifest", '{"revision": "7", "roots": ["shop", '
                   '"limits"], "metadata": {"of": "%s"}}' % ("x" * 60))
        code, out, _ = self.run_in("inspect", "b")
        self.assertEqual(code, 0)
        for text in ("MANIFEST:\n", "NAMESPACES:\n", "│ Revision │ 7 ",
                     "│ Roots    │ limits ", "│          │ shop ",
                     '│ Metadata │ {"of":"' + "x" * 40 + "... │",
                     "│ data.limits │ b/limits/data.json │",
                     "│ data.shop   │ b/shop.rego        │"):
            self.assertIn(text, out)
        self.assertNotIn("ANNOTATIONS", out)

    def test_annotations(self):
        code, out, _ = self.run_in("inspect", "-a", "b/shop.rego")
        self.assertEqual(code, 0)
        self.assertEqual(out[out.index("ANNOTATIONS"):], """ANNOTATIONS:
The policy
==========

Who may do what.

Package:  shop
Location: b/shop.rego:16
Scope: package

Organizations:
 ACGS

Authors:
 Ann <ann@example.com>

Schemas:
 input: {"type":"object"}

Related Resources:
 https://docs.example
 https://note.example a note

Custom:
 level: 3

shop.allow
==========

Package:  shop
Rule:     allow
Location: b/shop.rego:22
Scope: document
Entrypoint: true

""")

    def test_json_of_an_archive(self):
        self.assertEqual(self.run_in("build", "-b", "b", "-r", "7", "-o",
                                     "b.tar.gz")[0], 0)
        code, out, _ = self.run_in("inspect", "-f", "json", "-a", "b.tar.gz")
        self.assertEqual(code, 0)
        got = json.loads(out)
        self.assertEqual(got["manifest"]["revision"], "7")
        self.assertEqual(got["signatures_config"], {})
        self.assertEqual(got["namespaces"], {
            "data": ["/data.json"], "data.shop": ["/shop.rego"]})
        first, second = got["annotations"]
        self.assertEqual(first["annotations"]["title"], "The policy")
        self.assertEqual(first["location"],
                         {"file": "/shop.rego", "row": 16, "col": 1})
        self.assertEqual([p["value"] for p in second["path"]],
                         ["data", "shop", "allow"])
        self.assertEqual(got["capabilities"]["features"], ["rego_v1"])
        self.assertEqual([b["name"] for b in got["capabilities"]["builtins"]],
                         ["div", "eq", "internal.member_2", "lt"])

    def test_what_is_needed_is_enough(self):
        self.write("v0.rego", "package v\nimport future.keywords.if\n"
                   "import data.lib.abs\ncount(x) = 7 { x }\n"
                   "a.b[c] := $\"{sum([1])}\" if c := count(abs(1))\n"
                   "p { print(1) with upper as lower }\n")
        _, out, _ = self.run_in("inspect", "--v0-compatible", "-f", "json",
                                "v0.rego")
        needed = json.loads(out)["capabilities"]
        self.assertEqual(needed["future_keywords"], ["if"])
        self.assertEqual(needed["features"],
                         ["rule_head_refs", "template_strings"])
        self.assertEqual([b["name"] for b in needed["builtins"]],
                         ["eq", "internal.print", "internal.template_string",
                          "lower", "sum", "upper"])
        self.write("c.json", json.dumps(needed))
        self.write("lib.rego", "package lib\nabs(x) = x { true }\n")
        self.assertEqual(self.run_in(
            "check", "--v0-compatible", "--capabilities", "c.json", "v0.rego",
            "lib.rego"), (0, "", ""))

    def test_what_is_not_right(self):
        self.write("bad.rego", "package")
        for args, code in (((), 2), (("b", "b"), 2), (("nowhere",), 2),
                           (("-f", "raw", "b"), 2), (("bad.rego",), 1)):
            self.assertEqual(self.run_in("inspect", *args)[0], code, args)


class deps_command(with_bundle):
    def depends(self, query):
        code, out, err = self.run_in("deps", "-b", "b", "-f", "json", query)
        self.assertEqual(code, 0, err)
        return {kind: [".".join(str(part["value"]) for part in ref)
                       for ref in refs]
                for kind, refs in json.loads(out).items()}

    def test_rules_and_what_they_need(self):
        self.assertEqual(self.depends("data.shop.allow"), {
            "base": ["data.limits.most", "input.amount", "input.user.roles"],
            "virtual": ["data.shop.allow", "data.shop.is_admin"]})
        _, out, _ = self.run_in("deps", "-b", "b", "data.shop.allow")
        self.assertEqual(out, """\
┌──────────────────┬────────────────────┐
│  BASE DOCUMENTS  │ VIRTUAL DOCUMENTS  │
├──────────────────┼────────────────────┤
│ data.limits.most │ data.shop.allow    │
│ input.amount     │ data.shop.is_admin │
│ input.user.roles │                    │
└──────────────────┴────────────────────┘
""")

    def test_references_end_before_keys_that_vary(self):
        self.assertEqual(self.depends("data.shop.owners[x]"), {
            "base": ["data.users"], "virtual": ["data.shop.owners"]})
        self.assertEqual(self.depends("data.a[input.x].b == 1"),
                         {"base": ["data.a", "input.x"]})
        self.assertEqual(self.depends("data.a.b; data.a.b.c; data.a"),
                         {"base": ["data.a"]})

    def test_variables_that_begin_references(self):
        self.write("b/vars.rego", "package vars\n\n"
                   "p if { u := input.user; u.name == u.id[0] }\n"
                   "q if { u := input.user; u.name == u }\n"
                   "r if { some u in data.users; u.name }\n"
                   "s := [y | y := data.list[_].x] if true else := input.z\n"
                   "t if data.shop.is_admin with input.user as input.other\n"
                   "f(x) := x.a + data.n\n"
                   "g := f(input.obj)\n")
        self.assertEqual(self.depends("data.vars.p")["base"],
                         ["input.user.id.0", "input.user.name"])
        self.assertEqual(self.depends("data.vars.q")["base"], ["input.user"])
        self.assertEqual(self.depends("data.vars.r")["base"], ["data.users"])
        self.assertEqual(self.depends("data.vars.s")["base"],
                         ["data.list", "input.z"])
        self.assertEqual(self.depends("data.vars.t"), {
            "base": ["input.other", "input.user", "input.user.roles"],
            "virtual": ["data.shop.is_admin", "data.vars.t"]})
        self.assertEqual(self.depends("data.vars.g"), {
            "base": ["data.n", "input.obj"],
            "virtual": ["data.vars.f", "data.vars.g"]})

    def test_what_is_not_right(self):
        self.write("bad.rego", "package")
        for args, code in (((), 2), (("x", "y"), 2), (("-d", "none", "1"), 2),
                           (("-d", "bad.rego", "1"), 1), (("x = ",), 1),
                           (("-f", "raw", "1"), 2)):
            self.assertEqual(self.run_in("deps", *args)[0], code, args)


if __name__ == "__main__":
    cli_test.main(__doc__)
