#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""What agents say of themselves and of their actions, over HTTP."""

import unittest

import counted
from node import PERMITTED, Node, wait_for

WRITING = dict(PERMITTED, action="data.write_report")


class claims(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.node = Node()

    @classmethod
    def tearDownClass(cls):
        cls.node.close()

    def allowed(self, body, headers=None):
        status, answer, _ = self.node.decide(body, headers)
        self.assertEqual(status, 200, answer)
        return answer["allow"]

    def becomes(self, expected, body, headers=None):
        """A change is in force soon after it was answered."""
        wait_for(lambda: self.allowed(body, headers) is expected)

    def attest(self, name, record):
        self.node.acgs("data", "put", "acgs/agents/" + name, "-", text=record)

    def test_attestation_counts_for_the_agent_that_proved_its_name(self):
        proved = self.node.token("agent")
        self.assertIs(self.allowed(WRITING, proved), False)
        self.attest("test-agent", '{"status":"active","trust_level":0.9}')
        self.becomes(True, WRITING, proved)
        self.assertIs(
            self.allowed(dict(WRITING, agent_id="test-agent")), False)
        self.attest("test-agent", '{"status":"suspended","trust_level":0.9}')
        self.becomes(False, PERMITTED, proved)
        self.assertIs(
            self.allowed(dict(PERMITTED, agent_id="test-agent")), False)

    def test_facts_in_no_known_form_refuse_and_say_why(self):
        for name in ("agents", "actions", "data_fields"):
            path = "acgs/" + name
            self.node.acgs("data", "put", path, "-", text="7")
            self.becomes(False, PERMITTED)
            self.assertIn(f"data.acgs.{name} is attested in no known form",
                          self.node.decide(PERMITTED)[1]["reasons"][0])
            self.node.acgs("data", "put", path, "-", text="{}")
            self.becomes(True, PERMITTED)

    def test_an_action_is_known_by_its_whole_name_alone(self):
        for action in ("tool.call_curl", "data.read_env", "Data.read_public",
                       "data.read_public ", "data.read_tokens",
                       "data.read_publi\u0441"):
            self.assertIs(
                self.allowed(dict(PERMITTED, action=action)), False, action)

    def test_a_command_beside_the_action_is_refused(self):
        for more in ({"parameters": {"command": "rm -rf /"}},
                     {"action": {"name": "data.read_public",
                                 "parameters": {"command": "id"}}}):
            self.assertIs(self.allowed(dict(PERMITTED, **more)), False, more)

    def test_administrators_make_actions_known(self):
        wave = dict(PERMITTED, action="robot.wave", parameters={"times": 2})
        self.assertIs(self.allowed(wave), False)
        self.node.acgs("data", "put", "acgs/actions", "-", text=(
            '{"robot.wave":{"unattested":true,"parameters":["times"]}}'))
        self.becomes(True, wave)
        self.assertIs(
            self.allowed(dict(wave, parameters={"speed": 2})), False)


if __name__ == "__main__":
    counted.main()
