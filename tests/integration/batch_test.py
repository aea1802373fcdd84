#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""Many inputs in one call, over HTTP and by the command."""

import json
import unittest

import counted
from node import PERMITTED, REFUSED, Node


class batches(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.node = Node(ACGS_POLICY_BATCH_INPUTS_MAX="50")
        cls.admin = cls.node.token()
        text = ("package app\n"
                "default allow := false\n"
                "allow if input.user.title == \"owner\"\n"
                "allow if input.user.tenure > 10\n"
                "twice := 1 if input.n > 0\n"
                "twice := 2 if input.n > 5\n")
        status, answer, _ = cls.node.request("PUT", "/v1/policies/app", text,
                                             cls.admin)
        assert status == 200, answer

    @classmethod
    def tearDownClass(cls):
        cls.node.close()

    def ask(self, path, body):
        return self.node.request("POST", "/v1/batch/data/" + path, body,
                                 self.admin)

    def test_each_input_gets_its_answer_and_its_entry(self):
        status, answer, fields = self.ask("app/allow", {
            "inputs": {"a": {"user": {"title": "owner"}},
                       "b": {"user": {"tenure": 5}}},
            "common_input": {"user": {"tenure": 15, "title": "worker"}}})
        self.assertEqual(status, 200, answer)
        responses = answer["responses"]
        self.assertIs(responses["a"]["result"], True)
        self.assertIs(responses["b"]["result"], False)
        self.assertEqual(answer["batch_decision_id"], fields["X-Request-ID"])
        _, found, _ = self.node.request(
            "GET", "/audit/events?request_id=" + fields["X-Request-ID"],
            headers=self.admin)
        self.assertEqual({entry["decision_id"] for entry in found["events"]},
                         {one["decision_id"] for one in responses.values()})
        places = sorted(entry["index"] for entry in found["events"])
        self.assertEqual(places[1] - places[0], 1)

    def test_a_constitution_may_be_insisted_on_beside_the_inputs(self):
        pinned = {"inputs": {"a": PERMITTED},
                  "constitutional_hash": "cdd01ef066bc6cf2"}
        status, answer, _ = self.ask("acgs/main/decision", pinned)
        self.assertEqual(status, 200, answer)
        pinned["constitutional_hash"] = "0" * 16
        status, answer, _ = self.ask("acgs/main/decision", pinned)
        self.assertEqual(status, 400, answer)
        self.assertIn("0" * 16, answer["message"])

    def test_errors_stand_beside_answers(self):
        status, answer, _ = self.ask("app/twice", {
            "inputs": {"good": {"n": 1}, "bad": {"n": 9}}})
        self.assertEqual(status, 207, answer)
        self.assertEqual(answer["responses"]["good"]["result"], 1)
        bad = answer["responses"]["bad"]
        self.assertEqual(bad["http_status_code"], "500")
        self.assertEqual(bad["errors"][0]["code"], "eval_conflict_error")
        self.assertIn("decision_id", bad)

    def test_too_many_inputs_are_refused_whole(self):
        status, answer, _ = self.ask("app/allow", {
            "inputs": {str(i): {} for i in range(51)}})
        self.assertEqual(status, 413, answer)
        self.assertIn("policy.batch_inputs_max", answer["message"])

    def test_the_constitution_decides_batches_too(self):
        status, answer, _ = self.ask("acgs/main/decision", {
            "inputs": {"yes": PERMITTED, "no": REFUSED}})
        self.assertEqual(status, 200, answer)
        self.assertIs(answer["responses"]["yes"]["result"]["allow"], True)
        self.assertIs(answer["responses"]["no"]["result"]["allow"], False)

    def test_the_command_reads_a_line_for_each_input(self):
        path = self.node.folder / "many.jsonl"
        path.write_text(json.dumps(PERMITTED) + "\n\n"
                        + json.dumps(PERMITTED) + "\n")
        rows = self.node.acgs_json("decide", "--batch", str(path))
        self.assertEqual([row["outcome"] for row in rows],
                         ["allow", "allow"])
        path.write_text(json.dumps(PERMITTED) + "\n" + json.dumps(REFUSED))
        out = self.node.acgs("--json", "decide", "--batch", str(path), code=1)
        rows = [json.loads(line) for line in out.splitlines()]
        self.assertEqual([row["outcome"] for row in rows], ["allow", "deny"])
        self.node.acgs("audit", "show", str(rows[1]["ledger_index"]))
        path.write_text("{}\n{")
        self.assertIn("line 2", self.node.acgs("decide", "--batch", str(path),
                                               code=2))
        self.assertIn("where a line is no JSON, nothing is decided",
                      " ".join(self.node.acgs("decide", "--help").split()))

    def test_a_batch_survives_a_crash_after_its_answer(self):
        with Node() as node:
            status, answer, _ = node.request(
                "POST", "/v1/batch/data/acgs/main/allow",
                {"inputs": {str(i): PERMITTED for i in range(100)}})
            self.assertEqual(status, 200)
            node.kill()
            node.start()
            admin = node.token()
            _, found, _ = node.request(
                "GET", "/audit/events?limit=200&request_id="
                + answer["batch_decision_id"], headers=admin)
            self.assertEqual(len(found["events"]), 100)
            node.acgs("audit", "verify")


if __name__ == "__main__":
    counted.main()
