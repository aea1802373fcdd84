#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""Tests what the program rego loads of files and folders.

usage: tests/cli_loading_test.py PROGRAM

example: tests/cli_loading_test.py build/rego
"""

import json
import os
import subprocess

import cli_test


class loading_of_files(cli_test.with_files):
    def data(self, *args):
        code, out, err = self.run_in("eval", *args, "-f", "raw", "data.d")
        self.assertEqual(code, 0, err)
        return json.loads(out), err

    def test_documents_are_rooted_at_their_folders(self):
        (self.root / "d").mkdir()
        self.write("d/users.json", '{"ann": 1}')
        self.write("d/more.yaml", "bob: 2\n")
        self.write("d/data.json", '{"eve": 3}')
        found, _ = self.data("-d", ".")
        self.assertEqual(found, {"ann": 1, "bob": 2, "eve": 3})
        found, _ = self.data("-b", ".")
        self.assertEqual(found, {"eve": 3})
        found, _ = self.data("-d", ".", "--ignore", "*.yaml")
        self.assertEqual(found, {"ann": 1, "eve": 3})
        found, _ = self.data("-d", "d.x:d/users.json")
        self.assertEqual(found, {"x": {"ann": 1}})

    def test_what_is_no_name_before_a_colon_is_part_of_the_path(self):
        self.write("a.json", '{"d": 1}')
        for path in ":a.json", f"http://{self.root}/a.json":
            code, out, err = self.run_in("eval", "-d", path, "-f", "raw", "1")
            self.assertEqual((code, out), (2, ""))
            self.assertIn(f"{path}:0: load_error: no such file or folder", err)
        self.write(":a.json", '{"d": 2}')
        self.assertEqual(self.data("-d", ":a.json")[0], 2)

    def test_documents_that_are_wrong_or_contradict_others_are_refused(self):
        (self.root / "d").mkdir()
        self.write("d/data.json", '{"a": 1}')
        for text, why in (("[1]", "merge error"), ('{"a": 2}', "merge error"),
                          ("{", "invalid JSON")):
            self.write("d/more.json", text)
            code, out, err = self.run_in("eval", "-d", ".", "-f", "raw", "1")
            self.assertEqual((code, out), (2, ""))
            self.assertIn("d/more.json", err)
            self.assertIn(why, err)

    def test_links_to_folders_are_followed(self):
        (self.root / "top").mkdir()
        (self.root / "real").mkdir()
        self.write("real/data.json", '{"a": 1}')
        (self.root / "top/d").symlink_to("../real")
        self.assertEqual(self.data("-d", "top")[0], {"a": 1})

    def test_what_is_named_may_have_any_name_and_be_a_pipe(self):
        self.write("p.txt", "package d\n\na := 1\n")
        self.write("d.conf", '\ufeff{"d": {"a": 1}}')
        for name in ("p.txt", "d.conf"):
            self.assertEqual(self.data("-d", name)[0], {"a": 1})
        ours, theirs = os.pipe()
        os.write(theirs, b"package d\n\na := 1\n")
        os.close(theirs)
        done = subprocess.run(
            [cli_test.PROGRAM, "eval", "-f", "raw", "-d", f"/dev/fd/{ours}",
             "data.d"],
            pass_fds=[ours], text=True, capture_output=True, timeout=60)
        os.close(ours)
        self.assertEqual((done.stdout, done.stderr), ('{"a":1}\n', ""))

    def test_a_document_may_begin_with_a_byte_order_mark(self):
        self.write("i.json", '\ufeff{"a": 1}')
        code, out, err = self.run_in("eval", "-i", "i.json", "-f", "raw",
                                     "input.a")
        self.assertEqual((code, out), (0, "1\n"), err)

    def test_rules_hide_no_documents(self):
        self.write("data.json", '{"authz": {"allow": 1}}')
        for command in (["eval", "-d", ".", "1"], ["test", "."],
                        ["check", "-b", "."]):
            _, out, err = self.run_in(*command)
            self.assertIn(
                "conflicting rule for data path authz/allow found", out + err)
        self.assertEqual(self.run_in("check", ".")[0], 0)

    def test_errors_are_shown_up_to_a_number(self):
        self.write("many.rego", "package many\n" + "".join(
            f"r{i} if x{i} == 1\n" for i in range(20)))
        for command in ["check"], ["check", "-m", "10"], ["test"], ["run"]:
            code, _, err = self.run_in(*command, "many.rego")
            self.assertEqual(code, 1 if "check" in command else 2)
            self.assertEqual(err.count("_error: "), 11, err)
            self.assertTrue(err.rstrip().endswith(
                "var x9 is unsafe\nrego_compile_error: error limit reached"),
                err)
        for most, shown in (("0", 20), ("3", 4), ("20", 21), ("21", 20)):
            for command in "check", "test", "run":
                err = self.run_in(command, "-m", most, "many.rego")[2]
                self.assertEqual(err.count("_error: "), shown, err)
        code, out, _ = self.run_in("eval", "-d", "many.rego", "1")
        self.assertEqual(code, 2)
        self.assertEqual(json.loads(out)["errors"][-1],
                         {"code": "rego_compile_error",
                          "message": "error limit reached"})
        self.write("unread.rego", "package a\n" + "p := )\n" * 20)
        self.assertNotIn("error limit",
                         self.run_in("check", "-m", "1", "unread.rego")[2])
        self.assertEqual(self.run_in("check", "-m", "x", "many.rego")[0], 2)

    def test_strict_checks_have_a_letter(self):
        self.write("unused.rego", "package a\nimport data.b\np := 1\n")
        for command in ["check", "unused.rego"], ["eval", "-d", "unused.rego",
                                                  "1"]:
            self.assertEqual(self.run_in(*command)[0], 0)
            code, out, err = self.run_in(command[0], "-S", *command[1:])
            self.assertNotEqual(code, 0)
            self.assertIn("import data.b unused", out + err)

    def test_check_quotes_what_is_no_utf8_as_json(self):
        (self.root / "bad.rego").write_bytes(b'package bad\n\np := "\xff"\n')
        code, out, err = self.run_in("check", "--json", "bad.rego")
        self.assertEqual((code, out), (1, ""))
        self.assertEqual(json.loads(err)["errors"][0]["details"]["line"],
                         'p := "\ufffd"')

    def test_json_errors_stand_where_those_of_opa_do(self):
        self.write("bad.rego", "package bad\np if x\n")
        self.write("unread.rego", "package")
        for file in "bad.rego", "unread.rego", "nowhere.rego":
            code, out, err = self.run_in("check", "-f", "json", file)
            self.assertEqual((code, out), (2 if "no" in file else 1, ""))
            self.assertIn("message", json.loads(err)["errors"][0])
            code, out, err = self.run_in("eval", "-d", file, "1")
            self.assertEqual((code, err), (2, ""))
            self.assertIn("message", json.loads(out)["errors"][0])
        _, out, err = self.run_in("parse", "-f", "json", "unread.rego")
        self.assertEqual((out, len(json.loads(err)["errors"])), ("", 1))
        for command in "test", "inspect":
            _, out, err = self.run_in(command, "-f", "json", "unread.rego")
            self.assertEqual(out, "")
            self.assertRegex(err, r"^unread\.rego:1: rego_parse_error")


SCHEMA = '{"properties": {"user": {"type": "string"}}}'
NAMED = """package s

