#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""Signing keys of a real node: rotated, revoked, exported and followed.

usage: keys_test.py [all]

With `all` the node is killed at every call of a rotation, not at some.
"""

import base64
import json
import os
import pty
import random
import shutil
import signal
import subprocess
import sys
import threading
import unittest
from pathlib import Path

import counted
from faults import FaultyNode
from node import BUILD, PERMITTED, SOURCE, Node, wait_for
from verifiers import get, go_program, openssl, run

WORDS = [sys.argv.pop(1) for word in sys.argv[1:] if word == "all"]


def signers(note):
    """The signature lines of a note, as notes with one signature each."""
    text, lines = note.encode().split(b"\n\n", 1)
    return [text + b"\n\n" + line + b"\n" for line in lines.splitlines()]


def key_id(note):
    """The key that a note with one signature says that it is by."""
    name, blob = note.split(b"\n\n", 1)[1].split()[1:]
    return name.decode() + "+" + base64.b64decode(blob)[:4].hex()


class keys(unittest.TestCase):
    def setUp(self):
        self.node = Node()
        self.addCleanup(self.node.close)
        self.out = Path(self.node.folder)

    def vkey(self):
        return get(self.node, "/ledger/vkey")[1].decode().strip()

    def listed(self, state, purpose="checkpoint"):
        return [key for key in self.node.acgs_json("keys", "list")
                if key["state"] == state and key["purpose"] == purpose]

    def change(self, *words):
        return self.node.acgs_json("keys", *words, "--yes")[0]

    def decide(self):
        status, body, _ = self.node.decide(PERMITTED)
        self.assertEqual(status, 200, body)
        return body["ledger_index"]

    def receipt(self, name):
        index = self.decide()
        self.node.acgs("audit", "proof", str(index), "-o", str(self.out / name))
        return self.out / name

    def offline(self, path, vkey, *more, code=0):
        return self.node.acgs("audit", "verify", "--offline", str(path),
                              "--vkey", vkey, *more, code=code)

    def test_a_new_key_follows_and_what_the_old_one_signed_stays_good(self):
        first, older = self.vkey(), self.receipt("older")
        done = self.change("rotate", "checkpoint", "--reason", "yearly")
        newer, now = self.receipt("newer"), self.vkey()
        self.assertNotEqual(first, now)
        self.assertTrue(first.startswith(done["key"] + "+"))
        self.assertTrue(now.startswith(done["successor"] + "+"))
        retired, = self.listed("retired")
        self.assertEqual(retired["verifier_key"], first)
        self.assertEqual(retired["reason"], "yearly")
        # By the list of keys, either key leads to what the other signed.
        list_ = self.out / "log.keys"
        self.node.acgs("keys", "export", "-o", str(list_))
        for vkey in (first, now):
            for file in (older, newer):
                self.offline(file, vkey, "--keys", str(list_))
        self.offline(older, first)
        self.assertIn("no signature", self.offline(newer, first, code=1))
        self.node.acgs("audit", "verify", str(0), "--vkey", first)
        self.node.acgs("audit", "verify")
        # The new key is the log's to verifiers that others wrote.
        go = go_program()
        code, said = run(go, "receipt", str(newer), now)
        self.assertEqual(code, 0, said)

    def test_the_statement_is_in_the_log_and_openssl_verifies_it(self):
        first = self.vkey()
        done = self.change("rotate", "--reason", "yearly")
        shown = self.node.acgs_json("audit", "show", str(done["index"]))[0]
        event = json.loads(shown["detail"])["key"] if isinstance(
            shown["detail"], str) else shown["detail"]["key"]
        self.assertEqual(event["event"], "rotated")
        self.assertEqual(event["replaces"], done["key"])
        served = json.loads(get(self.node, "/ledger/keys")[1])
        self.assertEqual(served["statements"], [event["statement"]])
        by = {done["key"]: first, done["successor"]: self.vkey()}
        notes = signers(event["statement"])
        self.assertEqual({key_id(note) for note in notes}, set(by))
        for note in notes:
            code, said = openssl(self.out, by[key_id(note)], note)
            self.assertEqual(code, 0, said)

    def test_restarts_go_on_with_the_new_key(self):
        first = self.vkey()
        for _ in range(3):
            self.change("rotate")
            self.decide()
            self.node.kill()
            self.node.start()
        self.assertEqual(len(self.listed("retired")), 3)
        self.node.acgs("audit", "verify")
        tree = self.out / "tree"
        self.node.acgs("audit", "export", "--format", "tiles", "-o", str(tree))
        for vkey in (first, self.vkey()):
            self.offline(tree, vkey)
        (tree / "keys").unlink()
        self.offline(tree, first, code=1)

    def test_an_export_goes_on_over_a_rotation(self):
        tree = self.out / "tree"
        export = ("audit", "export", "--format", "tiles", "-o", str(tree))
        self.node.acgs(*export)
        first = (tree / "vkey").read_text()
        self.change("rotate")
        self.decide()
        self.node.acgs(*export)
        self.assertEqual((tree / "vkey").read_text(), first)
        self.offline(tree, first.strip())

    def test_a_revoked_key_is_not_believed(self):
        first, older = self.vkey(), self.receipt("older")
        key = self.listed("active")[0]["key"]
        said = self.node.acgs("keys", "revoke", key, "--yes", code=2)
        self.assertIn("reason", said)
        done = self.change("revoke", key, "--reason", "laptop stolen")
        self.assertEqual(done["key"], key)
        shown = self.node.acgs_json("audit", "verify", "0")[0]
        self.assertEqual(shown["key"], done["successor"])
        self.assertEqual(self.listed("revoked")[0]["reason"], "laptop stolen")
        list_ = self.out / "log.keys"
        self.node.acgs("keys", "export", "-o", str(list_))
        self.assertNotIn("laptop", list_.read_text())
        said = self.offline(older, first, "--keys", str(list_), code=1)
        self.assertIn("revoked", said)
        # The whole log proves what the revoked key signed before.
        self.node.acgs("audit", "verify")
        tree = self.out / "tree"
        self.node.acgs("audit", "export", "--format", "tiles", "-o", str(tree))
        self.offline(tree, first)
        for each in (key, "00000000"): # again, and one that there is not
            self.node.acgs("keys", "revoke", each, "--reason", "none", "--yes",
                           code=2)

    def test_a_tree_by_a_revoked_key_alone_is_not_believed(self):
        tree, first = self.out / "tree", self.vkey()
        self.node.acgs("audit", "export", "--format", "tiles", "-o", str(tree))
        self.decide()
        key = self.listed("active")[0]["key"]
        self.change("revoke", key, "--reason", "laptop stolen")
        list_ = self.out / "log.keys"
        self.node.acgs("keys", "export", "-o", str(list_))
        self.offline(tree, first)  # who does not know cannot tell
        for vkey in (first, self.vkey()):
            said = self.offline(tree, vkey, "--keys", str(list_), code=1)
            self.assertIn("revoked: have the node sign another", said)

    def test_backups_follow_the_keys_and_bring_the_ring_back(self):
        first, files = self.vkey(), [self.out / "b1", self.out / "b2"]
        self.decide()
        self.node.acgs("backup", str(files[0]))
        key = self.listed("active")[0]["key"]
        self.change("rotate", "checkpoint")
        self.decide()
        self.node.acgs("backup", str(files[1]), "--base", str(files[0]))
        now = self.vkey()
        # The last of them tells of both keys.
        verify = lambda *words, code=0: self.node.acgs("verify-backup", *map(
            str, words), code=code)
        verify(*files, "--vkey", first)
        verify(files[1], "--vkey", now)
        verify(files[0], "--vkey", now, code=1)
        list_ = self.out / "log.keys"
        self.node.acgs("keys", "export", "-o", str(list_))
        verify(*files, "--vkey", now, "--keys", list_)
        with Node(start=False) as other:
            shutil.copytree(self.out / "keys", other.folder / "keys",
                            ignore=shutil.ignore_patterns(
                                "ring.json", "log.*"))
            (other.folder / "keys").chmod(0o700)
            with self.assertRaises(RuntimeError):
                other.start()
            self.assertIn("put the file back", other.log.read_text())
            other.process = None
            shutil.rmtree(other.folder / "store", ignore_errors=True)
            other.acgs("restore", *map(str, files), "--to", str(other.folder),
                       "--vkey", first, "--keys-dir",
                       str(other.folder / "keys"))
            other.start()
            other.acgs("audit", "verify")
            self.assertEqual(other.decide(PERMITTED)[0], 200)
            self.assertEqual([each["key"] for each in other.acgs_json(
                "keys", "list") if each["state"] == "retired"], [key])
        self.change("revoke", key, "--reason", "laptop stolen")
        self.node.acgs("keys", "export", "-o", str(list_))
        said = verify(files[0], "--vkey", first, "--keys", list_, code=1)
        self.assertIn("revoked", said)

    def acgsd(self, *words):
        done = subprocess.run(
            [BUILD / "acgsd", "--config", SOURCE / "config/acgs.yaml", *words],
            cwd=self.out, env=self.node.environment, capture_output=True,
            text=True, timeout=60)
        return done.returncode, done.stdout + done.stderr

    def test_keys_of_older_epochs_are_told_as_ever(self):
        first = self.vkey()
        receipt = self.receipt("older")
        self.change("rotate", "checkpoint")
        last = self.vkey()
        origin = first.split("+")[0]
        told = get(self.node, "/ledger/keys")[1]
        self.assertEqual(self.node.stop(), 0)
        code, said = self.acgsd("--new-epoch", "moved to a new house")
        self.assertEqual(code, 0, said)
        self.node.start()
        self.assertNotEqual(self.vkey().split("+")[0], origin)
        answer, document = get(self.node, f"/ledger/{origin}/keys")
        self.assertEqual(answer.status, 200)
        statements = json.loads(document)["statements"]
        self.assertEqual(len(statements), 1)
        self.assertEqual(statements, json.loads(told)["statements"])
        self.assertEqual(get(self.node, f"/ledger/{origin}/vkey")[1].decode()
                         .strip(), last)
        list_ = self.out / "older.keys"
        list_.write_bytes(document)
        for vkey in (first, last):
            self.offline(receipt, vkey, "--keys", str(list_))
        answer, _ = get(self.node, "/ledger/local/other/1/keys")
        self.assertEqual(answer.status, 404)

    def test_what_the_keys_are_locked_with_is_changed_and_taken_off(self):
        before = self.vkey()
        secrets = {}
        for name in ("old", "new"):
            secrets[name] = self.out / name
            secrets[name].write_text(f"the {name} passphrase\n")
            secrets[name].chmod(0o600)
        code, said = self.acgsd("--new-passphrase-file", str(secrets["old"]))
        self.assertEqual(code, 3, said)  # the node runs
        self.assertEqual(self.node.stop(), 0)
        code, said = self.acgsd("--new-passphrase-file", str(secrets["old"]))
        self.assertEqual(code, 0, said)
        key = next((self.out / "keys").glob("checkpoint*.key"))
        self.assertIn("argon2id", key.read_text())
        code, said = self.acgsd("--no-key-lock")
        self.assertEqual(code, 2, said)  # nothing opens them
        self.node.environment["ACGS_KEYS_PASSPHRASE_FILE"] = \
            str(secrets["old"])
        self.node.start()
        self.assertEqual(self.vkey(), before)
        self.assertEqual(self.node.stop(), 0)
        code, said = self.acgsd("--new-passphrase-file", str(secrets["new"]))
        self.assertEqual(code, 0, said)
        with self.assertRaises(RuntimeError):
            self.node.start()
        self.node.process = None
        self.node.environment["ACGS_KEYS_PASSPHRASE_FILE"] = \
            str(secrets["new"])
        self.node.start()
        self.change("rotate", "checkpoint")
        after = self.vkey()
        self.assertEqual(self.node.stop(), 0)
        code, said = self.acgsd("--no-key-lock")
        self.assertEqual(code, 0, said)
        del self.node.environment["ACGS_KEYS_PASSPHRASE_FILE"]
        self.node.start()
        self.assertEqual(self.vkey(), after)
        self.assertEqual(len(list((self.out / "keys").glob("*.key"))), 3)
        self.decide()
        self.node.acgs("audit", "verify")

    def test_tokens_of_the_old_key_count_until_they_run_out(self):
        viewer = self.node.token("viewer")
        ask = lambda who: self.node.request("GET", "/v1/policies",
                                            headers=who)[0]
        key = self.listed("active", "token")[0]["key"]
        self.change("rotate", "token")
        self.assertEqual(ask(viewer), 200)
        self.assertEqual(ask(self.node.token("viewer")), 200)
        self.node.kill()
        self.node.start()
        self.assertEqual(ask(viewer), 200)
        self.change("revoke", key, "--reason", "lost")
        self.assertEqual(ask(viewer), 401)
        self.assertEqual(ask(self.node.token("viewer")), 200)

    def test_others_than_admins_may_look_and_no_more(self):
        token = self.node.acgs("token", "issue", "--role", "operator",
                               "-q").strip()
        said = self.node.acgs("--token", token, "keys", "rotate", "--yes",
                              code=1)
        self.assertIn("manage_keys", said)
        self.node.acgs("--token", token, "keys", "list")
        self.assertEqual(len(self.listed("retired")), 0)


class locks(unittest.TestCase):
    """Key files that are encrypted."""

    def setUp(self):
        self.node = Node(start=False)
        self.addCleanup(self.node.close)
        self.folder = Path(self.node.folder)

    def files(self):
        return sorted((self.folder / "keys").glob("*.key"))

    def start(self, **environment):
        """Starts with that environment for the program alone."""
        self.node.process_options = {"env": environment,
                                     "stdin": subprocess.DEVNULL}
        self.node.start()
        return get(self.node, "/ledger/vkey")[1]

    def refused(self, reason, **environment):
        with self.assertRaises(RuntimeError) as said:
            self.start(**environment)
        self.node.process = None
        self.assertIn("ended with 2", str(said.exception))
        self.assertIn(reason, self.node.log.read_text().splitlines()[-1])

    def secret_file(self, name, content, mode=0o600):
        path = self.folder / name
        path.write_bytes(content)
        path.chmod(mode)
        return str(path)

    def locked(self):
        return all(b"PRIVATE" not in file.read_bytes()
                   and file.stat().st_mode & 0o777 == 0o600
                   for file in self.files())

    def test_a_passphrase_encrypts_the_keys_and_opens_them(self):
        plain = self.start()
        self.assertFalse(self.locked())
        self.node.stop()
        file = self.secret_file("phrase", b"a phrase\n")
        self.assertEqual(self.start(ACGS_KEYS_PASSPHRASE_FILE=file), plain)
        self.assertTrue(self.locked())
        self.node.acgs("keys", "rotate", "--yes")
        self.node.acgs("actors", "restart", "signer", "--yes")
        self.assertTrue(self.locked())
        # Those who read the log start again with SIGNER.
        _, rotated = wait_for(lambda: next(
            (got for got in [get(self.node, "/ledger/vkey")]
             if got[0].status == 200), None))
        self.assertNotEqual(rotated, plain)
        self.node.stop()
        other = self.secret_file("other", b"another\n")
        self.refused("is wrong", ACGS_KEYS_PASSPHRASE_FILE=other)
        self.refused("none was given")
        self.assertEqual(self.start(ACGS_KEYS_PASSPHRASE_FILE=file), rotated)
        self.node.stop()
        self.refused("one way", ACGS_KEYS_PASSPHRASE_FILE=file,
                     ACGS_KEYS_KEY_FILE=other)
        in_clear = {"ACGS_KEYS_" + "PASSPHRASE": "a phrase"} # no key's name
        self.refused("keys.passphrase_file or keys.key_file", **in_clear)
        self.assertNotIn("a phrase", self.node.log.read_text())

    def test_a_key_file_does_too(self):
        file = self.secret_file("unlock", bytes(range(32)))
        vkey = self.start(ACGS_KEYS_KEY_FILE=file)
        self.assertTrue(self.locked())
        self.node.stop()
        self.assertEqual(self.start(ACGS_KEYS_KEY_FILE=file), vkey)
        self.node.stop()
        other = self.secret_file("other", bytes(32))
        self.refused("is wrong", ACGS_KEYS_KEY_FILE=other)
        phrase = self.secret_file("phrase", b"a phrase\n")
        self.refused("not with a passphrase", ACGS_KEYS_PASSPHRASE_FILE=phrase)
        short = self.secret_file("short", b"short")
        self.refused("at least 32", ACGS_KEYS_KEY_FILE=short)
        seen = self.secret_file("seen", bytes(range(32)), 0o644)
        self.refused("0644", ACGS_KEYS_KEY_FILE=seen)

    def test_systemd_hands_the_passphrase_over(self):
        given = self.folder / "credentials"
        given.mkdir(0o700)
        file = self.secret_file("credentials/acgs-keys-passphrase",
                                b"handed over\n", 0o440)
        with_it = {"CREDENTIALS_DIRECTORY": str(given)}
        vkey = self.start(**with_it)
        self.assertTrue(self.locked())
        self.node.stop()
        self.refused("none was given")
        self.assertEqual(self.start(**with_it), vkey)
        self.node.stop()
        os.chmod(file, 0o644)
        self.refused("others cannot read", **with_it)
        self.assertNotIn("handed over", self.node.log.read_text())

    def test_a_person_at_the_terminal_is_asked(self):
        file = self.secret_file("phrase", b"typed in\n")
        vkey = self.start(ACGS_KEYS_PASSPHRASE_FILE=file)
        self.node.stop()
        ours, theirs = pty.openpty()
        self.addCleanup(os.close, ours)

        def type_in():
            wait_for(lambda: "passphrase of" in self.node.log.read_text())
            os.write(ours, b"typed in\n")

        typing = threading.Thread(target=type_in)
        typing.start()
        self.node.process_options = {"stdin": theirs}
        self.node.start()
        typing.join()
        os.close(theirs)
        self.assertEqual(get(self.node, "/ledger/vkey")[1], vkey)
        self.assertNotIn("typed in", self.node.log.read_text())


class broken_off(unittest.TestCase):
    """A node that is killed at some call while a key is replaced."""

    SEED = 20260215
    SAMPLE = 6

    def rotate(self, number):
        """Kills it at that call of a rotation; the calls that there were."""
        with FaultyNode() as node:
            node.choose("", error="kill", at=number)
            node.start()
            first = get(node, "/ledger/vkey")[1].decode().strip()
            viewer = node.token("viewer")
            answered = node.decide(PERMITTED)[1]["ledger_index"]
            node.break_disk()
            done = subprocess.run(
                [BUILD / "acgs", "--addr", f"unix:{node.folder}/acgsd.sock",
                 "keys", "rotate", "--yes"], capture_output=True, timeout=60)
            calls = len(node.trace.read_text().splitlines())
            if number:
                self.assertEqual(node.process.wait(30), -signal.SIGKILL)
                node.process = None
            else:
                node.stop()
            node.start_sound()
            self.check(node, first, done.returncode == 0)
            # Tokens of before, and what was acknowledged.
            self.assertEqual(node.request("GET", "/v1/policies",
                                          headers=viewer)[0], 200)
            node.acgs("audit", "verify", str(answered), "--vkey", first)
            self.assertEqual(node.decide(PERMITTED)[0], 200)
            return calls

    def check(self, node, first, acknowledged):
        keys = [key for key in node.acgs_json("keys", "list")
                if key["purpose"] == "checkpoint"]
        active, = [key for key in keys if key["state"] == "active"]
        retired = [key["verifier_key"] for key in keys
                   if key["state"] == "retired"]
        if acknowledged:
            self.assertEqual(retired, [first])
        self.assertIn(retired, ([], [first]))
        self.assertEqual(active["verifier_key"] == first, not retired)
        node.acgs("audit", "verify")
        # The record is made up for at the start, once.
        told = lambda: [entry for entry in node.acgs_json(
            "audit", "query", "--event-type", "key_rotated")]
        if retired:
            wait_for(told)
        self.assertEqual(len(told()), len(retired))

    def test_it_goes_on_with_the_old_key_or_the_new_one(self):
        calls = self.rotate(0)
        self.assertGreater(calls, 20)
        chance = random.Random(self.SEED)
        chosen = chance.sample(range(1, calls + 1), self.SAMPLE)
        if "all" in WORDS:
            chosen = range(1, calls + 1)
        for number in chosen:
            with self.subTest(number=number, calls=calls):
                self.rotate(number)


if __name__ == "__main__":
    counted.main()
