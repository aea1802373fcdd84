#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""Tests the program rego from outside: options, output, exit codes.

usage: tests/cli_test.py PROGRAM

example: tests/cli_test.py build/rego
"""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM = ""

POLICY = """package authz

default allow := false

allow if {
  input.method == "POST"
}

allow if {
  some u in data.users
  u == input.user
  trace(sprintf("user %v", [u]))
}
"""

TESTS = """package authz_test

import data.authz.allow

test_post if {
  allow with input as {"method": "POST"}
}

test_post if {
  print("again", 1)
  not allow with input as {"method": "GET", "user": "zoe"}
}
"""

FAILING = """package failing_test

test_sum if {
  x := 3
  x == count([1, 2])
}

test_cases[tc.note] if {
  some tc in [{"note": "a", "y": 1}, {"note": "b", "y": 2}]
  tc.y == 1
}

test_number := 7
"""


def rego(*args, stdin=None, cwd=None):
    done = subprocess.run([PROGRAM, *args], input=stdin, text=True, cwd=cwd,
                          capture_output=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


class with_files(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = Path(self.folder.name)
        self.write("p.rego", POLICY)
        self.write("p_test.rego", TESTS)
        self.write("data.json", '{"users": ["ann"]}')

    def tearDown(self):
        self.folder.cleanup()

    def write(self, name, text):
        (self.root / name).write_text(text)

    def run_in(self, *args, stdin=None):
        return rego(*args, stdin=stdin, cwd=self.root)


class tests_of_policies(with_files):
    def test_all_pass(self):
        code, out, _ = self.run_in("test", ".")
        self.assertEqual((code, out), (0, "PASS: 2/2\n"))

    def test_benchmarks_of_tests_are_as_those_of_go(self):
        line = r"\t *[0-9]+\t *[0-9.]+ ns/op"
        heap = r"\t *[0-9]+ B/op\t *[0-9]+ allocs/op\n"
        end = "-" * 80 + r"\nPASS: 1/1\n$"
        only = ["test", "--bench", "-r", "test_post$", "."]
        code, out, err = self.run_in(*only)
        self.assertEqual(code, 0, err)
        self.assertRegex(out, r"^data\.authz_test\.test_post" + line + heap
                         + end)
        self.assertRegex(
            self.run_in(*only, "-f", "gobench", "--benchmem=false")[1],
            "^BenchmarkDataAuthzTestTestPost" + line + r"\n" + end)

    def test_verbose_lists_all_with_prints(self):
        code, out, _ = self.run_in("test", "-v", ".")
        self.assertEqual(code, 0)
        self.assertIn("p_test.rego:5:\ndata.authz_test.test_post: PASS (", out)
        self.assertIn("data.authz_test.test_post#01: PASS (", out)
        self.assertIn("\n\n  again 1\n\n", out)

    def test_failures_count_cases_and_exit_with_1(self):
        self.write("fail_test.rego", FAILING)
        code, out, _ = self.run_in("test", ".")
        self.assertEqual(code, 1)
        self.assertIn("fail_test.rego:3:\ndata.failing_test.test_sum: FAIL",
                      out)
        self.assertIn("\n  b: FAIL\n", out)
        self.assertNotIn("a: PASS", out)
        self.assertIn("data.failing_test.test_number: FAIL", out)
        self.assertTrue(out.endswith("PASS: 3/6\nFAIL: 3/6\n"), out)

    def test_verbose_failures_show_trace_and_values(self):
        self.write("fail_test.rego", FAILING)
        _, out, _ = self.run_in("test", "-v", "--var-values", ".")
        self.assertIn("FAILURES", out)
        self.assertRegex(out, r"fail_test\.rego:5 +\| \| Fail x == count")
        self.assertIn("  fail_test.rego:5:\n      x == count([1, 2])\n"
                      "      |    |\n      |    2\n      3\n\n", out)

    def test_json(self):
        self.write("fail_test.rego", FAILING)
        code, out, _ = self.run_in("test", "-f", "json", ".")
        results = {r["name"]: r for r in json.loads(out)}
        self.assertEqual(code, 1)
        self.assertTrue(results["test_sum"]["fail"])
        self.assertNotIn("fail", results["test_post"])
        self.assertEqual(results["test_post#01"]["output"], "YWdhaW4gMQo=")
        cases = results["test_cases"]["sub_results"]
        self.assertEqual(cases["a"], {"name": "a"})
        self.assertEqual(cases["b"], {"name": "b", "fail": True})

    def test_cases_are_named_once_what_their_names_need_is_bound(self):
        self.write("named_test.rego", """package named_test

