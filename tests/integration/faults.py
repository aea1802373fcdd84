# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""A node whose disk fails on demand, by tests/support/faults/preload.cpp."""

import os
import time

from node import Node, select_wait

PRELOAD = os.environ["FAULT_PRELOAD"]
WRITES = "write,pwrite,writev,pwritev"
SYNCS = "fsync,fdatasync"


class FaultyNode(Node):
    """Its disk is sound until `break_disk`, and again after `mend_disk`."""

    def __init__(self, **environment):
        super().__init__(start=False, **environment)
        self.switch = self.folder / "broken"
        self.trace = self.folder / "trace"

    def choose(self, folder, calls="", error="EIO", at=1, count=0):
        """Which calls fail once it is broken; takes effect at the start."""
        self.process_options["env"] = {
            "LD_PRELOAD": PRELOAD,
            # A sanitized program wants its own library to come first.
            "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")
                            + ":verify_asan_link_order=0",
            "FAULT_FOLDER": str(self.folder / folder),
            "FAULT_CALLS": calls,
            "FAULT_ERROR": error,
            "FAULT_AT": str(at),
            "FAULT_COUNT": str(count),
            "FAULT_SWITCH": str(self.switch),
            "FAULT_TRACE": str(self.trace),
        }
        return self

    def break_disk(self):
        self.switch.touch()

    def mend_disk(self):
        self.switch.unlink(missing_ok=True)

    def failures(self):
        """The calls that failed, as the trace has them."""
        if not self.trace.exists():
            return []
        return [line for line in self.trace.read_text().splitlines()
                if line.endswith(" failed")]

    def start_sound(self):
        """Starts it again with a disk that works."""
        self.mend_disk()
        self.process_options.pop("env", None)
        self.start()

    def component_when(self, name, *wanted, timeout=30):
        """A component's report once it has one of these statuses."""
        deadline = time.monotonic() + timeout
        while True:
            _, report, _ = self.request("GET", "/health")
            found = report["components"][name]
            if found["status"] in wanted or time.monotonic() > deadline:
                return found
            select_wait()

    def output(self):
        return self.log.read_text()
