#!/usr/bin/env bash
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
#
# Measures a node of its own, built optimised, with durable audit on: decisions
# over HTTP and RPC in closed and open loops, memory, time to start. Beside
# each figure stands what the disk itself takes for a sync.
set -uo pipefail

usage() {
  cat <<'TXT'
usage: scripts/bench.sh [--seconds N] [--entries N] [--large] [--no-build]
                        [--data FOLDER] [GROUP...]

Groups: node (start, memory), http, rpc, slow (other actors and decisions
beside a policy of 500 ms), tmpfs, ledger (the log alone, beside a plain file
and SQLite), replay (recorded decisions made again). Without one: all of them.

  --seconds N     length of each run (default 8)
  --entries N     size of the log that the group ledger verifies and queries,
                  and replay makes again (default 1000000); the other runs of
                  the group ledger are a fifth of it
  --large         the group ledger also appends 10,000,000 entries (some 8 GB)
  --no-build      take build-bench as it is
  --data FOLDER   where the data goes (default: a new folder in build-bench)

Needs wrk for the closed loop over HTTP, and for the comparison with SQLite
libsqlite3-dev when build-bench is set up.

Exit codes: 0 done, 1 a request was not answered, 2 usage, 4 the build failed.

example: scripts/bench.sh --seconds 4 http
TXT
}

cd "$(dirname "$0")/.." || exit 4
seconds=8 entries=1000000 large=no make=yes data='' groups=()
while [ $# -gt 0 ]; do
  case $1 in
    --seconds) seconds=${2:?--seconds needs a number}; shift ;;
    --entries) entries=${2:?--entries needs a number}; shift ;;
    --large) large=yes ;;
    --no-build) make=no ;;
    --data) data=${2:?--data needs a folder}; shift ;;
    -h|--help) usage; exit 0 ;;
    node|http|rpc|slow|tmpfs|ledger|replay) groups+=("$1") ;;
    *) echo "bench: unknown option '$1'" >&2; usage >&2; exit 2 ;;
  esac
  shift
done
[ ${#groups[@]} -gt 0 ] || groups=(node http rpc slow tmpfs ledger replay)

build='build-bench'
if [ "$make" = yes ]; then
  [ -f $build/build.ninja ] ||
    meson setup $build --buildtype=release -Doptimization=2 -Db_ndebug=true \
      -Dbench=true ||
    exit 4
  targets=(tests/bench/{fsync,wake}_floor)
  for group in "${groups[@]}"; do
    case $group in
      ledger) targets+=(tests/bench/ledger_{append,actors,open})
        ninja -C $build -t targets all | grep -q '^tests/bench/sqlite_append:' \
          && targets+=(tests/bench/sqlite_append) ;;
      *) targets+=(acgs acgsd tests/bench/{http,rpc}_load) ;;
    esac
  done
  ninja -C $build "${targets[@]}" || exit 4
fi

folder=$(mktemp -d "${data:-$build}/bench.XXXXXX") || exit 4
policies=$folder/policies
mkdir "$policies"
cat > "$policies/bench.rego" <<'REGO'
package bench

default allow := false

allow if {
	input.method == "GET"
	input.role == "admin"
}
REGO
cat > "$policies/slow.rego" <<'REGO'
package slow

# Ends at the limit of time, 500 ms here.
forever := count([1 |
	some a in many
	some b in many
	a + b < 0
])

many := numbers.range(1, 100000)
REGO
node='' failed=0

stop_node() {
  [ -n "$node" ] || return 0
  kill -TERM "$node" 2>/dev/null
  wait "$node" 2>/dev/null
  node=
}
trap 'stop_node; rm -rf "$folder"' EXIT

# start_node FOLDER [NAME=VALUE...]: a fresh node, ready; its port in $port.
start_node() {
  local where=$1
  shift
  rm -rf "$where"
  mkdir -p "$where"
  env ACGS_NODE_DATA_DIR="$where" ACGS_POLICY_DIRECTORIES="$policies" \
    ACGS_HTTP_LISTEN=127.0.0.1:0 ACGS_RPC_LISTEN=127.0.0.1:0 \
    ACGS_METRICS_LISTEN=127.0.0.1:0 ACGS_LOGGING_LEVEL=WARNING \
    ACGS_LIMITS_REQUESTS_PER_SECOND=10000000 ACGS_LIMITS_BURST=10000000 \
    "$@" $build/acgsd --config config/acgs.yaml 2> "$where/log" &
  node=$!
  until [ -s "$where/pids/http.port" ] &&
      curl -sf -o /dev/null "http://127.0.0.1:$(cat "$where/pids/http.port")/ready"; do
    kill -0 "$node" 2>/dev/null || { cat "$where/log" >&2; exit 4; }
    sleep 0.005
  done
  port=$(cat "$where/pids/http.port")
}

