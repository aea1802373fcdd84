#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""The backup scripts as a user runs them, with the real programs."""

import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import counted
from samples import PERMITTED

SOURCE = Path(os.environ.get("ACGS_SOURCE", Path(__file__).parents[2]))
BUILD = Path(os.environ.get("ACGS_BUILD", SOURCE / "build"))


class backup_scripts(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.data = Path(folder.name) / "data"
        self.backups = self.data / "backups"
        self.environment = dict(
            os.environ, ACGS_BUILD_DIR=str(BUILD),
            ACGS_NODE_DATA_DIR=str(self.data),
            ACGS_HTTP_LISTEN="127.0.0.1:0", ACGS_RPC_LISTEN="127.0.0.1:0",
            ACGS_METRICS_LISTEN="127.0.0.1:0")
        for name in ("LOG_FILE", "LOG_LEVEL", "BACKUP_DIR"):
            self.environment.pop(name, None)
        self.addCleanup(lambda: self.run_script("stop", "--force"))

    def run_script(self, name, *args, code=None):
        done = subprocess.run(
            [SOURCE / "scripts" / f"{name}.sh", *args], text=True,
            stdin=subprocess.DEVNULL, capture_output=True,
            env=self.environment, check=False, timeout=200)
        if code is not None:
            self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def start(self):
        self.run_script("start", "--no-install", "--no-build", "--no-demo",
                        code=0)

    def lead(self, name):
        path = self.data / "team.json"
        path.write_text(json.dumps({"lead": name}))
        self.acgs("data", "put", "team", str(path))

    def acgs(self, *words):
        done = subprocess.run(
            [BUILD / "acgs", "--json", "--addr",
             f"unix:{self.data}/acgsd.sock", *words],
            text=True, capture_output=True, check=False, timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return json.loads(done.stdout.splitlines()[-1])

    def files(self, kind):
        return sorted(each.name for each in (self.backups / kind).iterdir())

    def test_each_has_help_and_refuses_what_it_does_not_know(self):
        for name in ("archive", "backup", "restore-backup",
                     "test-backup-restore"):
            with self.subTest(name):
                self.assertIn("example:",
                              self.run_script(name, "--help", code=0).stdout)
                self.run_script(name, "--nonsense", code=2)
        self.run_script("backup", code=3)
        self.run_script("restore-backup", "latest", "--yes", code=2)
        self.run_script("test-backup-restore", code=3)

    def link_constitution(self):
        """A copy of the constitution, one file of which is a link."""
        copied = self.data.parent / "constitution"
        shutil.copytree(SOURCE / "config/constitution", copied)
        (copied / "main.rego").rename(self.data.parent / "main.rego")
        (copied / "main.rego").symlink_to("../main.rego")
        self.environment["ACGS_CONSTITUTION_DIRECTORY"] = str(copied)

    def test_a_backup_is_restored_and_tested(self):
        self.link_constitution()
        self.start()
        self.lead("alice")
        self.run_script("backup", "--full", code=0)
        self.lead("bob")
        self.run_script("backup", "--incremental", code=0)
        names = self.files("manual")
        self.assertEqual([each[21:] for each in names if "conf" not in each],
                         [".acgsbak", ".inc.acgsbak"])
        self.assertEqual(os.stat(self.backups / "manual").st_mode & 0o077, 0)
        self.assertIn("+", (self.backups / "log.vkey").read_text())
        archive = next(self.backups.glob("manual/*.conf.tar.gz"))
        listed = subprocess.run(["tar", "-tzf", archive], text=True,
                                capture_output=True, check=True).stdout
        self.assertEqual(
            subprocess.run(
                ["tar", "-xOzf", archive, "./constitution/main.rego"],
                capture_output=True, check=True).stdout,
            (self.data.parent / "main.rego").read_bytes())
        self.assertIn("./acgs.yaml", listed)
        self.assertIn("./constitution/main.rego", listed)
        self.assertNotIn("checkpoint.key", listed)  # it is not encrypted
        self.assertIn("./keys/ring.json", listed)
        # What is kept in log.vkey leads to the keys that follow.
        self.acgs("keys", "rotate", "checkpoint", "--yes")
        self.run_script("test-backup-restore", code=0)
        self.run_script("backup", "--incremental", code=0)
        shown = json.loads(
            self.run_script("test-backup-restore", "--json", code=0).stdout)
        self.assertEqual(shown["result"], "ok")
        self.assertEqual([each["name"] for each in shown["checks"]],
                         ["verified", "restored", "started", "log", "length",
                          "replay", "decides"])
        # The keys of payloads are in a backup only where that is asked for.
        secret = self.data / "secret"
        secret.write_text("correct horse battery staple\n")
        secret.chmod(0o600)
        asked = self.data / "request.json"
        asked.write_text(json.dumps(PERMITTED))
        self.acgs("decide", "-i", str(asked))
        sealed = self.backups / "manual" / "acgs-20990101_000000Z.acgsbak"
        self.acgs("backup", str(sealed), "--passphrase-file", str(secret))
        shown = json.loads(self.run_script(
            "test-backup-restore", str(sealed), "--json", "--passphrase-file",
            str(secret), code=0).stdout)
        self.assertEqual(shown["result"], "ok")
        replay = next(each for each in shown["checks"]
                      if each["name"] == "replay")
        self.assertRegex(replay["detail"],
                         "^[1-9][0-9]* decisions to the byte, 0 cannot")
        sealed.unlink()
        # What came after the backup would be lost.
        self.lead("carol")
        self.run_script("restore-backup", "latest", code=2)
        refused = self.run_script("restore-backup", "latest", "--yes", code=1)
        self.assertIn("would be lost", refused.stderr)
        for step in ("scripts/stop.sh", f"mv {self.data}/store ",
                     "scripts/restore-backup.sh latest --new-epoch REASON"):
            self.assertIn(step, refused.stderr)
        self.assertIn("carol", json.dumps(self.acgs("data", "get", "team")))
        # Those steps, the folder being gone: the backup brings back what it
        # has, and more was signed.
        self.run_script("stop", code=0)
        (self.data / "store").rename(self.data / "lost")
        short = self.run_script("restore-backup", "latest", "--yes", code=3)
        self.assertIn("were signed", short.stderr)
        self.run_script("restore-backup", "latest", "--yes", "--new-epoch",
                        "the disk was lost", code=0)
        self.assertIn("bob", json.dumps(self.acgs("data", "get", "team")))

    def test_a_log_of_another_epoch_is_not_replaced(self):
        self.start()
        self.run_script("backup", code=0)
        self.run_script("stop", code=0)
        (self.data / "store").rename(self.data / "lost")
        subprocess.run([BUILD / "acgsd", "--config",
                        SOURCE / "config/acgs.yaml", "--new-epoch", "lost"],
                       cwd=SOURCE, env=self.environment, check=True,
                       capture_output=True, timeout=60)
        self.start()
        self.lead("dora")
        origin = self.acgs("audit", "stats")["origin"]
        refused = self.run_script("restore-backup", "latest", "--yes", code=1)
        self.assertIn(f"entries of {origin}, and the backup is of "
                      f"{origin[:-1]}1", refused.stderr)
        self.assertIn("dora", json.dumps(self.acgs("data", "get", "team")))

    def test_a_backup_that_changed_is_not_restored(self):
        self.start()
        self.run_script("backup", code=0)
        path = next(self.backups.glob("manual/*.acgsbak"))
        whole = bytearray(path.read_bytes())
        whole[-40] ^= 1
        path.write_bytes(whole)
        self.run_script("restore-backup", str(path), "--yes", code=1)
        shown = self.run_script("test-backup-restore", code=1)
        self.assertIn("FAIL  verified", shown.stdout)
        self.run_script("status", code=0)

    def test_old_entries_go_to_the_archive(self):
        refused = self.run_script("archive", "--older-than", "0", code=2)
        self.assertIn("ledger.archive", refused.stderr)
        self.environment["ACGS_LEDGER_ARCHIVE"] = str(self.data / "archive")
        self.run_script("archive", "--older-than", "0", code=3)
        self.run_script("archive", code=2)
        self.start()
        self.run_script("backup", code=0)
        asked = self.data / "requests.jsonl"
        asked.write_text((json.dumps(PERMITTED) + "\n") * 300)
        self.acgs("decide", "--batch", str(asked))
        said = self.run_script("archive", "--older-than", "1", code=0).stdout
        self.assertIn("nothing to archive", said)
        self.run_script("archive", "--older-than", "0", code=0)
        self.assertEqual(self.acgs("audit", "stats")["archived"], 256)
        self.assertEqual(self.acgs("audit", "show", "5")["index"], 5)
        # Where the last backup ended there is nothing to go on from.
        said = self.run_script("backup", "--incremental", code=0).stdout
        self.assertIn("a whole backup", said)
        self.assertEqual([each[21:] for each in self.files("manual")],
                         [".acgsbak", ".acgsbak"])
        self.run_script("test-backup-restore", code=0)

    def test_old_ones_go_where_that_is_wanted(self):
        self.start()
        folder = self.backups / "daily"
        folder.mkdir(parents=True)
        for day in (1, 2, 3):
            (folder / f"acgs-2026010{day}_020000Z.acgsbak").touch()
        (folder / "acgs-20260102_030000Z.inc.acgsbak").touch()
        self.run_script("backup", "--kind", "daily", "--keep", "2", code=0)
        kept = self.files("daily")
        self.assertEqual(len(kept), 2)
        self.assertEqual(kept[0], "acgs-20260103_020000Z.acgsbak")


if __name__ == "__main__":
    counted.main()
