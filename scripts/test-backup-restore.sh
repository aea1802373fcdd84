#!/usr/bin/env bash
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
#
# Restores a backup into a folder of its own, starts a node there that only
# this machine reaches, and looks whether it is what was backed up.
set -uo pipefail
# shellcheck source=_common.sh
. "$(dirname "$0")/_common.sh"
# shellcheck source=_backup.sh
. scripts/_backup.sh

usage() {
  cat <<'TXT'
usage: scripts/test-backup-restore.sh [BACKUP] [--config FILE] [--json]
                                      [--passphrase-file FILE]

  BACKUP          a file, a timestamp, or latest (the default)
  --config FILE   the configuration (default: config/acgs.yaml)
  --json          one object instead of lines
  --passphrase-file FILE   opens what opens payloads, where the backup was
                  taken with it: all its decisions are made again then

The node of the test has the keys of the real one, ports of the kernel's choice
on 127.0.0.1 and a folder that only this user may enter; it is removed with all
that it wrote. The real node is not touched.

Exit codes: 0 restored, started, verified; 1 something differs; 2 usage; 3 there
is no backup; 4 the test itself failed.

example: scripts/test-backup-restore.sh latest
TXT
}

# from_caller PATH: as it is meant where the script was called.
from_caller() {
  case $1 in /*) say "$1" ;; *) say "$called_from/$1" ;; esac
}

wanted='' json=no opens=()
while [ $# -gt 0 ]; do
  case $1 in
    --config) config=$(config_file "${2-}") || exit; shift ;;
    --json) json=yes ;;
    --passphrase-file)
      [ -r "$(from_caller "${2-}")" ] ||
        fail 2 "--passphrase-file: cannot read '${2-}'"
      opens=(--passphrase-file "$(from_caller "$2")")
      shift
      ;;
    -h | --help) usage; exit 0 ;;
    -*) usage >&2; fail 2 "unknown option '$1'" ;;
    *) [ -z "$wanted" ] || fail 2 "one backup at a time"; wanted=$1 ;;
  esac
  shift
done

need_program
load_settings
file=$(find_backup "${wanted:-latest}") ||
  fail 3 "there is no backup '${wanted:-latest}' in $(backup_folder)"
links=$(chain_of "$file") ||
  fail 3 "$file goes on from a backup that is not there any more"
mapfile -t files <<<"$links"
mapfile -t vkey < <(vkey_words)

child=
scratch=$(mktemp -d) || fail 4 "no room for a temporary folder"
clean_up() {
  [ -z "$child" ] || { kill "$child" && wait "$child"; } 2>/dev/null
  rm -rf "$scratch"
}
trap clean_up EXIT

checks=() findings=0
# check NAME DETAIL COMMAND...: notes whether the command succeeds.
check() {
  local name=$1 detail=$2 status=OK
  shift 2
  "$@" || { status=FAIL; findings=$((findings + 1)); }
  checks+=("$(jq -nc --arg name "$name" --arg status "$status" \
    --arg detail "$detail" '{$name, $status, $detail}')")
  [ "$json" = yes ] || printf '%-5s %s  %s\n' "$status" "$name" "$detail"
}

here() { "$build/acgs" --addr "unix:$scratch/acgsd.sock" --json "$@"; }

# field NAME: of the JSON object in $answer.
field() { jq -r ".$1 // empty" <<<"$answer" 2>/dev/null; }

# start_node: acgsd in the scratch folder; what names places is set anew.
start_node() {
  env -u LOG_FILE -u ACGS_LOGGING_FILE -u ACGS_PROCESS_PID_DIR \
    -u ACGS_RPC_SOCKET -u ACGS_KEYS_DIR \
    ACGS_NODE_DATA_DIR="$scratch" ACGS_HTTP_LISTEN=127.0.0.1:0 \
    ACGS_RPC_LISTEN=127.0.0.1:0 ACGS_METRICS_LISTEN=127.0.0.1:0 \
    "$build/acgsd" --config "$config" >"$scratch/out" 2>&1 </dev/null &
  child=$!
  local deadline
  deadline=$(($(now_millis) + $(millis_of "$(setting process.start_timeout)")))
  while [ "$(now_millis)" -lt "$deadline" ]; do
    kill -0 "$child" 2>/dev/null || return 1
    here node show >/dev/null 2>&1 && return 0
    sleep 0.05
  done
  return 1
}

# What could be opened came out as it was recorded; without the passphrase that
# may be none.
replays_well() {
  [ -n "$replayed" ] && [ "$replayed" = "$(field same)" ] &&
    { [ ${#opens[@]} -eq 0 ] || [ "$replayed" -gt 0 ] ||
      [ "$sealed" -eq 0 ]; }
}

began=$(now_millis)
answer=$(acgs --json verify-backup "${files[@]}" "${vkey[@]}")
entries=$(field entries)
problem=$(field problem)
check verified "${problem:-$entries entries}" [ "$(field verified)" = true ]
root=$(field root)
answer=$(acgs --json restore "${files[@]}" "${vkey[@]}" "${opens[@]}" \
  --to "$scratch" 2>"$scratch/out")
restored=$(field entries)
check restored "${restored:-no} entries" \
  [ "${restored:-none}" = "$entries" ]
took=$(($(now_millis) - began))
[ $findings -gt 0 ] || {
  # Without the mark of how far the real log was signed: that is longer.
  (umask 077 && cp -r "$(setting keys.dir)" "$scratch/keys" &&
    rm -f "$scratch"/keys/log.*) ||
    fail 4 "the keys in $(setting keys.dir) cannot be read"
  check started "after $took ms" start_node
}
[ $findings -eq 0 ] || tail -n 5 "$scratch/out" >&2
[ $findings -gt 0 ] || {
  # As far as the backup goes: the real log went on otherwise, and its keys may
  # have changed there.
  answer=$(here audit verify --first 0 --last $((entries - 1)))
  check log "$(field checked) entries checked" [ "$(field verified)" = true ]
  check length "$(field tree_size) entries, $entries restored" \
    [ "$(field tree_size)" -ge "$entries" ]
  # By the policies and data of their time, from the history that was restored.
  answer=$(here audit replay 2>"$scratch/out" | tail -n 1)
  replayed=$(field decisions) sealed=$(field unknown)
  check replay \
    "${replayed:-0} decisions to the byte, ${sealed:-0} cannot be opened" \
    replays_well
  answer=$(here decide <<<'{"action": "data.read_public", "context": {}}')
  check decides "entry $(field ledger_index)" \
    [ "$(field ledger_index)" -ge "$entries" ]
}
result=ok
[ $findings -eq 0 ] || result="$findings findings"
if [ "$json" = yes ]; then
  printf '%s\n' "${checks[@]}" | jq -sc --arg file "$file" --arg root "$root" \
    --argjson entries "${entries:-0}" --argjson millis "$took" \
    --arg result "$result" \
    '{script: "test-backup-restore", $file, $entries, $root,
      restore_ms: $millis, checks: ., $result}'
else
  say "RESULT test-backup-restore: $result"
fi
[ $findings -eq 0 ] || exit 1
