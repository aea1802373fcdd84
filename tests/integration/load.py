# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""Clients that decide until their node dies, and whether it kept its word."""

import http.client
import json
import threading

from node import PERMITTED, select_wait


class Client(threading.Thread):
    """Decides as fast as it can; keeps what was acknowledged and refused."""

    def __init__(self, node, name):
        super().__init__(daemon=True)
        # Longer than a busy machine may leave a node without a processor.
        self.wire = node.connection(timeout=200)
        self.label = name
        self.acknowledged = {}
        self.refused = []
        self.died_of = None
        self.ending = threading.Event()

    def run(self):
        number = 0
        try:
            while not self.ending.is_set():
                number += 1
                body = dict(PERMITTED, session_id=f"{self.label}-{number}")
                self.wire.request("POST", "/v1/data/acgs/main/decision",
                                  json.dumps(body))
                answer = self.wire.getresponse()
                self.keep(answer.status, json.loads(answer.read()))
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.died_of = error
        self.wire.close()

    def keep(self, status, body):
        if status == 200:
            self.acknowledged[body["ledger_index"]] = body["decision_id"]
        else:
            self.refused.append((status, body))


class Load:
    """Some clients at once. Use as a context manager."""

    def __init__(self, node, clients=4, name="load"):
        self.clients = [Client(node, f"{name}-{i}") for i in range(clients)]

    def __enter__(self):
        for each in self.clients:
            each.start()
        return self

    def __exit__(self, *_):
        for each in self.clients:
            each.ending.set()
        for each in self.clients:
            each.join(20)

    @property
    def acknowledged(self):
        return {index: decision for each in self.clients
                for index, decision in list(each.acknowledged.items())}

    @property
    def refused(self):
        return [one for each in self.clients for one in list(each.refused)]

    @property
    def problems(self):
        """Why there is no more, for the reader."""
        return self.refused[:1] + [repr(c.died_of) for c in self.clients]

    def wait_for(self, condition):
        """Until it holds or nobody decides any more."""
        while not condition() and any(c.is_alive() for c in self.clients):
            select_wait()


def decisions_of(node):
    """What the log holds: index to decision id."""
    found, cursor, analyst = {}, "", node.token("analyst")
    while True:
        _, page, _ = node.request(
            "GET", "/audit/events?event_type=decision&limit=1000" + cursor,
            headers=analyst)
        for event in page["events"]:
            found[event["index"]] = event["decision_id"]
        if "next_before" not in page:
            return found
        cursor = f"&before={page['next_before']}"


def broken_word(node, acknowledged):
    """What was acknowledged and is not there, as a sentence; or nothing."""
    found = decisions_of(node)
    for index, decision in sorted(acknowledged.items()):
        if found.get(index) != decision:
            return (f"entry {index} was acknowledged as {decision}; "
                    f"the log has {found.get(index)}")
    return None