# floor FOLDER [PAUSE]: what the disk takes for a sync, kept busy or, with a
# pause in microseconds, as one client who waits for each answer asks for it.
floor() {
  $build/tests/bench/fsync_floor "$1" 1 "${2:-0}" |
    sed "s/^/    floor${2:+ with $2 us between syncs}: /"
}

# stalls [SPINNING]: how late the machine alone lets a thread run, also beside
# threads that never rest.
stalls() {
  $build/tests/bench/wake_floor 2 "${1:-0}" |
    sed "s/^/    floor${1:+ beside $1 that spins}: /"
}

# row TITLE COMMAND...: one run and its line of results.
row() {
  local title=$1
  shift
  printf '  %-44s ' "$title"
  "$@" || failed=1
}

no_cache=(ACGS_POLICY_CACHE_ENTRIES_L1=0 ACGS_POLICY_CACHE_ENTRIES_L2=0)

closed_http() {
  row "$1" wrk_line "$2"
}

wrk_line() {
  wrk -t1 -c"$1" -d"${seconds}s" --latency -s tests/bench/decide.lua \
    "http://127.0.0.1:$port" | sed -n 's/^RESULT //p'
}

group_node() {
  echo "node: start and memory"
  local begin
  start_node "$folder/n"
  stop_node
  begin=$(date +%s%N)
  env ACGS_NODE_DATA_DIR="$folder/n" ACGS_HTTP_LISTEN=127.0.0.1:0 \
    ACGS_RPC_LISTEN=127.0.0.1:0 ACGS_METRICS_LISTEN=127.0.0.1:0 \
    ACGS_LOGGING_LEVEL=WARNING \
    $build/acgsd --config config/acgs.yaml 2> "$folder/n/log" &
  node=$!
  until curl -sf -o /dev/null \
      "http://127.0.0.1:$(cat "$folder/n/pids/http.port" 2>/dev/null)/health"; do
    sleep 0.002
  done
  echo "  start to healthy: $((($(date +%s%N) - begin) / 1000000)) ms"
  sleep 1
  sed -n 's/^VmRSS:/  idle resident memory:/p' "/proc/$node/status"
  stop_node
}

group_http() {
  echo "http: a trivial policy, 100,000 distinct inputs"
  start_node "$folder/n" "${no_cache[@]}"
  closed_http "wrk, 64 connections, cache off" 64
  floor "$folder/n"
  closed_http "wrk, 1 connection, cache off" 1
  row "closed loop, 1 connection, cache off" \
    $build/tests/bench/http_load "$port" /v1/data/bench/allow 1 "$seconds"
  floor "$folder/n" 300
  stop_node
  start_node "$folder/n" "${no_cache[@]}"
  row "open loop, 10,000/s, cache off" \
    $build/tests/bench/http_load "$port" /v1/data/bench/allow 64 "$seconds" \
    10000
  floor "$folder/n"
  stalls
  evaluations
  stop_node
  start_node "$folder/n"
  closed_http "wrk, 64 connections, cache on" 64
  floor "$folder/n"
  stop_node
}

group_rpc() {
  echo "rpc: the same over Cap'n Proto, Unix socket"
  start_node "$folder/n" "${no_cache[@]}"
  row "64 in flight, cache off" $build/tests/bench/rpc_load \
    "unix:$folder/n/acgsd.sock" bench/allow 64 "$seconds"
  floor "$folder/n"
  row "1 in flight, cache off" $build/tests/bench/rpc_load \
    "unix:$folder/n/acgsd.sock" bench/allow 1 "$seconds"
  floor "$folder/n" 300
  stop_node
  start_node "$folder/n" "${no_cache[@]}"
  row "open loop, 12,500/s, cache off" $build/tests/bench/rpc_load \
    "unix:$folder/n/acgsd.sock" bench/allow 256 "$seconds" 12500
  floor "$folder/n"
  stalls
  evaluations
  stop_node
}

# admin_token: of the node, to be sent with each request.
admin_token() {
  $build/acgs --addr "unix:$folder/n/acgsd.sock" --json token issue \
    --role admin --subject bench | sed -n 's/.*"token": *"\([^"]*\)".*/\1/p'
}

# evaluations: what the node itself says that evaluations took, each with the
# time that it waited for an evaluator.
evaluations() {
  printf '    evaluation with its queue, ms: '
  curl -s -H "Authorization: Bearer $(admin_token)" \
    "http://127.0.0.1:$port/v1/metrics" |
    sed -n 's/.*"percentiles":{\("p50"[^}]*\)}.*"durable.*/\1/p' |
    tr -d '"' | tr ':,' ' ,' | grep . || failed=1
}

