#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""The developer scripts find what they are there to find."""

import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import counted

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
SPDX = ("// SPDX-FileCopyrightText: The ACGS authors\n"
        "// SPDX-License-Identifier: Apache-2.0\n")


class tree:
    """A source tree of a few files, checked by one of the scripts."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = Path(self.folder.name)
        for name in ("meson.build", "meson_options.txt"):
            self.put(name, SPDX.replace("//", "#"))

    def put(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return self

    def source(self, name, text):
        once = "#pragma once\n// What it is.\n" if name.endswith("hpp") else ""
        return self.put(name, SPDX + once + text)

    def run(self, script):
        with self.folder:
            return subprocess.run([SCRIPTS / script, self.root], text=True,
                                  capture_output=True, check=False)


class layers(unittest.TestCase):
    def outcome(self, *includes):
        built = tree()
        for where, what in includes:
            for name in (where, what):
                if not (built.root / name).exists():
                    built.source(name, "")
            path = built.root / where
            path.write_text(path.read_text() + f'#include "{what}"\n')
        return built.run("check-layers")

    def test_takes_includes_downwards(self):
        done = self.outcome(("actors/a/a.cpp", "actors/b/protocol.hpp"),
                            ("actors/b/protocol.hpp", "runtime/base/e.hpp"),
                            ("runtime/net/n.cpp", "runtime/wire/w.hpp"))
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_refuses_an_include_upwards(self):
        for edge in (("runtime/base/b.cpp", "actors/a/protocol.hpp"),
                     ("runtime/base/b.hpp", "runtime/wire/w.hpp"),
                     ("actors/a/a.cpp", "tests/support/s.hpp"),
                     ("subprojects/rego/src/r.cpp", "runtime/base/b.hpp")):
            done = self.outcome(edge)
            self.assertEqual(done.returncode, 1, edge)
            self.assertIn(edge[0] + ":", done.stdout)

    def test_refuses_to_see_more_of_an_actor_than_its_protocol(self):
        done = self.outcome(("actors/a/a.cpp", "actors/b/state.hpp"))
        self.assertIn("only protocol.hpp", done.stdout)
        self.assertEqual(done.returncode, 1)
        done = self.outcome(("actors/node/node.cpp", "actors/b/b.hpp"))
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_refuses_folders_that_include_one_another(self):
        done = self.outcome(
            ("runtime/crypto/c.hpp", "runtime/config/c.hpp"),
            ("runtime/config/d.hpp", "runtime/crypto/d.hpp"))
        self.assertIn("one another", done.stdout)
        self.assertEqual(done.returncode, 1)

    def test_refuses_an_include_of_nothing(self):
        built = tree().source("runtime/base/b.cpp", '#include "b.hpp"\n')
        done = built.run("check-layers")
        self.assertIn("b.cpp:3: b.hpp is not a file", done.stdout)
        self.assertEqual(done.returncode, 1)

    def test_refuses_brackets_round_a_file_of_the_project(self):
        built = tree().source("runtime/base/b.cpp",
                              "#include <actors/a/protocol.hpp>\n")
        done = built.run("check-layers")
        self.assertIn("b.cpp:3: actors/a/protocol.hpp", done.stdout)
        self.assertEqual(done.returncode, 1)
        built = tree().source("runtime/base/b.cpp", "#include <rego/b.hpp>\n")
        self.assertEqual(built.run("check-layers").returncode, 0)


class sizes(unittest.TestCase):
    def outcome(self, text, name="runtime/base/b.cpp"):
        built = tree().source(name, text)
        built.put("runtime/base/meson.build", SPDX.replace("//", "#")
                  + "'b.cpp'\n")
        return built.run("check-sizes")

    def test_takes_a_short_tidy_file(self):
        done = self.outcome("int f() {\n  return 1;\n}\n")
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_refuses_what_is_beyond_a_limit(self):
        body = "  g();\n" * 80
        for text, what in (
                ("void f(int a,\n       int b) {\n" + body + "}\n",
                 "83 lines in one function"),
                ("class c {\n  void f() {\n" + "  " + body.replace(
                    "\n", "\n  ") + "}\n};\n", "lines in one function"),
                ("int a;\n" * 500, "502 lines, limit 500"),
                ("int " + "a, " * 30 + "b;\n", "columns, limit 80"),
                ("#include <a>\n" * 21, "21 includes, limit 20")):
            done = self.outcome(text)
            self.assertIn(what, done.stdout)
            self.assertEqual(done.returncode, 1)

    def test_a_behaviour_may_be_longer_than_a_function(self):
        body = "  g();\n" * 80
        done = self.outcome("a::behavior_type f() {\n" + body + "}\n")
        self.assertEqual(done.returncode, 0, done.stdout)
        done = self.outcome("a::behavior_type f() {\n" + body * 2 + "}\n")
        self.assertIn("in one behaviour, limit 100", done.stdout)

    def test_refuses_bad_form(self):
        for text, what in (("int a;\t\n", "a tab"),
                           ("int a; \n", "white space at the end"),
                           ("int a;", "no newline at the end"),
                           ("// TO" "DO: more\n", "unfinished"),
                           ("#define MAX 1\n", "macro MAX")):
            done = self.outcome(text)
            self.assertIn(what, done.stdout)
            self.assertEqual(done.returncode, 1)

    def test_refuses_a_file_without_licence_lines_or_pragma(self):
        built = tree().put("runtime/base/b.hpp", "int a;\n")
        done = built.run("check-sizes")
        self.assertIn("expected the two SPDX lines", done.stdout)
        self.assertIn("expected #pragma once", done.stdout)

    def test_refuses_files_that_nothing_uses(self):
        done = tree().source("runtime/base/b.cpp", "int a;\n").source(
            "runtime/base/b.hpp", "int a;\n").run("check-sizes")
        self.assertIn("b.cpp: built by no meson.build", done.stdout)
        self.assertIn("b.hpp: included by nothing", done.stdout)

    def test_refuses_tests_that_sleep_or_cannot_fail(self):
        for text, what in (("BOOST_TEST(true);\n", "cannot fail"),
                           ("std::this_thread::sleep_" "for(x);\n", "sleeps")):
            done = self.outcome(text, "tests/runtime/b_test.cpp")
            self.assertIn(what, done.stdout)


class summary(unittest.TestCase):
    def outcome(self, *tests):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as log:
            for test in tests:
                log.write(json.dumps(test) + "\n")
            log.flush()
            done = subprocess.run([SCRIPTS / "test-summary", log.name],
                                  text=True, capture_output=True, check=False)
        return done.returncode, done.stdout.splitlines()

    def test_several_logs_are_counted_together(self):
        with tempfile.TemporaryDirectory() as folder:
            logs = [Path(folder, name) for name in ("one.json", "two.json")]
            for log, result in zip(logs, ("OK", "FAIL")):
                log.write_text(json.dumps({"name": log.stem, "result": result}),
                               encoding="utf-8")
            done = subprocess.run([SCRIPTS / "test-summary", *logs],
                                  text=True, capture_output=True, check=False)
        self.assertEqual((done.returncode, done.stdout.splitlines()),
                         (1, ["failed: two (FAIL)", "1 passed, 1 failed"]))

    def test_a_word_that_is_no_log_is_a_mistake_of_usage(self):
        for words in (["--bogus"], ["/no/such/log"], [], ["a", "b"]):
            done = subprocess.run([SCRIPTS / "test-summary", *words],
                                  text=True, capture_output=True, check=False)
            self.assertEqual(done.returncode, 2, words)
            self.assertNotIn("Traceback", done.stderr)

    def test_counts_boost_cases_and_reported_counts(self):
        self.assertEqual(
            self.outcome(
                {"name": "a", "result": "OK", "stderr":
                 "has passed with:\n  24 test cases out of 24 passed\n"},
                {"name": "b", "result": "OK",
                 "stdout": "x\n10 passed, 0 failed\n"},
                {"name": "c", "result": "OK"}),
            (0, ["35 passed, 0 failed"]))

    def test_counts_failed_cases_and_names_their_test(self):
        code, lines = self.outcome(
            {"name": "a", "result": "FAIL", "stderr":
             "  2 test cases out of 3 passed\n"
             "  1 test case out of 3 failed\n"})
        self.assertEqual(code, 1)
        self.assertEqual(lines, ["failed: a (FAIL)", "2 passed, 1 failed"])

    def test_a_crash_or_time_out_is_a_failure(self):
        for result in ("FAIL", "TIMEOUT", "ERROR", "SKIP"):
            code, lines = self.outcome({"name": "a", "result": result})
            self.assertEqual((code, lines[-1]), (1, "0 passed, 1 failed"))

    def test_no_tests_at_all_are_no_success(self):
        self.assertEqual(self.outcome(), (1, ["0 passed, 0 failed"]))


class helpers(unittest.TestCase):
    """What developers run by hand."""

    def run_script(self, name, *args, **variables):
        return subprocess.run([SCRIPTS / name, *args], text=True,
                              capture_output=True, check=False,
                              env=dict(os.environ, **variables))

    def assert_usage(self, name, word, *args):
        done = self.run_script(name, *args)
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        self.assertIn(word, done.stderr)
        self.assertEqual(done.stdout, "")

    def test_each_shows_its_usage_with_an_example(self):
        for name in ("bench.sh", "constitution-digest", "format",
                     "install-deps.sh"):
            done = self.run_script(name, "--help")
            self.assertEqual(done.returncode, 0, name)
            self.assertIn(f"usage: scripts/{name}", done.stdout)
            self.assertIn(f"example: scripts/{name}", done.stdout)

    def test_what_they_do_not_know_is_a_mistake_of_usage(self):
        self.assert_usage("bench.sh", "'bogus'", "bogus")
        self.assert_usage("bench.sh", "'--bogus'", "--no-build", "--bogus")
        self.assert_usage("format", "'--bogus'", "--bogus")
        self.assert_usage("install-deps.sh", "'--bogus'", "--bogus")
        self.assert_usage("constitution-digest", "'b'", "a", "b")

    def test_the_digest_of_the_shipped_constitution_has_its_alias(self):
        root = SCRIPTS.parent
        done = self.run_script("constitution-digest",
                               root / "config/constitution")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(f"{{{done.stdout.strip()}: ",
                      (root / "config/acgs.yaml").read_text())

    def test_the_digest_is_of_all_that_a_node_reads_and_refuses(self):
        with tempfile.TemporaryDirectory() as scratch:
            root = Path(scratch)
            policies, linked = root / "policies", root / "linked"
            for each in (policies, linked):
                (each / "sub").mkdir(parents=True)
                (each / "a_test.rego").write_text("package ignored\n")
            (policies / "sub/a.rego").write_text("package a\n")
            (linked / "sub/a.rego").symlink_to(policies / "sub/a.rego")
            digests = [self.run_script("constitution-digest", each).stdout
                       for each in (policies, linked)]
            self.assertEqual(len(digests[0]), 65)
            self.assertEqual(digests[0], digests[1])
            at = linked / "sub/b.rego"
            for make in (Path.mkdir, os.mkfifo,
                         lambda here: here.symlink_to("nowhere"),
                         lambda here: here.symlink_to(policies)):
                make(at)
                self.assert_usage("constitution-digest", str(at), linked)
                at.rmdir() if at.is_dir() and not at.is_symlink() \
                    else at.unlink()
            (linked / "more").symlink_to(policies / "sub")
            self.assert_usage("constitution-digest", "linked/more", linked)
            (linked / "more").unlink()
            for name in ("data.json", "data.yaml", "data.yml"):
                (linked / "sub" / name).write_text("{}")
                self.assert_usage("constitution-digest", name, linked)
                (linked / "sub" / name).unlink()
            (policies / "sub/a.rego").unlink()
            self.assert_usage("constitution-digest", "no .rego file", policies)
            self.assert_usage("constitution-digest", "linked/sub/a.rego: ",
                              linked)

    def test_format_tells_tidy_from_untidy_files(self):
        with tempfile.TemporaryDirectory() as folder:
            style = (SCRIPTS.parent / ".clang-format").read_text()
            (Path(folder) / ".clang-format").write_text(style)
            tidy, untidy = Path(folder) / "a.cpp", Path(folder) / "b.cpp"
            tidy.write_text("int a = 1;\n")
            untidy.write_text("int   a=1 ;\n")
            done = self.run_script("format", "--check", tidy, untidy)
            if not shutil.which("clang-format-14"):
                self.assertEqual(done.returncode, 3)
                self.assertIn("clang-format-14 is missing", done.stderr)
                return
            self.assertEqual((done.returncode, done.stdout), (1, f"{untidy}\n"))
            self.assertEqual(untidy.read_text(), "int   a=1 ;\n")
            done = self.run_script("format", untidy)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(untidy.read_text(), tidy.read_text())
            done = self.run_script("format", "--check", tidy, untidy)
            self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_install_deps_names_packages_and_installs_only_what_is_missing(
            self):
        listed = self.run_script("install-deps.sh", "--list").stdout.split()
        built = self.run_script("install-deps.sh", "--build-only", "--list")
        self.assertIn("libcaf-dev", listed)
        self.assertLess(set(built.stdout.split()), set(listed))
        with tempfile.TemporaryDirectory() as folder:
            self.stand_in(folder, "dpkg-query",
                          f"printf '%s ii \\n' {' '.join(listed)}")
            self.stand_in(folder, "apt-get", "exit 9")
            path = f"{folder}:{os.environ['PATH']}"
            done = self.run_script("install-deps.sh", PATH=path)
            self.assertEqual((done.returncode, done.stdout, done.stderr),
                             (0, "", ""))
            self.stand_in(folder, "dpkg-query",
                          f"printf '%s ii \\n' {' '.join(listed[1:])}")
            self.stand_in(folder, "sudo", 'exec "$@"')
            self.stand_in(folder, "apt-get",
                          f'echo "$@" >>{folder}/asked')
            done = self.run_script("install-deps.sh", PATH=path)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(done.stdout, f"installing: {listed[0]}\n")
            asked = (Path(folder) / "asked").read_text().splitlines()
            self.assertTrue(asked[-1].endswith(" " + listed[0]), asked)

    def stand_in(self, folder, name, line):
        path = Path(folder) / name
        path.write_text(f"#!/bin/sh\n{line}\n")
        path.chmod(0o755)


if __name__ == "__main__":
    counted.main()
