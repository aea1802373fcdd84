#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""Evaluators and compilations that are slow or hang: others go on, and the
node can stop."""

import ctypes
import http.client
import json
import os
import threading
import unittest

import counted
from node import PATIENCE, PERMITTED, Node, wait_for

PTRACE_SEIZE, PTRACE_INTERRUPT, PTRACE_DETACH = 0x4206, 0x4207, 17
WAIT_ALL = 0x40000000

# Runs until its time or its instructions are used up, and takes no memory.
ENDLESS = """package slow
forever := count([1 |
  many := numbers.range(1, 100000)
  some a in many
  some b in many
  some c in many
  a + b + c < 0
])
"""


# Takes a while to compile: nearly as much as one policy may have.
LARGE = "package large\n" + "".join(
    f"r{i} if input.x{i} == {i}\n" for i in range(30000))


def for_ever():
    return True


def busiest_thread(pid, lasts=for_ever):
    """The thread that uses the processor now, of those of actors: a gateway's
    may be busy with reading what is to be done. "" where what it is to be
    found at did not last."""
    def ticks():
        out = {}
        for each in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{each}/stat") as stat:
                name, rest = stat.read().rsplit(")", 1)
            fields = rest.split()
            if name.endswith("(caf.actor"):
                out[int(each)] = int(fields[11]) + int(fields[12])
        return out

    before = ticks()

    def found():
        more = {tid: now - before.get(tid, 0) for tid, now in ticks().items()}
        tid = max(more, key=more.get)
        if more[tid] >= 10:
            return [tid]
        return None if lasts() else [""]

    return wait_for(found)[0]


def trace(tid, *requests):
    libc = ctypes.CDLL(None, use_errno=True)
    for request in requests:
        if libc.ptrace(request, tid, None, None) != 0:
            raise OSError(ctypes.get_errno(), "ptrace")


def go_on(tid):
    """Lets a thread run again; the one that stopped it must say so."""
    trace(tid, PTRACE_DETACH)


def is_in_own_code(pid, tid):
    """Whether a stopped thread was at the program's own code, not at a
    library's."""
    with open(f"/proc/{pid}/task/{tid}/syscall") as state:
        at = int(state.read().split()[-1], 16)
    with open(f"/proc/{pid}/maps") as maps:
        for span, *_, file in map(str.split, maps):
            first, end = (int(each, 16) for each in span.split("-"))
            if first <= at < end:
                return file.endswith("/acgsd")
    return False


def hang(pid, tid, lasts=for_ever):
    """Stops one thread and no other, until its process ends. Not amid the
    heap's code: the locks that it holds there others wait for, which one that
    hangs in a policy does not hold. False where what it is at did not last."""
    def stopped():
        trace(tid, PTRACE_SEIZE, PTRACE_INTERRUPT)
        os.waitpid(tid, WAIT_ALL)
        if is_in_own_code(pid, tid):
            return [True]
        go_on(tid)
        return None if lasts() else [False]

    return wait_for(stopped)[0]


def ask_in_background(node):
    """Asks for the endless policy; nobody waits for the answer."""
    def ask():
        try:
            node.request("POST", "/v1/data/slow/forever", {"input": {}},
                         node.admin)
        except OSError:
            pass

    asker = threading.Thread(target=ask, daemon=True)
    asker.start()
    return asker


def hang_evaluator(node):
    """Stops the thread of an evaluator amid a policy, which is asked for again
    where a busy machine let its time pass before."""
    pid = node.process.pid
    for _ in range(100):
        lasts = ask_in_background(node).is_alive
        tid = busiest_thread(pid, lasts)
        if tid and hang(pid, tid, lasts):
            return tid
    raise AssertionError("no evaluator was found at work")


def health(node):
    """The whole report, without spaces."""
    _, report, _ = node.request("GET", "/health", headers=node.admin)
    return json.dumps(report, separators=(",", ":"))


def policies(node):
    """What health says about the policies."""
    _, report, _ = node.request("GET", "/health", headers=node.admin)
    return json.dumps(report)


class put:
    """Somebody who puts a policy and waits for what comes of it: `answer` is
    None before, then (status, content), or the error of a connection that
    ended."""

    def __init__(self, node, name, text):
        self.answer = None

        def ask():
            try:
                self.answer = node.request(
                    "PUT", f"/v1/policies/{name}", text, node.admin,
                    timeout=600)[:2]
            except (OSError, http.client.HTTPException) as error:
                self.answer = error

        self.thread = threading.Thread(target=ask)
        self.thread.start()

    def wait(self):
        self.thread.join()
        return self.answer


def preparing(node, many):
    wait_for(lambda: f'"preparing":{many}' in health(node))


