#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""Every actor is started anew under load: each request is answered, what was
acknowledged is in the log, and what the actor knew is there again."""

import http.client
import json
import subprocess
import threading
import time
import unittest

import counted
from node import BUILD, PATIENCE, PERMITTED, Node, select_wait, wait_for

# Their restart is an end of connections: a test of their own.
GATEWAYS = {"http_gateway", "rpc_gateway"}


class client(threading.Thread):
    """Decides again and again; counts the answers by status."""

    def __init__(self, node):
        super().__init__(daemon=True)
        self.node = node
        self.ended = threading.Event()
        self.by_status = {}
        self.acknowledged = {}
        self.cut_off = 0

    def run(self):
        wire = self.node.connection()
        while not self.ended.is_set():
            try:
                wire.request("POST", "/v1/data/acgs/main/decision",
                             json.dumps(PERMITTED))
                answer = wire.getresponse()
                body = json.loads(answer.read())
            except (OSError, http.client.HTTPException):
                self.cut_off += 1
                wire.close()
                select_wait()
                continue
            self.by_status[answer.status] = \
                self.by_status.get(answer.status, 0) + 1
            if answer.status == 200:
                self.acknowledged[body["ledger_index"]] = body["decision_id"]
        wire.close()


def healthy_within(node, seconds, name, before=0):
    """Whether the actor is started anew once more than before, and the node
    decides, in that time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            tree = rows(node)
            if (tree[name]["restarts"] > before
                    and all(row["state"] == "running"
                            for row in tree.values())
                    and node.request("GET", "/ready")[0] == 200
                    and node.decide(PERMITTED)[0] == 200):
                return True
        except (OSError, http.client.HTTPException, AssertionError):
            pass
        select_wait()
    return False


def ports(node):
    return {name: node.port(name) for name in ("http", "rpc", "metrics")}


def over_tcp(node, *words):
    """The same as node.acgs over TCP with the administrator's certificate."""
    tls = node.folder / "keys" / "tls"
    return subprocess.run(
        [BUILD / "acgs", "--addr", f"127.0.0.1:{node.port('rpc')}",
         "--ca", tls / "ca.pem", "--cert", tls / "admin.pem",
         "--key", tls / "admin.key", *words],
        env=node.environment, capture_output=True, text=True,
        timeout=PATIENCE)


def restarts(node, name):
    """How often it was started anew; nothing while nobody can say."""
    try:
        return rows(node)[name]["restarts"]
    except AssertionError:
        return None


def rows(node):
    """The tree as it is, by name."""
    return {row["name"]: row for row in node.acgs_json("actors")}


class supervised(unittest.TestCase):
    def test_every_actor_can_be_started_anew_under_load(self):
        with Node(ACGS_POLICY_EVALUATORS="2") as node:
            admin = node.token()
            status, answer, _ = node.request("PUT", "/v1/data/kept/here",
                                             "42", admin)
            self.assertIn(status, (200, 204), answer)
            clients = [client(node) for _ in range(3)]
            for each in clients:
                each.start()
            names = [row["name"] for row in node.acgs_json("actors")
                     if row["name"] not in ("node", "gateways")]
            self.assertGreater(len(names), 15)
            for name in names:
                if name in GATEWAYS:
                    continue
                before = restarts(node, name)
                # Whom the command itself passes may be among those who end:
                # what counts is that it was started anew.
                node.acgs("actors", "restart", name, "--yes", code=None)
                self.assertTrue(healthy_within(node, 20, name, before), name)
            for each in clients:
                each.ended.set()
            for each in clients:
                each.join(30)
                self.assertFalse(each.is_alive(), "a request has no answer")
                self.assertEqual(each.cut_off, 0)
                self.assertLessEqual(set(each.by_status), {200, 429, 503},
                                     each.by_status)
            for name in names:
                self.assertEqual(rows(node)[name]["state"], "running", name)
            _, answer, _ = node.request("GET", "/v1/data/kept/here",
                                        headers=admin)
            self.assertEqual(answer.get("result"), 42, answer)
            node.acgs("audit", "verify")
            for each in clients:
                for index, decision in list(each.acknowledged.items())[::50]:
                    shown = node.acgs_json("audit", "show", str(index))[0]
                    self.assertEqual(shown["decision_id"], decision)
            recorded = node.acgs_json("audit", "query", "--event-type",
                                      "actor_restarted")
            self.assertTrue(recorded)
            self.assertEqual(node.stop(), 0)

    def test_a_gateway_is_started_anew_where_it_was(self):
        with Node() as node:
            self.assertEqual(rows(node)["http_gateway"]["parent"], "gateways")
            self.assertEqual(rows(node)["gateways"]["state"], "running")
            before = ports(node)
            for name, said in (("http_gateway", "restarted 'http_gateway'"),
                               ("rpc_gateway", "this one as well")):
                for times in (1, 2, 3): # more than the node would bear crashes
                    self.assertIn(said, node.acgs("actors", "restart", name,
                                                  "--yes"))
                    wait_for(lambda: restarts(node, name) == times)
                    wait_for(lambda: healthy_within(node, 1, name))
                self.assertEqual(ports(node), before)
            # Over TCP as well, whoever asks hears of it.
            node.acgs("user", "add", "cert:admin", "--role", "admin")
            done = over_tcp(node, "actors", "restart", "rpc_gateway", "--yes")
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertIn("this one as well", done.stdout + done.stderr)
            wait_for(lambda: restarts(node, "rpc_gateway") == 4)
            wait_for(lambda: over_tcp(node, "health").returncode == 0)
            self.assertEqual(ports(node), before)
            told = node.acgs("actors", "restart", "gateways", "--yes", code=2)
            self.assertIn("is a root of the tree; restart the node", told)
            node.acgs("audit", "verify")
            self.assertEqual(node.stop(), 0)


if __name__ == "__main__":
    counted.main()
