# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
"""Runs the cases of a module and ends with "N passed, N failed"."""

import sys
import unittest


def main():
    program = unittest.main(exit=False, verbosity=2)
    result = program.result
    bad = {case.id().split(" ")[0]
           for case, _ in result.failures + result.errors}
    sys.stderr.flush()
    # Where a class cannot be set up, none of its cases ran.
    print(f"{max(0, result.testsRun - len(bad))} passed, {len(bad)} failed",
          flush=True)
    sys.exit(1 if bad or not result.testsRun else 0)
