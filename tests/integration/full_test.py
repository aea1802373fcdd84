#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""A full store: no verdict leaves, health says why, nothing is lost."""

import subprocess
import unittest

import counted
from node import BUILD, PERMITTED, SOURCE, Node


class full(unittest.TestCase):
    def test_a_full_map_refuses_and_says_so(self):
        with Node(ACGS_LEDGER_MAP_SIZE="32MiB",
                  ACGS_LEDGER_RESERVE="8MiB") as node:
            large = dict(PERMITTED, session_id="x" * 200_000)
            answered = 0
            for number in range(200):
                status, answer, _ = node.decide(dict(large, request_id=number))
                if status != 200:
                    break
                answered += 1
            self.assertGreater(answered, 5)
            self.assertIn(status, (503, 507), answer)
            self.assertNotIn("allow", answer)
            health, report, _ = node.request("GET", "/health")
            self.assertNotEqual(report["components"]["audit"]["status"],
                                "healthy", report["components"]["audit"])
            self.assertIn("audit", str(report))
            # What an emergency needs is still recorded.
            node.acgs("--yes", "lockdown", "on", "--reason", "the disk is full")
            self.assertEqual(node.stop(), 0)
            node.environment["ACGS_LEDGER_MAP_SIZE"] = "64MiB"
            node.start()
            node.acgs("audit", "verify")
            stats = node.acgs_json("audit", "stats")[0]
            self.assertGreaterEqual(int(stats["entries"]), answered)


    def test_a_map_filled_to_its_last_small_entry_takes_admin_commands(self):
        with Node(ACGS_LEDGER_MAP_SIZE="32MiB",
                  ACGS_LEDGER_RESERVE="8MiB") as node:
            # Large ones first; then none fits that is as small as they come.
            for size in (200_000, 20_000, 2_000, 0):
                padded = dict(PERMITTED, session_id="x" * size)
                for number in range(2000):
                    if node.decide(dict(padded, request_id=number))[0] != 200:
                        break
                else:
                    self.fail(f"the store took 2,000 of {size} bytes")
            node.acgs("--yes", "lockdown", "on", "--reason", "full")
            made = node.acgs_json("audit", "query", "--event-type",
                                  "policy_evaluation", "--limit", "1")[0]
            node.acgs("--yes", "audit", "shred", str(made["index"]),
                      "--reason", "full")
            node.acgs("--yes", "keys", "rotate", "checkpoint", "--reason",
                      "full")
            node.acgs("audit", "verify")


class corrupt(unittest.TestCase):
    def test_a_corrupt_store_is_reported_and_left_alone(self):
        with Node() as node:
            node.decide(PERMITTED)
            self.assertEqual(node.stop(), 0)
            file = node.folder / "store" / "ledger" / "data.mdb"
            kept = file.read_bytes()
            damaged = b"\0" * 64 + kept[64:8192].replace(
                kept[64:128], b"\xff" * 64) + kept[8192:]
            file.write_bytes(damaged)
            with self.assertRaises(RuntimeError) as refused:
                node.start()
            self.assertIn("ledger", str(refused.exception))
            self.assertEqual(file.read_bytes(), damaged)
            file.write_bytes(kept)
            node.start()
            self.assertIs(node.decide(PERMITTED)[1]["allow"], True)

    def test_secrets_that_are_none_are_reported_and_left_alone(self):
        with Node() as node:
            node.decide(PERMITTED)
            self.assertEqual(node.stop(), 0)
            file = node.folder / "store" / "ledger" / "secrets"
            file.write_bytes(b"\xff" * 200)
            with self.assertRaises(RuntimeError) as refused:
                node.start()
            self.assertEqual(node.process.returncode, 4)
            self.assertIn(str(file), str(refused.exception))
            self.assertEqual(file.read_bytes(), b"\xff" * 200)

    def test_lost_secrets_are_told_and_the_node_goes_on(self):
        with Node() as node:
            index = node.decide(PERMITTED)[1]["ledger_index"]
            self.assertEqual(node.stop(), 0)
            (node.folder / "store" / "ledger" / "secrets").unlink()
            node.start()
            self.assertIn('"event":"secrets_lost"', node.log.read_text())
            self.assertEqual(node.decide(PERMITTED)[0], 200)
            for restarted in (False, True):
                report = node.request("GET", "/health")[1]
                audit = report["components"]["audit"]
                self.assertEqual(audit["status"], "degraded", restarted)
                self.assertIn(f"to {index} of", audit["reason"])
                self.assertIn(f"to {index} of", node.acgs("health", code=None))
                node.acgs("audit", "verify")
                if not restarted:
                    self.assertEqual(node.stop(), 0)
                    node.start()

    def test_a_log_that_is_refused_is_named_on_standard_error(self):
        with Node() as node:
            for _ in range(3):
                node.decide(PERMITTED)
            self.assertEqual(node.stop(), 0)
            (node.folder / "logs").mkdir()
            node.environment["LOG_FILE"] = str(node.folder / "logs" / "log")
            file = node.folder / "store" / "ledger" / "data.mdb"
            kept = file.read_bytes()
            # What an entry says, but not its length.
            self.assertIn(b"node_started", kept)
            file.write_bytes(kept.replace(b"node_started", b"node_strated"))
            with self.assertRaises(RuntimeError) as refused:
                node.start()
            self.assertEqual(node.process.returncode, 4)
            self.assertIn("acgsd: the log ", str(refused.exception))

    def test_a_second_node_in_the_same_folder_is_refused(self):
        with Node() as node:
            second = subprocess.run(
                [BUILD / "acgsd", "--config", SOURCE / "config/acgs.yaml"],
                cwd=node.folder, env=node.environment, capture_output=True,
                text=True, timeout=30)
            self.assertEqual(second.returncode, 3)
            self.assertIn(str(node.process.pid), second.stderr)
            for doing in ("check", "compact", "migrate"):
                self.assertIn(
                    f"in use by process {node.process.pid}",
                    node.acgs("store", doing, "--data", str(node.folder),
                              code=3))
            self.assertEqual(node.request("GET", "/ready")[0], 200)


if __name__ == "__main__":
    counted.main()
