#!/usr/bin/env bash
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
#
# Whether a node runs, where, and how it is.
set -uo pipefail
# shellcheck source=_common.sh
. "$(dirname "$0")/_common.sh"

usage() {
  cat <<'TXT'
usage: scripts/status.sh [--config FILE] [--json]

  --config FILE   the configuration (default: config/acgs.yaml)
  --json          the node's health as it answers it

Exit codes: 0 healthy or degraded; 1 unhealthy; 2 usage; 3 not running, or
it does not answer; 4 the data is another user's.

example: scripts/status.sh
TXT
}

json=no
while [ $# -gt 0 ]; do
  case $1 in
    --json) json=yes ;;
    --config) config=$(config_file "${2-}") || exit; shift ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; fail 2 "unknown option '$1'" ;;
  esac
  shift
done

load_settings
pid=$(node_pid)
if [ -z "$pid" ]; then
  [ ! -e "$pid_dir/acgs.lock" ] || left="; a dead node left files in $pid_dir"
  fail 3 "not running${left-}"
fi
answer=$(health) || fail 3 "PID $pid runs but does not answer at $(base_url)"
code=${answer##*$'\n'}
body=${answer%$'\n'*}
if [ "$json" = yes ]; then
  say "$body"
else
  say "PID      $pid, up $(uptime_of "$pid")"
  say "HTTP     $(base_url)"
  say "RPC      $(setting rpc.socket), port $(port_of rpc)"
  say "metrics  port $(port_of metrics)"
  jq -r '"health   \(.status)", (.components | to_entries[] |
         "  \(.key): \(.value.status)")' <<<"$body" 2>/dev/null || say "$body"
fi
[ "$code" = 200 ] || exit 1
