#!/usr/bin/env bash
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
#
# Stops the node and starts it again, without install and demonstration.
set -uo pipefail
# shellcheck source=_common.sh
. "$(dirname "$0")/_common.sh"

usage() {
  cat <<'TXT'
usage: scripts/restart.sh [--config FILE] [--force] [--no-build]

  --config FILE   the configuration (default: config/acgs.yaml)
  --force         do not wait for the node to drain
  --no-build      use the programs as they are built

Exit codes: as start.sh; 4 also where the old node could not be ended.

example: scripts/restart.sh --no-build
TXT
}

stop=() start=(--no-install --no-demo)
while [ $# -gt 0 ]; do
  case $1 in
    --force) stop+=(--force) ;;
    --no-build) start+=(--no-build) ;;
    --config)
      config=$(config_file "${2-}") || exit
      stop+=(--config "$config") start+=(--config "$config")
      shift ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; fail 2 "unknown option '$1'" ;;
  esac
  shift
done

began=$(now_millis)
./scripts/stop.sh "${stop[@]}" || exit
./scripts/start.sh "${start[@]}" || exit
say "down for at most $(($(now_millis) - began)) ms"
