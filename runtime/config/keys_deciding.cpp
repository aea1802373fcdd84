// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// The keys of everything behind the gateways: policy, egress, constitution,
// ledger, keys, breakers.

#include "runtime/base/network.hpp"
#include "runtime/config/key.hpp"
#include "runtime/config/units.hpp"

#include <algorithm>

namespace acgs::config {

namespace {

using namespace std::chrono_literals;

bool is_hex(std::string_view text, std::size_t digits) {
  auto fits = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  };
  return text.size() == digits && std::all_of(text.begin(), text.end(), fits);
}

bool is_alias(std::string_view digest, std::string_view name) {
  return is_hex(digest, 64) && is_hex(name, 16);
}

bool is_bundle_key(std::string_view id, std::string_view file) {
  return !id.empty() && id.size() <= 255 && !file.empty();
}

bool is_scope(std::string_view text) {
  return text.size() <= 255;
}

bool is_pin(std::string_view text) {
  return text.empty() || is_hex(text, 16) || is_hex(text, 64);
}

bool is_document_name(std::string_view text) {
  auto fits = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
           || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' || c == '/';
  };
  return !text.empty() && text.front() != '/' && text.back() != '/'
         && text.find("//") == std::string_view::npos
         && std::all_of(text.begin(), text.end(), fits);
}

/// A name of what http.send may reach. Where its last part is a number it is
/// read as an address, and then it has to be one.
bool is_destination(std::string_view text) {
  if (parse_network(text))
    return true;
  auto fits = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
           || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '.';
  };
  auto last = text.substr(text.rfind('.') + 1);
  return !last.empty() && text.front() != '.' && text.size() <= 253
         && std::all_of(text.begin(), text.end(), fits)
         && (last.front() < '0' || last.front() > '9');
}

bool is_window(std::string_view text) {
  return text == "count" || text == "time";
}

