#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""The main job: decide, make durable, answer, look up, verify, stop."""

import json
import unittest

import counted
from node import PERMITTED, REFUSED, Node


class decide(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.node = Node()

    @classmethod
    def tearDownClass(cls):
        cls.node.close()

    def test_a_permitted_action_is_allowed_and_recorded(self):
        status, answer, _ = self.node.decide(PERMITTED)
        self.assertEqual(status, 200)
        self.assertIs(answer["allow"], True)
        self.assertGreaterEqual(answer["compliance_score"], 0.95)
        self.assertEqual(len(answer["constitutional_hash"]), 16)
        index = str(answer["ledger_index"])
        self.assertIn(answer["decision_id"],
                      self.node.acgs("audit", "show", index))
        self.node.acgs("audit", "verify", index)

    def test_a_dangerous_action_is_refused_and_recorded(self):
        status, answer, _ = self.node.decide(REFUSED)
        self.assertEqual(status, 200)
        self.assertIs(answer["allow"], False)
        self.assertIn("dangerous", answer["reasons"][0])
        self.assertIsInstance(answer["ledger_index"], int)

    def test_a_wrapped_input_gets_a_wrapped_result(self):
        status, answer, _ = self.node.decide({"input": PERMITTED})
        self.assertEqual(status, 200)
        self.assertIs(answer["result"]["allow"], True)

    def test_the_ledger_holds_one_spelling_of_a_path(self):
        path = "acgs/main/decision"
        for other in ("acgs//main/decision/", "/" + path, "../x"):
            said = self.node.acgs("decide", "--path", other, "--data",
                                  json.dumps(PERMITTED), code=2)
            self.assertIn(json.dumps(other), said)
            self.assertIn(path, said)
        self.node.acgs("decide", "--path", path, "--data",
                       json.dumps(PERMITTED), "--request-id", "spelled")
        found = self.node.acgs_json("audit", "query", "--path", path,
                                    "--limit", "1")
        self.assertIn("spelled", json.dumps(found))

    def test_who_tries_to_change_the_node_by_a_command_is_recorded(self):
        document = self.node.folder / "d.json"
        document.write_text("{}")
        for role in ("viewer", "agent"):
            headers = self.node.token(role)
            token = headers["Authorization"].removeprefix("Bearer ")
            for verb, subject, *words in (
                    ("manage_identities", "mallory", "token", "issue",
                     "--role", "admin", "--subject", "mallory"),
                    ("manage_identities", "mallory", "user", "add", "mallory",
                     "--role", "admin"),
                    ("manage_modes", "on", "lockdown", "on", "--reason", "x"),
                    ("manage_modes", "on", "strict-mode", "on", "--reason",
                     "x"),
                    ("manage_actors", "api", "breaker", "trip", "api"),
                    ("back_up", "from 0", "backup",
                     str(self.node.folder / "b.acgs")),
                    ("write_data", "foo", "data", "put", "foo",
                     str(document))):
                said = self.node.acgs("--yes", "--token", token, *words,
                                      code=1, text="a long password\n")
                self.assertIn(f"the role {role} may not {verb}", said)
                last = self.node.acgs_json("audit", "query", "--limit", "1")
                self.assertEqual(last[0]["event_type"], "admin." + verb)
                shown = self.node.acgs("--json", "audit", "show",
                                       str(last[0]["index"]))
                self.assertIn(subject, shown)

    def test_the_runbooks_name_of_the_constitution_is_accepted(self):
        body = dict(PERMITTED, constitutional_hash="cdd01ef066bc6cf2")
        status, answer, _ = self.node.decide(body)
        self.assertEqual(status, 200, answer)
        self.assertIs(answer["allow"], True)

    def test_the_constitution_has_one_name_wherever_it_is_shown(self):
        alias = "cdd01ef066bc6cf2"
        path = "/v1/data/acgs/main/decision"
        _, plain, fields = self.node.decide(PERMITTED)
        self.assertEqual(plain["constitutional_hash"], alias)
        self.assertEqual(fields["X-Constitutional-Hash"], alias)
        info = self.node.request("GET", "/api/v1/info")[1]
        digest = info["constitution_digest"]
        self.assertEqual(info["constitutional_hash"], alias)
        for pin in (alias, digest, digest[:16]):
            _, pinned, fields = self.node.decide(
                dict(PERMITTED, constitutional_hash=pin))
            self.assertEqual(pinned["constitutional_hash"], alias)
            self.assertEqual(fields["X-Constitutional-Hash"], alias)
        batch = self.node.request("POST", "/v1/batch" + path[3:],
                                  {"inputs": {"a": PERMITTED}})[1]
        self.assertEqual(
            batch["responses"]["a"]["result"]["constitutional_hash"], alias)
        _, wrong, _ = self.node.decide(
            dict(PERMITTED, constitutional_hash="f" * 16))
        self.assertEqual(wrong["details"]["expected"], alias)
        self.assertIn(f"expected '{alias}'", wrong["message"])
        file = self.node.folder / "input.json"
        file.write_text(json.dumps(PERMITTED))
        shown = self.node.acgs_json("decide", "-i", str(file))[0]
        self.assertEqual(shown["constitutional_hash"], alias)
        self.assertEqual(shown["result"]["constitutional_hash"], alias)
        many = self.node.acgs_json("decide", "--batch", str(file))[0]
        self.assertEqual(many["result"]["constitutional_hash"], alias)
        shown = self.node.acgs_json("node", "show")[0]
        self.assertEqual(shown["constitutional_hash"], alias)
        self.assertEqual(shown["constitution_digest"], digest)
        policies = self.node.request("GET", "/health")[1]["components"]
        self.assertEqual(policies["policies"]["constitution"], alias)
        self.assertEqual(policies["policies"]["constitution_digest"], digest)

    def test_a_retry_is_not_given_what_a_lockdown_refuses(self):
        key = {"Idempotency-Key": "before-the-lockdown"}
        _, first, _ = self.node.decide(PERMITTED, key)
        self.assertIs(first["allow"], True)
        self.node.acgs("lockdown", "on", "--reason", "a test", "--yes")
        try:
            status, second, _ = self.node.decide(PERMITTED, key)
        finally:
            self.node.acgs("lockdown", "off", "--reason", "done", "--yes")
        self.assertEqual(status, 200)
        self.assertIs(second["allow"], False)
        self.assertGreater(second["ledger_index"], first["ledger_index"])

    def test_another_constitution_is_an_error(self):
        body = dict(PERMITTED, constitutional_hash="ffffffffffffffff")
        status, answer, _ = self.node.decide(body)
        self.assertEqual(status, 400, answer)
        status, _, _ = self.node.decide(
            PERMITTED, {"X-Constitutional-Hash": "ffffffffffffffff"})
        self.assertEqual(status, 400)

    def test_several_names_of_the_constitution_agree(self):
        shown = self.node.acgs_json("node", "show")[0]
        body = dict(PERMITTED,
                    constitutional_hash=shown["constitutional_hash"])
        for name in (shown["constitution_digest"],
                     shown["constitution_digest"][:16]):
            status, answer, _ = self.node.decide(
                body, {"X-Constitutional-Hash": name})
            self.assertEqual((status, answer["allow"]), (200, True), answer)
        status, answer, _ = self.node.decide(
            body, {"X-Constitutional-Hash": "ffffffffffffffff"})
        self.assertEqual(status, 400)
        self.assertEqual(answer["details"]["field"], "X-Constitutional-Hash")

    def test_another_constitution_is_an_error_wherever_it_is_named(self):
        for place in ("", "context", "evolution_request", "data_request"):
            for pin in (None, "", 7, {}, "ffffffffffffffff"):
                body = dict(PERMITTED, context=dict(PERMITTED["context"]))
                at = body.setdefault(place, {}) if place else body
                at["constitutional_hash"] = pin
                named = (place + "." if place else "") + "constitutional_hash"
                status, answer, _ = self.node.decide(body)
                self.assertEqual(status, 400, (place, pin, answer))
                self.assertEqual(answer["details"]["field"], named)
                for path in ("/v1/data/acgs/main/allow", "/v1/data/mine/allow"):
                    status, answer, _ = self.node.request(
                        "POST", path, {"input": body})
                    self.assertEqual(status, 400, (path, place, pin, answer))
                path = self.node.folder / "pinned.json"
                path.write_text(json.dumps(body))
                self.assertIn("constitutional_hash", self.node.acgs(
                    "decide", "-i", str(path), code=2))

    def test_a_claimed_caller_changes_nothing(self):
        forged = dict(PERMITTED, caller={"subject": "root", "role": "admin"})
        _, answer, _ = self.node.decide(forged)
        entry = self.node.acgs("audit", "show", str(answer["ledger_index"]))
        self.assertNotIn("root", entry.split("payload")[0])

    def test_the_request_id_goes_all_the_way(self):
        headers = {"X-Request-ID": "trace-42"}
        _, answer, got = self.node.decide(PERMITTED, headers)
        self.assertEqual(got["X-Request-ID"], "trace-42")
        status, found, _ = self.node.request(
            "GET", "/audit/events?request_id=trace-42",
            headers=self.node.token("analyst"))
        self.assertEqual(status, 200, found)
        self.assertEqual(found["events"][0]["decision_id"],
                         answer["decision_id"])

    def test_a_query_beyond_its_bounds_is_sent_to_the_cursor(self):
        analyst = self.node.token("analyst")
        ask = "/audit/events?limit=1&offset="
        status, found, _ = self.node.request("GET", ask + "10000",
                                             headers=analyst)
        self.assertEqual(status, 200, found)
        status, found, _ = self.node.request("GET", ask + "10001",
                                             headers=analyst)
        self.assertEqual(status, 400, found)
        said = self.node.acgs("audit", "query", "--offset", "10001", code=2)
        for text in (str(found), said):
            self.assertIn("offset: 10001; expected at most 10000", text)
            self.assertIn("cursor", text)
            self.assertIn("before", text)

    def test_the_whole_log_verifies(self):
        self.node.decide(PERMITTED)
        self.assertIn("verified", self.node.acgs("audit", "verify").lower())

    def test_bad_bodies_are_refused_and_the_node_goes_on(self):
        for body in (b"{", b"\xff\xfe", b"[" * 5000, b'{"input":}',
                     b"nonsense"):
            status, answer, _ = self.node.decide(body)
            self.assertIn(status, (400, 413), (body[:20], answer))
        status, _, _ = self.node.decide(b'{"a":"' + b"x" * (9 << 20) + b'"}')
        self.assertEqual(status, 413)
        self.assertIs(self.node.decide(PERMITTED)[1]["allow"], True)


    def test_what_stands_twice_in_a_body_is_named(self):
        twice = '{"action": "data.read_public",\n "action": "x"}'
        status, answer, _ = self.node.decide(twice)
        self.assertEqual(status, 400, answer)
        self.assertIn('names "action" twice', answer["message"])
        self.assertIn("line 2, column 2", answer["message"])
        path = self.node.folder / "twice.json"
        path.write_text(twice)
        self.assertIn('"action" stands twice',
                      self.node.acgs("decide", "-i", str(path), code=2))

    def test_a_stranger_sees_nothing_but_decisions(self):
        for path in ("", "/acgs", "/acgs/agents", "/acgs/main",
                     "/acgs/admin/allow", "/acgs/safety", "/system"):
            for method in ("GET", "POST"):
                status, answer, _ = self.node.request(
                    method, "/v1/data" + path, "{}")
                self.assertEqual(status, 401, (path, answer))
        status, answer, _ = self.node.request(
            "GET", "/v1/data/acgs/main", headers=self.node.token("analyst"))
        self.assertEqual(status, 200, answer)

    def test_an_event_cannot_pass_for_the_nodes_own(self):
        for kind in ("decision", "start", "admin.put_policy"):
            status, answer, _ = self.node.request(
                "POST", "/audit/event", {"event_type": kind})
            self.assertEqual(status, 400, answer)
            self.assertIn("reserved", answer["message"])

    def test_decisions_over_both_protocols_are_counted(self):
        count = lambda: self.node.request(
            "GET", "/v1/metrics")[1]["request_count"]
        before = count()
        self.node.decide(PERMITTED)
        path = self.node.folder / "counted.json"
        path.write_text(json.dumps(PERMITTED))
        self.node.acgs("decide", "-i", str(path))
        self.assertEqual(count(), before + 2)

    def test_an_input_beyond_the_bound_is_bad_input_and_no_refusal(self):
        path = self.node.folder / "large.json"
        path.write_text(json.dumps({"a": "x" * (2 << 20)}))
        said = self.node.acgs("decide", "-i", str(path), code=2)
        self.assertIn("too_large", said)
        self.assertIn("policy.input_bytes_max", said)
        self.assertIn("policy.input_bytes_max", self.node.acgs(
            "--json", "decide", "--batch", str(path), code=2))

    def test_an_evaluation_beyond_a_bound_names_it(self):
        with Node(ACGS_POLICY_INSTRUCTIONS_MAX="1000000") as node:
            text = ("package slow\n"
                    "allow if count([1 | numbers.range(1, 3000)[_];"
                    " numbers.range(1, 3000)[_]]) > 0\n")
            admin = node.token()
            self.assertEqual(
                node.request("PUT", "/v1/policies/slow", text, admin)[0], 200)
            status, answer, _ = node.request("POST", "/v1/data/slow/allow",
                                             "{}")
            self.assertEqual(status, 422, answer)
            self.assertEqual(answer["code"], "limit_exceeded")
            self.assertIn("policy.instructions_max", answer["message"])
            self.assertIs(node.decide(PERMITTED)[1]["allow"], True)


class policies(unittest.TestCase):
    def test_a_policy_has_a_plain_name(self):
        with Node() as node:
            for name in ("a%2f..%2fb", "a%20b", "%2e%2e%2fx"):
                status, answer, _ = node.request(
                    "PUT", "/v1/policies/" + name, "package a\n",
                    node.token())
                self.assertEqual(status, 400, answer)
                self.assertIn("policy id", answer["message"])

    def test_a_policy_that_does_not_compile_is_refused(self):
        with Node() as node:
            admin = node.token()
            good = "package demo\nallow if input.user == \"pat\"\n"
            self.assertEqual(
                node.request("PUT", "/v1/policies/demo", good, admin)[0], 200)
            status, answer, _ = node.request(
                "PUT", "/v1/policies/demo", "package demo\nallow if {", admin)
            self.assertEqual(status, 400)
            self.assertIn("rego_parse_error", str(answer))
            _, answer, _ = node.request("POST", "/v1/data/demo/allow",
                                        {"input": {"user": "pat"}})
            self.assertIs(answer["result"], True)

    def test_a_stranger_learns_nothing_of_a_rules_value(self):
        with Node() as node:
            status, _, _ = node.request(
                "PUT", "/v1/policies/creds",
                'package mine\ncreds := {"user": "pat", "pin": 7}\n',
                headers=node.token("admin"))
            self.assertEqual(status, 200)
            path = "/v1/data/mine/creds/allow"
            hidden = node.request("GET", path)[:2]
            missing = node.request("GET", "/v1/data/other/creds/allow")[:2]
            for _, answer in (hidden, missing):
                del answer["decision_id"]
            self.assertEqual(hidden, missing)
            self.assertEqual(hidden, (200, {}))
            status, answer, _ = node.request("GET", path,
                                             headers=node.token("agent"))
            self.assertEqual(status, 400, answer)
            self.assertIn("rego_type_error", json.dumps(answer))

    def test_nobody_changes_policies_without_the_role(self):
        with Node() as node:
            text = "package demo\nallow := true\n"
            self.assertEqual(
                node.request("PUT", "/v1/policies/demo", text)[0], 401)
            self.assertEqual(
                node.request("PUT", "/v1/policies/demo", text,
                             node.token("viewer"))[0], 403)
            _, found, _ = node.request(
                "GET", "/audit/events?event_type=admin.write_policies",
                headers=node.token("analyst"))
            tried = found["events"]
            self.assertEqual(sorted(one["caller"]["subject"]
                                    for one in tried),
                             ["anonymous", "test-viewer"], tried)
            self.assertEqual({one["kind"] for one in tried}, {"access"})

    def test_changes_survive_a_restart(self):
        with Node() as node:
            admin = node.token()
            text = "package demo\nallow if input.n == data.limit\n"
            node.request("PUT", "/v1/policies/demo", text, admin)
            node.request("PUT", "/v1/data/limit", "7", admin)
            self.assertEqual(node.stop(), 0)
            node.start()
            _, answer, _ = node.request("POST", "/v1/data/demo/allow",
                                        {"input": {"n": 7}})
            self.assertIs(answer["result"], True)
            node.acgs("audit", "verify")


class emergency(unittest.TestCase):
    def test_lockdown_refuses_and_lifting_it_permits_again(self):
        with Node() as node:
            admin = node.token()
            status, answer, _ = node.request(
                "POST", "/admin/emergency-lockdown",
                {"reason": "a test"}, admin)
            self.assertEqual(status, 200, answer)
            self.assertIs(node.decide(PERMITTED)[1]["allow"], False)
            self.assertEqual(node.request("GET", "/health")[0], 200)
            node.acgs("--yes", "lockdown", "off", "--reason", "test is over")
            self.assertIs(node.decide(PERMITTED)[1]["allow"], True)


if __name__ == "__main__":
    counted.main()
