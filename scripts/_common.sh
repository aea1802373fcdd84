# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
#
# What the life-cycle scripts share. Sourced, never run; sourcing it changes
# nothing on disk. The working folder becomes the root of the project, so that
# relative paths of the configuration mean the same everywhere.
#
# Reads: acgs.lock, "PID START", START being field 22 of /proc/PID/stat;
# NAME.port, a port a line. Both are written by acgsd itself.
# shellcheck shell=bash

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  echo "_common.sh is sourced by other scripts, not run" >&2
  exit 2
fi

script=$(basename "$0" .sh)
called_from=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 4

config=config/acgs.yaml
build=${ACGS_BUILD_DIR:-build}

say() { printf '%s\n' "$*"; }

# fail CODE TEXT: says why on stderr and ends.
fail() {
  local code=$1
  shift
  printf '%s: %s\n' "$script" "$*" >&2
  exit "$code"
}

# config_file [FILE]: the file that --config names, as the caller sees it.
config_file() {
  case ${1-} in
    '') fail 2 "--config needs a file" ;;
    /*) say "$1" ;;
    *) say "$called_from/$1" ;;
  esac
}

# shipped_settings: what the scripts need of the shipped configuration.
shipped_settings() {
  local data=${ACGS_NODE_DATA_DIR:-./data}
  say "node.data_dir=$data
process.pid_dir=${ACGS_PROCESS_PID_DIR:-$data/pids}
process.graceful_shutdown_timeout=10s
http.listen=${ACGS_HTTP_LISTEN:-127.0.0.1:8181}
rpc.socket=${ACGS_RPC_SOCKET:-$data/acgsd.sock}"
}

# Reads every effective value once. A wrong configuration ends the script with
# 2, or is left aside with a word where it is not $required. Without it, and
# without a built acgsd, the shipped one is assumed.
settings='' required=yes
load_settings() {
  if [ ! -x "$build/acgsd" ]; then
    settings=$(shipped_settings)
  elif ! settings=$("$build/acgsd" --config "$config" --print-config); then
    [ $required = no ] || fail 2 "the configuration $config is not accepted"
    settings=$(shipped_settings)
    say "$script: the configuration $config is not accepted; the node is" \
      "looked for in $(setting process.pid_dir)" >&2
  fi
  pid_dir=$(setting process.pid_dir)
  # Who may not look there cannot tell whether a node runs.
  local folder
  for folder in "$(setting node.data_dir)" "$pid_dir"; do
    [ ! -d "$folder" ] || [ -x "$folder" ] ||
      fail 4 "$(id -un) may not look into $folder of $(stat -c %U "$folder")"
  done
}

# need_program: fails where acgsd is not built.
need_program() {
  [ -x "$build/acgsd" ] ||
    fail 4 "there is no program $build/acgsd: build it, with" \
      "scripts/start.sh without --no-build, or name its folder in ACGS_BUILD_DIR"
}

# setting KEY: the effective value.
setting() { sed -n "s/^${1//./\\.}=//p" <<<"$settings"; }

# millis_of DURATION: "10s" as milliseconds, rounded up.
millis_of() {
  local number=${1%%[a-z]*} unit=${1##*[0-9]}
  case $unit in
    ns) echo $(((number + 999999) / 1000000)) ;;
    us) echo $(((number + 999) / 1000)) ;;
    ms) echo "$number" ;;
    s | "") echo $((number * 1000)) ;;
    m) echo $((number * 60000)) ;;
    h) echo $((number * 3600000)) ;;
    d) echo $((number * 86400000)) ;;
    *) fail 4 "'$1' is not a duration" ;;
  esac
}

now_millis() { date +%s%3N; }

# start_ticks PID: when that process was started; nothing where none lives.
start_ticks() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
  # The command in parentheses may hold anything, so it is cut off first.
  read -r -a stat <<<"${stat##*) }"
  # A zombie is dead, though it still has an entry.
  [ "${stat[0]}" = Z ] || echo "${stat[19]}"
}

# node_pid: the PID of the running node; nothing where none runs, or where the
# PID in the lock belongs to a stranger by now.
node_pid() {
  local pid start
  read -r pid start 2>/dev/null <"$pid_dir/acgs.lock" || return 0
  case $pid$start in *[!0-9]* | "") return 0 ;; esac
  [ "$(start_ticks "$pid")" = "$start" ] && echo "$pid"
  return 0
}

# compile_jobs: one a processor, but no more than there is memory for; a unit
# takes up to 1.5 GB. A container's bound counts like the machine's memory.
compile_jobs() {
  local jobs room bound
  jobs=$(nproc)
  room=$(awk '/^MemAvailable:/ {print int($2 / 1024)}' /proc/meminfo)
  bound=$(cat /sys/fs/cgroup/memory.max 2>/dev/null) || bound=max
  [ "$bound" = max ] || [ $((bound >> 20)) -ge "$room" ] ||
    room=$((bound >> 20))
  [ "$jobs" -le $((room / 1500)) ] || jobs=$((room / 1500))
  echo $((jobs > 0 ? jobs : 1))
}

# make_targets TARGET...: sets the build folder up and builds.
make_targets() {
  local told
  if [ ! -f "$build/build.ninja" ]; then
    say "setting up $build"
    told=$(meson setup "$build" 2>&1) || { say "$told" >&2; return 1; }
  fi
  say "building"
  ninja -j "$(compile_jobs)" -C "$build" "$@"
}

# uptime_of PID: "1h 2m 3s" since it was started.
uptime_of() {
  local up now ticks
  ticks=$(start_ticks "$1")
  read -r now _ </proc/uptime
  up=$((${now%.*} - ${ticks:-0} / $(getconf CLK_TCK)))
  echo "$((up / 3600))h $((up / 60 % 60))m $((up % 60))s"
}

# remove_state: what a dead node left; fails where a process holds the lock.
remove_state() {
  [ -e "$pid_dir/acgs.lock" ] || return 0
  [ -w "$pid_dir" ] ||
    fail 4 "what a dead node left in $pid_dir cannot be removed by $(id -un)"
  flock --nonblock "$pid_dir/acgs.lock" \
    rm -f "$pid_dir"/acgsd.pid "$pid_dir"/{http,rpc,metrics}.port \
    "$pid_dir/acgs.lock"
}

# port_of NAME: the first port that the node took for http, rpc or metrics.
port_of() { head -n 1 "$pid_dir/$1.port" 2>/dev/null; }

# base_url: where the node answers HTTP; nothing while it does not listen.
base_url() {
  local port host scheme=http
  port=$(port_of http)
  [ -n "$port" ] || return 0
  host=$(setting http.listen)
  host=${host%%,*}
  host=${host%:*}
  case $host in
    0.0.0.0) host=127.0.0.1 ;;
    '[::]') host='[::1]' ;;
  esac
  [ -z "$(setting http.tls_certificate)" ] || scheme=https
  echo "$scheme://$host:$port"
}

# fetch URL [CURL OPTION]...: the body on stdout; fails where nothing answers.
fetch() {
  local ca
  ca=$(setting http.tls_certificate)
  curl --silent --show-error --max-time 5 ${ca:+--cacert "$ca"} "$@"
}

# health: the node's own answer, its HTTP status on a last line of its own.
health() {
  local url
  url=$(base_url)
  [ -n "$url" ] || return 1
  fetch "$url/health" --write-out '\n%{http_code}\n' 2>/dev/null
}
