#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""The constitution and the policies that lie in configured folders."""

import os
import shutil
import subprocess
import unittest

import counted
from node import BUILD, PATIENCE, SOURCE, Node

BAD_CONFIGURATION = 2


def shop(allow):
    return f"package shop\n\nallow := {allow}\n"


class configured(unittest.TestCase):
    def setUp(self):
        self.node = Node(start=False)
        self.addCleanup(self.node.close)
        self.policies = self.node.folder / "policies"
        self.policies.mkdir()

    def use_policies(self, *folders):
        self.node.environment["ACGS_POLICY_DIRECTORIES"] = ",".join(
            map(str, folders))

    def use_constitution(self):
        """A copy of the shipped one that the node goes by."""
        folder = self.node.folder / "constitution"
        shutil.copytree(SOURCE / "config/constitution", folder)
        self.node.environment["ACGS_CONSTITUTION_DIRECTORY"] = str(folder)
        return folder

    def restart(self):
        self.node.stop()
        self.node.start()

    def allowed(self):
        return self.node.request("GET", "/v1/data/shop/allow")[1].get("result")

    def refused(self, *said):
        for words in ((), ("--check-config",)):
            ended = subprocess.run(
                [BUILD / "acgsd", "--config", SOURCE / "config/acgs.yaml",
                 *words], cwd=self.node.folder, capture_output=True, text=True,
                env=self.node.environment, check=False, timeout=PATIENCE)
            self.assertEqual(ended.returncode, BAD_CONFIGURATION, ended.stderr)
            for each in said:
                self.assertIn(str(each), ended.stderr)
            self.assertFalse((self.node.folder / "store").exists())

    def test_what_was_changed_or_deleted_since_stays(self):
        self.use_policies(self.policies)
        (self.policies / "shop.rego").write_text(shop("true"))
        (self.policies / "other.rego").write_text("package other\n")
        self.node.start()
        self.assertIs(self.allowed(), True)
        tight = self.node.folder / "tight.rego"
        tight.write_text(shop("false"))
        self.node.acgs("policy", "put", "shop.rego", str(tight), "--yes")
        self.node.acgs("policy", "delete", "other.rego", "--yes")
        self.restart()
        self.assertIs(self.allowed(), False)
        self.assertNotIn("other.rego", self.node.acgs("policy", "list"))
        self.node.acgs("policy", "delete", "shop.rego", "--yes")
        # What nobody has put yet is put at the start that finds it.
        (self.policies / "late.rego").write_text("package late\n")
        self.restart()
        self.assertIsNone(self.allowed())
        listed = self.node.acgs("policy", "list")
        self.assertNotIn("shop.rego", listed)
        self.assertIn("late.rego", listed)
        history = self.node.acgs("policy", "history", "--limit", "100")
        self.restart()
        self.assertEqual(
            self.node.acgs("policy", "history", "--limit", "100"), history)

    def test_a_policy_that_is_a_link_is_put(self):
        self.use_policies(self.policies)
        (self.node.folder / "elsewhere").write_text(shop("true"))
        (self.policies / "shop.rego").symlink_to("../elsewhere")
        self.node.start()
        self.assertIs(self.allowed(), True)

    def test_one_path_in_two_folders_is_refused(self):
        other = self.node.folder / "other"
        other.mkdir()
        self.use_policies(self.policies, other)
        for each in (self.policies, other):
            (each / "shop.rego").write_text(shop("true"))
        self.refused("policy.directories", self.policies / "shop.rego",
                     other / "shop.rego")

    def test_a_linked_part_of_the_constitution_is_part_of_it(self):
        folder = self.use_constitution()
        shape = folder / "shape.rego"
        volume = folder / "..2026_11_23"
        volume.mkdir()
        shape.rename(volume / "shape.rego")
        (folder / "..data").symlink_to("..2026_11_23")
        shape.symlink_to("..data/shape.rego")
        self.node.start()
        digest = subprocess.run(
            [SOURCE / "scripts/constitution-digest", folder], text=True,
            capture_output=True, check=True).stdout.strip()
        shown = self.node.request("GET", "/api/v1/info")[1]
        self.assertIn(digest, str(shown))
        self.node.stop()

    def test_a_constitution_that_lost_what_decides_is_refused(self):
        folder = self.use_constitution()
        for name, rule in (("admin", "data.acgs.admin.allow"),
                           ("main", "data.acgs.main.decision")):
            (folder / f"{name}.rego").rename(self.node.folder / name)
            self.refused("constitution.directory", folder, rule)
            (self.node.folder / name).rename(folder / f"{name}.rego")
        self.node.start()

    def test_what_cannot_be_read_is_refused_by_name(self):
        folder = self.use_constitution()
        self.use_policies(self.policies)
        (self.policies / "shop.rego").write_text(shop("true"))
        for key, at in (("constitution.directory", folder / "more.rego"),
                        ("policy.directories", self.policies / "more.rego")):
            at.symlink_to("nowhere")
            self.refused(key, at, "nowhere")
            at.unlink()
            os.mkfifo(at)
            self.refused(key, at, "pipe")
            at.unlink()
            data = at.with_name("data.json")
            data.write_text("{}")
            self.refused(key, data, "data is not read")
            data.unlink()


if __name__ == "__main__":
    counted.main()
