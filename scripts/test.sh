#!/usr/bin/env bash
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
#
# Installs what is missing, builds, and runs every test.
set -uo pipefail
# shellcheck source=_common.sh
. "$(dirname "$0")/_common.sh"

usage() {
  cat <<'TXT'
usage: scripts/test.sh [--no-install] [--suite NAME]... [--build DIR]

Installs, builds and runs all tests, and each fuzzer for some seconds. The
last line is "N passed, N failed".

  --no-install   do not look for missing Debian packages
  --suite NAME   only this suite of Meson's (may be repeated), and no fuzzer
  --build DIR    the build folder (default: build)

Where a package cannot be installed it goes on with what is there.

Exit codes: 0 all passed, 1 some failed, 2 usage, 4 the build failed.

example: scripts/test.sh --no-install --suite runtime
TXT
}

install=yes suites=()
while [ $# -gt 0 ]; do
  case $1 in
    --no-install) install=no ;;
    --suite) suites+=(--suite "${2:?--suite needs a name}"); shift ;;
    --build) build=${2:?--build needs a folder}; shift ;;
    -h|--help) usage; exit 0 ;;
    *) usage >&2; fail 2 "unknown option '$1'" ;;
  esac
  shift
done

# give_up TEXT: the summary's last line is there even so.
give_up() { echo "test: $1" >&2; echo "0 passed, 1 failed"; exit 4; }

if [ "$install" = yes ] && ! ./scripts/install-deps.sh; then
  echo "test: installing failed; going on with what is there" >&2
fi
make_targets all || give_up "the build failed"

log=$build/meson-logs/testlog.json
rm -f "$log"
# The short report says how many cases each Boost test ran. The time limits
# are to end what hangs, so a slow machine gets more of it.
BOOST_TEST_REPORT_LEVEL=short \
  meson test -C "$build" --no-rebuild --print-errorlogs \
  --timeout-multiplier 10 "${suites[@]}"
[ -f "$log" ] || give_up "Meson wrote no test log"
logs=("$log")
if [ ${#suites[@]} -eq 0 ]; then
  ./scripts/fuzz.sh --build "$build-fuzz"
  case $? in
    0 | 1) logs+=("$build-fuzz/meson-logs/testlog.json") ;;
    3) echo "test: the fuzzers are left out" >&2 ;;
    *) echo '{"name": "building the fuzzers", "result": "FAIL"}' \
         > "$build-fuzz/failed.json"
       logs+=("$build-fuzz/failed.json") ;;
  esac
fi
exec ./scripts/test-summary "${logs[@]}"
