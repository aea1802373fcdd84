#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""kill -9 under load, again and again: no acknowledged entry is lost.

usage: kill_test.py [ROUNDS]    default: 20
"""

import sys
import time
import unittest

import counted
from load import Load, broken_word
from node import Node

ROUNDS = int(sys.argv.pop()) if sys.argv[-1].isdigit() else 20

# Longer than a busy machine may leave a node without a processor, in seconds.
PATIENCE = 200


def wanted_in(turn):
    """How many answers a round waits for: a different moment each time."""
    return 20 + 7 * (turn % 20)


class kill(unittest.TestCase):
    def test_no_acknowledged_entry_is_lost(self):
        acknowledged, begun = {}, time.monotonic()
        with Node() as node:
            for turn in range(ROUNDS):
                with Load(node, name=str(turn)) as load:
                    load.wait_for(lambda: len(load.acknowledged)
                                  >= wanted_in(turn))
                    node.kill()
                self.assertGreaterEqual(len(load.acknowledged),
                                        wanted_in(turn),
                                        (turn, load.problems,
                                         node.log.read_text()[-2000:]))
                # A place that is given out again would hide what was there.
                self.assertFalse(acknowledged.keys() & load.acknowledged)
                acknowledged.update(load.acknowledged)
                node.start(PATIENCE)
            node.acgs("audit", "verify")
            self.assertIsNone(broken_word(node, acknowledged))
        print(f"{ROUNDS} rounds, {len(acknowledged)} acknowledged entries, "
              f"{time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    counted.main()
