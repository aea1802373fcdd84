#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""A disk that fails under a running node: no verdict leaves that is not
durable, the node says why or ends with its code, and nothing is lost."""

import unittest

import counted
from faults import SYNCS, WRITES, FaultyNode
from load import Load, broken_word
from node import PERMITTED

STORE_FAILED = 4


class failing(unittest.TestCase):
    def end_under_load(self, folder, calls, error):
        """Breaks it under load; it must end, and keep what it promised."""
        with FaultyNode().choose(folder, calls, error) as node:
            node.start()
            with Load(node) as load:
                load.wait_for(lambda: len(load.acknowledged) >= 50)
                node.break_disk()
                self.assertEqual(node.process.wait(30), STORE_FAILED)
            self.assertTrue(node.failures())
            self.assertIn('"event":"fatal"', node.output())
            self.assertIn(folder, node.output().split('"event":"fatal"')[1])
            for status, answer in load.refused:
                self.assertNotIn("allow", answer, status)
            node.process = None
            node.start_sound()
            self.assertIsNone(broken_word(node, load.acknowledged))
            node.acgs("audit", "verify")
            self.assertIs(node.decide(PERMITTED)[1]["allow"], True)

    def test_a_failed_sync_of_the_log_ends_the_process(self):
        self.end_under_load("store/ledger", SYNCS, "EIO")

    def test_a_failed_write_of_the_log_ends_the_process(self):
        self.end_under_load("store/ledger", WRITES, "EIO")

    def test_a_short_write_of_the_log_ends_the_process(self):
        self.end_under_load("store/ledger", WRITES, "short")

    def test_a_disk_that_has_become_read_only_ends_the_process(self):
        self.end_under_load("store/ledger", "", "EROFS")

    def test_a_failed_sync_of_control_state_ends_the_process(self):
        with FaultyNode().choose("store/state", SYNCS) as node:
            node.start()
            admin = node.token()
            put = ("PUT", "/v1/data/limit", "7", admin)
            self.assertEqual(node.request(*put)[0], 204)
            node.break_disk()
            try:
                status, answer, _ = node.request(
                    "PUT", "/v1/data/limit", "8", admin)
                self.assertGreaterEqual(status, 500, answer)
            except OSError:
                pass  # it ended before it could say so
            self.assertEqual(node.process.wait(30), STORE_FAILED)
            self.assertIn("state", node.output().split('"fatal"')[1])
            node.process = None
            node.start_sound()
            _, answer, _ = node.request("GET", "/v1/data/limit",
                                        headers=admin)
            # Nobody was told that it is 8; the old value must be there.
            self.assertEqual(answer["result"], 7)
            node.acgs("audit", "verify")


class full(unittest.TestCase):
    def test_a_full_disk_at_start_is_no_mistake_of_the_configuration(self):
        with FaultyNode().choose("pids", WRITES, "ENOSPC") as node:
            node.break_disk()
            with self.assertRaises(RuntimeError) as ended:
                node.start()
            self.assertIn(f"ended with {STORE_FAILED}", str(ended.exception))
            self.assertIn("No space left on device", str(ended.exception))
            node.process = None
            node.start_sound()

    def test_a_full_disk_refuses_decisions_until_there_is_room(self):
        # How LMDB writes pages, but for the last that makes them count: an
        # error there ends the process, and on a full disk there is none, since
        # that page has its place already.
        self.refuse_under_load("writev")

    def test_a_sync_that_finds_no_room_refuses_decisions_as_well(self):
        self.refuse_under_load(SYNCS)

    def test_a_disk_that_fills_within_a_write_refuses_decisions(self):
        # The last write before it is full takes what there is room for.
        self.refuse_under_load("write,writev", "full")

    def refuse_under_load(self, calls, error="ENOSPC"):
        with FaultyNode().choose("store/ledger", calls, error) as node:
            node.start()
            with Load(node) as load:
                load.wait_for(lambda: len(load.acknowledged) >= 50)
                node.break_disk()
                load.wait_for(lambda: len(load.refused) >= 20)
                audit = node.component_when("audit", "unhealthy")
            self.assertEqual(audit["status"], "unhealthy", audit)
            self.assertIn("No space left", str(audit))
            for status, answer in load.refused:
                self.assertEqual(status, 507, answer)
                self.assertNotIn("allow", answer)
            node.mend_disk()
            self.assertIs(node.decide(PERMITTED)[1]["allow"], True)
            self.assertEqual(node.stop(), 0)
            node.start_sound()
            self.assertIsNone(broken_word(node, load.acknowledged))
            node.acgs("audit", "verify")

    def test_a_start_that_fills_the_disk_says_so(self):
        # It ends as it publishes, so that the next start has that to do.
        with FaultyNode().choose("store/ledger", "writev", "kill") as node:
            node.start()
            with Load(node) as load:
                load.wait_for(lambda: len(load.acknowledged) >= 50)
                node.break_disk()
                node.process.wait(30)
            node.choose("store/ledger", "write,writev", "full")
            with self.assertRaises(RuntimeError) as refused:
                node.start()
            self.assertEqual(node.process.returncode, STORE_FAILED)
            self.assertIn("No space left", str(refused.exception))
            self.assertNotIn("Input/output", str(refused.exception))
            node.process = None
            node.start_sound()
            self.assertIsNone(broken_word(node, load.acknowledged))

    def test_a_stop_on_a_full_disk_says_what_it_did_not_record(self):
        with FaultyNode().choose("store/ledger", "", "ENOSPC") as node:
            node.start()
            with Load(node) as load:
                load.wait_for(lambda: len(load.acknowledged) >= 50)
                node.break_disk()
                load.wait_for(lambda: len(load.refused) >= 5)
            self.assertEqual(node.stop(), 0)
            said = [line for line in node.output().splitlines()
                    if '"event":"entries_lost"' in line]
            self.assertEqual(len(said), 1, node.output())
            self.assertIn("node_stopped", said[0])
            self.assertIn("No space left", said[0])
            node.start_sound()
            self.assertIsNone(broken_word(node, load.acknowledged))

    def test_a_full_disk_refuses_changes_until_there_is_room(self):
        with FaultyNode().choose("store/state", WRITES, "ENOSPC") as node:
            node.start()
            admin = node.token()
            node.break_disk()
            status, answer, _ = node.request("PUT", "/v1/data/limit", "8",
                                             admin)
            self.assertEqual(status, 507, answer)
            self.assertIs(node.decide(PERMITTED)[1]["allow"], True)
            node.mend_disk()
            self.assertEqual(node.request("PUT", "/v1/data/limit", "9",
                                          admin)[0], 204)
            self.assertEqual(node.stop(), 0)
            node.start_sound()
            _, answer, _ = node.request("GET", "/v1/data/limit",
                                        headers=admin)
            self.assertEqual(answer["result"], 9)

    def test_an_index_that_cannot_grow_stops_no_decision(self):
        with FaultyNode().choose("store/index", "", "ENOSPC") as node:
            node.start()
            before = node.decide(PERMITTED)[1]["ledger_index"]
            node.break_disk()
            last = before
            for _ in range(30):
                status, answer, _ = node.decide(PERMITTED)
                self.assertEqual(status, 200, answer)
                last = answer["ledger_index"]
            index = node.component_when("index", "degraded", "unhealthy")
            self.assertIn("No space left", str(index))
            self.assertIsNone(node.process.poll())
            node.mend_disk()
            wanted = {last: answer["decision_id"]}
            self.assertIsNone(broken_word(node, wanted))
            self.assertEqual(node.stop(), 0)

    def test_an_index_that_fails_stops_no_decision(self):
        with FaultyNode().choose("store/index", "", "EIO") as node:
            node.start()
            node.decide(PERMITTED)
            node.break_disk()
            kept = {}
            for _ in range(30):
                status, answer, _ = node.decide(PERMITTED)
                self.assertEqual(status, 200, answer)
                kept[answer["ledger_index"]] = answer["decision_id"]
            index = node.component_when("index", "degraded", "unhealthy")
            self.assertEqual(index["status"], "degraded", index)
            self.assertIn("Input/output error", str(index))
            self.assertIsNone(broken_word(node, kept))
            self.assertEqual(node.decide(PERMITTED)[0], 200)
            node.mend_disk()
            index = node.component_when("index", "healthy")
            self.assertEqual(index["status"], "healthy", index)
            self.assertIsNone(broken_word(node, kept))
            # Nothing was restarted for it.
            self.assertNotIn('"event":"actor_restarted', node.output())
            self.assertEqual(node.stop(), 0)

    def test_a_log_file_that_cannot_grow_stops_no_decision(self):
        with FaultyNode(LOG_MAX_BYTES="4096", LOG_LEVEL="DEBUG") as node:
            node.environment["LOG_FILE"] = str(
                node.folder / "logs" / "acgs.log")
            (node.folder / "logs").mkdir()
            node.choose("logs", "", "ENOSPC").start()
            node.break_disk()
            for number in range(50):
                status, answer, _ = node.decide(
                    PERMITTED, {"X-Request-ID": f"log-{number}"})
                self.assertEqual(status, 200, answer)
            self.assertEqual(node.request("GET", "/health")[0], 200)
            self.assertEqual(node.stop(), 0)
            self.assertTrue(node.failures())


if __name__ == "__main__":
    counted.main()