shown(x) := x

test_template[$"{x} and {y}"] if {
  some x in [1, 2]
  y := x + 1
  x == 1
}

test_call[$"{shown(x)}"] if some x in [1, 2]

test_list[[y | some y in [x]]] if some x in [1, 2]

test_two[tc.note][$"{x}"] if {
  some tc in [{"note": "n"}]
  some x in [1, 2]
}
""")
        _, out, _ = self.run_in("test", "-v", "named_test.rego")
        self.assertRegex(out, r"test_template: FAIL \(.*\)\n"
                              r"  1 and 2: PASS\n  2 and 3: FAIL\n")
        self.assertRegex(out, r"test_call: PASS \(.*\)\n"
                              r"  1: PASS\n  2: PASS\n")
        self.assertRegex(out, r"test_list: PASS \(.*\)\n"
                              r"  \[1\]: PASS\n  \[2\]: PASS\n")
        self.assertRegex(out, r"test_two: PASS \(.*\)\n"
                              r"  n: PASS\n    1: PASS\n    2: PASS\n")

    def test_cases_are_of_rules_that_make_objects(self):
        self.write("ref_test.rego", """package ref_test

test_dots.sub if true

test_text["a b"] if 1 == 1

test_set[x] contains 1 if some x in ["a"]

test_one["x"] := true

test_sub.case := true

test_each.sub[x] if some x in ["a"]
""")
        code, out, _ = self.run_in("test", "-f", "json", "ref_test.rego")
        self.assertEqual(code, 1)
        x = {"name": "x"}
        self.assertEqual(
            {r["name"]: (r.get("fail"), r.get("sub_results"))
             for r in json.loads(out)},
            {"test_dots": (True, None), "test_text": (True, None),
             "test_set": (True, None), "test_one": (None, {"x": x}),
             "test_sub": (None, {"case": {"name": "case"}}),
             "test_each": (None, {"sub": {"name": "sub", "sub_results": {
                 "a": {"name": "a"}}}})})

    def test_cases_of_ground_names_fail_where_they_are_undefined(self):
        self.write("v0_test.rego", """package v0_test

test_ground["x"] = true { false }

test_set["x"] { true }

test_each.sub["y"][x] = true { x := 1; x == 2 }
""")
        code, out, _ = self.run_in("test", "--v0-compatible", "-f", "json",
                                   "v0_test.rego")
        self.assertEqual(code, 1)
        self.assertEqual(
            {r["name"]: (r["fail"], r.get("sub_results"))
             for r in json.loads(out)},
            {"test_ground": (True, {"x": {"name": "x", "fail": True}}),
             "test_set": (True, None),
             "test_each": (True, {"sub": {
                 "name": "sub", "fail": True, "sub_results": {"y": {
                     "name": "y", "fail": True, "sub_results": {
                         "1": {"name": "1", "fail": True}}}}}})})

    def test_default_rules_and_functions_are_tests_by_their_names(self):
        self.write("f_test.rego", """package f
