#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""What a node and `acgs store check` say of stores that were damaged."""

import json
import shutil
import subprocess
import unittest

import counted
from folder_test import DAMAGED, NOT_VERIFIED, start_and_fail
from node import BUILD, PATIENCE, PERMITTED, Node

PAGE = 4096


class damaged(unittest.TestCase):
    """A node that was killed right after its last answer."""

    def setUp(self):
        self.node = Node()
        self.addCleanup(self.node.close)
        for _ in range(3):
            _, answer, _ = self.node.decide(PERMITTED)
        self.last = answer["ledger_index"]
        self.node.kill()
        self.store = self.node.folder / "store"
        self.wal = self.store / "ledger" / "wal"

    def check(self, code=0):
        said = self.node.acgs("--json", "store", "check", "--data",
                              str(self.node.folder), code=code)
        return json.loads(said.splitlines()[0])

    def refused(self, *words):
        code, said = start_and_fail(self.node)
        self.assertEqual(code, DAMAGED, said)
        for word in words:
            self.assertIn(str(word), said)

    def told(self, event):
        """The node's lines of that event."""
        lines = (json.loads(each)
                 for each in self.node.log.read_text().splitlines()
                 if each.startswith("{"))
        return [each for each in lines if each.get("event") == event]

    def last_record(self):
        """Where the newest record of the write-ahead log begins."""
        content = self.wal.read_bytes()
        found = [(content[at + 8:at + 16], at)
                 for at in range(PAGE, len(content), PAGE)
                 if content[at:at + 8] == b"acgsrec1"]
        return max(found)[1]

    def test_a_write_ahead_log_that_was_cut_is_refused(self):
        whole = self.wal.read_bytes()
        for size in (self.last_record(), PAGE, len(whole) + PAGE):
            with self.subTest(size=size), open(self.wal, "r+b") as file:
                file.truncate(size)
                words = (self.wal.parent, f"has {size} bytes; it was made "
                         f"with {len(whole)}")
                self.refused(*words)
                shown = self.check(NOT_VERIFIED)
                self.assertIs(shown["verified"], False)
                for word in words:
                    self.assertIn(str(word), shown["problem"])
        self.wal.write_bytes(whole)
        self.assertGreater(self.check()["entries"], self.last)

    def test_a_record_that_is_dropped_is_told_of(self):
        at = self.last_record()
        content = bytearray(self.wal.read_bytes())
        content[at + 60] ^= 1
        self.wal.write_bytes(content)
        kept = (self.store / "ledger" / "data.mdb").read_bytes()
        # What lies beside the keys may know better, where it was signed.
        for each in (self.node.folder / "keys").glob("log.*"):
            each.unlink()
        note = self.check()["note"]
        self.assertIn(f"at byte {at} of the write-ahead log", note)
        self.wal.write_bytes(content)
        (self.store / "ledger" / "data.mdb").write_bytes(kept)
        self.node.start()
        told, = self.told("wal_record_dropped")
        self.assertEqual((told["level"], told["offset"]), ("WARNING", at))
        self.assertGreater(told["length"], 60)

    def test_a_store_that_was_rolled_back_is_refused(self):
        kept = self.node.folder / "kept"
        shutil.copytree(self.store / "ledger", kept)
        self.node.start()
        self.node.decide(PERMITTED)
        self.assertEqual(self.node.stop(), 0)
        shown = self.check()
        self.assertEqual(shown["signed"], shown["entries"])
        shutil.rmtree(self.store / "ledger")
        kept.rename(self.store / "ledger")
        self.refused("entries; ", " were signed")
        problem = self.check(NOT_VERIFIED)["problem"]
        self.assertIn(f"entries; {shown['signed']} were signed", problem)
        self.assertIn(str(self.node.folder / "keys" / "log.local.node-1"),
                      problem)

    def test_a_damaged_page_is_told_of_whichever_it_is(self):
        self.assertTrue(self.check()["verified"])
        file = self.store / "ledger" / "data.mdb"
        whole = file.read_bytes()
        seen = set()
        for damage in (bytes(PAGE), b"\xff" * PAGE,
                       whole[2 * PAGE:2 * PAGE + 16] + b"\xf7" * (PAGE - 16)):
            for at in range(2 * PAGE, len(whole), PAGE):
                file.write_bytes(whole[:at] + damage + whole[at + PAGE:])
                done = subprocess.run(
                    [BUILD / "acgs", "store", "check", "--data",
                     self.node.folder], capture_output=True, text=True,
                    timeout=PATIENCE)
                self.assertIn(done.returncode, (0, NOT_VERIFIED, DAMAGED),
                              at)
                if done.returncode == DAMAGED:
                    self.assertIn(str(self.store), done.stderr, at)
                    self.assertIn(" is corrupt: ", done.stderr, at)
                    seen.add(done.stderr[done.stderr.index("corrupt: "):])
        self.assertIn("LMDB came upon", str(seen))
        self.assertIn("ended by signal", str(seen))

    def test_stores_that_were_open_to_others_are_set_back(self):
        self.assertEqual(self.told("store_was_open"), [])
        for name, mode in ((".", 0o777), ("state/data.mdb", 0o666),
                           ("ledger/secrets", 0o644)):
            (self.store / name).chmod(mode)
        self.node.start()
        told = self.told("store_was_open")
        self.assertEqual({each["level"] for each in told}, {"WARNING"})
        self.assertEqual({each["message"].split(" was open")[0]
                          for each in told},
                         {str(self.store), f"{self.store}/state/data.mdb",
                          f"{self.store}/ledger/secrets"})
        for path in (self.store, *self.store.rglob("*")):
            self.assertEqual(path.stat().st_mode & 0o077, 0, path)

    def test_a_mark_that_is_gone_is_told_of(self):
        mark = self.node.folder / "keys" / "log.local.node-1"
        mark.unlink()
        self.assertIsNone(self.check()["signed"])
        self.node.start()
        told, = self.told("log_mark_missing")
        self.assertEqual(told["level"], "WARNING")
        self.assertEqual(told["file"], str(mark))
        self.assertGreater(told["entries"], self.last)
        self.node.kill()
        self.node.start()
        self.assertEqual(self.told("log_mark_missing"), [told])

    def test_what_was_shredded_is_told_from_keys_that_are_not_here(self):
        self.node.start()
        self.node.acgs("--yes", "audit", "shred", str(self.last),
                       "--reason", "a request")
        path = self.node.folder / "b.acgs"
        self.node.acgs("backup", str(path))
        self.assertEqual(self.node.stop(), 0)
        here = self.check()
        self.assertGreater(here["shredded"], 0)
        self.assertEqual(here["keys_not_here"], 0)
        self.node.acgs("restore", str(path), "--to",
                       str(self.node.folder / "restored"))
        there = json.loads(self.node.acgs(
            "--json", "store", "check", "--data",
            str(self.node.folder / "restored")))
        self.assertEqual(there["shredded"], here["shredded"])
        self.assertGreater(there["keys_not_here"], 0)


if __name__ == "__main__":
    counted.main()
