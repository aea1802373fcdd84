// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a validation finds on its way, which stands outside of the evaluation's
// arena and is counted against what that has left: a schema that refers to
// itself finds as much as it is let.

#include <algorithm>
#include <iterator>
#include <utility>

#include "builtins/json_schema.hpp"

namespace rego::json_schema {

/// Bytes that the reports of one validation keep.
class kept_bytes {
public:
  explicit kept_bytes(call_context& c) : c_(c) {}

  /// Counts the work as well; throws memory_exceeded where there is no room.
  void take(size_t bytes) {
    c_.tick(1 + bytes / 64);
    auto room = c_.memory().room();
    if (bytes > room - std::min(room, kept_))
      throw memory_exceeded{};
    kept_ += bytes;
  }
  void give(size_t bytes) { kept_ -= bytes; }
  void move(size_t count) { c_.tick(count); }

private:
  call_context& c_;
  size_t kept_ = 0;
};

/// Violations found below one schema, and how near it came: the alternative
/// with the highest score is the one reported.
class report {
public:
  explicit report(kept_bytes& all) : all_(&all) {}
  report(report&& from) noexcept
      : score(from.score), all_(from.all_), list_(std::move(from.list_)),
        bytes_(std::exchange(from.bytes_, 0)) {
    from.list_.clear();
  }
  report& operator=(report&& from) noexcept {
    score = from.score;
    list_.swap(from.list_);
    std::swap(bytes_, from.bytes_);
    return *this;
  }
  ~report() { all_->give(bytes_); }

  bool good() const { return list_.empty(); }
  void add(violation v) {
    // The list has up to twice the room that it needs.
    auto bytes =
        2 * sizeof v + v.field.size() + v.type.size() + v.description.size();
    all_->take(bytes);
    bytes_ += bytes;
    list_.push_back(std::move(v));
    score -= 2;
  }
  void merge(report r) {
    score += r.score;
    if (list_.empty())
      list_.swap(r.list_);
    all_->move(r.list_.size());
    list_.insert(list_.end(), std::make_move_iterator(r.list_.begin()),
                 std::make_move_iterator(r.list_.end()));
    bytes_ += std::exchange(r.bytes_, 0);
  }
  std::vector<violation> take_all() { return std::move(list_); }

  int score = 0;

private:
  kept_bytes* all_;
  std::vector<violation> list_;
  size_t bytes_ = 0;
};

} // namespace rego::json_schema
