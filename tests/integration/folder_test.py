#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""What a node says of a data folder that it cannot have."""

import fcntl
import os
import shutil
import stat
import subprocess
import unittest
from pathlib import Path

import counted
from node import BUILD, PERMITTED, SOURCE, Node

NOT_VERIFIED = 1
BAD_CONFIGURATION = 2
TAKEN = 3
DAMAGED = 4
NOBODY = 65534


def start_and_fail(node, **options):
    """The exit code and what it said, where it must not come up."""
    done = subprocess.run(
        [BUILD / "acgsd", "--config", SOURCE / "config/acgs.yaml"],
        cwd="/", env=node.environment, capture_output=True, text=True,
        timeout=30, **options)
    return done.returncode, done.stderr


class folder(unittest.TestCase):
    def setUp(self):
        self.node = Node(start=False)
        self.addCleanup(self.node.close)
        self.data = self.node.folder / "data"
        self.node.environment["ACGS_NODE_DATA_DIR"] = str(self.data)

    def refused(self, code, *words, **options):
        got, said = start_and_fail(self.node, **options)
        self.assertEqual(got, code, said)
        for word in words:
            self.assertIn(str(word), said)

    def without_rights(self):
        """Options of a process that modes apply to, and its folder."""
        Path(self.node.folder).chmod(0o755)
        self.data.mkdir()
        if os.geteuid() != 0:
            return {}
        os.chown(self.data, NOBODY, NOBODY)
        return {"user": NOBODY, "group": NOBODY, "extra_groups": []}

    def test_a_missing_folder_is_made(self):
        self.node.environment["ACGS_NODE_DATA_DIR"] = str(
            self.data / "not" / "yet")
        self.node.folder = self.data / "not" / "yet"
        self.node.start()
        self.assertIs(self.node.decide(PERMITTED)[1]["allow"], True)
        for name in ("store/ledger", "store/state", "keys"):
            mode = stat.S_IMODE((self.node.folder / name).stat().st_mode)
            self.assertEqual(mode, 0o700, name)

    def test_a_file_in_its_place_is_named(self):
        self.data.write_text("precious")
        self.refused(BAD_CONFIGURATION, self.data)
        self.assertEqual(self.data.read_text(), "precious")

    def test_a_file_in_place_of_a_store_is_named(self):
        for name in ("store", "store/ledger", "store/state", "keys"):
            with self.subTest(name):
                place = self.data / name
                place.parent.mkdir(parents=True)
                place.write_text("precious")
                self.refused(BAD_CONFIGURATION, place)
                self.assertEqual(place.read_text(), "precious")
                place.unlink()
                shutil.rmtree(self.data)

    def test_a_folder_that_may_not_be_written_is_named(self):
        options = self.without_rights()
        self.data.chmod(0o555)
        self.refused(BAD_CONFIGURATION, self.data, **options)

    def test_a_store_that_may_not_be_written_is_named(self):
        options = self.without_rights()
        self.node.folder, kept = self.data, self.node.folder
        self.node.process_options = options
        self.node.log = kept / "stderr.log"
        self.node.start()
        _, before, _ = self.node.decide(PERMITTED)
        self.assertEqual(self.node.stop(), 0)
        for name in ("ledger", "state"):
            with self.subTest(name):
                file = self.data / "store" / name / "data.mdb"
                file.chmod(0o400)
                self.refused(BAD_CONFIGURATION, file.parent, "ermission",
                             **options)
                file.chmod(0o600)
        self.node.start()
        found = self.node.acgs_json("audit", "show",
                                    str(before["ledger_index"]))
        self.assertIn(before["decision_id"], str(found))
        self.node.folder = kept

    def test_a_store_that_was_cut_is_named_and_left_alone(self):
        self.node.folder, kept = self.data, self.node.folder
        self.node.log = kept / "stderr.log"
        self.node.start()
        self.node.decide(PERMITTED)
        self.assertEqual(self.node.stop(), 0)
        for name in ("ledger", "state"):
            file = self.data / "store" / name / "data.mdb"
            whole = file.read_bytes()
            for size in (0, 100, 4096, 8192, len(whole) // 2):
                with self.subTest(name, size=size):
                    file.write_bytes(whole[:size])
                    words = [f"{file} is cut: it has {size} bytes",
                             "expected at least "]
                    self.refused(DAMAGED, *words)
                    for doing, code in (("check", NOT_VERIFIED),
                                        ("version", DAMAGED),
                                        ("compact", DAMAGED),
                                        ("migrate", DAMAGED)):
                        said = self.node.acgs("store", doing, "--data",
                                              str(self.data), code=code)
                        for word in words:
                            self.assertIn(word, said)
                    self.assertEqual(file.read_bytes(), whole[:size])
            file.write_bytes(whole)
        # What the index holds is made again.
        index = self.data / "store" / "index" / "data.mdb"
        os.truncate(index, index.stat().st_size - 4096)
        self.node.start()
        self.node.acgs("audit", "verify")
        self.assertEqual(self.node.stop(), 0)
        self.node.folder = kept

    def test_a_folder_that_becomes_read_only_loses_nothing(self):
        options = self.without_rights()
        self.node.folder, kept = self.data, self.node.folder
        self.node.process_options = options
        self.node.log = kept / "stderr.log"
        self.node.start()
        folders = [self.data, *(one for one in self.data.rglob("*")
                                if one.is_dir())]
        for each in folders:
            each.chmod(0o500)
        answers = [self.node.decide(dict(PERMITTED, request_id=number))
                   for number in range(20)]
        for status, answer, _ in answers:
            self.assertEqual(status, 200, answer)
        self.assertEqual(self.node.stop(), 0)
        for each in folders:
            each.chmod(0o700)
        self.node.start()
        self.node.acgs("audit", "verify")
        for _, answer, _ in answers:
            self.node.acgs("audit", "show", str(answer["ledger_index"]))
        self.node.folder = kept

    def test_a_lock_that_another_process_has_is_named(self):
        for name, code in (("pids/acgs.lock", TAKEN),
                           ("store/store.lock", TAKEN)):
            with self.subTest(name):
                path = self.data / name
                path.parent.mkdir(parents=True, exist_ok=True)
                with open(path, "w", encoding="ascii") as held:
                    fcntl.flock(held, fcntl.LOCK_EX)
                    held.write(f"{os.getpid()} 1\n")
                    held.flush()
                    self.refused(code, path.parent, os.getpid())


if __name__ == "__main__":
    counted.main()