class stopping(unittest.TestCase):
    """SIGTERM while a policy is compiled."""

    def begin(self, **environment):
        node = Node(ACGS_HTTP_REQUEST_TIMEOUT="10m", **environment)
        self.addCleanup(node.close)
        node.admin = node.token()
        return node

    def end(self, node):
        """What SIGTERM led to; the policies there are after a restart."""
        self.assertEqual(node.process.wait(PATIENCE), 0, node.log.read_text())
        node.process = None
        self.assertNotIn("node_ended_by_force", node.log.read_text())
        node.start()
        node.acgs("audit", "verify")
        self.assertEqual(node.decide(PERMITTED)[0], 200)
        return {each["id"] for each in node.acgs_json("policy", "list")}

    def test_what_compiles_is_done_where_the_drain_is_long(self):
        node = self.begin(ACGS_PROCESS_DRAIN_TIMEOUT="10m")
        putting = put(node, "large.rego", LARGE)
        pid = node.process.pid
        tid = busiest_thread(pid)
        hang(pid, tid)
        try:
            preparing(node, 1)
            node.process.terminate()
            wait_for(lambda: "node_stopping" in node.log.read_text())
            self.assertIsNone(putting.answer)
        finally:
            go_on(tid)
        answer = putting.wait()
        # 504: on a busy machine nobody waits as long; it is done all the same.
        self.assertIn(answer[0], (200, 504), answer)
        self.assertIn("large.rego", self.end(node))

    def test_what_compiles_is_refused_where_the_drain_is_short(self):
        node = self.begin(ACGS_PROCESS_DRAIN_TIMEOUT="1s")
        before = {each["id"] for each in node.acgs_json("policy", "list")}
        putting = put(node, "large.rego", LARGE)
        pid = node.process.pid
        tid = busiest_thread(pid)
        hang(pid, tid)
        try:
            preparing(node, 1)
            behind = put(node, "small.rego", "package small\nx := 1\n")
            preparing(node, 2)
            node.process.terminate()
            for each in putting, behind:
                status, said = each.wait()
                self.assertEqual(status, 503, said)
                self.assertRegex(json.dumps(said),
                                 "the node is (stopping|ending)")
        finally:
            go_on(tid)
        self.assertEqual(self.end(node), before)

    def test_it_is_done_or_refused_and_never_half(self):
        node = self.begin(ACGS_PROCESS_DRAIN_TIMEOUT="0s")
        putting = put(node, "large.rego", LARGE)
        busiest_thread(node.process.pid)
        node.process.terminate()
        status, said = putting.wait()
        # On a machine that stands still, 504: then nobody was told which.
        self.assertIn(status, (200, 503, 504), said)
        done = "large.rego" in self.end(node)
        if status != 504:
            self.assertEqual(done, status == 200)


class stuck(unittest.TestCase):
    def begin(self, **environment):
        node = Node(ACGS_POLICY_EVALUATORS="2",
                    ACGS_POLICY_INSTRUCTIONS_MAX="100000000000",
                    ACGS_PROCESS_DRAIN_TIMEOUT="1s",
                    ACGS_PROCESS_GRACEFUL_SHUTDOWN_TIMEOUT="6s",
                    **environment)
        self.addCleanup(node.close)
        node.admin = node.token()
        status, answer, _ = node.request("PUT", "/v1/policies/slow.rego",
                                         ENDLESS, node.admin)
        self.assertEqual(status, 200, answer)
        return node

    def test_a_policy_of_an_hour_does_not_keep_the_node_from_stopping(self):
        node = self.begin(ACGS_POLICY_TIME_MAX="1h")
        pid = node.process.pid
        ask_in_background(node)
        busiest_thread(pid)
        self.assertEqual(node.decide(PERMITTED)[0], 200)
        self.assertEqual(node.stop(), 0)
        self.assertNotIn("node_ended_by_force", node.log.read_text())
        node.start()
        node.acgs("audit", "verify")

    def test_a_lockdown_overtakes_a_policy_that_compiles(self):
        node = Node(ACGS_HTTP_REQUEST_TIMEOUT="10m")
        self.addCleanup(node.close)
        node.admin = node.token()
        answers = []
        putting = threading.Thread(target=lambda: answers.append(node.request(
            "PUT", "/v1/policies/large.rego", LARGE, node.admin, timeout=600)))
        putting.start()
        pid = node.process.pid
        tid = busiest_thread(pid)
        hang(pid, tid)
        try:
            wait_for(lambda: '"preparing":1' in health(node))
            node.acgs("--yes", "lockdown", "on", "--reason", "a test")
            self.assertEqual(node.request("GET", "/ready")[0], 200)
            self.assertEqual(answers, [])
        finally:
            go_on(tid)
        putting.join()
        self.assertIn(answers[0][0], (200, 504), answers)
        wait_for(lambda: [item["kind"] for item in node.acgs_json(
            "policy", "history")][:2] == ["put_policy", "set_lockdown"])

    def test_an_evaluator_that_hangs_is_seen_and_ended_with_the_process(self):
        node = self.begin(ACGS_POLICY_TIME_MAX="1s")
        process = node.process
        tid = hang_evaluator(node)
        text = wait_for(lambda: "has been at one decision" in policies(node)
                        and policies(node))
        self.assertIn("degraded", text)
        self.assertRegex(text, "evaluator-[12] has been at one decision")
        # Nobody waits behind it.
        for _ in range(10):
            self.assertEqual(node.decide(PERMITTED)[0], 200)
        process.terminate()
        wait_for(lambda: os.waitpid(tid, WAIT_ALL | os.WNOHANG)[0] == tid)
        self.assertEqual(process.wait(30), 4)
        node.process = None
        line = next(json.loads(line)
                    for line in node.log.read_text().splitlines()
                    if "node_ended_by_force" in line)
        self.assertRegex(line["actors"], r"\bevaluator-[12]\b")
        self.assertNotIn("ledger", line["actors"])
        self.assertEqual(os.listdir(node.folder / "pids"), [])
        node.start()
        node.acgs("audit", "verify")
        self.assertEqual(node.decide(PERMITTED)[0], 200)


if __name__ == "__main__":
    counted.main()
