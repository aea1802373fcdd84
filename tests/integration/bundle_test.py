#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""Bundles end to end: sent, listed, activated, verified, gone back from."""

import io
import json
import os
import tarfile
import unittest

import counted
from backup_test import restored_node
from node import Node


def archive(path, files):
    """A tar.gz as others write it."""
    with tarfile.open(path, "w:gz") as out:
        for name, content in files.items():
            raw = content.encode()
            entry = tarfile.TarInfo(name)
            entry.size = len(raw)
            out.addfile(entry, io.BytesIO(raw))
    return str(path)


def authz(revision, rule="p := data.roles.limit"):
    return {
        "/.manifest": json.dumps({"revision": revision,
                                  "roots": ["authz", "roles"]}),
        "/authz/main.rego": "package authz.main\n\n" + rule + "\n",
        "/roles/data.json": json.dumps({"limit": int(revision)}),
    }


class bundles(unittest.TestCase):
    def start(self, **environment):
        node = Node(**environment)
        self.addCleanup(node.close)
        return node

    def value(self, node, path="authz/main/p"):
        status, body, _ = node.request("GET", "/v1/data/" + path,
                                       headers=node.token())
        self.assertEqual(status, 200, body)
        return body.get("result")

    def test_a_bundle_is_put_activated_and_gone_back_from(self):
        node = self.start()
        first = archive(node.folder / "1.tar.gz", authz("1"))
        node.acgs("bundle", "put", "authz", first)
        self.assertIsNone(self.value(node))
        node.acgs("bundle", "activate", "authz")
        self.assertEqual(self.value(node), 1)
        revision = node.acgs_json("policy", "history", "authz")[0]["revision"]
        second = archive(node.folder / "2.tar.gz", authz("2"))
        node.acgs("bundle", "put", "authz", second, "--activate")
        self.assertEqual(self.value(node), 2)
        listed = node.acgs_json("bundle", "list")
        self.assertEqual({each["bundle_revision"]: each["active"]
                          for each in listed}, {"1": False, "2": True})
        ids = {each["id"]: each["origin"]
               for each in node.acgs_json("policy", "list")}
        self.assertEqual(ids["authz/authz/main.rego"], "bundle")
        node.acgs("policy", "rollback", "authz", "--bundle", "--to",
                  str(revision), "--yes")
        self.assertEqual(self.value(node), 1)
        node.stop()
        node.start()
        self.assertEqual(self.value(node), 1)
        node.acgs("bundle", "activate", "authz", "--none")
        self.assertIsNone(self.value(node))
        self.assertIn("not active", node.acgs(
            "bundle", "activate", "authz", "--none", code=2))

    def test_one_that_was_put_under_a_wrong_name_is_put_again(self):
        node = self.start()
        file = archive(node.folder / "1.tar.gz", authz("1"))
        node.acgs("bundle", "put", "tarp", file)
        node.acgs("bundle", "put", "trap", file, "--activate")
        self.assertEqual(self.value(node), 1)
        listed = node.acgs_json("bundle", "list")
        self.assertEqual({each["name"]: each["active"] for each in listed},
                         {"tarp": False, "trap": True})
        self.assertEqual(len({each["digest"] for each in listed}), 1)
        path = node.folder / "b.acgs"
        node.acgs("backup", str(path))
        node.stop()
        for what in ("check", "compact"):
            node.acgs("store", what, "--data", str(node.folder))
        other, _ = restored_node(node, path)
        self.addCleanup(other.close)
        for each in (node, other):
            each.start()
            self.assertEqual(self.value(each), 1)
            each.acgs("bundle", "activate", "trap", "--none")
            each.acgs("bundle", "activate", "tarp")
            self.assertEqual(self.value(each), 1)

    def test_one_that_does_not_compile_is_refused(self):
        node = self.start()
        good = archive(node.folder / "1.tar.gz", authz("1"))
        node.acgs("bundle", "put", "authz", good, "--activate")
        bad = archive(node.folder / "2.tar.gz", authz("2", "p := q"))
        node.acgs("bundle", "put", "authz", bad)
        self.assertIn("unsafe", node.acgs("bundle", "activate", "authz",
                                          code=2))
        self.assertIn("no archive 3f2a [digest]", node.acgs(
            "bundle", "activate", "authz", "--digest", "3f2a", code=2))
        self.assertIn("no archive [name]", node.acgs(
            "bundle", "activate", "other", code=2))
        self.assertEqual(self.value(node), 1)
        self.assertIn("owned by bundle", node.acgs(
            "data", "put", "roles/limit", "-", text="7", code=2))
        hostile = archive(node.folder / "3.tar.gz", {"../x.rego": "package x"})
        self.assertIn("does not stay in its place", node.acgs(
            "bundle", "put", "authz", hostile, code=2))

    def test_deltas_change_what_is_active(self):
        node = self.start()
        node.acgs("bundle", "put", "authz", "--activate",
                  archive(node.folder / "1.tar.gz", authz("1")))
        delta = archive(node.folder / "d.tar.gz", {
            "/.manifest": authz("2")["/.manifest"],
            "/patch.json": json.dumps({"data": [
                {"op": "upsert", "path": "roles/limit", "value": 9}]}),
        })
        node.acgs("bundle", "put", "authz", delta, "--activate")
        self.assertEqual(self.value(node), 9)
        self.assertEqual([each["active"] for each in
                          node.acgs_json("bundle", "list")], [True, True])

    def test_an_archive_beyond_a_message_comes_in_parts(self):
        node = self.start()
        files = authz("1")
        # Not to be compressed: random digits.
        files["/roles/data.json"] = json.dumps(
            {"limit": 3, "noise": os.urandom(12 << 20).hex()})
        path = archive(node.folder / "large.tar.gz", files)
        self.assertGreater(os.path.getsize(path), 9 << 20)
        node.acgs("bundle", "put", "authz", path, "--activate")
        self.assertEqual(self.value(node), 3)

    def test_decisions_come_out_again_by_the_bundle_of_their_time(self):
        node = self.start()
        for revision in (1, 2):
            node.acgs("bundle", "put", "authz", "--activate", archive(
                node.folder / "b.tar.gz", authz(str(revision))))
            self.assertEqual(self.value(node), revision)
        # Replays yield to whatever else the machine has to do.
        counts = json.loads(node.acgs(
            "--json", "audit", "replay", "--path", "authz/main/p",
            timeout=300).splitlines()[-1])
        self.assertEqual((counts["decisions"], counts["same"]), (2, 2))

    def test_a_restored_node_has_its_bundles(self):
        node = self.start()
        files = authz("1")
        # Longer than a message of a backup may be.
        files["/roles/data.json"] = json.dumps(
            {"limit": 1, "noise": os.urandom(9 << 20).hex()})
        node.acgs("bundle", "put", "authz",
                  archive(node.folder / "1.tar.gz", files))
        node.acgs("bundle", "put", "authz", "--activate",
                  archive(node.folder / "2.tar.gz", authz("2")))
        path = node.folder / "b.acgs"
        node.acgs("backup", str(path))
        node.stop()
        other, _ = restored_node(node, path)
        self.addCleanup(other.close)
        other.start()
        self.assertEqual(self.value(other), 2)
        digests = {each["bundle_revision"]: each["digest"]
                   for each in other.acgs_json("bundle", "list")}
        other.acgs("bundle", "activate", "authz", "--digest", digests["1"])
        self.assertEqual(self.value(other), 1)

    def test_what_is_active_is_shown_as_opa_does(self):
        node = self.start()
        node.acgs("bundle", "put", "authz", "--activate",
                  archive(node.folder / "1.tar.gz", authz("1")))
        bad = archive(node.folder / "2.tar.gz", authz("2", "p := q"))
        node.acgs("bundle", "put", "authz", bad, "--activate", code=2)
        _, status, _ = node.request("GET", "/v1/status", headers=node.token())
        shown = status["result"]["bundles"]["authz"]
        self.assertEqual((shown["active_revision"], shown["code"]),
                         ("1", "policy_invalid"))
        self.assertEqual(node.request("GET", "/health?bundles")[0], 200)
        _, answer, _ = node.request(
            "GET", "/v1/data/authz/main/p?provenance", headers=node.token())
        self.assertEqual(answer["provenance"]["bundles"]["authz"],
                         {"revision": "1"})
        node.acgs("bundle", "put", "late", "--activate", archive(
            node.folder / "3.tar.gz", {"/.manifest": '{"roots": ["late"]}',
                                       "/l.rego": "package late\np := q\n"}),
                  code=2)
        _, status, _ = node.request("GET", "/v1/status", headers=node.token())
        self.assertIn("rego_unsafe_var_error",
                      status["result"]["bundles"]["late"]["message"])
        self.assertEqual(node.request("GET", "/health?bundles")[0], 200)

    def test_signatures_are_asked_for_where_keys_are_known(self):
        node = Node(start=False)
        self.addCleanup(node.close)
        key = node.folder / "secret"
        key.write_text("a secret\n")
        node.environment["ACGS_POLICY_BUNDLE_KEYS"] = f"release={key}"
        node.start()
        loose = archive(node.folder / "1.tar.gz", authz("1"))
        self.assertIn("a signature is asked for", node.acgs(
            "bundle", "put", "authz", loose, code=2))
        self.assertIn("a signature is asked for", node.acgs(
            "bundle", "verify", loose, "--key", str(key), code=1))
        self.assertIn("verified", node.acgs("bundle", "verify", loose))

    def test_the_versions_of_a_policy_are_shown_and_gone_back_to(self):
        node = self.start()
        policy = node.folder / "p.rego"
        policy.write_text("package mine\n\np := 1\n")
        node.acgs("policy", "put", "mine.rego", str(policy))
        first = node.acgs_json("policy", "history", "mine.rego")[0]["revision"]
        policy.write_text("package mine\n\np := 2\n")
        node.acgs("policy", "put", "mine.rego", str(policy))
        shown = node.acgs("policy", "diff", "mine.rego")
        self.assertIn("-p := 1\n+p := 2\n", shown)
        second = node.acgs_json("policy", "history", "mine.rego")[0]["revision"]
        self.assertTrue(shown.startswith(
            f"--- mine.rego (revision {second - 1})\n"
            f"+++ mine.rego (revision {second})\n"), shown)
        shown = node.acgs("policy", "diff", "none.rego", code=2)
        self.assertIn("there is no policy 'none.rego'", shown)
        self.assertEqual(node.acgs("policy", "diff", "mine.rego", "--from",
                                   str(first), "--to", str(first)), "")
        node.acgs("policy", "rollback", "mine.rego", "--to", str(first),
                  "--yes")
        self.assertEqual(node.acgs("policy", "get", "mine.rego").strip(),
                         "package mine\n\np := 1")

    def test_a_revision_that_is_not_there_yet_is_refused(self):
        node = self.start()
        policy = node.folder / "p.rego"
        policy.write_text("package mine\n\np := 1\n")
        node.acgs("policy", "put", "mine.rego", str(policy))
        last = node.acgs_json("policy", "history")[0]["revision"]
        for words in (("diff", "mine.rego", "--from", "999999"),
                      ("diff", "mine.rego", "--to", str(last + 1)),
                      ("rollback", "mine.rego", "--to", "100000", "--yes"),
                      ("rollback", "mine.rego", "--bundle", "--to", "100000",
                       "--yes")):
            said = node.acgs("policy", *words, code=2)
            self.assertIn(f"yet; the last one is {last}", said)
        self.assertEqual(node.acgs_json("policy", "history")[0]["revision"],
                         last)
        node.acgs("policy", "diff", "mine.rego", "--from", "0", "--to",
                  str(last))


if __name__ == "__main__":
    counted.main()
