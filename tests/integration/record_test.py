#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""What is done with the record of a real node later: shredding, reports on
decisions, replays."""

import csv
import json
import unittest

import counted
from node import PERMITTED, REFUSED, Node

DICE = """package dice
import rego.v1
roll := {"allow": input.n > 1, "at": time.now_ns(), "n": rand.intn("x", 1000)}
"""

LIMIT = """package limit
import rego.v1
default allow := false
allow if input.amount < data.limits.most
"""


class record(unittest.TestCase):
    def setUp(self):
        self.node = Node()
        self.addCleanup(self.node.close)

    def ask(self, path, body, headers=None):
        status, answer, _ = self.node.request("POST", f"/v1/data/{path}",
                                              {"input": body}, headers)
        self.assertEqual(status, 200, answer)
        return answer

    def policy(self, name, text):
        file = self.node.folder / f"{name}.rego"
        file.write_text(text)
        self.node.acgs("policy", "put", name, str(file))
        return file

    def files(self):
        return b"".join(path.read_bytes()
                        for path in (self.node.folder / "store").rglob("*")
                        if path.is_file())

    def entry_of(self, agent):
        found = self.node.acgs_json("audit", "query", "--agent", agent,
                                    "--event-type", "decision")
        self.assertEqual(len(found), 1, found)
        return found[0]

    def test_what_was_shredded_is_gone_everywhere(self):
        for name in ("first", "second"):
            body = json.loads(json.dumps(PERMITTED))
            body["agent_id"] = f"agent-{name}"
            body["context"]["explanation"] = f"Written by the {name} patient"
            self.ask("acgs/main/decision", body)
        first = self.entry_of("agent-first")
        second = self.entry_of("agent-second")
        shown = self.node.acgs("audit", "show", str(first["index"]),
                               "--payloads")
        self.assertIn("the first patient", shown)
        self.node.acgs("audit", "shred", str(first["index"]), code=2)
        done = self.node.acgs_json("audit", "shred", first["decision_id"],
                                   "--reason", "request 7", "--yes")[0]
        again = self.node.acgs("audit", "shred", str(first["index"]),
                               "--reason", "x", "--yes", code=2)
        self.assertIn("shredded already", again)
        shown = self.node.acgs_json("audit", "show", str(first["index"]),
                                    "--payloads")[0]
        self.assertEqual(shown["input"], "shredded")
        self.assertEqual(shown["shredded_reason"], "request 7")
        self.assertEqual(shown["shredded_entry"], done["recorded_as"])
        self.assertIn("the second patient",
                      self.node.acgs("audit", "show", str(second["index"]),
                                     "--payloads"))
        self.assertTrue(self.node.acgs_json("audit", "verify")[0]["verified"])
        self.node.acgs("audit", "verify", str(first["index"]))
        out = self.node.folder / "out.csv"
        self.node.acgs("audit", "export", "--format", "csv", "-o", str(out))
        rows = {int(row["index"]): row
                for row in csv.DictReader(out.read_text().splitlines())}
        self.assertEqual(rows[first["index"]]["shredded_reason"], "request 7")
        self.assertEqual(rows[second["index"]]["shredded_reason"], "")
        self.assertNotIn(b"Written by the", self.files())
        self.assertNotIn("Written by the", out.read_text())
        counts, skips = self.replay()
        self.assertEqual(counts["shredded"], 1)
        self.assertIn("request 7", skips[0]["skipped"])
        self.node.stop()
        self.node.start()
        shown = self.node.acgs("audit", "show", str(first["index"]),
                               "--payloads")
        self.assertIn("shredded", shown)
        self.assertNotIn(b"Written by the", self.files())

    def test_a_query_s_text_is_sealed_and_can_be_shredded(self):
        operator = self.node.token("operator")
        once = dict(operator, **{"Idempotency-Key": "once"})
        text = 'input.name == "the patient"'
        ask = {"query": text, "input": {"level": 1}}
        names = []
        for path, body, headers in (
                ("query", ask, once), ("query", ask, once),
                ("compile", dict(ask, unknowns=["input.name"]), operator),
                ("query", {"query": f"{text} # " + "x" * 2000}, operator)):
            status, answer, _ = self.node.request("POST", f"/v1/{path}", body,
                                                  headers)
            self.assertEqual(status, 200, answer)
            names.append(answer["decision_id"])
        self.assertEqual(names.pop(0), names[0])
        other = self.node.request("POST", "/v1/query",
                                  dict(ask, query="1 > 0"), once)
        self.assertEqual(other[0], 409, other)
        counts, rest = self.replay()
        self.assertEqual((counts["same"], rest), (counts["decisions"], []))

        self.assertNotIn(b"the patient", self.files())
        for name in names:
            self.assertNotIn("the patient",
                             self.node.acgs("audit", "show", name))
            self.assertIn("the patient", self.node.acgs(
                "audit", "show", name, "--payloads"))
            self.node.acgs("audit", "shred", name, "--reason", "request 8",
                           "--yes")
            self.assertNotIn("the patient", self.node.acgs(
                "--json", "audit", "show", name, "--payloads"))
        for form in ("csv", "jsonl"):
            out = self.node.folder / f"out.{form}"
            self.node.acgs("audit", "export", "--format", form, "-o", str(out))
            self.assertNotIn("the patient", out.read_text())
        self.assertNotIn(b"the patient", self.files())
        self.assertEqual(self.replay()[0]["shredded"], 3)

    def test_an_outcome_belongs_to_its_decision(self):
        answer = self.node.request("POST", "/v1/data/acgs/main/decision",
                                   PERMITTED)[1]
        name = answer["decision_id"]
        for _ in range(2):
            status, got, _ = self.node.request(
                "POST", f"/v1/decisions/{name}/outcome",
                {"status": "failed", "detail": {"error": "timeout"}},
                {"Idempotency-Key": "once"})
            self.assertEqual(status, 201, got)
        self.node.acgs("audit", "outcome", name, "--status", "succeeded")
        shown = self.node.acgs_json("audit", "show", name)[0]
        self.assertEqual([each["status"] for each in shown["outcomes"]],
                         ["failed", "succeeded"])
        detail = self.node.acgs_json(
            "audit", "show", str(shown["outcomes"][0]["index"]),
            "--payloads")[0]
        self.assertEqual(detail["sealed_detail"], '{"error":"timeout"}')
        # By the index, which is how an archived one is found.
        index = str(shown["index"])
        self.node.acgs("audit", "outcome", index, "--status", "partial")
        self.assertEqual(self.node.request(
            "POST", f"/v1/decisions/{index}/outcome",
            {"status": "cancelled"}, self.node.token("operator"))[0], 201)
        found = self.node.acgs_json("audit", "query", "--event-type", "outcome",
                                    "--decision-id", name)
        self.assertEqual(len(found), 4)
        stranger = self.node.token("agent")
        status, _, _ = self.node.request(
            "POST", f"/v1/decisions/{name}/outcome", {"status": "failed"},
            stranger)
        self.assertEqual(status, 404)

    def replay(self, *words, code=0):
        lines = [json.loads(line) for line in self.node.acgs(
            "--json", "audit", "replay", *words, code=code).splitlines()]
        return lines[-1], lines[:-1]

    def test_decisions_come_out_again_to_the_byte(self):
        self.policy("dice", DICE)
        self.policy("limit", LIMIT)
        operator = self.node.token("operator")
        analyst = self.node.token("analyst")
        self.node.acgs("data", "put", "limits", "-", text='{"most": 10}')
        for amount in range(20):
            self.ask("limit/allow", {"amount": amount}, analyst)
            self.ask("dice/roll", {"n": amount}, analyst)
        self.node.acgs("data", "put", "limits", "-", text='{"most": 5}')
        for amount in range(20):
            self.ask("limit/allow", {"amount": amount}, analyst)
        self.ask("acgs/main/decision", REFUSED)
        self.node.request("POST", "/v1/query",
                          {"query": "x = data.limits.most"}, operator)
        for user in ("x", "root"):
            status, answer, _ = self.node.request(
                "POST", "/v1/compile",
                {"query": "data.limit.allow == true; time.now_ns() > input.at",
                 "input": {"user": user},
                 "unknowns": ["input.amount", "input.at"],
                 "options": {"disableInlining": ["data.limit.allow"]}},
                operator)
            self.assertEqual(status, 200, answer)
            self.assertIn("queries", answer["result"])
        counts, rest = self.replay()
        self.assertEqual(rest, [])
        self.assertGreaterEqual(counts["decisions"], 64)
        self.assertEqual(counts["same"], counts["decisions"])
        self.assertEqual(counts["unknown"], 0)
        counts, _ = self.replay("--path", "limit/allow")
        self.assertEqual(counts["decisions"], 40)
        counts, _ = self.replay("--path", "limit/allow", "--limit", "7")
        self.assertEqual(counts["decisions"], 7)
        counts, _ = self.replay("--until", "2001-01-01")
        self.assertEqual(counts["decisions"], 0)

        candidate = self.node.folder / "candidate.rego"
        candidate.write_text(LIMIT.replace("<", "<="))
        counts, differing = self.replay("--policy", str(candidate))
        self.assertEqual(counts["changed"], 2)
        self.assertEqual(counts["deny_to_allow"], 2)
        self.assertEqual(counts["reworded"], 2)
        self.assertEqual([each["after"] for each in differing],
                         ["allow", "allow", "value", "value"])
        for residual in differing[2:]:
            self.assertIn('"lt"', residual["recorded"])
            self.assertIn('"lte"', residual["replayed"])
        candidate.write_text("package limit\nimport rego.v1\nallow if {")
        self.node.acgs("audit", "replay", "--policy", str(candidate), code=2)

        # Nor does another name for the constitution change what was decided.
        active = self.node.request("GET", "/api/v1/constitutional/validate")[1]
        for aliases in (f"{active['digest']}=aaaaaaaaaaaaaaaa", ""):
            self.node.stop()
            self.node.environment["ACGS_CONSTITUTION_ALIASES"] = aliases
            self.node.start()
            self.ask("acgs/main/decision", PERMITTED)
            counts, rest = self.replay()
            self.assertEqual((counts["unknown"], rest), (0, []))
            self.assertEqual(counts["same"], counts["decisions"])

        # Afterwards the node decides as before.
        self.assertEqual(self.ask("limit/allow", {"amount": 4},
                                  analyst)["result"], True)
        viewer = self.node.token("viewer")["Authorization"].split()[1]
        self.node.acgs("--token", viewer, "audit", "replay", code=1)

    def test_who_may_not_replay_is_told_so(self):
        for role in ("agent", "viewer", "operator"):
            token = self.node.token(role)["Authorization"].split()[1]
            for more in ((), ("--until", "2001-01-01")):
                said = self.node.acgs("--token", token, "audit", "replay",
                                      *more, code=1)
                self.assertIn("may not replay", said, role)
        token = self.node.token("analyst")["Authorization"].split()[1]
        self.node.acgs("--token", token, "audit", "replay")


if __name__ == "__main__":
    counted.main()
