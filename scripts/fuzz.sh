#!/usr/bin/env bash
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
#
# Builds libFuzzer's targets with Clang and sanitizers, and runs them.
set -uo pipefail
# shellcheck source=_common.sh
. "$(dirname "$0")/_common.sh"

usage() {
  cat <<'TXT'
usage: scripts/fuzz.sh [--seconds N] [--build DIR] [NAME]...

Builds the fuzzers with Clang, AddressSanitizer and
UndefinedBehaviorSanitizer, and runs all, or those that are named. The last
line is "N passed, N failed".

  --seconds N   how long each runs, from a seed of its own (default: 5, from
                the same seed always)
  --build DIR   the build folder (default: build-fuzz)
  --list        print the names and exit

Exit codes: 0 nothing found, 1 some found something, 2 usage, 3 no Clang with
libFuzzer, 4 the build failed.

example: scripts/fuzz.sh --seconds 600 yaml evaluate
TXT
}

build=build-fuzz list=no names=() options=()
while [ $# -gt 0 ]; do
  case $1 in
    --seconds) # the last value of an option counts; a seed of 0 is a new one
      seconds=${2:?--seconds needs a number}
      options=(--test-args "-max_total_time=$seconds -seed=0")
      shift ;;
    --build) build=${2:?--build needs a folder}; shift ;;
    --list) list=yes ;;
    -h|--help) usage; exit 0 ;;
    -*) usage >&2; fail 2 "unknown option '$1'" ;;
    *) names+=("fuzz $1") ;;
  esac
  shift
done

# has_libfuzzer: a program that does nothing can be fuzzed.
has_libfuzzer() {
  echo 'extern "C" int LLVMFuzzerTestOneInput(char *, long) { return 0; }' |
    clang++ -fsanitize=fuzzer,address -x c++ -o /dev/null - 2>/dev/null
}
has_libfuzzer ||
  fail 3 "no clang++ with libFuzzer: install clang and libclang-rt-*-dev"

if [ ! -f "$build/build.ninja" ]; then
  say "setting up $build"
  told=$(CC=clang CXX=clang++ meson setup "$build" -Dfuzz=true \
    -Db_sanitize=address,undefined -Db_lundef=false -Doptimization=1 2>&1) ||
    fail 4 "$told"
fi
if [ $list = yes ]; then
  meson test -C "$build" --suite fuzz --list 2>/dev/null |
    sed -n 's/.* fuzz //p' | sort
  exit
fi
# Meson builds what the tests that it runs need.
log=$build/meson-logs/testlog.json
rm -f "$log"
meson test -C "$build" --suite fuzz --print-errorlogs --timeout-multiplier 0 \
  "${options[@]}" "${names[@]}"
[ -f "$log" ] || fail 4 "the fuzzers could not be built"
exec ./scripts/test-summary "$log"
