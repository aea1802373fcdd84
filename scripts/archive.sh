#!/usr/bin/env bash
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
#
# Moves old entries of the log out of the node that runs, to an archive.
set -uo pipefail
# shellcheck source=_common.sh
. "$(dirname "$0")/_common.sh"
# shellcheck source=_backup.sh
. scripts/_backup.sh

usage() {
  cat <<'TXT'
usage: scripts/archive.sh --older-than DAYS [--to DIR] [--config FILE]

  --older-than DAYS  entries that were written longer ago; 0: all so far
  --to DIR           the archive's folder, which grows; by default the last of
                     ledger.archive, where the node goes on to read them
  --config FILE      the configuration (default: config/acgs.yaml)

The archive is verified before the node gives anything up. Where there is
nothing to archive that is said, and no error.

Exit codes: 0 done; 2 usage; 3 no node answers; 4 the disk is full or cannot be
written; otherwise as "acgs audit archive".

example: scripts/archive.sh --older-than 365
TXT
}

days='' folder=''
while [ $# -gt 0 ]; do
  case $1 in
    --older-than) days=${2-}; shift ;;
    --to)
      case ${2-} in
        "") fail 2 "--to needs a folder" ;;
        /*) folder=$2 ;;
        *) folder=$called_from/$2 ;;
      esac
      shift ;;
    --config) config=$(config_file "${2-}") || exit; shift ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; fail 2 "unknown option '$1'" ;;
  esac
  shift
done
case $days in "" | *[!0-9]* | ??????*)
  fail 2 "--older-than takes a number of days" ;;
esac

need_program
load_settings
[ -n "$folder" ] || folder=$(setting ledger.archive | sed 's/.*,//')
[ -n "$folder" ] ||
  fail 2 "where to: name a folder in ledger.archive, or with --to"
[ -n "$(node_pid)" ] || fail 3 "no node runs"

exec 3>&1
said=$(acgs audit archive --before "$(date -u -d "-$days days" +%FT%T.%6NZ)" \
  -o "$folder" --reason "scripts/archive.sh --older-than $days" --yes \
  2>&1 >&3)
code=$?
exec 3>&-
if [ $code -ne 0 ] && [[ $said == *'there is nothing to archive'* ]]; then
  say "nothing to archive: no whole tile is older than $days days"
  exit 0
fi
[ -z "$said" ] || printf '%s\n' "$said" >&2
[ $code -eq 0 ] || fail $code "nothing was given up"