# METADATA
# schemas:
# - input: schema%s
p if input.usr
"""


class schemas(cli_test.with_files):
    def refused(self, why, *args, code=1):
        got, out, err = self.run_in(*args)
        self.assertEqual(got, code, out + err)
        self.assertIn(why, json.loads(out)["errors"][0]["message"]
                      if "-f" not in args and args[0] == "eval" else out + err)

    def test_a_file_is_the_schema_of_every_input(self):
        self.write("in.json", SCHEMA)
        self.write("s.rego", "package s\n\np if input.usr\n")
        why = "undefined ref: input.usr"
        for option in ("-s", "--schema"):
            self.refused(why, "check", option, "in.json", "s.rego")
            self.refused(why, "test", option, "in.json", "s.rego", code=2)
            for command in ("eval", "bench"):
                self.refused(why, command, option, "in.json", "-d", "s.rego",
                             "1", code=2)
        self.refused(why, "eval", "-s", "in.json", "input.usr", code=2)
        self.assertEqual(self.run_in("check", "s.rego")[0], 0)

    def test_schemas_in_a_folder_have_the_names_of_their_files(self):
        (self.root / "all/deep").mkdir(parents=True)
        self.write("all/user.json", SCHEMA)
        self.write("all/deep/a-b.x.yaml", "\ufeffproperties: {user: {}}")
        self.write("all/list", "properties: {user: {}}")
        for name in (".user", '.deep["a-b.x"]', ".list"):
            self.write("s.rego", NAMED % name)
            self.refused("undefined ref: input.usr", "check", "-s", "all",
                         "s.rego")
        self.write("s.rego", NAMED % ".deep")
        self.refused("undefined schema: schema.deep", "check", "-s", "all/",
                     "s.rego")
        # Without schemas their names say nothing.
        self.assertEqual(self.run_in("check", "s.rego")[0], 0)

    def test_annotations_count_where_opa_s_commands_count_them(self):
        self.write("s.rego", NAMED.replace("schema%s", SCHEMA))
        why = "undefined ref: input.usr"
        self.refused(why, "check", "s.rego")
        self.refused(why, "test", "s.rego", code=2)
        self.refused(why, "eval", "-d", "s.rego", "1", code=2)
        code, _, err = self.run_in("build", "s.rego", "-o", "s.tar.gz")
        self.assertEqual(code, 0, err)

    def test_schemas_that_cannot_be_read_are_refused(self):
        (self.root / "all").mkdir()
        self.write("all/bad.json", "{")
        self.write("s.rego", "package s\n\np := 1\n")
        for path, name in (("all", "all/bad.json"), ("none", "none")):
            for command in (["check"], ["test"], ["eval", "1", "-d"]):
                code, out, err = self.run_in(*command, "s.rego", "-s", path)
                self.assertEqual(code, 2)
                self.assertIn(name, out + err)
        self.write("in.json", '{"type": 1}')
        self.refused("unable to compile the schema: Invalid type", "check",
                     "-s", "in.json", "s.rego")

    def test_bytecode_was_checked_before(self):
        self.write("in.json", SCHEMA)
        self.write("s.rego", "package s\n\np := 1\n")
        self.run_in("build", "-t", "bytecode", "-e", "s/p", "-o", "s.rgc",
                    "s.rego")
        for command in ("eval", "bench"):
            code, _, err = self.run_in(command, "-d", "s.rgc", "-s", "in.json",
                                       "data.s.p")
            self.assertEqual(code, 2)
            self.assertIn("-s needs the policies' text", err)


if __name__ == "__main__":
    cli_test.main(__doc__)
