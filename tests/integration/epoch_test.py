#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""A node whose store is gone while its keys stay, and how it goes on."""

import shutil
import subprocess
import unittest

import counted
from node import BUILD, PERMITTED, SOURCE, Node

INTERNAL = 4


def acgsd(node, *words):
    """The exit code and what it said, where it does not serve."""
    done = subprocess.run(
        [BUILD / "acgsd", "--config", SOURCE / "config/acgs.yaml", *words],
        cwd=node.folder, env=node.environment, capture_output=True, text=True,
        timeout=60)
    return done.returncode, done.stdout + done.stderr


class epoch(unittest.TestCase):
    def setUp(self):
        self.node = Node()
        self.addCleanup(self.node.close)
        for number in range(5):
            self.node.decide(dict(PERMITTED, request_id=number))

    def test_a_lost_store_is_refused_until_a_new_epoch_is_begun(self):
        self.assertEqual(self.node.stop(), 0)
        shutil.rmtree(self.node.folder / "store")
        code, said = acgsd(self.node)
        self.assertEqual(code, INTERNAL, said)
        self.assertIn("local/node-1/1 has 0 entries", said)
        self.assertIn("--new-epoch", said)
        code, said = acgsd(self.node, "--new-epoch", "the disk was lost")
        self.assertEqual(code, 0, said)
        self.assertIn("local/node-1/2", said)
        self.node.start()
        first = self.node.acgs_json("audit", "show", "0")[0]
        self.assertEqual(first["event_type"], "epoch_started")
        self.assertIn("the disk was lost", str(first))
        _, checkpoint, _ = self.node.request("GET", "/ledger/checkpoint")
        self.assertEqual(checkpoint.splitlines()[0], "local/node-1/2")
        self.node.acgs("audit", "verify")

    def test_a_store_put_back_from_before_is_refused(self):
        self.assertEqual(self.node.stop(), 0)
        store, older = self.node.folder / "store", self.node.folder / "older"
        shutil.copytree(store, older)
        self.node.start()
        key = {"Idempotency-Key": "one"}
        self.node.decide(PERMITTED, key)
        self.assertEqual(self.node.stop(), 0)
        shutil.rmtree(store)
        older.rename(store)
        code, said = acgsd(self.node)
        self.assertEqual(code, INTERNAL, said)
        self.assertIn("were signed", said)
        self.assertEqual(acgsd(self.node, "--new-epoch", "restored")[0], 0)
        self.node.start()
        status, answer, _ = self.node.decide(PERMITTED, key)
        self.assertEqual(status, 200, answer)
        decided = self.node.acgs("--json", "audit", "query", "--event-type",
                                 "policy_evaluation")
        self.assertEqual(decided.count(answer["decision_id"]), 1, decided)
        self.assertEqual(decided.count('"decision_id"'), 1, decided)
        self.node.acgs("audit", "verify")

    def test_a_state_put_back_from_before_is_refused(self):
        self.assertEqual(self.node.stop(), 0)
        state, older = self.node.folder / "store/state", self.node.folder / "o"
        shutil.copytree(state, older)
        self.node.start()
        self.node.acgs("strict-mode", "on", "--yes")
        self.assertEqual(self.node.stop(), 0)
        shutil.rmtree(state)
        older.rename(state)
        code, said = acgsd(self.node)
        self.assertEqual(code, INTERNAL, said)
        self.assertRegex(said, "the log tells of revision [0-9]+ of control "
                               "state, the history ends at [0-9]+")

    def test_the_state_of_another_node_is_refused(self):
        other = Node()
        self.addCleanup(other.close)
        for node in (self.node, other):
            node.acgs("strict-mode", "on", "--yes")
            self.assertEqual(node.stop(), 0)
        state = self.node.folder / "store/state"
        shutil.rmtree(state)
        shutil.copytree(other.folder / "store/state", state)
        code, said = acgsd(self.node)
        self.assertEqual(code, INTERNAL, said)
        self.assertIn("is not the command that the log tells of", said)

    def test_a_node_that_runs_has_no_new_epoch(self):
        code, said = acgsd(self.node, "--new-epoch", "why not")
        self.assertEqual(code, 3, said)

    def test_a_reason_is_asked_for(self):
        self.assertEqual(self.node.stop(), 0)
        for words in (["--new-epoch"], ["--new-epoch", ""],
                      ["--new-epoch", "x" * 501]):
            with self.subTest(words):
                self.assertEqual(acgsd(self.node, *words)[0], 2)


if __name__ == "__main__":
    counted.main()
