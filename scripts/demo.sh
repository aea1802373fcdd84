#!/usr/bin/env bash
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
#
# Two actions of an agent, decided by the running node over plain HTTP, and
# the record of the first verified.
set -uo pipefail
# shellcheck source=_common.sh
. "$(dirname "$0")/_common.sh"

usage() {
  cat <<'TXT'
usage: scripts/demo.sh [--config FILE]

Asks the running node for a permitted and a refused action and verifies the
record of the permitted one. Needs curl and jq.

Exit codes: 0 as expected; 1 a decision or its record was not; 2 usage;
3 no node answers; 4 a program is missing, or the data is another user's.

example: scripts/demo.sh
TXT
}

while [ $# -gt 0 ]; do
  case $1 in
    --config) config=$(config_file "${2-}") || exit; shift ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; fail 2 "unknown option '$1'" ;;
  esac
  shift
done

for program in curl jq; do
  command -v $program >/dev/null ||
    fail 4 "$program is missing; scripts/install-deps.sh installs it"
done
need_program
load_settings
url=$(base_url)
[ -n "$(node_pid)" ] && [ -n "$url" ] ||
  fail 3 "no node runs; start one with scripts/start.sh"

# decide JSON: the node's answer.
decide() {
  fetch "$url/v1/data/acgs/main/decision" \
    --header 'Content-Type: application/json' --data "$1" ||
    fail 3 "the node does not answer at $url"
}

# expect WANTED ANSWER: shows the verdict and ends where it is another one.
expect() {
  local verdict
  verdict=$(jq -r '.allow' <<<"$2" 2>/dev/null)
  jq -r '"  allow \(.allow), score \(.compliance_score), entry " +
         "\(.ledger_index)" +
         (if (.reasons | length) > 0 then "\n  because: \(.reasons[0])"
          else "" end)' <<<"$2" 2>/dev/null || say "  $2"
  [ "$verdict" = "$1" ] || fail 1 "expected allow $1, got: $2"
}

say ""
say "An agent wants to read public data, in a sandbox, and says why:"
permitted=$(decide '{
  "action": "data.read_public",
  "context": {
    "environment": {"sandbox_enabled": true, "audit_enabled": true},
    "agent": {"trust_level": 0.9,
              "requested_resources": {"cpu_cores": 1, "memory_gb": 1}},
    "responsible_party": "demo@acgs.example",
    "explanation": "Count the entries of a public data set for a report"
  }
}') || exit
expect true "$permitted"

say "The same agent wants a shell:"
refused=$(decide '{
  "action": "system.execute_shell",
  "context": {
    "environment": {"sandbox_enabled": true, "audit_enabled": true},
    "agent": {"trust_level": 0.9},
    "explanation": "Clean up temporary files"
  }
}') || exit
expect false "$refused"

say "The record of the first, verified against the signed log:"
"$build/acgs" --addr "unix:$(setting rpc.socket)" \
  audit verify "$(jq -r '.ledger_index' <<<"$permitted")" ||
  fail 1 "the record does not verify"
