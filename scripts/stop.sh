#!/usr/bin/env bash
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
#
# Ends the running node: asks first, insists after the configured grace.
set -uo pipefail
# shellcheck source=_common.sh
. "$(dirname "$0")/_common.sh"

usage() {
  cat <<'TXT'
usage: scripts/stop.sh [--config FILE] [--force]

Sends SIGTERM to the node that holds the lock, waits for
process.graceful_shutdown_timeout, then sends SIGKILL. Never signals a process
whose start time is not the lock's.

  --config FILE   the configuration (default: config/acgs.yaml)
  --force         SIGKILL at once; what was acknowledged is kept all the same

Exit codes: 0 stopped, or nothing ran; 2 usage; 4 it could not be ended.

example: scripts/stop.sh
TXT
}

force=no required=no
while [ $# -gt 0 ]; do
  case $1 in
    --force) force=yes ;;
    --config) config=$(config_file "${2-}") || exit; required=yes; shift ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; fail 2 "unknown option '$1'" ;;
  esac
  shift
done

# gone_within MILLIS: whether the node ended in that time.
gone_within() {
  local deadline
  deadline=$(($(now_millis) + $1))
  while [ "$(start_ticks "$pid")" = "$born" ]; do
    [ "$(now_millis)" -lt "$deadline" ] || return 1
    sleep 0.02
  done
}

# What was made of the configuration since does not keep a node from ending. A
# file that was named may be another node's, so that nothing is assumed of it.
load_settings
pid=$(node_pid)
if [ -z "$pid" ]; then
  # What a killed node left would mislead.
  remove_state || fail 4 "a node is just starting; try again"
  say "not running"
  exit 0
fi
born=$(start_ticks "$pid")
kill -0 "$pid" 2>/dev/null || [ "$(start_ticks "$pid")" != "$born" ] ||
  fail 4 "PID $pid belongs to $(stat -c %U "/proc/$pid"), not to $(id -un)"
began=$(now_millis)
how=stopped
if [ "$force" = no ]; then
  kill -TERM "$pid" 2>/dev/null
  gone_within "$(millis_of "$(setting process.graceful_shutdown_timeout)")" ||
    force=yes
fi
if [ "$force" = yes ] && [ "$(start_ticks "$pid")" = "$born" ]; then
  how=killed
  kill -KILL "$pid" 2>/dev/null
  gone_within 5000 || fail 4 "PID $pid could not be ended"
fi
remove_state
say "acgsd, PID $pid: $how after $(($(now_millis) - began)) ms"
