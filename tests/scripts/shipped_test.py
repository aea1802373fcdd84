#!/usr/bin/env python3
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""What the shipped texts and configuration files name does exist."""

import re
import subprocess
import unittest
from pathlib import Path

import counted

ROOT = Path(__file__).resolve().parents[2]
TEXTS = [ROOT / name for name in ("README.md", "ARCHITECTURE.md",
                                  "actors/README.md")]
RULES = ROOT / "config/prometheus/acgs-alerts.yml"
UNIT = ROOT / "config/systemd/acgsd.service"
LOADER = ROOT / "runtime/config/load.cpp"
UNLOCK = ROOT / "actors/node/unlock.cpp"  # a secret, taken before the loader


def sources():
    for area in ("actors", "runtime"):
        for path in (ROOT / area).rglob("*.[ch]pp"):
            yield path.read_text()


def keys():
    """Every key of the shipped configuration, as "section.key"."""
    section = None
    for line in (ROOT / "config/acgs.yaml").read_text().splitlines():
        match = re.match(r"(  )?([a-z0-9_]+):", line)
        if match and match[1]:
            yield f"{section}.{match[2]}"
        elif match:
            section = match[2]


class shipped(unittest.TestCase):
    def test_every_link_and_script_in_the_texts_leads_somewhere(self):
        found = 0
        for text in TEXTS:
            content = text.read_text()
            links = re.findall(r"\]\(([^)#:]+)\)", content)
            scripts = re.findall(r"(?:\./)?(scripts/[\w.-]+)", content)
            places = [text.parent / link for link in links]
            places += [ROOT / name for name in scripts]
            for place in places:
                self.assertTrue(place.exists(), f"{text.name}: {place}")
            found += len(places)
        self.assertGreater(found, 10)

    def test_every_actor_stands_on_the_map(self):
        content = (ROOT / "actors/README.md").read_text()
        for folder in (ROOT / "actors").iterdir():
            if folder.is_dir() and folder.name != "shell":
                self.assertIn(f"| {folder.name.upper()} |", content)

    def test_every_metric_of_the_rules_is_made_somewhere(self):
        code = "\n".join(sources())
        names = set(re.findall(r"\bacgs_[a-z_]+\b", RULES.read_text()))
        self.assertGreater(len(names), 5)
        for name in names:
            base = re.sub(r"_(bucket|sum|count)$", "", name)
            self.assertTrue(f'"{base}"' in code, f"nothing makes {name}")

    def test_the_rules_are_valid_and_alert_when_they_should(self):
        for args in (["check", "config", RULES.parent / "prometheus.yml"],
                     ["test", "rules", RULES.parent / "acgs-alerts.test.yml"]):
            done = subprocess.run(["promtool", *args], text=True,
                                  capture_output=True, check=False)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_every_variable_of_the_unit_and_the_scripts_is_a_key(self):
        known = {f"ACGS_{key.replace('.', '_').upper()}" for key in keys()}
        self.assertIn("ACGS_NODE_DATA_DIR", known)
        # What the loader lets pass: read by acgs, the scripts, the tests.
        known |= set(re.findall(r'"(ACGS_[A-Z_]+)"', LOADER.read_text()))
        known |= set(re.findall(r'"(ACGS_[A-Z_]+)"', UNLOCK.read_text()))
        files = [UNIT, *(ROOT / "scripts").glob("*.sh"),
                 *(ROOT / "tests").rglob("*.py")]
        for file in files:
            for name in re.findall(r"\bACGS_[A-Z0-9_]*[A-Z0-9]\b",
                                   file.read_text()):
                fault = name.startswith("ACGS_FAULT_")
                self.assertTrue(fault or name in known, f"{file.name}: {name}")

    def test_every_key_is_used_by_the_node_or_a_script(self):
        node = "\n".join(path.read_text()
                         for path in (ROOT / "actors/node").glob("*.[ch]pp"))
        scripts = "\n".join(path.read_text()
                            for path in (ROOT / "scripts").glob("*.sh"))
        for key in keys():
            member = key.split(".")[1]
            self.assertTrue(
                re.search(rf"\.{member}\b", node) or key in scripts,
                f"{key} changes nothing")


if __name__ == "__main__":
    counted.main()
