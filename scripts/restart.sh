#!/usr/bin/env bash
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
#
# Stops the node and starts it again, without install and demonstration. What
# can fail beforehand, the build and the configuration, is tried while the old
# node still serves.
set -uo pipefail
# shellcheck source=_common.sh
. "$(dirname "$0")/_common.sh"

usage() {
  cat <<'TXT'
usage: scripts/restart.sh [--config FILE] [--force] [--no-build]

  --config FILE   the configuration (default: config/acgs.yaml)
  --force         do not wait for the node to drain
  --no-build      use the programs as they are built

Builds, and checks the configuration, before it stops anything.

Exit codes: as start.sh; 4 also where the old node could not be ended.

example: scripts/restart.sh --no-build
TXT
}

make=yes stop=() start=(--no-install --no-build --no-demo)
while [ $# -gt 0 ]; do
  case $1 in
    --force) stop+=(--force) ;;
    --no-build) make=no ;;
    --config)
      config=$(config_file "${2-}") || exit
      stop+=(--config "$config") start+=(--config "$config")
      shift ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; fail 2 "unknown option '$1'" ;;
  esac
  shift
done

if [ "$make" = yes ]; then
  make_targets acgsd acgs rego || fail 4 "the build failed; nothing was stopped"
fi
need_program
"$build/acgsd" --config "$config" --check-config >/dev/null ||
  fail 2 "the configuration $config is not accepted; nothing was stopped"
began=$(now_millis)
./scripts/stop.sh "${stop[@]}" || exit
./scripts/start.sh "${start[@]}" || exit
say "down for at most $(($(now_millis) - began)) ms"
