#!/usr/bin/env bash
# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
#
# Installs the Debian packages that building, testing and running ACGS need.
# Quick when nothing is missing: one dpkg-query and no network.
set -euo pipefail

usage() {
  cat <<'TXT'
usage: scripts/install-deps.sh [--build-only] [--list]

Installs what is missing, with sudo where not root.

  --build-only   leave out what only the tests need
  --list         print the package names and exit

example: scripts/install-deps.sh --build-only
TXT
}

# Debian 12's own Boost is older than what the JSON library needs; it has a
# newer one beside it. Debian 13's own will do.
boost=1.83 clang=19
if [ "$(. /etc/os-release && echo "${VERSION_ID:-}")" = 12 ]; then
  boost=1.81 clang=14
fi
build=(
  g++ meson mold ninja-build pkg-config
  capnproto libcapnp-dev libcaf-dev libboost$boost-dev libboost-json$boost-dev
  liblmdb-dev libsodium-dev libssl-dev zlib1g-dev libzstd-dev
  prometheus-cpp-dev libspdlog-dev libcli11-dev libedit-dev
  libyaml-cpp-dev libsimdjson-dev libre2-dev libarchive-dev
  libcurl4-openssl-dev
  libjemalloc-dev tzdata
  libboost-test$boost-dev curl jq
)
# Clang for the fuzzers, whose library comes in a package of the version. Go and
# Node only for verifiers of the log that others wrote, and Go with the
# libraries that OPA stands on for built-ins to be compared with. Whoever has a
# Node from elsewhere keeps it: the packages of Debian would contradict it.
tests=(openssl prometheus clang libclang-rt-$clang-dev
  golang-go golang-golang-x-mod-dev
  golang-github-gobwas-glob-dev golang-github-xeipuuv-gojsonschema-dev
  golang-k8s-sigs-yaml-dev)
command -v npm >/dev/null || tests+=(nodejs npm)

want=("${build[@]}" "${tests[@]}")
for arg in "$@"; do
  case $arg in
    --build-only) want=("${build[@]}") ;;
    --list) printf '%s\n' "${want[@]}"; exit 0 ;;
    -h|--help) usage; exit 0 ;;
    *) echo "install-deps: unknown option '$arg'" >&2; usage >&2; exit 2 ;;
  esac
done

command -v dpkg-query >/dev/null || {
  echo "install-deps: not a Debian system; needed: ${want[*]}" >&2
  exit 3
}
missing=()
installed=$(dpkg-query -W -f '${Package} ${db:Status-Abbrev}\n' |
            awk '$2 ~ /^.i/ {print $1}')
for package in "${want[@]}"; do
  grep -qxF -- "$package" <<<"$installed" || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || {
    echo "install-deps: not root and no sudo; install: ${missing[*]}" >&2
    exit 3
  }
  as_root=(sudo)
fi
echo "installing: ${missing[*]}"
run_apt() {
  # Somebody else's apt may be at work: a fresh machine updates itself.
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq -o DPkg::Lock::Timeout=300 "$@" </dev/null
}
# One broken source of many is no reason to stop; what is missing for it is.
run_apt update || echo "install-deps: apt-get update failed" >&2
run_apt install -y --no-install-recommends "${missing[@]}" >/dev/null