# slow TOKEN: asks for the slow policy and writes what the node answers.
slow() {
  curl -s -H "Authorization: Bearer $1" -d '{"input":{}}' \
    "http://127.0.0.1:$port/v1/data/slow/forever"
}

# keep_slow TOKEN: asks for it again and again; ends with the node, or with the
# first answer that did not take the whole time.
keep_slow() {
  while kill -0 "$node" 2>/dev/null; do
    slow "$1" | grep -q 'the time limit is reached' || break
  done
}

# beside TITLE: open loops against other actors, one after the other.
beside() {
  local load=$build/tests/bench/http_load
  row "$1, other decisions (POLICY, LEDGER)" $load "$port" \
    /v1/data/bench/allow 8 "$seconds" 200
  row "$1, HEALTH" $load "$port" "GET /health" 4 "$seconds" 100
  row "$1, READER" $load "$port" "GET /audit/events?limit=1" 4 "$seconds" 100 \
    "$token"
}

group_slow() {
  echo "slow: beside a policy of 500 ms in one of two evaluators"
  local token looping
  start_node "$folder/n" "${no_cache[@]}" ACGS_POLICY_EVALUATORS=2 \
    ACGS_POLICY_TIME_MAX=500ms ACGS_POLICY_INSTRUCTIONS_MAX=100000000000
  token=$(admin_token)
  beside idle
  keep_slow "$token" &
  looping=$!
  beside slow
  kill "$looping" 2>/dev/null || {
    echo "  the slow policy was not slow: $(slow "$token")"
    failed=1
  }
  wait "$looping" 2>/dev/null
  floor "$folder/n"
  stalls 1
  stop_node
}

group_tmpfs() {
  echo "tmpfs: http with the data in memory"
  local where
  where=$(mktemp -d /dev/shm/acgs-bench.XXXXXX) || return
  start_node "$where" "${no_cache[@]}"
  closed_http "wrk, 64 connections, cache off" 64
  floor "$where"
  stop_node
  rm -rf "$where"
}

# append BATCH ENTRIES: the core of the ledger, and its peers, with records of
# 300 bytes.
append() {
  local sqlite=$build/tests/bench/sqlite_append
  rm -rf "$folder/l"
  row "batch $1, $2 entries, beside a plain file" \
    $build/tests/bench/ledger_append "$folder/l" "$1" "$2" 300
  rm -rf "$folder/l"
  if [ -x $sqlite ]; then
    row "the same, SQLite, WAL, synchronous=FULL" $sqlite "$folder/l" "$1" \
      "$2" 300
  else
    echo "  SQLite is not measured: libsqlite3-dev was missing at set-up"
  fi
  rm -rf "$folder/l"
}

group_ledger() {
  echo "ledger: entries with 300 bytes of input"
  local batch
  for batch in 64 1024; do
    append $batch $((entries / 5))
  done
  floor "$folder"
  row "64 submitters, closed loop; verify all" \
    $build/tests/bench/ledger_actors "$folder/l" 64 "$entries"
  rm -rf "$folder/l"
  row "open loop, 15,000/s" $build/tests/bench/ledger_open "$folder/l" 15000 \
    "$seconds"
  rm -rf "$folder/l"
  [ $large = no ] || for batch in 64 1024; do
    append $batch 10000000
  done
}

# entries_of: the size of the node's log.
entries_of() { curl -s "http://127.0.0.1:$port/ledger/checkpoint" | sed -n 2p; }

group_replay() {
  echo "replay: recorded decisions of the trivial policy, made again"
  local begin count
  start_node "$folder/n" "${no_cache[@]}"
  until count=$(entries_of) && [ "${count:-0}" -ge "$entries" ]; do
    $build/tests/bench/http_load "$port" /v1/data/bench/allow 64 "$seconds" \
      > /dev/null || { failed=1; break; }
  done
  begin=$(date +%s%N)
  $build/acgs --addr "unix:$folder/n/acgsd.sock" --json audit replay |
    tr '{,}' '\n ' | grep -E 'decisions|same|changed|unknown' | tr '\n' ' ' ||
    failed=1
  echo "in $((($(date +%s%N) - begin) / 1000000)) ms"
  stop_node
}

for group in "${groups[@]}"; do
  "group_$group"
done
cat <<'TXT'
peer: OPA 1.20's server on a trivial policy, on one of two cores
  decision log off: 1 connection 7329/s; 64 connections 13915/s, p99 12.6 ms
  log to the console: 16 connections 7143/s, p99 4.5 ms
TXT
exit $failed
