#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""One disk error in the life of a real node, at each system call in turn.

usage: every_call_test.py [all | FOLDER ERROR NUMBER]

A life is a start, 50 decisions, 5 changes and a stop. After it the node must
start, have everything that it acknowledged, and verify from end to end. What
ends early must have said why. Without arguments a sample is taken, the same
each time; `all` takes every call, and prints which failed.

example: every_call_test.py store/ledger ENOSPC 17
"""

import http.client
import json
import random
import sys
import unittest

import counted
from faults import FaultyNode
from load import broken_word
from node import PERMITTED

FOLDERS = ["store/ledger", "store/state", "store/index", "store", "keys",
           "pids"]
ERRORS = ["EIO", "ENOSPC", "short"]
SEED = 20260215
SAMPLE = 4
DECISIONS, CHANGES = 50, 5
# Codes with which acgsd ends by itself, as its help says.
CODES = (0, 2, 3, 4)

WORDS = [sys.argv.pop(1) for _ in sys.argv[1:]]


class Life:
    """What a node promised while it lived."""

    def __init__(self, node):
        self.node = node
        self.acknowledged = {}
        self.limit = 0  # the last that was acknowledged
        self.asked = 0  # the last that was asked for

    def live(self):
        """Until it stops or dies; its exit code."""
        process = None
        try:
            self.node.start()
            process = self.node.process
            admin = self.node.token()
            wire = self.node.connection()
            for number in range(DECISIONS):
                self.decide(wire, number)
                if number % (DECISIONS // CHANGES) == 0:
                    self.change(wire, admin)
            return self.node.stop()
        except (AssertionError, OSError, RuntimeError,
                http.client.HTTPException):
            process = process or self.node.process
            code = process.wait(30) if process.poll() is None and \
                '"event":"fatal"' in self.node.output() else process.poll()
            if code is None:  # it lives, and refused something
                code = self.node.stop()
            self.node.process = None
            return code

    def decide(self, wire, number):
        wire.request("POST", "/v1/data/acgs/main/decision",
                     json.dumps(dict(PERMITTED, request_id=number)))
        answer = wire.getresponse()
        body = json.loads(answer.read())
        if answer.status == 200:
            self.acknowledged[body["ledger_index"]] = body["decision_id"]

    def change(self, wire, admin):
        self.asked += 1
        wire.request("PUT", "/v1/data/limit", str(self.asked), admin)
        answer = wire.getresponse()
        answer.read()
        if answer.status < 300:
            self.limit = self.asked

    def broken(self):
        """What is wrong afterwards, or nothing."""
        self.node.start_sound()
        wrong = broken_word(self.node, self.acknowledged)
        if wrong:
            return wrong
        self.node.acgs("audit", "verify")
        _, answer, _ = self.node.request("GET", "/v1/data/limit",
                                         headers=self.node.token())
        limit = answer.get("result", 0)
        if not self.limit <= limit <= self.asked:
            return f"data holds {limit}; {self.limit} was acknowledged"
        if self.node.decide(PERMITTED)[1].get("allow") is not True:
            return "it takes no work"
        return None


def wrong_with(folder, error, number):
    """(what went wrong or nothing, the calls that counted)"""
    with FaultyNode() as node:
        node.choose(folder, "", error, at=number, count=1)
        node.break_disk()
        life = Life(node)
        code = life.live()
        calls = node.trace.read_text().splitlines() \
            if node.trace.exists() else []
        said = node.output()
        if code not in CODES:
            return f"it ended with {code}: {said}", calls
        if code != 0 and "acgsd: " not in said \
                and '"event":"fatal"' not in said \
                and "supervisor_gave_up" not in said:
            return f"it ended with {code} without a word: {said}", calls
        try:
            return life.broken(), calls
        except (AssertionError, OSError, RuntimeError) as problem:
            return f"it does not go on: {problem}", calls


class every_call(unittest.TestCase):
    def check(self, folder, error, number):
        wrong, calls = wrong_with(folder, error, number)
        failed = [one for one in calls if one.endswith("failed")]
        print(folder, error, number, failed, wrong or "fine", flush=True)
        self.assertIsNone(wrong, f"{folder} {error} {number}: {failed}")

    def count(self, folder, error):
        wrong, calls = wrong_with(folder, error, 0)
        self.assertIsNone(wrong)
        return len(calls)

    def test_no_disk_error_breaks_a_promise(self):
        if len(WORDS) == 3:
            self.check(WORDS[0], WORDS[1], int(WORDS[2]))
            return
        chance = random.Random(SEED)
        pairs = [(folder, error) for folder in FOLDERS for error in ERRORS]
        if WORDS != ["all"]:
            for folder, error in chance.sample(pairs, SAMPLE):
                self.check(folder, error,
                           1 + chance.randrange(self.count(folder, error)))
            return
        for folder, error in pairs:
            for number in range(1, self.count(folder, error) + 1):
                with self.subTest(folder=folder, error=error, number=number):
                    self.check(folder, error, number)


if __name__ == "__main__":
    counted.main()
