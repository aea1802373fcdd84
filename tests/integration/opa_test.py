#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""OPA's REST API on a real node, as its clients use it."""

import gzip
import json
import unittest

import counted
from node import Node, wait_for


def refs_of(body):
    """The references in a body of a syntax tree, as dotted texts."""
    out = []
    for literal in body:
        for term in literal["terms"]:
            if term["type"] == "ref":
                out.append(".".join(str(part["value"])
                                    for part in term["value"]))
    return out


class compile(unittest.TestCase):
    TEXT = ("package app\n"
            "allow if low\n"
            "allow if input.user in data.admins\n"
            "low if input.level < data.limit\n"
            "slow := count([1 | numbers.range(1, 30000)[_];"
            " numbers.range(1, 30000)[_]])\n")

    @classmethod
    def setUpClass(cls):
        cls.node = Node()
        cls.admin = cls.node.token()
        for path, body in (("/v1/policies/app", cls.TEXT),
                           ("/v1/data/limit", "3"),
                           ("/v1/data/admins", '["ann","bob"]')):
            status, answer, _ = cls.node.request("PUT", path, body, cls.admin)
            assert status in (200, 204), answer

    @classmethod
    def tearDownClass(cls):
        cls.node.close()

    def ask(self, query, **more):
        status, answer, _ = self.node.request(
            "POST", "/v1/compile", dict(more, query=query), self.admin)
        self.assertEqual(status, 200, answer)
        return answer

    def test_says_what_is_left_of_a_query(self):
        answer = self.ask("data.app.allow == true")
        queries = answer["result"]["queries"]
        self.assertIn("lt", refs_of(queries[0]))
        self.assertIn("input.level", refs_of(queries[0]))
        # `in` an array that is known is a body for each of its items.
        self.assertEqual(len(queries), 2, queries)

    def test_unconditional_answers_have_opas_shape(self):
        self.assertEqual(self.ask("1 > 0")["result"], {"queries": [[]]})
        self.assertEqual(self.ask("1 < 0")["result"], {})
        known = {"input": {"level": 1}, "unknowns": ["input.user"]}
        queries = self.ask("data.app.allow == true", **known)
        self.assertIn([], queries["result"]["queries"])
        self.assertEqual(
            self.ask("input.x > 0", unknowns=[])["result"], {})

    def test_rules_that_stay_apart_become_support(self):
        answer = self.ask("data.app.allow == true",
                          options={"disableInlining": ["data.app.low"]})
        support = answer["result"]["support"]
        self.assertEqual(
            [part["value"] for part in support[0]["package"]["path"]],
            ["data", "partial", "app"])

    def test_its_steps_are_told_as_events_or_lines(self):
        plain = self.ask("data.app.allow == true")
        body = {"query": "data.app.allow == true"}
        _, answer, _ = self.node.request(
            "POST", "/v1/compile?explain=full", body, self.admin)
        self.assertEqual(answer["result"], plain["result"])
        saved = [event["node"] for event in answer["explanation"]
                 if event["op"] == "save"]
        self.assertIn("lt", refs_of(saved))
        self.assertLessEqual(
            {"enter", "eval", "index", "exit", "redo"},
            {event["op"] for event in answer["explanation"]})
        _, answer, _ = self.node.request(
            "POST", "/v1/compile?explain=fails&pretty",
            dict(body, input={"level": 7}, unknowns=["input.user"]),
            self.admin)
        self.assertIn("Fail ", "".join(answer["explanation"]))
        self.assertNotIn("Save", "".join(answer["explanation"]))

    def test_is_recorded_as_a_decision_with_all_that_was_asked(self):
        answer = self.ask("input.level > 10", unknowns=["input.level"])
        _, found, _ = self.node.request(
            "GET", "/audit/events?event_type=policy_compile&limit=1",
            headers=self.admin)
        entry = found["events"][0]
        self.assertEqual(entry["decision_id"], answer["decision_id"])
        self.assertEqual(entry["kind"], "decision")
        shown = self.node.acgs("audit", "show", answer["decision_id"],
                               "--payloads")
        self.assertIn("unknowns", shown)
        self.assertIn("queries", shown)

    def test_an_error_names_what_is_wrong(self):
        for body in ({"query": "x :="}, {"query": "y > 1"},
                     {"query": "true", "unknowns": ["foo"]}):
            status, answer, _ = self.node.request("POST", "/v1/compile", body,
                                                  self.admin)
            self.assertEqual(status, 400, answer)
            self.assertEqual(answer["code"], "invalid_parameter")
            self.assertIn("error(s) occurred while", answer["message"])
            wrong = answer["errors"][0]
            self.assertIn("rego_", wrong["code"])
            self.assertEqual(wrong["location"]["row"], 1)
            self.assertEqual(wrong["location"]["file"], "")

    def test_a_bound_ends_it(self):
        slow = "data.app.slow > input.x"
        status, answer, _ = self.node.request(
            "POST", "/v1/compile", {"query": slow}, self.admin)
        self.assertEqual(status, 422, answer)
        self.assertIn("policy.", answer["message"])


