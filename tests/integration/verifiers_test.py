#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""What a real node writes, before verifiers that we did not write."""

import shutil
import tempfile
import unittest
from pathlib import Path

import counted
from load import Load
from node import Node
from verifiers import (get, go_program, mirror, openssl, run, sigstore,
                       size_of, tiles_of)


def flip(path, at=-1):
    """Changes one bit of a file."""
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


class verifiers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.go = go_program()
        cls.folder = Path(tempfile.mkdtemp(prefix="acgs-verifiers-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.node = Node()
        cls.addClassCleanup(cls.node.close)
        cls.grow(20)
        cls.older = cls.folder / "older"
        cls.older.write_bytes(get(cls.node, "/ledger/checkpoint")[1])
        cls.grow(600)
        cls.vkey = get(cls.node, "/ledger/vkey")[1].decode().strip()
        cls.tree = mirror(cls.node, cls.folder / "tree")

    @classmethod
    def grow(cls, entries):
        with Load(cls.node) as load:
            load.wait_for(lambda: len(load.acknowledged) >= entries)

    def tampered(self):
        """A copy to be changed."""
        copy = Path(tempfile.mkdtemp(dir=self.folder)) / "tree"
        shutil.copytree(self.tree, copy)
        return copy

    def check(self, folder, vkey=None, older=""):
        return run(self.go, "tree", str(folder), vkey or self.vkey, str(older))

    def refused(self, folder, reason, **how):
        code, said = self.check(folder, **how)
        self.assertEqual(code, 1, said)
        self.assertIn(reason, said)

    def receipts(self, *indexes):
        out = []
        for index in indexes:
            file = self.folder / f"receipt-{index}"
            self.node.acgs("audit", "proof", str(index), "-o", str(file))
            out.append(file)
        return out

    def test_go_accepts_every_entry_and_every_tile(self):
        code, said = self.check(self.tree, older=self.older)
        self.assertEqual(code, 0, said)
        size = size_of((self.tree / "checkpoint").read_bytes())
        self.assertGreater(size, 512)
        self.assertIn(f"ok: {size} entries", said)

    def test_go_refuses_a_changed_entry(self):
        size = size_of((self.tree / "checkpoint").read_bytes())
        last = [path for path in tiles_of(size) if "entries" in path][-1]
        for path, entry in (("tile/entries/000", 255),
                            ("tile/entries/001", 511), (last, size - 1)):
            copy = self.tampered()
            flip(copy / path)
            self.refused(copy, f"entry {entry}: ")

    def test_go_refuses_any_changed_tile(self):
        size = size_of((self.tree / "checkpoint").read_bytes())
        for path in tiles_of(size):
            if "entries" not in path:
                copy = self.tampered()
                flip(copy / path)
                self.refused(copy, "wrong: ")

    def test_go_refuses_a_changed_checkpoint(self):
        text = (self.tree / "checkpoint").read_bytes()
        for at in (0, text.index(b"\n") + 1, text.index(b"\n\n") - 4,
                   len(text) - 8):
            copy = self.tampered()
            changed = bytearray(text)
            changed[at] = ord("A") if changed[at] != ord("A") else ord("B")
            (copy / "checkpoint").write_bytes(changed)
            self.refused(copy, "wrong: checkpoint: ")

    def test_go_refuses_another_key_and_another_history(self):
        with Node() as other:
            vkey = get(other, "/ledger/vkey")[1].decode().strip()
            self.refused(self.tree, "wrong: checkpoint: ", vkey=vkey)
        code, said = self.check(self.tree, older=self.tree / "tile/0/000")
        self.assertEqual(code, 1, said)

    def test_receipts_hold_before_both(self):
        files = self.receipts(0, 1, 255, 256, 511, 512)
        for file in files:
            code, said = run(self.go, "receipt", str(file), self.vkey)
            self.assertEqual(code, 0, said)
        code, said = sigstore(self.vkey, *files)
        self.assertEqual(code, 0, said)
        self.assertEqual(said.count("ok: "), len(files))

    def test_both_refuse_changed_receipts(self):
        file, = self.receipts(300)
        text = file.read_text()
        lines = text.split("\n")
        changes = {
            "index": text.replace("index 300\n", "index 301\n"),
            "entry": text.replace(lines[1], lines[1][:40] + "AAAA"
                                  + lines[1][44:]),
            "proof": text.replace(lines[3], "A" * 43 + "="),
            "shorter": text.replace(lines[3] + "\n", ""),
            "signature": text[:-12] + "AAAA" + text[-8:],
        }
        head = text.split("\n\n")[1].split("\n")
        changes["root"] = text.replace(head[2], "A" * 43 + "=")
        for name, changed in changes.items():
            self.assertNotEqual(changed, text, name)
            wrong = self.folder / f"wrong-{name}"
            wrong.write_text(changed)
            code, said = run(self.go, "receipt", str(wrong), self.vkey)
            self.assertEqual(code, 1, f"{name}: {said}")
            code, said = sigstore(self.vkey, wrong)
            self.assertEqual(code, 1, f"{name}: {said}")
            self.assertIn("wrong: ", said)

    def test_openssl_verifies_the_checkpoint(self):
        text = (self.tree / "checkpoint").read_bytes()
        code, said = openssl(self.folder, self.vkey, text)
        self.assertEqual(code, 0, said)
        changed = text.replace(b"\n", b"0\n", 2)
        code, said = openssl(self.folder, self.vkey, changed)
        self.assertEqual(code, 1, said)


if __name__ == "__main__":
    counted.main()
