#!/usr/bin/env bash
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
#
# Installs what is missing, builds, and runs every test.
set -uo pipefail

usage() {
  cat <<'TXT'
usage: scripts/test.sh [--no-install] [--suite NAME]... [--build DIR]

Installs, builds and runs all tests. The last line is "N passed, N failed".

  --no-install   do not look for missing Debian packages
  --suite NAME   only this suite of Meson's (may be repeated)
  --build DIR    the build folder (default: build)

Exit codes: 0 all passed, 1 some failed, 2 usage, 4 install or build failed.

example: scripts/test.sh --no-install --suite runtime
TXT
}

cd "$(dirname "$0")/.." || exit 4
install=yes build=build suites=()
while [ $# -gt 0 ]; do
  case $1 in
    --no-install) install=no ;;
    --suite) suites+=(--suite "${2:?--suite needs a name}"); shift ;;
    --build) build=${2:?--build needs a folder}; shift ;;
    -h|--help) usage; exit 0 ;;
    *) echo "test: unknown option '$1'" >&2; usage >&2; exit 2 ;;
  esac
  shift
done

give_up() { echo "test: $1" >&2; echo "0 passed, 1 failed"; exit 4; }

if [ "$install" = yes ]; then
  ./scripts/install-deps.sh || give_up "installing failed"
fi
if [ ! -f "$build/build.ninja" ]; then
  meson setup "$build" || give_up "meson setup failed"
fi
meson compile -C "$build" || give_up "the build failed"

log=$build/meson-logs/testlog.json
rm -f "$log"
# The short report says how many cases each Boost test ran.
BOOST_TEST_REPORT_LEVEL=short \
  meson test -C "$build" --no-rebuild --print-errorlogs "${suites[@]}"
[ -f "$log" ] || give_up "Meson wrote no test log"
exec ./scripts/test-summary "$log"
