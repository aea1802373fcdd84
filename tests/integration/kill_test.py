#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""kill -9 under load, again and again: no acknowledged entry is lost."""

import http.client
import json
import threading
import unittest

import counted
from node import PERMITTED, Node

ROUNDS = 20
CLIENTS = 4


class client(threading.Thread):
    """Decides as fast as it can until the node dies; keeps the answers."""

    def __init__(self, node, name):
        super().__init__(daemon=True)
        self.wire = node.connection()
        self.label = name
        self.acknowledged = []

    def run(self):
        number = 0
        try:
            while True:
                number += 1
                body = dict(PERMITTED, session=f"{self.label}-{number}")
                self.wire.request("POST", "/v1/data/acgs/main/decision",
                                  json.dumps(body))
                answer = json.loads(self.wire.getresponse().read())
                self.acknowledged.append(
                    (answer["ledger_index"], answer["decision_id"]))
        except (OSError, http.client.HTTPException, ValueError):
            pass


class kill(unittest.TestCase):
    def test_no_acknowledged_entry_is_lost(self):
        acknowledged = {}
        with Node() as node:
            for turn in range(ROUNDS):
                clients = [client(node, f"{turn}-{i}") for i in range(CLIENTS)]
                for each in clients:
                    each.start()
                wanted = 20 + 7 * turn
                while sum(len(c.acknowledged) for c in clients) < wanted:
                    threading.Event().wait(0.002)
                node.kill()
                for each in clients:
                    each.join(20)
                    acknowledged.update(each.acknowledged)
                node.start()
            self.assertGreater(len(acknowledged), ROUNDS * 20)
            node.acgs("audit", "verify")
            self.assert_all_there(node, acknowledged)

    def assert_all_there(self, node, acknowledged):
        found, before = {}, None
        analyst = node.token("analyst")
        offset = 0
        while True:
            _, page, _ = node.request(
                "GET", "/audit/events?event_type=decision&limit=1000"
                       f"&offset={offset}", headers=analyst)
            for event in page["events"]:
                found[event["index"]] = event["decision_id"]
            if len(page["events"]) < 1000:
                break
            offset += 1000
        for index, decision in acknowledged.items():
            self.assertEqual(found.get(index), decision,
                             f"entry {index} is not there")


if __name__ == "__main__":
    counted.main()
