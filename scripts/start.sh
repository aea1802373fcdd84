#!/usr/bin/env bash
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
#
# From a fresh checkout to a healthy node, and two decisions to show it.
set -uo pipefail
# shellcheck source=_common.sh
. "$(dirname "$0")/_common.sh"

usage() {
  cat <<'TXT'
usage: scripts/start.sh [--no-install] [--no-build] [--no-demo]
                        [--config FILE] [--strict-ports]

Installs what is missing, builds, starts one node, waits until it is healthy,
and shows a permitted and a refused action with the record of one verified.
A node that runs already is left alone.

  --no-install     do not look for missing Debian packages
  --no-build       use the programs as they are built
  --no-demo        do not ask for decisions
  --config FILE    the configuration (default: config/acgs.yaml)
  --strict-ports   fail where a configured port is busy

Exit codes: 0 healthy, or already running; 2 usage, or the configuration is
wrong; 3 not healthy in time; 4 install or build failed, or the data is
another user's.

example: scripts/start.sh --no-demo
TXT
}

install=yes make=yes demo=yes
while [ $# -gt 0 ]; do
  case $1 in
    --no-install) install=no ;;
    --no-build) make=no ;;
    --no-demo) demo=no ;;
    --strict-ports) export ACGS_PROCESS_STRICT_PORTS=true ;;
    --config) config=$(config_file "${2-}") || exit; shift ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; fail 2 "unknown option '$1'" ;;
  esac
  shift
done

# exit_if_running: says so and ends, where a node holds the lock.
exit_if_running() {
  local pid url
  load_settings
  pid=$(node_pid)
  [ -n "$pid" ] || return 0
  url=$(base_url) # nothing while it starts
  say "already running as PID $pid${url:+ at $url}"
  exit 0
}

build_programs() {
  if [ "$install" = yes ]; then
    ./scripts/install-deps.sh --build-only || fail 4 "installing failed"
  fi
  [ "$make" = yes ] || return 0
  make_targets acgsd acgs rego || fail 4 "the build failed"
}

# launch: starts acgsd in a session of its own; its PID is in $child.
launch() {
  local data
  "$build/acgsd" --config "$config" --check-config >/dev/null || exit 2
  data=$(setting node.data_dir)
  log=$(setting logging.file)
  log=${log:-$data/logs/acgs.log}
  # Nobody but the owner and the group reads either, whoever made them.
  (umask g-w,o= && mkdir -p "$(dirname "$log")" && touch "$log.out" &&
    if [ -f "$log.out" ]; then chmod g-w,o= "$log.out"; fi) ||
    fail 2 "$log.out cannot be written"
  [ ! -e "$pid_dir/acgs.lock" ] || say "replacing a stale lock"
  rm -f "$pid_dir/http.port"
  # What is not a log line (a crash's last words) goes beside the log.
  LOG_FILE=$log setsid nohup "$build/acgsd" --config "$config" \
    </dev/null >>"$log.out" 2>&1 &
  child=$!
}

show_trouble() {
  health >&2 || true
  tail -n 20 "$log" "$log.out" >&2 2>/dev/null
}

# await_health: until the node answers 200, or the configured time is over.
await_health() {
  local deadline answer code ending
  deadline=$(($(now_millis) + $(millis_of "$(setting process.start_timeout)")))
  while [ "$(now_millis)" -lt "$deadline" ]; do
    if ! kill -0 "$child" 2>/dev/null; then
      wait "$child"
      code=$?
      exit_if_running # another start was quicker
      show_trouble
      ending="acgsd ended while starting"
      # A crash leaves no line of its own in the log.
      [ $code -le 128 ] || ending+=", by SIG$(kill -l $code)"
      [ $code -eq 2 ] || code=3
      fail $code "$ending"
    fi
    answer=$(health) && [ "${answer##*$'\n'}" = 200 ] && return 0
    sleep 0.02
  done
  show_trouble
  fail 3 "not healthy after $(setting process.start_timeout)"
}

exit_if_running
build_programs
need_program
load_settings
began=$(now_millis)
launch
await_health
say "healthy after $(($(now_millis) - began)) ms"
say "PID      $(node_pid)"
say "HTTP     $(base_url)"
say "RPC      $(setting rpc.socket), port $(port_of rpc)"
say "metrics  http://$(setting metrics.listen | sed 's/:[0-9]*$//'):$(port_of metrics)/metrics"
say "log      $log"
[ "$demo" = no ] || exec ./scripts/demo.sh --config "$config"