class options(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.node = Node()
        cls.admin = cls.node.token()
        status, answer, _ = cls.node.request(
            "PUT", "/v1/policies/app",
            "package app\n"
            "allow if {\n trace(\"looking\")\n input.n != 2\n}\n"
            "words := [x | some x in numbers.range(1, 2000)]\n"
            "broken := to_number(\"x\")\n", cls.admin)
        assert status == 200, answer

    @classmethod
    def tearDownClass(cls):
        cls.node.close()

    def ask(self, path, body=None, more=None):
        return self.node.request("POST", path, body or {},
                                 dict(self.admin, **(more or {})))

    def test_explanations_are_events_or_lines(self):
        one = {"input": {"n": 1}}
        _, answer, _ = self.ask("/v1/data/app/allow?explain=full", one)
        self.assertIs(answer["result"], True)
        ops = {event["op"] for event in answer["explanation"]}
        self.assertLessEqual({"enter", "eval", "exit"}, ops)
        literal = next(event for event in answer["explanation"]
                       if event["type"] == "expr")
        self.assertIn("terms", literal["node"])
        nodes = {event["type"]: event["node"]
                 for event in answer["explanation"]}
        self.assertEqual(nodes["rule"]["head"]["name"], "allow")
        self.assertIsNone(nodes[""])
        _, answer, _ = self.ask("/v1/data/app/allow?explain=full&pretty", one)
        self.assertTrue(all(isinstance(line, str)
                            for line in answer["explanation"]))
        _, answer, _ = self.ask("/v1/data/app/allow?explain=notes&pretty", one)
        self.assertIn("looking", "".join(answer["explanation"]))
        _, answer, _ = self.ask("/v1/data/app/allow?explain=fails&pretty",
                                {"input": {"n": 2}})
        self.assertIn("Fail input.n != 2", "".join(answer["explanation"]))
        _, answer, _ = self.ask("/v1/query?explain=full",
                                {"query": "x := 1"})
        self.assertTrue(answer["explanation"])

    def test_strict_errors_of_built_ins_end_the_evaluation(self):
        status, answer, _ = self.ask("/v1/data/app/broken")
        self.assertEqual(status, 200)
        self.assertNotIn("result", answer)
        status, answer, _ = self.ask(
            "/v1/data/app/broken?strict-builtin-errors")
        self.assertEqual(status, 500)
        self.assertEqual(answer["code"], "internal_error")

    def test_policies_are_shown_with_their_trees(self):
        _, answer, _ = self.node.request("GET", "/v1/policies/app",
                                         headers=self.admin)
        shown = answer["result"]
        self.assertEqual(shown["id"], "app")
        self.assertIn("package app", shown["raw"])
        self.assertEqual(
            [part["value"] for part in shown["ast"]["package"]["path"]],
            ["data", "app"])
        self.assertEqual([rule["head"]["name"]
                          for rule in shown["ast"]["rules"]],
                         ["allow", "words", "broken"])
        _, answer, _ = self.node.request("GET", "/v1/policies",
                                         headers=self.admin)
        self.assertTrue(all(each["ast"]["package"]
                            for each in answer["result"]))

    def test_errors_have_opas_shape(self):
        status, answer, _ = self.node.request(
            "PUT", "/v1/policies/bad", "package bad\nx := \ny := z\n",
            self.admin)
        self.assertEqual((status, answer["code"]), (400, "invalid_parameter"))
        first = answer["errors"][0]
        self.assertEqual(first["code"], "rego_parse_error")
        self.assertEqual(first["location"]["file"], "bad")
        self.assertNotIn("rego_parse_error", first["message"])
        self.assertEqual(set(first["details"]), {"line", "idx"})
        status, answer, _ = self.ask("/v1/query", {"query": "x :="})
        self.assertEqual((status, answer["message"]),
                         (400, "error(s) occurred while parsing query"))
        self.assertEqual(answer["errors"][0]["location"]["file"], "")
        sides = {"a": {"type": "number"}, "b": {"type": "string"}}
        _, answer, _ = self.node.request(
            "PUT", "/v1/policies/bad", 'package bad\nx if 1 = "a"\n',
            self.admin)
        first = answer["errors"][0]
        self.assertEqual((first["message"], first["details"]),
                         ("match error", sides))
        for path in ("/v1/query", "/v1/compile"):
            _, answer, _ = self.node.request(
                "POST", path, {"query": '1 = "a"'}, self.admin)
            first = answer["errors"][0]
            self.assertEqual((path, first["message"], first["details"]),
                             (path, "match error", sides))
        status, answer, _ = self.ask(
            "/v1/data/app/broken?strict-builtin-errors")
        self.assertEqual((status, answer["message"]),
                         (500, "error(s) occurred while evaluating query"))
        wrong = answer["errors"][0]
        self.assertEqual(wrong["code"], "eval_builtin_error")
        self.assertEqual(wrong["location"]["file"], "app")

    def test_figures_and_provenance_come_beside_the_result(self):
        _, answer, _ = self.ask("/v1/data/app/allow?instrument&provenance",
                                {"input": {"n": 5}})
        self.assertGreater(answer["metrics"]["counter_rego_instructions"], 0)
        self.assertGreater(answer["metrics"]["timer_server_handler_ns"], 0)
        self.assertIn("version", answer["provenance"])

    def raw(self, method, path, body, headers):
        wire = self.node.connection()
        try:
            wire.request(method, path, body, dict(self.admin, **headers))
            answer = wire.getresponse()
            return answer.status, answer.read(), dict(answer.getheaders())
        finally:
            wire.close()

    def test_bodies_may_be_yaml(self):
        for path, body in (("/v1/data/app/allow", b"input:\n  \"n\": 1\n"),
                           ("/v1/data/app/allow", gzip.compress(
                               b"# one\ninput: {'n': 1}\n"))):
            fields = {"Content-Type": "application/x-yaml"}
            if body.startswith(b"\x1f"):
                fields["Content-Encoding"] = "gzip"
            status, body, _ = self.raw("POST", path, body, fields)
            self.assertEqual(status, 200, body)
            self.assertIs(json.loads(body)["result"], True, body)

    def test_answers_are_packed_where_they_are_long(self):
        status, body, fields = self.raw(
            "GET", "/v1/data/app/words", None, {"Accept-Encoding": "gzip"})
        self.assertEqual(status, 200)
        self.assertEqual(fields["Content-Encoding"], "gzip")
        self.assertEqual(len(json.loads(gzip.decompress(body))["result"]),
                         2000)
        _, _, fields = self.raw("GET", "/v1/data/app/allow", None,
                                {"Accept-Encoding": "gzip"})
        self.assertNotIn("Content-Encoding", fields)

    def test_requests_may_be_packed_but_not_bombs(self):
        packed = gzip.compress(b'{"input":{"n":1}}')
        zipped = {"Content-Encoding": "gzip"}
        status, body, _ = self.raw("POST", "/v1/data/app/allow", packed,
                                   zipped)
        self.assertEqual(status, 200)
        self.assertIs(json.loads(body)["result"], True)
        bomb = gzip.compress(b" " * (64 << 20))
        self.assertLess(len(bomb), 100_000)
        status, body, _ = self.raw("POST", "/v1/data/app/allow", bomb, zipped)
        self.assertEqual(status, 413)
        self.assertIn(b"http.body_bytes_max", body)
        for broken in (b"no gzip", packed[:-5]):
            status, body, _ = self.raw("POST", "/v1/data/app/allow", broken,
                                       zipped)
            self.assertEqual(status, 400, body)


class documents(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.node = Node()
        cls.admin = cls.node.token()

    @classmethod
    def tearDownClass(cls):
        cls.node.close()

    def change(self, method, path, body, **fields):
        return self.node.request(method, "/v1/data/" + path, body,
                                 dict(self.admin, **fields))[0]

    def test_are_patched_as_opa_does(self):
        self.assertEqual(self.change("PUT", "servers", '[{"id":"a"}]'), 204)
        add = '[{"op":"add","path":"-","value":{"id":"b"}}]'
        self.assertEqual(self.change("PATCH", "servers", add), 204)
        remove = '[{"op":"remove","path":"/0"}]'
        self.assertEqual(self.change("PATCH", "servers", remove), 204)
        # POLICY hears of a change after its author does.
        wait_for(lambda: self.node.request(
            "GET", "/v1/data/servers",
            headers=self.admin)[1].get("result") == [{"id": "b"}])
        for body in ('[{"op":"remove","path":"/7"}]',
                     '[{"op":"replace","path":"/0/name","value":1}]'):
            self.assertEqual(self.change("PATCH", "servers", body), 404, body)
        self.assertEqual(self.change("PATCH", "nowhere/below", add), 404)
        self.assertEqual(self.change("PUT", "servers/0/id/deeper", "1"), 404)
        for verb, path, body, code in (
                ("PUT", "servers/first", "1", "resource_conflict"),
                ("PUT", "servers/7", "1", "resource_conflict"),
                ("PUT", "servers/7/id", "1", "resource_conflict"),
                ("PUT", "servers/0/id/deeper", "1", "resource_conflict"),
                ("PATCH", "servers/first", add, "resource_not_found"),
                ("PATCH", "servers/0/id", add, "resource_not_found"),
                ("DELETE", "servers/first", "", "resource_not_found"),
                ("DELETE", "servers/0/id/deeper", "", "resource_not_found")):
            status, answer, _ = self.node.request(verb, "/v1/data/" + path,
                                                  body, self.admin)
            self.assertEqual((status, answer["code"]), (404, code),
                             (verb, path))
        behind = '[{"op":"remove","path":"/-"}]'
        self.assertEqual(self.change("PATCH", "servers", behind), 400)
        rule = "package servers.named\nx := 1\n"
        status, answer, _ = self.node.request("PUT", "/v1/policies/over", rule,
                                              self.admin)
        self.assertEqual((status, answer["code"]), (400, "invalid_parameter"))
        self.assertEqual(answer["message"],
                         "error(s) occurred while compiling module(s)")
        self.assertEqual(answer["errors"], [{
            "code": "rego_compile_error",
            "message":
                "conflicting rule for data path servers/named/x found",
            "location": {"file": "over", "row": 2, "col": 1}}])
        rule = "package many\n" + "".join(f"x{i} := y{i}\n" for i in range(12))
        errors = self.node.request("PUT", "/v1/policies/many", rule,
                                   self.admin)[1]["errors"]
        self.assertEqual(len(errors), 11)
        self.assertEqual(errors[-1], {"code": "rego_compile_error",
                                      "message": "error limit reached"})
        status, answer, _ = self.node.request(
            "PUT", "/v1/data/acgs/admin/allow", "1", self.admin)
        self.assertEqual((status, answer["code"]), (400, "invalid_parameter"))
        self.assertIn("conflicting rule for data path acgs/admin/allow found",
                      answer["message"])
        for body in ("{}", "[", '[{"op":"jump","path":"/a"}]', '[{"op":1}]'):
            self.assertEqual(self.change("PATCH", "servers", body), 400, body)

    def test_have_names_with_a_slash_as_opa_reads_them(self):
        def shown(path):
            return self.node.request("GET", "/v1/data/" + path,
                                     headers=self.admin)[1].get("result")
        self.assertEqual(self.change("PUT", "x%2Fy/a~b", "1"), 204)
        wait_for(lambda: shown("x%2Fy/a~b") == 1)
        self.assertIsNone(shown("x/y"))
        for path in ("/a%2Fb", "c~1d"):
            add = [{"op": "add", "path": path, "value": 2}]
            self.assertEqual(self.change("PATCH", "x%2Fy", add), 204)
        wait_for(lambda: shown("x%2Fy") == {"a~b": 1, "a/b": 2, "c/d": 2})
        _, answer, _ = self.node.request("POST", "/v1/data/x%2Fy/a%2Fb", {},
                                         self.admin)
        self.assertEqual(answer["result"], 2)
        _, found, _ = self.node.request(
            "GET", "/audit/events?path=x~1y/a~1b&limit=10",
            headers=self.admin)
        self.assertEqual(len(found["events"]), 1)
        self.assertEqual(self.change("DELETE", "x%2Fy/a~b", None), 204)
        wait_for(lambda: shown("x%2Fy") == {"a/b": 2, "c/d": 2})

    def test_take_what_opa_refuses(self):
        def shown(path):
            return self.node.request("GET", "/v1/data/" + path,
                                     headers=self.admin)[:2]
        patch = [{"op": "test", "path": "/from", "value": 1},
                 {"op": "copy", "from": "/from", "path": "/copied"},
                 {"op": "move", "from": "/from", "path": '/"'}]
        self.assertEqual(self.change("PUT", "whole", '{"from":1}'), 204)
        self.assertEqual(self.change("PATCH", "whole", patch), 204)
        wait_for(lambda: shown("whole")[1]["result"]
                 == {"copied": 1, '"': 1})
        self.assertEqual(shown("whole/%22")[1]["result"], 1)
        status, answer = shown("whole/%22/p")
        self.assertEqual((status, "result" in answer), (200, False), answer)
        self.assertEqual(self.change("PATCH", "whole", patch), 404)

    def test_are_kept_where_the_client_asks_for_it(self):
        fields = {"If-None-Match": "*"}
        self.assertEqual(self.change("PUT", "once", "1", **fields), 204)
        self.assertEqual(self.change("PUT", "once", "2", **fields), 304)
        self.assertEqual(self.change("PUT", "once", "3"), 204)
        self.assertEqual(self.change("DELETE", "once", None), 204)
        self.assertEqual(self.change("DELETE", "once", None), 404)


class node(unittest.TestCase):
    def test_answers_with_the_default_decision(self):
        with Node() as node:
            admin = node.token()
            status, answer, _ = node.request("POST", "/", {}, admin)
            self.assertEqual(status, 404)
            self.assertEqual(answer["code"], "undefined_document")
            text = ('package system\n'
                    'main := sprintf("hello, %v", [input.user])\n')
            node.request("PUT", "/v1/policies/hello", text, admin)
            status, answer, _ = node.request("POST", "/", {"user": "pat"},
                                             admin)
            self.assertEqual((status, answer), (200, "hello, pat"))
            _, found, _ = node.request(
                "GET", "/audit/events?event_type=policy_evaluation&limit=1",
                headers=admin)
            shown = node.acgs("audit", "show",
                              found["events"][0]["decision_id"])
            self.assertIn("system/main", shown)
            status, answer, _ = node.request(
                "POST", "/v0/data/system/main", {"user": "ann"}, admin)
            self.assertEqual((status, answer), (200, "hello, ann"))
            _, found, _ = node.request(
                "GET", "/audit/events?path=system/main", headers=admin)
            self.assertEqual(len(found["events"]), 3, found)
            _, answer, _ = node.request("GET", "/v1/config", headers=admin)
            self.assertEqual(answer["result"]["default_decision"],
                             "/system/main")
            self.assertEqual(
                node.request("GET", "/health?bundles&plugins")[0], 200)
            _, answer, _ = node.request("GET", "/v1/status", headers=admin)
            self.assertEqual(
                answer["result"]["plugins"]["policies"]["state"], "OK")


if __name__ == "__main__":
    counted.main()
