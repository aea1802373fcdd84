#!/usr/bin/env bash
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
#
# Takes a signed backup of the node that runs, and reads it back.
set -uo pipefail
# shellcheck source=_common.sh
. "$(dirname "$0")/_common.sh"
# shellcheck source=_backup.sh
. scripts/_backup.sh

usage() {
  cat <<'TXT'
usage: scripts/backup.sh [--config FILE] [--kind KIND] [--incremental]
                         [--full | --config-only] [--keep N] [--to DIR]

  --config FILE   the configuration (default: config/acgs.yaml)
  --kind KIND     the folder of the backup (default: manual)
  --incremental   only what came after the newest backup of that kind
  --full          besides, an archive of configuration, constitution,
                  certificates, the ring that says which keys follow which,
                  and those keys that a passphrase or a key file protects
  --config-only   that archive and no backup; the node need not run
  --keep N        afterwards remove what is older than the N newest backups
                  that stand alone, and the archives beside them
  --to DIR        instead of BACKUP_DIR, by default DATA/backups

The log's verifier key is kept in DIR/log.vkey at the first backup; later ones
must be signed by a key that stands there, on a line of its own, or by one that
followed it.

Exit codes: 0 written and verified; 1 written, but it does not verify; 2 usage;
3 no node answers; 4 the disk is full or cannot be written.

example: scripts/backup.sh --kind daily --keep 7
TXT
}

