#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""What a real node writes, before verifiers that we did not write."""

import csv
import json
import os
import shutil
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import counted
from load import Load
from node import BUILD, Node
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

    def test_an_export_is_what_http_serves_and_go_accepts_it(self):
        tree = self.folder / "exported"
        done = self.export("tiles", tree)
        code, said = self.check(tree, older=self.tree / "checkpoint")
        self.assertEqual(code, 0, said)
        again = mirror(self.node, self.folder / "again")
        for path in tiles_of(512):
            if not path.endswith(".p/2"): # of the level above, it may grow
                self.assertEqual((tree / path).read_bytes(),
                                 (again / path).read_bytes(), path)
        self.assertEqual((tree / "vkey").read_text().strip(), self.vkey)
        self.assertEqual(done["fetched"], done["tree_size"])

    def test_an_export_goes_on_where_it_was_and_mends_what_was_changed(self):
        tree = self.folder / "growing"
        before = self.export("tiles", tree)
        size = before["tree_size"]
        (tree / "checkpoint").unlink() # as after an export that was stopped
        flip(tree / "tile/entries/001")
        self.grow(300)
        after = self.export("tiles", tree)
        self.assertGreaterEqual(after["tree_size"], size + 300)
        self.assertEqual(after["fetched"], after["tree_size"] - size // 256
                         * 256 + 256)
        self.assertEqual(self.offline(tree)[0], 0)
        self.assertEqual(self.check(tree)[0], 0)
        if after["tree_size"] % 256 == 0:  # there is no partial tile to go
            self.grow(1)
            after = self.export("tiles", tree)
        self.grow(1)
        last = self.export("tiles", tree)
        new = last["tree_size"] - after["tree_size"]
        self.assertLess(last["fetched"], new + 256)
        held = {str(path.relative_to(tree)) for path in tree.rglob("*")
                if path.is_file()}
        now = size_of((tree / "checkpoint").read_bytes())
        self.assertLessEqual(set(tiles_of(now)) | {"checkpoint", "vkey"}, held)
        gone = set(tiles_of(after["tree_size"])) - set(tiles_of(now))
        self.assertTrue(gone)
        self.assertFalse(gone & held)

    def test_an_export_is_not_written_over_another_log(self):
        tree = self.folder / "mine"
        self.export("tiles", tree)
        kept = (tree / "checkpoint").read_bytes()
        with Node() as other:
            said = other.acgs("audit", "export", "--format", "tiles", "-o",
                              str(tree), code=2)
        self.assertIn("holds another log", said)
        self.assertEqual((tree / "checkpoint").read_bytes(), kept)

    def test_an_export_is_whole_while_others_write(self):
        tree = self.folder / "moving"
        with Load(self.node) as load:
            for _ in range(3):
                had = len(load.acknowledged)
                self.export("tiles", tree)
                load.wait_for(lambda had=had: len(load.acknowledged) > had)
                code, said = self.check(tree)
                self.assertEqual(code, 0, said)

    def test_offline_verification_names_the_first_wrong_entry(self):
        code, shown = self.offline(self.tree)
        self.assertEqual((code, shown["verified"]), (0, True))
        self.assertEqual(shown["checked"], shown["tree_size"])
        copy = self.tampered()
        flip(copy / "tile/entries/001")
        code, shown = self.offline(copy)
        self.assertEqual((code, shown["first_wrong"]), (1, 511))
        flip(copy / "tile/0/000", 32 * 7)
        code, shown = self.offline(copy)
        self.assertEqual((code, shown["first_wrong"]), (1, 7))
        copy = self.tampered()
        flip(copy / "checkpoint", 3)
        code, shown = self.offline(copy)
        self.assertEqual((code, shown["verified"]), (1, False))
        self.assertIn("checkpoint", shown["problem"])

    def test_offline_verification_waits_for_nothing(self):
        for name, code in (("checkpoint", 2), ("keys", 1)):
            copy = self.tampered()
            (copy / name).unlink(missing_ok=True)
            os.mkfifo(copy / name)
            key = self.folder / "key"
            key.write_text(self.vkey + "\n")
            ended, said = run(str(BUILD / "acgs"), "audit", "verify",
                              "--offline", str(copy), "--vkey", str(key))
            self.assertEqual(ended, code, said)

    def test_receipts_are_verified_offline(self):
        file, = self.receipts(300)
        code, shown = self.offline(file)
        self.assertEqual((code, shown["index"]), (0, 300))
        file.write_text(file.read_text().replace("index 300", "index 301"))
        code, shown = self.offline(file)
        self.assertEqual(code, 1)
        self.assertIn("entry 301", shown["problem"])
        said = self.node.acgs("audit", "verify", "--offline", str(file),
                              code=2)
        self.assertIn("[vkey]", said)

    def test_lines_and_csv_hold_the_entries_asked_for(self):
        lines = self.exported_lines("--first", "250", "--last", "260")
        self.assertEqual([each["index"] for each in lines],
                         list(range(250, 261)))
        shown = self.node.acgs_json("audit", "show", "255")[0]
        unshredded = {name: None for name in
                      ("shredded", "shredded_by", "shredded_reason")}
        self.assertEqual(lines[5], dict(shown, **unshredded))
        when = lines[3]["time"]
        # Evaluators work side by side: times do not quite follow the indexes.
        whole = self.exported_lines()
        since = self.exported_lines("--since", when, "--last", "260")
        self.assertEqual(since, [each for each in whole[:261]
                                 if each["time"] >= when])
        until = self.exported_lines("--until", when)
        self.assertEqual(until, [each for each in whole
                                 if each["time"] < when])
        self.assertIn(lines[3], since)
        file = self.folder / "out.csv"
        self.export("csv", file, "--first", "250", "--last", "260")
        rows = list(csv.DictReader(file.read_text().splitlines()))
        self.assertEqual([int(each["index"]) for each in rows],
                         list(range(250, 261)))
        self.assertEqual(rows[3]["time"], when)
        self.assertEqual(rows[3]["decision_id"], lines[3]["decision_id"])
        self.assertFalse(list(self.folder.glob("*.part")))

    def test_what_cannot_be_exported_is_refused(self):
        for words in (["--format", "tiles"], ["--format", "xml"],
                      ["--format", "tiles", "-o", "x", "--first", "3"],
                      ["--since", "yesterday"],
                      ["--first", "5", "--last", "4"]):
            self.node.acgs("audit", "export", *words, code=2)
        self.node.acgs("audit", "export", "-o", "/proc/none/x", code=4)
        said = self.node.acgs("audit", "export", "-o", str(self.folder), code=2)
        self.assertIn("is a folder; expected a file", said)

    def test_an_export_goes_into_what_is_no_regular_file(self):
        whole = self.exported_lines("--last", "9")
        shown = self.node.acgs("--json", "audit", "export", "--last", "9",
                               "-o", "/dev/stdout").splitlines()
        self.assertEqual([json.loads(each) for each in shown[:-1]], whole)
        self.assertEqual(json.loads(shown[-1])["exported"], len(whole))
        fifo = self.folder / "fifo"
        os.mkfifo(fifo)
        with ThreadPoolExecutor() as beside:
            read = beside.submit(fifo.read_text)
            self.export("jsonl", fifo, "--last", "9")
            lines = read.result().splitlines()
        self.assertEqual([json.loads(each) for each in lines], whole)
        self.assertTrue(fifo.is_fifo())

    def export(self, how, to, *words):
        out, = self.node.acgs_json("audit", "export", "--format", how, "-o",
                                   str(to), *words)
        return out

    def exported_lines(self, *words):
        return [json.loads(line) for line in
                self.node.acgs("audit", "export", *words).splitlines()]

    def offline(self, path):
        """The exit code and what is shown, with no node to be asked."""
        key = self.folder / "key"
        key.write_text(self.vkey + "\n")
        code, said = run(str(BUILD / "acgs"), "--addr", "unix:/nowhere",
                         "--json", "audit", "verify", "--offline", str(path),
                         "--vkey", str(key))
        return code, json.loads(said)

    def test_http_serves_tiles_as_c2sp_says(self):
        viewer = self.node.token("viewer")
        for path, kind, cached in (
                ("checkpoint", "text/plain; charset=utf-8", "no-store"),
                ("vkey", "text/plain; charset=utf-8", "no-store"),
                ("tile/0/000", "application/octet-stream", "immutable"),
                ("tile/0/000.p/7", "application/octet-stream", "immutable"),
                ("tile/1/000.p/2", "application/octet-stream", "immutable"),
                ("tile/entries/001", "application/octet-stream",
                 "immutable")):
            answer, _ = get(self.node, "/ledger/" + path, viewer)
            self.assertEqual(answer.status, 200, path)
            self.assertEqual(answer.getheader("Content-Type"), kind, path)
            self.assertIn(cached, answer.getheader("Cache-Control"), path)
        whole = get(self.node, "/ledger/tile/0/000", viewer)[1]
        self.assertEqual(len(whole), 8192)
        part = get(self.node, "/ledger/tile/0/000.p/7", viewer)[1]
        self.assertEqual(part, whole[:7 * 32])
        for path in ("tile/0/x001/067", "tile/2/000.p/1", "tile/3/000"):
            answer, _ = get(self.node, "/ledger/" + path, viewer)
            self.assertEqual(answer.status, 404, path)
        for path in ("tile/00/000", "tile/0/0", "tile/0/1000", "tile/0/000/001",
                     "tile/0/x000/000", "tile/64/000", "tile/0/000.p/0",
                     "tile/0/000.p/256", "tile/0/000.p/07", "tile/-1/000",
                     "tile/0/000.p", "tile/entries/000.p", "tile"):
            answer, _ = get(self.node, "/ledger/" + path, viewer)
            self.assertIn(answer.status, (400, 404), path)
        self.assertEqual(get(self.node, "/ledger/tile/0/000")[0].status, 401)


if __name__ == "__main__":
    counted.main()