std::vector<key> policy_keys() {
  return {
      files("policy.directories",
            "Folders of further policies, .rego files. Each is put in place "
            "once, at the first start that finds it, under its path below "
            "the folder; changes and deletions since stay.",
            [](settings& s) { return &s.policy.directories; }),
      count(
          "policy.evaluators",
          "Evaluators, each with its own thread. 0: one a core.",
          [](settings& s) { return &s.policy.evaluators; }, "0", 0, 256),
      count(
          "policy.queue_max",
          "Requests that may wait for one evaluator; beyond, a caller is "
          "told overloaded.",
          [](settings& s) { return &s.policy.queue_max; }, "1024", 1, 65'536),
      count(
          "policy.instructions_max", "Instructions of one evaluation.",
          [](settings& s) { return &s.policy.instructions_max; }, "100000000",
          1'000, 100'000'000'000),
      span_of_time(
          "policy.time_max", "Time of one evaluation.",
          [](settings& s) { return &s.policy.time_max; }, "5s", 1ms, 1h),
      size(
          "policy.memory_max", "Memory of one evaluation.",
          [](settings& s) { return &s.policy.memory_max; }, "64MiB", mib,
          16 * gib),
      size(
          "policy.input_bytes_max", "Largest input of a decision, as JSON.",
          [](settings& s) { return &s.policy.input_bytes_max; }, "1MiB", kib,
          8 * mib),
      count(
          "policy.batch_inputs_max",
          "Inputs that one call may have decided together.",
          [](settings& s) { return &s.policy.batch_inputs_max; }, "1000", 1,
          10'000),
      count(
          "policy.candidate_queue_max",
          "Decisions that may wait to be put to a candidate; beyond, they are "
          "not, and counted.",
          [](settings& s) { return &s.policy.candidate_queue_max; }, "1024", 1,
          65'536),
      text(
          "policy.default_decision",
          "Path of the document that POST / answers with, below data.",
          [](settings& s) { return &s.policy.default_decision; }, "system/main",
          "names of letters, digits, _ and -, joined by slashes",
          is_document_name),
  };
}

std::vector<key> cache_keys() {
  return {
      count(
          "policy.cache_entries_l1",
          "Decisions that each evaluator remembers. 0: none.",
          [](settings& s) { return &s.policy.cache_entries_l1; }, "1024", 0,
          1'000'000),
      count(
          "policy.cache_entries_l2",
          "Decisions that the evaluators remember together. 0: none.",
          [](settings& s) { return &s.policy.cache_entries_l2; }, "16384", 0,
          10'000'000),
      size(
          "policy.cache_size_l1",
          "Memory that those of each evaluator may take.",
          [](settings& s) { return &s.policy.cache_size_l1; }, "8MiB", 64 * kib,
          tib),
      size(
          "policy.cache_size_l2",
          "Memory that those of all evaluators together may take, a sixteenth "
          "of it by one decision.",
          [](settings& s) { return &s.policy.cache_size_l2; }, "64MiB", mib,
          tib),
  };
}

std::vector<key> bundle_keys() {
  return {
      pairs(
          "policy.bundle_keys",
          "Keys that bundles are signed with, id: file with a public key or "
          "certificate in PEM, or with a secret. With any, every bundle must "
          "be signed by one of them; with none, no bundle may be signed.",
          [](settings& s) { return &s.policy.bundle_keys; },
          "a map of ids to files", is_bundle_key),
      text(
          "policy.bundle_scope",
          "Scope that signatures of bundles must be made for.",
          [](settings& s) { return &s.policy.bundle_scope; }, "",
          "at most 255 bytes", is_scope),
  };
}

std::vector<key> egress_keys() {
  return {
      texts(
          "egress.hosts",
          "Hosts that policies may reach by http.send; none: no request is "
          "made. A name is not followed to an address of this machine, its "
          "link or a private network, unless that address or its network "
          "stands here as well.",
          [](settings& s) { return &s.egress.hosts; }, "",
          "names, addresses and networks such as 10.0.0.0/8, without scheme "
          "and port",
          is_destination),
      span_of_time(
          "egress.timeout",
          "Longest time of one request, whatever the policy says; "
          "policy.time_max bounds all of an evaluation.",
          [](settings& s) { return &s.egress.timeout; }, "2s", 1ms, 1h),
      size(
          "egress.response_bytes_max",
          "Largest response. What one evaluation is told is recorded with its "
          "decision, and is at most 4MiB.",
          [](settings& s) { return &s.egress.response_bytes_max; }, "1MiB", kib,
          2 * mib),
      size(
          "egress.cache_bytes",
          "Memory for responses that policies ask to be kept (cache, "
          "force_cache).",
          [](settings& s) { return &s.egress.cache_bytes; }, "16MiB", 0, gib),
  };
}

std::vector<key> constitution_keys() {
  return {
      file(
          "constitution.directory",
          "Folder of the constitution: each .rego file below it, but for "
          "tests, *_test.rego.",
          [](settings& s) { return &s.constitution.directory; },
          "./config/constitution"),
      pairs(
          "constitution.aliases",
          "Other names of bundles, digest: name. A name is taken for the "
          "constitution only while the bundle of that digest is active.",
          [](settings& s) { return &s.constitution.aliases; },
          "a map of 64 to 16 lower-case hexadecimal digits", is_alias),
      text(
          "constitution.pin",
          "Hash of the one constitution that this node may serve; with "
          "another it does not start. Empty: any.",
          [](settings& s) { return &s.constitution.pin; }, "",
          "empty, or 16 or 64 lower-case hexadecimal digits", is_pin),
  };
}

std::vector<key> ledger_keys() {
  return {
      size(
          "ledger.map_size",
          "Bound of each store. It takes address space, not disk.",
          [](settings& s) { return &s.ledger.map_size; }, "64GiB", 32 * mib,
          16 * tib),
      size(
          "ledger.reserve",
          "Room kept free on the disk for records of lockdown and stop; "
          "below it no verdict leaves. At most a quarter of map_size.",
          [](settings& s) { return &s.ledger.reserve; }, "64MiB", 0, tib),
      count(
          "ledger.queue_max",
          "Entries that may wait; beyond, a caller is told overloaded.",
          [](settings& s) { return &s.ledger.queue_max; }, "4096", 1,
          1'000'000),
      count(
          "ledger.readers",
          "Threads that read the log: one that verifies it keeps the others "
          "free.",
          [](settings& s) { return &s.ledger.readers; }, "2", 1, 64),
      files(
          "ledger.archive",
          "Folders that acgs audit archive has written to: entries that are no "
          "longer in the store are read there, by their index.",
          [](settings& s) { return &s.ledger.archive; }),
      file(
          "keys.dir", "Folder of the private keys, mode 0700.",
          [](settings& s) { return &s.keys.dir; }, "$data_dir/keys"),
      file(
          "keys.passphrase_file",
          "File of mode 0600 that holds the passphrase which the key files are "
          "encrypted with. Key files that are not encrypted are at the next "
          "start. Empty: none.",
          [](settings& s) { return &s.keys.passphrase_file; }, ""),
      file(
          "keys.key_file",
          "File of mode 0600 with at least 32 random bytes, in place of a "
          "passphrase. Empty: none.",
          [](settings& s) { return &s.keys.key_file; }, ""),
  };
}

std::vector<key> breaker_keys() {
  return {
      text(
          "breakers.sliding_window_type",
          "What the rates are taken over: the last calls, or the last "
          "seconds.",
          [](settings& s) { return &s.breakers.sliding_window_type; }, "count",
          "count or time", is_window),
      count(
          "breakers.sliding_window_size", "Calls or seconds in the window.",
          [](settings& s) { return &s.breakers.sliding_window_size; }, "100", 1,
          100'000),
      count(
          "breakers.minimum_number_of_calls",
          "Calls before a rate counts at all.",
          [](settings& s) { return &s.breakers.minimum_number_of_calls; },
          "100", 1, 100'000),
      ratio(
          "breakers.failure_rate_threshold",
          "Share of failed calls from which on the breaker opens.",
          [](settings& s) { return &s.breakers.failure_rate_threshold; }, "50%",
          0.01, 1),
      ratio(
          "breakers.slow_call_rate_threshold",
          "Share of slow calls from which on the breaker opens.",
          [](settings& s) { return &s.breakers.slow_call_rate_threshold; },
          "100%", 0.01, 1),
      span_of_time(
          "breakers.slow_call_duration_threshold", "From when a call is slow.",
          [](settings& s) { return &s.breakers.slow_call_duration_threshold; },
          "60s", 1ms, 1h),
      count(
          "breakers.permitted_number_of_calls_in_half_open_state",
          "Calls let through to try whether it works again.",
          [](settings& s) {
            return &s.breakers.permitted_number_of_calls_in_half_open_state;
          },
          "10", 1, 10'000),
      span_of_time(
          "breakers.wait_duration_in_open_state",
          "How long the breaker stays open; doubled each time it fails again.",
          [](settings& s) { return &s.breakers.wait_duration_in_open_state; },
          "30s", 10ms, 1h),
      span_of_time(
          "breakers.wait_duration_in_open_state_max", "Bound of that doubling.",
          [](settings& s) {
            return &s.breakers.wait_duration_in_open_state_max;
          },
          "10m", 10ms, 24h),
      ratio(
          "breakers.wait_jitter",
          "Share by which the wait varies at random, up or down.",
          [](settings& s) { return &s.breakers.wait_jitter; }, "10%", 0, 1),
  };
}

} // namespace

std::vector<key> deciding_keys() {
  std::vector<key> out;
  for (auto part : {policy_keys(), cache_keys(), bundle_keys(), egress_keys(),
                    constitution_keys(), ledger_keys(), breaker_keys()})
    out.insert(out.end(), part.begin(), part.end());
  return out;
}

} // namespace acgs::config
