// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The store's twin in memory. A `memory_disk` is what survives a power loss:
// exactly what was committed. Environments on it come and go; a test lets one
// go without committing and opens another to see what a start would find.
// Commits can be told to fail. One thread at a time.

#include "runtime/crypto/random.hpp"
#include "runtime/store/store.hpp"

#include <map>
#include <optional>

namespace acgs::test {

/// What lies on the simulated disk.
class memory_disk {
public:
  using records = std::map<bytes, bytes>;

  /// Commits succeed that many times, then fail once with `how`.
  void fail_commit_after(unsigned count, ec how) {
    until_failure_ = count;
    failure_ = how;
  }

  /// Secrets by their number; one that was destroyed is empty.
  std::vector<std::optional<digest>> secrets;

  std::uint64_t map_bytes = std::uint64_t{1} << 30;
  std::uint64_t free_bytes = std::uint64_t{1} << 40;
  unsigned commits = 0;
  unsigned reads = 0;           ///< that were begun, or were to be
  std::optional<ec> fail_reads; ///< with this each of them fails

  /// The tables by number, and their numbers by name. Shared with readers, so
  /// that each sees its moment.
  std::vector<std::shared_ptr<const records>> tables;
  std::map<std::string, unsigned> names;

  caf::error next_commit() {
    ++commits;
    if (until_failure_ && (*until_failure_)-- == 0) {
      until_failure_.reset();
      return make_error(failure_, "a simulated failure to commit");
    }
    return {};
  }

private:
  std::optional<unsigned> until_failure_;
  ec failure_ = ec::store_io;
};

namespace detail {

inline bytes copy(byte_view from) {
  return {from.begin(), from.end()};
}

class memory_cursor final : public store::cursor {
public:
  explicit memory_cursor(std::shared_ptr<const memory_disk::records> in)
      : in_{std::move(in)}, at_{in_->end()} {
    // Stands nowhere yet.
  }
  result<bool> first() override { return stand(in_->begin()); }
  result<bool> last() override {
    return stand(in_->empty() ? in_->end() : std::prev(in_->end()));
  }
  result<bool> seek(byte_view key) override {
    return stand(in_->lower_bound(copy(key)));
  }
  result<bool> next() override {
    return stand(at_ == in_->end() ? at_ : std::next(at_));
  }
  result<bool> previous() override {
    return stand(at_ == in_->begin() ? in_->end() : std::prev(at_));
  }
  byte_view key() const override { return at_->first; }
  byte_view value() const override { return at_->second; }

private:
  result<bool> stand(memory_disk::records::const_iterator at) {
    at_ = at;
    return at_ != in_->end();
  }
  std::shared_ptr<const memory_disk::records> in_;
  memory_disk::records::const_iterator at_;
};

/// Reads the tables of one moment; writes to copies of what it touches.
class memory_transaction final : public store::write_transaction {
public:
  explicit memory_transaction(memory_disk& disk)
      : disk_{disk}, tables_{disk.tables} {
    // A moment: later commits replace the pointers, not what they lead to.
  }
  result<std::optional<byte_view>> get(store::table in,
                                       byte_view key) override {
    auto& records = *tables_.at(in.id);
    auto at = records.find(copy(key));
    if (at == records.end())
      return std::optional<byte_view>{};
    return std::optional<byte_view>{at->second};
  }
  result<std::unique_ptr<store::cursor>> walk(store::table in) override {
    return std::unique_ptr<store::cursor>{new memory_cursor{tables_.at(in.id)}};
  }
  caf::error put(store::table in, byte_view key, byte_view value) override {
    if (key.empty() || key.size() > store::key_size_max)
      return make_error(ec::invalid_argument, "a key of a wrong length");
    own(in)[copy(key)] = copy(value);
    return {};
  }
  caf::error append(store::table in, byte_view key, byte_view value) override {
    auto& records = own(in);
    if (!records.empty() && records.rbegin()->first >= copy(key))
      return make_error(ec::conflict, "a key that is not the last");
    return put(in, key, value);
  }
  caf::error erase(store::table in, byte_view key) override {
    own(in).erase(copy(key));
    return {};
  }
  caf::error commit() override {
    if (auto bad = disk_.next_commit())
      return bad;
    disk_.tables = tables_;
    return {};
  }

private:
  memory_disk::records& own(store::table in) {
    auto& mine = owned_[in.id];
    if (!mine) {
      mine = std::make_shared<memory_disk::records>(*tables_.at(in.id));
      tables_[in.id] = mine;
    }
    return *mine;
  }
  memory_disk& disk_;
  std::vector<std::shared_ptr<const memory_disk::records>> tables_;
  std::map<unsigned, std::shared_ptr<memory_disk::records>> owned_;
};

} // namespace detail

namespace detail {

class memory_vault final : public store::vault {
public:
  explicit memory_vault(memory_disk& disk) : disk_{disk} {}
  caf::error check() override { return {}; }
  caf::error skip(std::uint64_t number) override {
    if (number >= disk_.secrets.size())
      disk_.secrets.resize(number + 1);
    return {};
  }
  result<store::drawn_secrets> draw(std::uint32_t count) override {
    store::drawn_secrets out;
    out.first = disk_.secrets.size();
    out.secrets.resize(count);
    crypto::random_fill(std::as_writable_bytes(std::span{out.secrets}));
    for (const auto& each : out.secrets)
      disk_.secrets.emplace_back(each);
    return out;
  }
  result<std::optional<digest>> get(std::uint64_t number) override {
    return number < disk_.secrets.size() ? disk_.secrets[number] : std::nullopt;
  }
  caf::error destroy(std::span<const std::uint64_t> numbers) override {
    for (auto number : numbers)
      if (number < disk_.secrets.size())
        disk_.secrets[number].reset();
    return {};
  }

private:
  memory_disk& disk_;
};

} // namespace detail

class memory_environment final : public store::environment {
public:
  explicit memory_environment(memory_disk& disk)
      : disk_{disk}, secrets_{disk}, fresh_{disk.names.empty()} {
    // Nothing is read before it is asked for.
  }
  result<store::table> open_table(const std::string& name) override {
    auto [at, added] = disk_.names.try_emplace(
        name, static_cast<unsigned>(disk_.tables.size()));
    if (added)
      disk_.tables.push_back(std::make_shared<memory_disk::records>());
    return store::table{at->second};
  }
  result<std::optional<store::table>>
  find_table(const std::string& name) override {
    auto at = disk_.names.find(name);
    if (at == disk_.names.end())
      return std::optional<store::table>{};
    return std::optional{store::table{at->second}};
  }
  result<std::unique_ptr<store::read_transaction>> read() override {
    ++disk_.reads;
    if (disk_.fail_reads)
      return make_error(*disk_.fail_reads, "a simulated failure to read");
    return std::unique_ptr<store::read_transaction>{
        new detail::memory_transaction{disk_}};
  }
  result<std::unique_ptr<store::write_transaction>> write() override {
    return std::unique_ptr<store::write_transaction>{
        new detail::memory_transaction{disk_}};
  }
  caf::error sync() override { return {}; }
  result<store::room> measure(std::uint64_t) override {
    store::room out{disk_.map_bytes, 0, disk_.free_bytes, 0};
    for (const auto& table : disk_.tables)
      for (const auto& [key, value] : *table)
        out.used_bytes += key.size() + value.size();
    return out;
  }
  store::vault& secrets() override { return secrets_; }
  bool fresh() const override { return fresh_; }

private:
  memory_disk& disk_;
  detail::memory_vault secrets_;
  bool fresh_;
};

} // namespace acgs::test
