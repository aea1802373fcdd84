#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""Old entries of a real node are archived; everything goes on around them."""

import json
import unittest

import counted
from backup_test import acgs, restored_node
from node import PERMITTED, Node, wait_for

SECRET = "Written by patient number seven"


class archive(unittest.TestCase):
    def setUp(self):
        self.node = Node()
        self.addCleanup(self.node.close)
        self.folder = self.node.folder / "archive"
        self.vkey = self.node.folder / "log.vkey"
        self.vkey.write_text(self.node.request("GET", "/ledger/vkey")[1])
        self.reader = self.node.token("analyst")

    def decide(self, count, explanation="Count the entries of a data set"):
        lines = []
        for _ in range(count):
            body = json.loads(json.dumps(PERMITTED))
            body["context"]["explanation"] = explanation
            lines.append(json.dumps(body))
        path = self.node.folder / "requests.jsonl"
        path.write_text("\n".join(lines) + "\n")
        self.node.acgs("decide", "--batch", str(path))

    def archive(self, *words, code=0):
        return self.node.acgs("--json", "audit", "archive", "-o",
                              str(self.folder), "--reason", "yearly", "--yes",
                              *words, code=code)

    def stats(self):
        return self.node.acgs_json("audit", "stats")[0]

    def replayed(self):
        return json.loads(self.node.acgs("--json", "audit", "replay")
                          .splitlines()[-1])

    def offline(self, folder, code=0):
        return acgs("audit", "verify", "--offline", folder, "--vkey",
                    self.vkey, code=code)

    def test_what_is_archived_stays_verifiable_and_is_missed_nowhere(self):
        self.decide(1, SECRET)
        patient = self.node.acgs_json("audit", "query", "--limit", "1",
                                      "--event-type", "decision")[0]["index"]
        self.decide(600)
        before = self.stats()["entries"]
        made = json.loads(self.archive("--entries", "600"))
        self.assertEqual(made["size"], 512)
        told = self.node.acgs_json("audit", "show",
                                   str(made["recorded_as"]))[0]
        self.assertEqual(told["kind"], "archive")
        self.assertIn(made["root"], json.dumps(told))
        self.assertEqual(self.stats()["archived"], 512)
        self.assertGreater(self.stats()["entries"], before)

        # The archive verifies by the key alone; a byte that changed is found.
        shown = self.offline(self.folder)
        self.assertEqual((shown["checked"], shown["tree_size"]), (512, 512))
        file = self.folder / "payload" / "001"
        whole = file.read_bytes()
        file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        self.assertIn("payloads are not those",
                      self.offline(self.folder, code=1)["problem"])
        file.write_bytes(whole)

        # The live log verifies, and says where the rest is.
        shown = self.node.acgs_json("audit", "verify")[0]
        self.assertTrue(shown["verified"])
        self.assertEqual(shown["by_hash_alone"], 512)
        refused = self.node.acgs("audit", "show", "5", code=2)
        self.assertIn("the entries before 512 are in an archive", refused)
        status, answer, _ = self.node.request(
            "GET", "/ledger/tile/entries/000", headers=self.reader)
        self.assertEqual(status, 404)
        self.assertIn("archived", json.dumps(answer))
        status, _, _ = self.node.request("GET", "/ledger/tile/0/000",
                                         headers=self.reader)
        self.assertEqual(status, 200)
        _, answer, _ = self.node.request("GET", "/audit/events?limit=5",
                                         headers=self.reader)
        self.assertEqual(answer["archived_before"], 512)
        counts = self.replayed()
        self.assertLess(counts["decisions"], 100)
        self.assertEqual(counts["same"], counts["decisions"])

        # An export of the live log, and the backup of it, hold what is here.
        tiles = self.node.folder / "tiles"
        self.node.acgs("audit", "export", "--format", "tiles", "-o",
                       str(tiles))
        shown = self.offline(tiles)
        self.assertEqual(shown["by_hash_alone"], 512)
        lines = self.node.acgs("audit", "export").splitlines()
        self.assertEqual(json.loads(lines[0])["index"], 512)
        backup = self.node.folder / "later.acgs"
        self.node.acgs("backup", str(backup))
        self.assertTrue(acgs("verify-backup", backup, "--vkey",
                             self.vkey)["verified"])

        # What is archived can be shredded, and read where it is given.
        self.node.acgs("audit", "shred", str(patient), "--reason",
                       "request 7", "--yes")
        self.assertEqual(self.node.stop(), 0)
        self.node.environment["ACGS_LEDGER_ARCHIVE"] = str(self.folder)
        self.node.start()
        shown = self.node.acgs_json("audit", "show", "--payloads",
                                    str(patient))[0]
        self.assertNotIn(SECRET, json.dumps(shown))
        self.assertIn("request 7", json.dumps(shown))
        other = self.node.acgs_json("audit", "show", "--payloads",
                                    str(patient + 1))[0]
        self.assertIn("Count the entries of a data set", json.dumps(other))
        shown = self.node.acgs_json("audit", "verify")[0]
        self.assertTrue(shown["verified"])
        self.assertGreater(shown["checked"], 600)
        self.assertTrue(self.node.acgs_json("audit", "verify",
                                            str(patient))[0]["verified"])
        counts = self.replayed()
        self.assertEqual((counts["unknown"], counts["shredded"]), (0, 1))
        self.assertGreaterEqual(counts["decisions"], 600)
        self.assertEqual(counts["same"], counts["decisions"])
        lines = [json.loads(each) for each in self.node.acgs(
            "audit", "export", "--since", "2026-01-01").splitlines()]
        self.assertEqual([each["index"] for each in lines],
                         list(range(len(lines))))
        self.assertGreater(len(lines), 600)
        self.assertIn("request 7", json.dumps(lines[patient]))

        self.check_without_files()

        # A restored node goes on with it.
        self.assertEqual(self.node.stop(), 0)
        shown = acgs("store", "check", "--data", self.node.folder)
        self.assertEqual(shown["archived"], 512)
        other, _ = restored_node(self.node, backup)
        self.addCleanup(other.close)
        other.start()
        shown = other.acgs_json("audit", "verify")[0]
        self.assertTrue(shown["verified"])
        self.assertEqual(shown["by_hash_alone"], 512)

    def check_without_files(self):
        """What lacks a file is counted and named; the rest goes on."""
        for path, unread, unknown in (("tile/entries/001", 256, 0),
                                      ("payload/001", 0, 256)):
            file = self.folder / path
            content = file.read_bytes()
            file.unlink()
            shown = self.node.acgs_json("audit", "verify")[0]
            self.assertTrue(shown["verified"])
            self.assertEqual(
                (shown["by_hash_alone"], shown["first_unread"]), (256, 256))
            said = self.node.acgs("--json", "audit", "replay")
            self.assertIn('"index":256', said.replace(" ", ""))
            counts = json.loads(said.splitlines()[-1])
            self.assertEqual((counts.get("unread", 0), counts["unknown"]),
                             (unread, unknown))
            self.assertGreater(counts["same"], 300)
            file.write_bytes(content)

    def test_what_cannot_be_archived_is_refused_and_nothing_is_gone(self):
        self.decide(300)
        self.assertIn("whole tiles", self.archive("--entries", "100", code=2))
        self.assertIn("one of them", self.archive(code=2))
        self.assertIn("nothing to archive",
                      self.archive("--before", "2001-01-01", code=2))
        for far in ("1600-01-01", "9999-12-31"):
            self.assertIn("out of range",
                          self.archive("--before", far, code=2))
        self.folder.mkdir()
        (self.folder / "letter").write_text("x")
        self.assertIn("is not empty", self.archive("--entries", "256", code=2))
        operator = self.node.token("operator")["Authorization"].split()[1]
        self.folder = self.node.folder / "other"
        refused = self.node.acgs("--token", operator, "audit", "archive", "-o",
                                 str(self.folder), "--reason", "mine", "--yes",
                                 "--entries", "256", code=1)
        self.assertIn("archive", refused)
        self.assertFalse(self.folder.exists())
        self.assertEqual(self.stats()["archived"], 0)
        shown = self.node.acgs_json("audit", "verify")[0]
        self.assertNotIn("by_hash_alone", shown)

    def test_a_full_store_has_room_again(self):
        self.assertEqual(self.node.stop(), 0)
        self.node.environment.update(ACGS_LEDGER_MAP_SIZE="32MiB",
                                     ACGS_LEDGER_RESERVE="8MiB")
        self.node.start()
        large = dict(PERMITTED, session_id="x" * 50_000)
        for number in range(1000):
            asked = dict(large, request_id=str(number))
            status = self.node.decide(asked)[0]
            if status != 200:
                break
        self.assertIn(status, (503, 507))
        self.archive("--entries", "256")
        self.offline(self.folder)
        # At once, but for what is still being erased.
        wait_for(lambda: self.node.decide(large)[0] == 200)
        for _ in range(100):
            self.assertEqual(self.node.decide(large)[0], 200)
        self.assertEqual(self.node.stop(), 0)
        acgs("store", "compact", "--data", self.node.folder)
        self.node.start()
        for _ in range(50):
            self.assertEqual(self.node.decide(large)[0], 200)
        shown = self.node.acgs_json("audit", "verify")[0]
        self.assertTrue(shown["verified"])

    def test_a_folder_grows(self):
        self.decide(300)
        self.archive("--entries", "256")
        self.decide(300)
        made = json.loads(self.archive("--entries", "512"))
        self.assertEqual((made["first"], made["size"]), (256, 512))
        self.assertEqual(self.offline(self.folder)["checked"], 512)
        # Another log's archive is not gone on with.
        with Node() as stranger:
            stranger.acgs("decide", "--batch",
                          str(self.node.folder / "requests.jsonl"))
            refused = stranger.acgs(
                "audit", "archive", "-o", str(self.folder), "--reason", "no",
                "--yes", "--entries", "256", code=2)
            self.assertIn("holds", refused)


if __name__ == "__main__":
    counted.main()
