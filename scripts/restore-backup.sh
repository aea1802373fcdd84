#!/usr/bin/env bash
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
#
# Puts a backup in the place of the node's stores, which are set aside.
set -uo pipefail
# shellcheck source=_common.sh
. "$(dirname "$0")/_common.sh"
# shellcheck source=_backup.sh
. scripts/_backup.sh

usage() {
  cat <<'TXT'
usage: scripts/restore-backup.sh BACKUP [--config FILE] [--until WHEN] [--yes]
                                 [--new-epoch REASON] [--no-start]

  BACKUP          a file, a timestamp (20260215_020000Z), or latest; an
                  increment is restored with what it goes on from
  --config FILE   the configuration (default: config/acgs.yaml)
  --until WHEN    so many entries, or those up to a time (RFC 3339)
  --new-epoch REASON
                  go on under the next epoch's name, where more of the log was
                  signed than is restored; else the node does not start then
  --yes           do not ask
  --no-start      leave the node stopped

Verifies the backup, stops the node, restores beside the present stores, sets
those aside as store.replaced-TIME and starts the node.

A log that is longer than the backup's, or no part of it, is never replaced;
that of a node that works always is longer, as its stop is an entry. To go back
to a backup all the same, stop the node, move the folder "store" away, and
restore with --new-epoch: what was decided since stays in the folder that was
moved, and the log goes on under the next epoch's name.

Exit codes: 0 restored and healthy; 1 refused, or the backup does not verify;
2 usage, or no such backup; 3 restored, but the node does not become healthy;
4 failed. On 1 and 4 the stores are as they were, and the node runs if it did.

example: scripts/restore-backup.sh latest --yes
TXT
}

wanted='' yes=no start=yes epoch='' until=()
while [ $# -gt 0 ]; do
  case $1 in
    --config) config=$(config_file "${2-}") || exit; shift ;;
    --until) until=(--until "${2-}"); shift ;;
    --new-epoch) epoch=${2-}; shift ;;
    --yes) yes=yes ;;
    --no-start) start=no ;;
    -h | --help) usage; exit 0 ;;
    -*) usage >&2; fail 2 "unknown option '$1'" ;;
    *) [ -z "$wanted" ] || fail 2 "one backup at a time"; wanted=$1 ;;
  esac
  shift
done
[ -n "$wanted" ] || { usage >&2; fail 2 "which backup?"; }

need_program
load_settings
data=$(setting node.data_dir)
file=$(find_backup "$wanted") ||
  fail 2 "there is no backup '$wanted' in $(backup_folder)"
links=$(chain_of "$file") ||
  fail 2 "$file goes on from a backup that is not there any more"
mapfile -t files <<<"$links"
mapfile -t vkey < <(vkey_words)

verified=$(acgs verify-backup "${files[@]}" "${vkey[@]}") || {
  say "$verified" >&2
  fail 1 "the backup does not verify"
}
say "$verified"
was_running=no
if [ -n "$(node_pid)" ]; then
  was_running=yes
  say "the node has now:"
  acgs audit stats || true
fi
if [ "$yes" = no ]; then
  [ -t 0 ] || fail 2 "nobody can be asked here, so give --yes"
  read -r -p "Replace the stores in $data? Type yes to go on: " answer
  [ "$answer" = yes ] || fail 1 "nothing was done"
fi

# go_on: as it was before, where it ran.
go_on() {
  [ "$was_running" = no ] ||
    ./scripts/start.sh --no-install --no-build --no-demo --config "$config" ||
    say "$script: the node could not be started again" >&2
}

./scripts/stop.sh --config "$config" || fail 4 "the node could not be stopped"
acgs restore "${files[@]}" "${vkey[@]}" "${until[@]}" --to "$data" --replace \
  --keys-dir "$(setting keys.dir)"
code=$?
if [ $code -ne 0 ]; then
  go_on
  [ $code -ne 3 ] || fail 1 "nothing was restored; somebody has the stores"
  [ $code -le 2 ] || fail 4 "the restore failed; the stores are as they were"
  [ $code -ne 1 ] || fail 1 "nothing was restored; the stores are as they" \
    "were. To give up what they have beyond the backup: scripts/stop.sh," \
    "mv $data/store $data/store.before, and" \
    "scripts/restore-backup.sh $wanted --new-epoch REASON"
  fail $code "nothing was restored; the stores are as they were"
fi
if [ -n "$epoch" ]; then
  "$build/acgsd" --config "$config" --new-epoch "$epoch" ||
    fail 3 "restored, but the next epoch does not begin"
fi
[ "$start" = yes ] || exit 0
./scripts/start.sh --no-install --no-build --no-demo --config "$config" ||
  fail 3 "restored, but the node does not start; the stores that were there" \
    "are beside $data/store"
acgs audit verify || fail 3 "the restored log does not verify"
