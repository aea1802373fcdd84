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
        for most, shown in (("0", 20), ("3", 4), ("20", 20)):
            code, _, err = self.run_in("check", "-m", most, "many.rego")
            self.assertEqual(code, 1)
            self.assertEqual(err.count("_error: "), shown, err)
        self.assertIn("error limit reached: 17 more", self.run_in(
            "check", "--max-errors", "3", "many.rego")[2])
        self.assertEqual(self.run_in("check", "-m", "x", "many.rego")[0], 2)

    def test_check_quotes_what_is_no_utf8_as_json(self):
        (self.root / "bad.rego").write_bytes(b'package bad\n\np := "\xff"\n')
        code, out, _ = self.run_in("check", "--json", "bad.rego")
        self.assertEqual(code, 1)
        self.assertEqual(json.loads(out)["errors"][0]["details"]["line"],
                         'p := "\ufffd"')


if __name__ == "__main__":
    cli_test.main(__doc__)
