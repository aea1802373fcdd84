# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""scripts/check-unity before object files that it can be wrong about."""

import subprocess
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "scripts/check-unity"

WIDE = "namespace n { int f(long); }\n"
USER = WIDE + "namespace n { int use() { return f(1); } }\n"


class unity(unittest.TestCase):
    def setUp(self):
        held = tempfile.TemporaryDirectory()
        self.addCleanup(held.cleanup)
        self.folder = Path(held.name)

    def compile(self, name, text):
        target = self.folder / (name + ".o")
        target.parent.mkdir(exist_ok=True)
        subprocess.run(["c++", "-x", "c++", "-O0", "-fPIC", "-c", "-", "-o",
                        str(target)], input=text, text=True, check=True)

    def compared(self, first, second):
        """Both files apart and then as one unit, and what the script says."""
        self.compile("apart/first", first)
        self.compile("apart/second", second)
        self.compile("together/both", first + second)
        return subprocess.run(
            [SCRIPT, "--compare", self.folder / "apart",
             self.folder / "together"], capture_output=True, text=True)

    def test_files_that_keep_to_themselves_are_alike(self):
        done = self.compared("namespace n { namespace { int g() { return 1; } }"
                             " int h() { return g(); } }\n", USER)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("3 functions compared, 0 differ", done.stdout)

    def test_a_better_match_in_another_file_is_found(self):
        done = self.compared("namespace n { namespace { int f(int) { return 1;"
                             " } } int h() { return f(2); } }\n", USER)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("n::use()\n  apart:\n    n::f(long)\n", done.stdout)
        self.assertIn("together:\n    n::(anonymous namespace)::f(int)",
                      done.stdout)
        self.assertIn("1 differ", done.stdout)

    def test_nothing_to_compare_is_no_success(self):
        done = subprocess.run([SCRIPT, "--compare", self.folder, self.folder],
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("no function is in both", done.stderr)


if __name__ == "__main__":
    unittest.main()
