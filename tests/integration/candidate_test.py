#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""A candidate beside the active policies: tried, recorded, never enforced."""

import unittest

import counted
from node import Node, wait_for

ACTIVE = "package app\nallow if input.n > 1\n"
TIGHTER = "package app\nallow if input.n > 5\n"


class candidates(unittest.TestCase):
    def setUp(self):
        self.node = Node()
        self.admin = self.node.token()
        self.put("app", ACTIVE)
        (self.node.folder / "tighter.rego").write_text(TIGHTER)

    def tearDown(self):
        self.node.close()

    def put(self, name, text):
        status, answer, _ = self.node.request("PUT", "/v1/policies/" + name,
                                              text, self.admin)
        self.assertEqual(status, 200, answer)

    def candidate(self, *words, code=0):
        return self.node.acgs("policy", "candidate", *words, code=code)

    def decide(self, n):
        return self.node.request("POST", "/v1/data/app/allow",
                                 {"input": {"n": n}})[1]

    def stats(self):
        return self.node.acgs_json("policy", "candidate", "stats")

    def test_verdicts_that_would_change_are_counted_with_examples(self):
        self.candidate("put", "tighter", "app=tighter.rego",
                       "--reason", "a drill")
        kept = self.decide(9)
        changed = self.decide(3)
        self.assertIs(changed["result"], True)  # enforced as before
        found = wait_for(lambda: [row for row in self.stats()
                                  if row.get("tried") == 2]
                         and self.stats())
        self.assertEqual(found[0]["would_change"], 1)
        self.assertEqual(found[1]["decision_id"], changed["decision_id"])
        self.assertEqual((found[1]["active"], found[1]["would_be"]),
                         ("allow", "undefined"))
        _, entries, _ = self.node.request(
            "GET", "/audit/events?event_type=candidate_agrees",
            headers=self.admin)
        entry = entries["events"][0]
        self.assertEqual(entry["kind"], "candidate")
        self.assertEqual(entry["decision_id"], kept["decision_id"])
        shown = self.node.acgs_json("audit", "show", kept["decision_id"])
        self.assertEqual(shown[0]["kind"], "decision")
        self.node.acgs("audit", "verify")

    def test_a_candidate_is_put_shown_and_dropped_by_its_name(self):
        self.assertIn("no candidate", self.candidate("show", code=2))
        self.candidate("put", "tighter", "app=tighter.rego", "--share", "25%")
        shown = self.node.acgs_json("policy", "candidate", "show")[0]
        self.assertEqual((shown["name"], shown["modules"]),
                         ("tighter", "app"))
        self.assertEqual(shown["share_percent"], "25")
        self.assertIn("stands already",
                      self.candidate("put", "other", "app=tighter.rego",
                                     code=2))
        self.assertEqual(self.node.stop(), 0)
        self.node.start()
        self.assertIn("tighter", self.candidate("show"))
        self.candidate("drop", "tighter")
        self.candidate("show", code=2)
        history = self.node.acgs_json("policy", "history", "--limit", "2")
        self.assertEqual([row["kind"] for row in history],
                         ["drop_candidate", "put_candidate"])

    def test_what_does_not_compile_or_is_no_share_is_refused(self):
        (self.node.folder / "broken.rego").write_text("package app\nallow if {")
        self.assertIn("rego_parse_error",
                      self.candidate("put", "broken", "app=broken.rego",
                                     code=2))
        for words in (("app=tighter.rego", "--share", "200%"),
                      ("app=tighter.rego", "--share", "x"), ("tighter.rego",)):
            self.candidate("put", "odd", *words, code=2)

    def test_nothing_is_tried_of_a_share_of_nothing(self):
        self.candidate("put", "tighter", "app=tighter.rego", "--share", "0")
        for n in range(5):
            self.decide(n)
        self.candidate("drop", "tighter")
        _, entries, _ = self.node.request(
            "GET", "/audit/events?event_type=candidate_differs",
            headers=self.admin)
        self.assertEqual(entries["events"], [])


if __name__ == "__main__":
    counted.main()