default test_d := true
default test_e := false
test_e if true
test_f(x) if x
""")
        code, out, _ = self.run_in("test", "-v", "f_test.rego")
        self.assertEqual(code, 1)
        for line in ("test_d: PASS", "test_e: FAIL", "test_e#01: PASS",
                     "test_f: ERROR"):
            self.assertIn(f"data.f.{line} (", out)

    def test_run_picks_by_path(self):
        self.write("fail_test.rego", FAILING)
        code, out, _ = self.run_in("test", ".", "--run", "authz_test")
        self.assertEqual((code, out), (0, "PASS: 2/2\n"))
        code, _, err = self.run_in("test", ".", "--run", "(")
        self.assertEqual(code, 2)
        self.assertIn("no regular expression", err)
        code, _, err = self.run_in("test", ".", "-r", "zzz", "--fail-on-empty")
        self.assertEqual((code, err), (1, "no tests were run\n"))

    def test_skipped_is_a_failure_unless_told(self):
        self.write("skip_test.rego", "package s\ntodo_test_x if false\n")
        code, out, _ = self.run_in("test", ".")
        self.assertEqual(code, 1)
        self.assertIn("data.s.todo_test_x: SKIPPED\n", out)
        self.assertEqual(self.run_in("test", "-z", ".")[0], 0)

    def test_timeout_is_an_error_of_the_test(self):
        self.write("slow_test.rego", "package s\nxs := numbers.range(1, 2000)\n"
                   "test_slow if { some a in xs; some b in xs; some c in xs\n"
                   " a + b == c; c < 0 }\n")
        code, out, _ = self.run_in("test", ".", "--timeout", "20ms",
                                   "--parallel", "2")
        self.assertEqual(code, 1)
        self.assertIn("eval_cancel_error: the time limit is reached", out)
        self.assertIn("ERROR: 1/3\n", out)

    def test_coverage_and_threshold(self):
        code, out, _ = self.run_in("test", "--coverage", ".")
        report = json.loads(out)
        self.assertEqual(code, 0)
        policy = report["files"]["p.rego"]
        self.assertEqual(policy["covered"],
                         [{"start": {"row": 3}, "end": {"row": 3}},
                          {"start": {"row": 5}, "end": {"row": 6}},
                          {"start": {"row": 10}, "end": {"row": 11}}])
        self.assertEqual(policy["not_covered"],
                         [{"start": {"row": 9}, "end": {"row": 9}},
                          {"start": {"row": 12}, "end": {"row": 12}}])
        self.assertEqual(report["covered_lines"], 10)
        self.assertEqual(report["not_covered_lines"], 2)
        self.assertAlmostEqual(report["coverage"], 83.333, 2)
        code, _, err = self.run_in("test", "--threshold", "90", ".")
        self.assertEqual(code, 1)
        self.assertEqual(err, "Code coverage threshold not met: "
                         "got 83.33 instead of 90.00\n")
        self.assertEqual(self.run_in("test", "--threshold", "80", ".")[0], 0)
        self.assertEqual(self.run_in("test", "--threshold", "101", ".")[0], 2)
        self.write("f_test.rego", FAILING)
        code, out, _ = self.run_in("test", "--coverage", ".")
        self.assertEqual(code, 1)
        self.assertNotIn("PASS: 2", out)
        self.assertIn("test_sum: FAIL", out)


    def test_the_format_of_benchmarks_needs_some(self):
        code, out, err = self.run_in("test", "--format", "gobench", ".")
        self.assertEqual((code, out), (2, ""))
        self.assertIn("without running benchmarks (--bench)", err)


class evaluation(with_files):
    def test_formats(self):
        query = "x := [1, 2][_]; y := \"a b\""
        shown = {
            "values": '[\n  true,\n  true\n]\n' * 2,
            "bindings": '{\n  "x": 1,\n  "y": "a b"\n}\n'
                        '{\n  "x": 2,\n  "y": "a b"\n}\n',
            "raw": "true true\ntrue true\n",
            "pretty": "┌───┬───────┐\n│ x │   y   │\n├───┼───────┤\n"
                      "│ 1 │ \"a b\" │\n│ 2 │ \"a b\" │\n└───┴───────┘\n",
        }
        for name, text in shown.items():
            code, out, _ = rego("eval", "-f", name, query)
            self.assertEqual((code, out), (0, text), name)
        self.assertEqual(rego("eval", "-f", "raw", "\"a\"; 1")[1], "a 1\n")
        self.assertEqual(rego("eval", "-f", "pretty", "1 + 1")[1], "2\n")
        self.assertEqual(rego("eval", "-f", "pretty", "input.x; 3")[1],
                         "undefined\n")
        self.assertEqual(rego("eval", "input.x; 3")[1], "{}\n")

    def test_fail_options(self):
        self.assertEqual(rego("eval", "--fail", "input.x")[0], 1)
        self.assertEqual(rego("eval", "--fail", "1")[0], 0)
        self.assertEqual(rego("eval", "--fail-defined", "1")[0], 1)
        self.assertEqual(rego("eval", "--fail-defined", "input.x")[0], 0)
        self.assertEqual(rego("eval", "--fail", "--fail-defined", "1")[0], 2)
        for query in "input.x", "1", "false":
            self.assertEqual(rego("eval", "-p", "--fail", query)[0], 1)
            self.assertEqual(rego("eval", "-p", "--fail-defined", query)[0], 0)

    def test_package_import_and_inputs(self):
        code, out, _ = self.run_in("eval", "-d", ".", "--package", "authz",
                                   "-I", "-f", "raw", "allow",
                                   stdin='{"user": "ann"}')
        self.assertEqual((code, out), (0, "true\n"))
        self.write("in.yaml", "user: bob\n")
        code, out, _ = self.run_in("eval", "-d", ".", "--import", "data.authz",
                                   "-i", "in.yaml", "-f", "raw", "authz.allow")
        self.assertEqual((code, out), (0, "false\n"))

    def test_explain(self):
        ask = ["eval", "-d", ".", "-f", "pretty", "-I", "data.authz.allow"]
        _, out, _ = self.run_in(*ask, "--explain", "notes",
                                stdin='{"user": "ann"}')
        lines = [line.split(maxsplit=1) for line in out.splitlines()]
        self.assertEqual(lines[-2], ["p.rego:12", '| | Note "user ann"'])
        _, out, _ = self.run_in(*ask, "--explain", "fails",
                                stdin='{"user": "zoe"}')
        self.assertRegex(out, r"p\.rego:11 +\| \| Fail u == input\.user")
        self.assertNotIn("Note", out)
        _, out, _ = self.run_in(*ask, "--explain", "full",
                                stdin='{"user": "ann"}')
        self.assertIn("Index data.authz.allow (matched 1 rule, early exit)",
                      out)
        self.assertEqual(self.run_in(*ask, "--explain", "loud", stdin="1")[0],
                         2)
        ask[4] = "json"
        _, out, _ = self.run_in(*ask, "--explain", "full",
                                stdin='{"user": "ann"}')
        events = json.loads(out)["explanation"]
        self.assertEqual(events[0]["Op"], "Enter")
        self.assertIn({"file": "p.rego", "row": 12, "col": 3},
                      [e.get("Location") for e in events])

    def test_profile_metrics_coverage_and_count(self):
        ask = ["eval", "-d", ".", "data.authz.allow"]
        _, out, _ = self.run_in(*ask, "--profile", "--profile-sort", "line",
                                "--profile-limit", "2", "--coverage", "-I",
                                stdin='{"user": "zoe"}')
        shown = json.loads(out)
        self.assertEqual([p["location"]["row"] for p in shown["profile"]],
                         [11, 10])
        self.assertEqual(shown["profile"][0]["num_eval"], 1)
        self.assertIn("timer_rego_query_eval_ns", shown["metrics"])
        self.assertIn("p.rego", shown["coverage"]["files"])
        _, out, _ = self.run_in(*ask, "--metrics", "--count", "3")
        timer = json.loads(out)["aggregated_metrics"][
            "timer_rego_query_eval_ns"]
        self.assertEqual(timer["count"], 3)
        self.assertLessEqual(timer["min"], timer["max"])

    def test_short_options_may_stand_together(self):
        code, out, err = self.run_in("eval", "-fraw", "-dp.rego", "1 + 1")
        self.assertEqual((code, out), (0, "2\n"), err)
        code, out, err = self.run_in("test", "-vr", "post", "p.rego",
                                     "p_test.rego")
        self.assertEqual(code, 0, out + err)
        self.assertIn("data.authz_test.test_post", out)
        self.assertEqual(self.run_in("eval", "-fx1", "1")[0], 2)

    def test_the_runtime_is_described(self):
        code, out, err = self.run_in(
            "eval", "-f", "raw",
            "[is_string(opa.runtime().env.PATH), "
            "is_string(opa.runtime().version)]")
        self.assertEqual((code, json.loads(out)), (0, [True, True]), err)

    def test_a_result_that_grows_without_end_is_an_error(self):
        self.write("big.rego", "package big\n\np0 := 1\n" + "".join(
            f"p{i} := [{', '.join([f'p{i - 1}'] * 10)}]\n"
            for i in range(1, 21)))
        for query in ("data.big.p20", "data.big"):
            code, out, err = self.run_in("eval", "-d", "big.rego",
                                         "--instruction-limit", "1000000",
                                         "-f", "raw", query)
            self.assertEqual((code, out), (2, ""))
            self.assertIn("the instruction limit is reached", err)

    def test_values_beyond_the_memory_limit_are_an_error(self):
        for limit, want in ("1000000", 2), ("100000000", 0):
            code, _, err = self.run_in("eval", "--memory-limit", limit,
                                       "count(numbers.range(1, 100000))")
            self.assertEqual(code, want, err)
        code, _, err = self.run_in("eval", "--memory-limit", "much", "1")
        self.assertEqual(code, 2)
        self.assertIn("--memory-limit", err)

    def test_what_is_not_inlined_stays_a_rule(self):
        code, out, err = self.run_in(
            "eval", "-d", "p.rego", "-p", "-f", "source",
            "--disable-inlining", "data.authz.allow", "data.authz.allow")
        self.assertEqual(code, 0, err)
        self.assertIn("data.partial.authz.allow", out)

    def test_partial(self):
        self.write("q.rego", "package q\n\nallow if input.u == data.users[0]\n"
                   "default b := 1\nb := 2 if input.u == \"x\"\n")
        ask = ["eval", "-d", ".", "--partial", "-u", "input.u"]
        code, out, _ = self.run_in(*ask, "data.q.allow", "-f", "source")
        self.assertEqual((code, out),
                         (0, '# Query 1\ninput.u = "ann"\n\n'))
        _, out, _ = self.run_in(*ask, "data.q.allow")
        body = json.loads(out)["partial"]["queries"][0]
        self.assertEqual(body[0]["terms"][2],
                         {"type": "string", "value": "ann"})
        _, out, _ = self.run_in(*ask, "data.q.b = x")
        partial = json.loads(out)["partial"]
        self.assertEqual(partial["support"][0]["package"]["path"][1]["value"],
                         "partial")
        _, out, _ = self.run_in(*ask, "data.q.nope", "-f", "pretty")
        self.assertEqual(out, "undefined\n")
        self.assertEqual(self.run_in(*ask, "1", "-f", "raw")[0], 2)
        _, out, _ = self.run_in(*ask, "data.q.allow", "--explain", "full")
        whole = json.loads(out)
        self.assertEqual(whole["partial"]["queries"][0], body)
        self.assertLessEqual({"Enter", "Eval", "Save", "Exit"},
                             {event["Op"] for event in whole["explanation"]})
        self.assertEqual(
            self.run_in(*ask, "data.q.allow", "--profile")[0], 2)
        self.assertEqual(rego("eval", "-f", "source", "1")[0], 2)

    def test_errors(self):
        code, out, _ = rego("eval", "1 +")
        self.assertEqual(code, 2)
        self.assertEqual(json.loads(out)["errors"][0]["code"],
                         "rego_parse_error")
        self.write("types.rego", 'package q\np if 1 = "a"\n')
        found = []
        for place, ask in ((1, ["eval", '1 = "a"']),
                           (2, ["check", "-f", "json", "types.rego"])):
            first = json.loads(self.run_in(*ask)[place])["errors"][0]
            found.append((first["message"], first["details"]))
        self.assertEqual(found, [("match error", {
            "a": {"type": "number"}, "b": {"type": "string"}})] * 2)
        _, out, err = rego("eval", "-f", "pretty", '1 = "a"')
        self.assertIn("match error\n\tleft  : number\n\tright : string",
                      out + err)
        code, out, err = rego("eval", "-f", "pretty", "1 / 0",
                              "--strict-builtin-errors")
        self.assertEqual((code, out), (2, ""))
        self.assertIn("1 error occurred: ", err)
        self.assertIn("divide by zero", err)
        for bad in (["-f", "xml", "1"], ["--count", "0", "1"],
                    ["--timeout", "5 minutes", "1"], ["--profile-sort", "x",
                                                      "1"], []):
            self.assertEqual(rego("eval", *bad)[0], 2, bad)

    def test_help_has_an_example(self):
        for command in ("eval", "run", "test"):
            code, out, _ = rego(command, "--help")
            self.assertEqual(code, 0)
            self.assertIn("\nexample: rego " + command + " ", out)


def main(usage):
    """Runs the tests of the script on the program that it was given."""
    global PROGRAM
    if len(sys.argv) < 2 or sys.argv[1] in ("-h", "--help"):
        print(usage)
        sys.exit(0 if len(sys.argv) > 1 else 2)
    PROGRAM = str(Path(sys.argv.pop(1)).resolve())
    unittest.main(verbosity=1)


if __name__ == "__main__":
    main(__doc__)
