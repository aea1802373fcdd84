#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""Backup and restore of a real node."""

import json
import os
import shutil
import stat
import subprocess
import threading
import unittest
from pathlib import Path

import counted
from node import BUILD, PERMITTED, SOURCE, Node


def acgs(*words, code=0, cwd=None):
    """A command that needs no node."""
    done = subprocess.run([BUILD / "acgs", "--json", *map(str, words)],
                          cwd=cwd, capture_output=True, text=True, timeout=120)
    if done.returncode != code:
        raise AssertionError(
            f"acgs {words} ended with {done.returncode}, expected {code}:\n"
            + done.stdout + done.stderr)
    return json.loads((done.stdout or done.stderr).splitlines()[-1])


def restored_node(of, *words, mark=False):
    """A node on the stores restored from files, with the keys of `of`; also
    with the mark of how far the log was signed, where that is wanted."""
    other = Node(start=False)
    made = acgs("restore", *words, "--to", other.folder)
    shutil.copytree(of.folder / "keys", other.folder / "keys",
                    ignore=None if mark else shutil.ignore_patterns("log.*"))
    return other, made


class backup(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.node = Node()
        cls.node.acgs("policy", "put", "my/first", str(cls.policy("1")))
        cls.lead("alice")
        for _ in range(20):
            cls.node.decide(PERMITTED)
        cls.vkey = cls.node.folder / "log.vkey"
        cls.vkey.write_text(cls.node.request("GET", "/ledger/vkey")[1])

    @classmethod
    def tearDownClass(cls):
        cls.node.close()

    @classmethod
    def lead(cls, name):
        path = cls.node.folder / "team.json"
        path.write_text(json.dumps({"lead": name}))
        cls.node.acgs("data", "put", "team", str(path))

    @classmethod
    def policy(cls, value):
        path = cls.node.folder / f"policy-{value}.rego"
        path.write_text(f"package my.first\n\nvalue := {value}\n")
        return path

    def take(self, name, *words):
        path = self.node.folder / name
        made = self.node.acgs_json("backup", str(path), *words)[0]
        self.addCleanup(path.unlink)
        return path, made

    def test_a_backup_is_private_whole_and_verifies_offline(self):
        path, made = self.take("a.acgs")
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        self.assertEqual(made["bytes"], path.stat().st_size)
        self.assertGreater(made["entries"], 20)
        shown = acgs("verify-backup", path, "--vkey", self.vkey)
        self.assertTrue(shown["verified"])
        self.assertEqual(shown["entries"], made["entries"])
        self.assertEqual(shown["signed_by"], shown["origin"])
        refused = self.node.acgs("backup", str(path), code=2)
        self.assertIn("is there already", refused)
        self.assertEqual(list(self.node.folder.glob("*.part")), [])

    def test_a_byte_that_changed_is_named(self):
        path, _ = self.take("b.acgs")
        whole = bytearray(path.read_bytes())
        whole[len(whole) // 2] ^= 1
        changed = self.node.folder / "changed.acgs"
        changed.write_bytes(whole)
        shown = acgs("verify-backup", changed, "--vkey", self.vkey, code=1)
        self.assertFalse(shown["verified"])
        self.assertIn("at byte", shown["problem"])
        changed.write_bytes(path.read_bytes()[:len(whole) // 2])
        self.assertIn("cut off", acgs("verify-backup", changed,
                                      code=1)["problem"])
        changed.write_text("something else")
        acgs("verify-backup", changed, code=2)
        changed.unlink()

    def test_nobody_but_an_admin_may(self):
        token = self.node.token("operator")["Authorization"].split()[1]
        path = self.node.folder / "never.acgs"
        refused = self.node.acgs("--token", token, "backup", str(path), code=1)
        self.assertIn("back_up", refused)
        self.assertFalse(path.exists())
        kept = self.node.acgs_json("audit", "query", "--event-type", "access",
                                   "--limit", "1")
        self.assertEqual(kept[0]["outcome"], "deny")

    def test_a_restored_node_goes_on(self):
        self.lead("alice")
        path, made = self.take("c.acgs")
        other, shown = restored_node(self.node, path)
        with other:
            self.assertEqual(shown["entries"], made["entries"])
            other.start()
            verified = other.acgs_json("audit", "verify")[0]
            self.assertTrue(verified["verified"])
            self.assertGreaterEqual(verified["tree_size"], made["entries"])
            self.assertIn("value := 1", other.acgs("policy", "get",
                                                   "my/first"))
            self.assertIn("alice", other.acgs("data", "get", "team"))
            status, answer, _ = other.decide(PERMITTED)
            self.assertEqual(status, 200)
            self.assertGreaterEqual(answer["ledger_index"], made["entries"])
            # What the first node signed is a part of what this one signs.
            self.node.acgs("audit", "verify")
            other.acgs("audit", "verify", str(answer["ledger_index"]))

    def test_an_increment_holds_what_came_since(self):
        first, _ = self.take("d.acgs")
        self.lead("bob")
        self.node.decide(PERMITTED)
        second, made = self.take("e.acgs", "--base", str(first))
        self.assertGreater(made["from"], 0)
        self.assertLess(second.stat().st_size, first.stat().st_size)
        acgs("verify-backup", second, "--vkey", self.vkey)
        both = acgs("verify-backup", first, second, "--vkey", self.vkey)
        self.assertEqual(both["entries"], made["entries"])
        acgs("verify-backup", second, first, code=1)
        other, shown = restored_node(self.node, first, second)
        with other:
            self.assertEqual(shown["entries"], made["entries"])
            other.start()
            self.assertIn("bob", other.acgs("data", "get", "team"))
        with Node(start=False) as alone:
            acgs("restore", second, "--to", alone.folder, code=2)

    def test_a_backup_is_taken_while_writing_goes_on(self):
        stop = threading.Event()
        answered = []

        def write():
            while not stop.is_set():
                answered.append(self.node.decide(PERMITTED)[0])

        writer = threading.Thread(target=write)
        writer.start()
        try:
            path, made = self.take("f.acgs")
        finally:
            stop.set()
            writer.join()
        self.assertEqual(set(answered), {200})
        shown = acgs("verify-backup", path, "--vkey", self.vkey)
        self.assertEqual(shown["entries"], made["entries"])

    def test_payloads_are_opened_again_by_a_passphrase_alone(self):
        once = {"Idempotency-Key": "before-the-backup"}
        index = self.node.decide(PERMITTED, once)[1]["ledger_index"]
        secret = self.node.folder / "passphrase"
        secret.write_text("correct horse battery staple\n")
        refused = self.node.acgs("backup", str(self.node.folder / "k.acgs"),
                                 "--passphrase-file", str(secret), code=2)
        self.assertIn("passphrase", refused)
        secret.chmod(0o600)
        path, _ = self.take("k.acgs", "--passphrase-file", str(secret))
        for words, found in (((), False),
                             (("--passphrase-file", secret), True)):
            other, _ = restored_node(self.node, path, *words)
            with other:
                other.start()
                shown = other.acgs("audit", "show", str(index), "--payloads")
                self.assertEqual("data.read_public" in shown, found)
                status, answer, _ = other.decide(PERMITTED, once)
                self.assertEqual(status, 200 if found else 409, answer)
                if found:
                    self.assertEqual(answer["ledger_index"], index)
                else:
                    self.assertIn("can no longer be shown", answer["message"])

    def test_what_is_there_is_not_replaced_where_that_loses_something(self):
        older, _ = self.take("g.acgs")
        self.node.decide(PERMITTED)
        newer, made = self.take("h.acgs")
        with Node(start=False) as other:
            acgs("restore", newer, "--to", other.folder)
            acgs("restore", newer, "--to", other.folder, code=1)
            acgs("restore", older, "--to", other.folder, "--replace", code=1)
            shown = acgs("restore", newer, "--to", other.folder, "--replace")
            self.assertEqual(shown["entries"], made["entries"])
            self.assertTrue(Path(shown["set_aside"]).is_dir())
        in_use = acgs("restore", newer, "--to", self.node.folder, "--replace",
                      code=3)
        self.assertIn("in use by process", in_use["message"])

    def test_what_a_crash_left_in_the_write_ahead_log_counts(self):
        with Node() as node:
            path = node.folder / "m.acgs"
            node.acgs("backup", str(path))
            index = node.decide(PERMITTED)[1]["ledger_index"]
            node.kill()
            crashed = node.folder / "crashed"
            for each in ("store", "keys"):
                shutil.copytree(node.folder / each, crashed / each)

            def again():
                for each in ("store", "keys"):
                    shutil.rmtree(node.folder / each)
                    shutil.copytree(crashed / each, node.folder / each)

            found = acgs("store", "check", "--data", node.folder)
            self.assertGreater(found["entries"], index)
            again()
            refused = acgs("restore", path, "--to", node.folder, "--replace",
                           code=1)
            self.assertIn("would be lost", refused["message"])
            for command in ("compact", "migrate"):
                again()
                acgs("store", command, "--data", node.folder)
                node.start()
                node.acgs("audit", "show", str(index))
                node.acgs("audit", "verify")
                node.kill()

    def test_a_restore_up_to_a_size_is_not_gone_on_with(self):
        self.lead("carol")
        size = self.node.acgs_json("audit", "stats")[0]["entries"]
        self.lead("dan")
        path, _ = self.take("i.acgs")
        other, shown = restored_node(self.node, path, "--until", size)
        with other:
            self.assertEqual(shown["entries"], size)
            with self.assertRaisesRegex(RuntimeError, "checkpoint"):
                other.start()

    def test_what_was_signed_since_needs_a_new_epoch(self):
        self.lead("erin")
        path, made = self.take("j.acgs")
        self.lead("fay")
        self.node.acgs("audit", "verify")
        other, _ = restored_node(self.node, path, mark=True)
        with other:
            with self.assertRaisesRegex(RuntimeError, "were signed"):
                other.start()
            subprocess.run(
                [BUILD / "acgsd", "--config", SOURCE / "config/acgs.yaml",
                 "--new-epoch", "a backup was all that was left"],
                cwd=other.folder, env=other.environment, check=True,
                capture_output=True, timeout=60)
            other.start()
            self.assertIn("erin", other.acgs("data", "get", "team"))
            stats = other.acgs_json("audit", "stats")[0]
            self.assertEqual(stats["origin"], made["origin"][:-1] + "2")


if __name__ == "__main__":
    counted.main()
