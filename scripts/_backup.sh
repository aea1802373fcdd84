# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
#
# What the backup scripts share; sourced after _common.sh. A backup is
# FOLDER/KIND/acgs-<YYYYmmdd_HHMMSS>Z.acgsbak, an increment to the one before it
# acgs-<YYYYmmdd_HHMMSS>Z.inc.acgsbak: their names sort as they were taken.
# shellcheck shell=bash disable=SC2154

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  echo "_backup.sh is sourced by other scripts, not run" >&2
  exit 2
fi

# backup_folder: where all kinds are.
backup_folder() { say "${BACKUP_DIR:-$(setting node.data_dir)/backups}"; }

# acgs WORD...: one command at the local node.
acgs() { "$build/acgs" --addr "unix:$(setting rpc.socket)" "$@"; }

# backups_in FOLDER: its backups, oldest first.
backups_in() {
  find "$1" -maxdepth 1 -name 'acgs-*.acgsbak' 2>/dev/null | sort
}

# find_backup NAME: the file that a path, a timestamp or "latest" stands for.
find_backup() {
  local found
  case $1 in
    latest)
      found=$(find "$(backup_folder)" -mindepth 2 -maxdepth 2 \
        -name 'acgs-*.acgsbak' -printf '%f %p\n' 2>/dev/null | sort |
        tail -n 1 | cut -d' ' -f2-) ;;
    */* | *.acgsbak)
      found=$1
      case $found in /*) ;; *) found=$called_from/$found ;; esac
      [ -f "$found" ] || found= ;;
    *)
      found=$(find "$(backup_folder)" -mindepth 2 -maxdepth 2 \
        -name "acgs-${1%Z}Z*.acgsbak" 2>/dev/null | sort | tail -n 1) ;;
  esac
  [ -n "$found" ] || return 1
  say "$found"
}

# chain_of FILE: what it takes to restore it, a file a line: for an increment
# the last full backup before it and the increments between.
chain_of() {
  local each full='' steps=()
  case $1 in
    *.inc.acgsbak) ;;
    *) say "$1"; return ;;
  esac
  while read -r each; do
    case $each in
      *.inc.acgsbak) steps+=("$each") ;;
      *) full=$each steps=("$each") ;;
    esac
    [ "$each" != "$1" ] || break
  done < <(backups_in "$(dirname "$1")")
  [ -n "$full" ] || return 1
  printf '%s\n' "${steps[@]}"
}

# vkey_words: "--vkey FILE" where the log's key was kept at a first backup.
vkey_words() {
  local kept
  kept=$(backup_folder)/log.vkey
  [ ! -f "$kept" ] || printf '%s\n' --vkey "$kept"
}
