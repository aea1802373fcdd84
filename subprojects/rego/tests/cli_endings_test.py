#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""Tests what the commands of the program rego end with, and print.

usage: tests/cli_endings_test.py PROGRAM

example: tests/cli_endings_test.py build/rego
"""

import json
import os
import subprocess
import unittest

import cli_test
from cli_test import rego


class endings(cli_test.with_files):
    """What all commands end with alike."""

    def test_output_that_cannot_be_written_is_an_error(self):
        self.write("long.rego", "package long\n"
                   + "p := 1\n" * 20_000) # more than a buffer holds
        for args in (["eval", "1"], ["fmt", "p.rego"],
                     ["test", "p.rego", "p_test.rego", "data.json"],
                     ["parse", "p.rego"], ["version"], ["help"],
                     ["eval", "--help"], ["eval", "numbers.range(1, 9999)"],
                     ["fmt", "long.rego"]):
            with open("/dev/full", "w") as full:
                done = subprocess.run([cli_test.PROGRAM, *args], cwd=self.root,
                                      stdout=full, stderr=subprocess.PIPE,
                                      text=True, timeout=60)
            self.assertEqual(done.returncode, 4, (args, done.stderr))
            # Of what is too long to be held back the reason is gone.
            self.assertRegex(
                done.stderr, "(^|\n)rego: the standard output cannot be "
                "written: (No space left on device|a part of it is lost)\n$")

    def parsed(self, *args):
        return self.run_in("parse", *args)

    def test_parse_prints_annotations(self):
        self.write("notes.rego",
                   "# METADATA\n# title: t\npackage a\n"
                   "# METADATA\n#title: x\n# authors: [<a@b>]\n"
                   "# schemas: [{input: schema.s}]\n"
                   "p := 1\n\np := 2 if false\n")
        _, out, _ = self.parsed("-f", "json", "notes.rego")
        tree = json.loads(out)
        schema = [{"type": "var", "value": "schema"},
                  {"type": "string", "value": "s"}]
        own = {"scope": "rule", "title": "x",
               "authors": [{"name": "", "email": "a@b"}],
               "schemas": [{"path": [{"type": "var", "value": "input"}],
                            "schema": schema}]}
        self.assertEqual(tree["annotations"],
                         [{"scope": "package", "title": "t"}, own])
        self.assertEqual([r.get("annotations") for r in tree["rules"]],
                         [[own], None])
        _, out, _ = self.parsed("-f", "json", "--json-include", "locations",
                                "notes.rego")
        self.assertEqual(json.loads(out)["annotations"][0]["location"],
                         {"file": "notes.rego", "row": 1, "col": 1,
                          "text": "IyBNRVRBREFUQQojIHRpdGxlOiB0"})
        _, out, _ = self.parsed("notes.rego")
        self.assertEqual(out.split("\n").count(" annotations"), 2)

    def test_parse_refuses_what_is_wrong_in_annotations(self):
        self.write("notes.rego", "# METADATA\n# scope: x\npackage a\n")
        code, _, err = self.parsed("notes.rego")
        self.assertEqual(code, 1)
        self.assertIn("invalid annotation scope 'x'. Use one of", err)

    def test_nothing_to_write_needs_no_place(self):
        with open("/dev/full", "w") as full:
            self.assertEqual(
                subprocess.call([cli_test.PROGRAM, "check", "p.rego"],
                                cwd=self.root, stdout=full), 0)

    def test_a_reader_that_has_enough_is_no_error(self):
        ours, theirs = os.pipe()
        os.close(ours)
        done = subprocess.run([cli_test.PROGRAM, "version"], stdout=theirs,
                              stderr=subprocess.PIPE, restore_signals=False)
        os.close(theirs)
        self.assertEqual((done.returncode, done.stderr), (0, b""))

    def test_a_named_file_of_no_known_kind_is_refused(self):
        kinds = {"a: [": "unrecognized file; expected Rego, JSON or YAML",
                 "a document": "document must be of type object",
                 "": "document must be of type object",
                 '{"users": 1}': "merge error"}
        for text, why in kinds.items():
            self.write("notes.txt", text)
            for command in (["eval", "-d", "data.json", "-d", "notes.txt", "1"],
                            ["test", "data.json", "notes.txt"]):
                code, out, err = self.run_in(*command)
                self.assertEqual(code, 2, (out, err))
                self.assertIn(why, out + err)
        self.write("notes.txt", "a: [")
        self.assertEqual(self.run_in("eval", "-d", ".", "1")[0], 0)

    def test_a_file_may_be_named_by_its_url(self):
        self.write("one.json", '{"d": 1}')
        url = f"file://{self.root}/one.json"
        for words, found in (((url, "data.d"), "1"),
                             (("x.y:" + url, "data.x"), '{"y":{"d":1}}')):
            self.assertEqual(
                self.run_in("eval", "-f", "raw", "-d", *words)[1].strip(),
                found)

    def test_a_path_that_is_not_there_is_named(self):
        for code, args in ((2, ["eval", "-d", "none", "1"]),
                           (2, ["eval", "-b", "none", "1"]),
                           (2, ["eval", "-i", "none", "1"]),
                           (2, ["test", "none"]), (2, ["run", "none"]),
                           (2, ["check", "none"]), (2, ["build", "none"]),
                           (2, ["build", "-b", "none"]),
                           (2, ["bench", "-d", "none", "1"]),
                           (2, ["sign", "-b", "--signing-key=x", "none"]),
                           (2, ["conformance", "none"]),
                           (2, ["deps", "-d", "none", "1"]),
                           (2, ["exec", "none"]), (2, ["inspect", "none"]),
                           (1, ["fmt", "none"]), (1, ["parse", "none"])):
            ended, out, err = self.run_in(*args, stdin="")
            self.assertEqual(ended, code, (args, out, err))
            self.assertIn("none", out + err, args)
            self.assertNotIn("internal", err, args)

    def test_every_command_tells_of_itself(self):
        for command in ("bench", "build", "capabilities", "check",
                        "conformance", "deps", "eval", "exec", "fmt",
                        "inspect", "parse", "run", "sign", "test"):
            code, out, err = self.run_in(command, "--help")
            self.assertEqual((code, err), (0, ""), command)
            self.assertIn(f"usage: rego {command} ", out)
            self.assertIn("\nexample: rego ", out)

    def test_what_is_no_case_is_named(self):
        self.write("case.yaml", "a: [")
        code, _, err = self.run_in("conformance", "case.yaml")
        self.assertEqual(code, 2)
        self.assertIn("case.yaml is no file of cases: ", err)
        self.write("none.yaml", "cases: []")
        code, _, err = self.run_in("conformance", "none.yaml")
        self.assertEqual(code, 2)
        self.assertIn("there are no cases below none.yaml", err)

    def test_aliases_of_yaml_are_bounded(self):
        self.write("itself.yaml", "a: &a [*a]\n")
        self.write("many.yaml", "a0: &a0 [1, 1]\n" + "".join(
            f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n"
            for n in range(1, 16)))
        self.write("cases.yaml",
                   "cases: [{query: x = 1, data: {a: &a [*a]}}]\n")
        for file in ("itself.yaml", "many.yaml"):
            for command in (["eval", "-d", file, "data"],
                            ["eval", "-i", file, "input"],
                            ["bench", "-i", file, "input"],
                            ["test", file]):
                code, out, err = self.run_in(*command)
                self.assertEqual(code, 2, (command, out, err))
                self.assertIn(file, out + err)
        code, out, _ = self.run_in("conformance", "--list-failures",
                                   "cases.yaml")
        self.assertEqual(code, 1)
        self.assertIn("nested too deeply", out)

    def test_an_input_that_never_ends_is_refused(self):
        for command in (["eval", "-i", "/dev/zero", "1"],
                        ["eval", "--stdin"]):
            with open("/dev/zero") as zeros:
                done = subprocess.run([cli_test.PROGRAM, *command], stdin=zeros,
                                      capture_output=True, text=True,
                                      timeout=120)
            self.assertEqual(done.returncode, 2, (command, done))
            self.assertIn("longer than 1 GiB", done.stdout + done.stderr)

    def test_a_wrong_input_is_named(self):
        self.write("bad.json", "{")
        _, out, err = self.run_in("eval", "-i", "bad.json", "input")
        self.assertIn("bad.json", out + err)


class answers(unittest.TestCase):
    """What is printed of a query."""

    def test_false_is_an_answer_alone_and_none_among_several(self):
        self.assertEqual(rego("eval", "-f", "raw", "1 > 2")[1], "false\n")
        self.assertEqual(rego("eval", "1 > 2; 2 > 1")[1], "{}\n")
        self.assertEqual(
            rego("eval", "-f", "bindings", "some x in [1, 2]; x > 1")[1],
            '{\n  "x": 2\n}\n')
        self.assertEqual(
            rego("eval", "-f", "raw", "[false, 1, true][_]")[1], "1\ntrue\n")
        self.assertEqual(
            rego("eval", "-f", "raw", "count([x | x := [1][_]]) > 1")[1],
            "false\n")
        self.assertEqual(
            rego("eval", "-f", "raw", "x := false; not x")[1], "true true\n")

    def test_bench_prints_what_an_operation_takes(self):
        code, out, _ = rego("bench", "-f", "json", "[x | x := [1, 2][_]]")
        figures = json.loads(out)
        self.assertEqual((code, list(figures)), (0, [
            "iterations", "ns_per_op", "min_ns", "p50_ns", "p90_ns", "p99_ns",
            "allocs_per_op", "bytes_per_op"]))
        self.assertGreater(figures["iterations"], 0)
        self.assertLess(figures["allocs_per_op"], 50)
        self.assertLess(figures["bytes_per_op"], 10000)

    def test_bench_asks_as_eval_does(self):
        def out(*args, **options):
            code, text, err = rego("bench", "-f", "gobench", *args, **options)
            self.assertEqual(code, 0, err)
            return text
        line = (r"BenchmarkOPAEval\t *[0-9]+\t *[0-9.]+ ns/op\t"
                r" *[0-9]+ B/op\t *[0-9]+ allocs/op\n")
        self.assertRegex(out("1 + 1"), "^" + line + "$")
        self.assertRegex(out("--count", "2", "--stdin", stdin="1 + 1"),
                         "^(" + line + "){2}$")
        self.assertRegex(out("--import", "input.a", "-I", "a.b > 1",
                             stdin='{"a": {"b": 2}}'), line)
        for args in (["-f", "xml", "1"], ["--count", "0", "1"], [],
                     ["-I", "-i", "x", "1"], ["--stdin", "1"]):
            self.assertEqual(rego("bench", *args)[0], 2, args)


if __name__ == "__main__":
    cli_test.main(__doc__)