kind=manual incremental=no archive=no store=yes keep=
while [ $# -gt 0 ]; do
  case $1 in
    --config) config=$(config_file "${2-}") || exit; shift ;;
    --kind) kind=${2-}; shift ;;
    --incremental) incremental=yes ;;
    --full) archive=yes ;;
    --config-only) archive=yes store=no ;;
    --keep) keep=${2-}; shift ;;
    --to)
      case ${2-} in
        "") fail 2 "--to needs a folder" ;;
        /*) BACKUP_DIR=$2 ;;
        *) BACKUP_DIR=$called_from/$2 ;;
      esac
      shift ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; fail 2 "unknown option '$1'" ;;
  esac
  shift
done
case $kind in "" | *[!a-z0-9-]*)
  fail 2 "--kind takes a name of small letters and digits" ;;
esac
case ${keep:-1} in *[!0-9]* | 0)
  fail 2 "--keep takes a number from 1 on" ;;
esac

need_program
load_settings
folder=$(backup_folder)/$kind
(umask 077 && mkdir -p "$folder") || fail 4 "$folder cannot be made"

# Names go by the second: where one is taken, the next second has another.
while
  name=acgs-$(date -u +%Y%m%d_%H%M%S)Z
  compgen -G "$folder/$name*" >/dev/null
do sleep 0.1; done

# keep_vkey: the first time, the key is taken on trust; written down whole.
keep_vkey() {
  local kept
  kept=$(backup_folder)/log.vkey
  [ ! -f "$kept" ] || return 0
  acgs --json keys list |
    jq -r 'select(.purpose == "checkpoint" and .active) | .verifier_key' \
      >"$kept.part" &&
    mv "$kept.part" "$kept"
}

# write_backup: to $file, from $base on; what went wrong is in $said.
write_backup() {
  local code
  file=$folder/$name.acgsbak
  exec 3>&1
  said=$(acgs backup "$file" "${base[@]}" \
    --reason "scripts/backup.sh --kind $kind" 2>&1 >&3)
  code=$?
  exec 3>&-
  [ -z "$said" ] || printf '%s\n' "$said" >&2
  return $code
}

take_backup() {
  local base=() file newest code said=
  keep_vkey || fail 3 "the node does not say by what key its log is signed"
  if [ "$incremental" = yes ]; then
    newest=$(backups_in "$folder" | tail -n 1)
    if [ -n "$newest" ]; then
      base=(--base "$newest")
      name+=.inc
    fi
  fi
  write_backup
  code=$?
  if [ $code -ne 0 ] && [ ${#base[@]} -gt 0 ] &&
    [[ $said == *'were archived since'* ]]; then
    say 'a whole backup, since entries were archived after the last one'
    base=() name=${name%.inc}
    write_backup
    code=$?
  fi
  [ $code -eq 0 ] || fail $code "no backup was written"
  mapfile -t words < <(vkey_words)
  [ ${#words[@]} -eq 0 ] ||
    acgs verify-backup "$file" "${words[@]}" >/dev/null ||
    fail 1 "$file is not signed by a key in $(backup_folder)/log.vkey; where\
 the log began a new epoch or has a new key, and you know that it did, add the\
 verifier_key of 'acgs --json keys list' to that file as a line"
}

# sealed_keys: key files that are of no use without what they are locked with.
sealed_keys() {
  grep -lsE '^acgs-sealed-key-v|ENCRYPTED PRIVATE KEY' \
    "$(setting keys.dir)"/* 2>/dev/null
}

# copy_keys FOLDER: the ring and the sealed keys of one moment. The node may
# have another key follow meanwhile: then once more.
copy_keys() {
  local ring tries each
  ring=$(setting keys.dir)/ring.json
  for tries in 1 2 3 4 5; do
    rm -f "$1"/*.key "$1/ring.json"
    [ ! -f "$ring" ] || cp "$ring" "$1/ring.json" || return 1
    while read -r each; do
      cp "$each" "$1/" 2>/dev/null || true # of a key that signs no more
    done < <(sealed_keys)
    [ -f "$ring" ] || return 0
    ! cmp -s "$ring" "$1/ring.json" || return 0
  done
  fail 4 "the keys changed $tries times while they were copied"
}

# copy_constitution FOLDER: with what its links lead to in their place.
copy_constitution() {
  local from each
  from=$(setting constitution.directory)
  cp -r "$from" "$1" || return 1
  while IFS= read -r -d '' each; do
    cp -L --remove-destination "$from/$each" "$1/$each" || return 1
  done < <(cd "$from" && find . -type l -xtype f -print0)
}

take_archive() {
  local made=$folder/$name.conf.tar.gz scratch each
  scratch=$(mktemp -d) || fail 4 "no room for a temporary folder"
  # shellcheck disable=SC2064 # now, not then
  trap "rm -rf '$scratch'" EXIT
  mkdir -p "$scratch/keys"
  printf '%s\n' "$settings" >"$scratch/effective.txt"
  { cp "$config" "$scratch/acgs.yaml" &&
    copy_constitution "$scratch/constitution"; } ||
    fail 4 "the configuration cannot be copied"
  for each in "$(setting http.tls_certificate)" \
    "$(setting http.tls_client_authority)" "$(setting keys.dir)"/*.crt; do
    [ ! -f "$each" ] || cp "$each" "$scratch/keys/"
  done
  copy_keys "$scratch/keys" || fail 4 "the keys cannot be copied"
  if ! (umask 077 && tar -C "$scratch" -czf "$made.part" . &&
    sync "$made.part" && mv "$made.part" "$made"); then
    rm -f "$made.part"
    fail 4 "$made cannot be written"
  fi
  say "archive  $made"
}

# prune: by the names, which sort as they were taken.
prune() {
  local oldest each
  oldest=$(backups_in "$folder" | grep -v '\.inc\.acgsbak$' |
    tail -n "$keep" | head -n 1)
  [ -n "$oldest" ] || return 0
  while read -r each; do
    if [[ $(basename "$each") < $(basename "$oldest") ]]; then
      rm -f "$each" && say "removed  $each"
    fi
  done < <(backups_in "$folder"
    find "$folder" -maxdepth 1 -name 'acgs-*.conf.tar.gz')
}

if [ "$store" = yes ]; then
  [ -n "$(node_pid)" ] || fail 3 "no node runs"
  take_backup
fi
[ "$archive" = no ] || take_archive
[ -z "$keep" ] || [ "$store" = no ] || prune
