// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "builtins/written_size.hpp"

#include <utility>

namespace rego {

namespace {

class text_size {
public:
  text_size(call_context& c, size_t budget, bool json)
      : context_(c), budget_(budget), json_(json) {}

  // Takes the bytes of the values' texts, roughly, off the budget; false where
  // it is used up.
  bool take_all(std::span<const value> list) {
    for (auto& v : list)
      if (!(v.is_collection() ? take_parts(v)
                              : take(v.is_string() ? v.as_string().size() : 2)))
        return false;
    return true;
  }

private:
  static constexpr uint64_t work_at_once = 1024;

  bool take(size_t bytes) {
    if (bytes + 2 > budget_ >> escapes_)
      return false;
    budget_ -= (bytes + 2) << escapes_;
    return true;
  }
  bool take_parts(const value& v) {
    work_ += 1 + v.size() / 8;
    if (work_ >= work_at_once)
      context_.tick(std::exchange(work_, 0));
    if (!take(2))
      return false;
    if (v.is_array())
      return take_all(v.items());
    if (v.is_set())
      return take_all(v.keys());
    return (json_ ? take_names(v.keys()) : take_all(v.keys()))
           && take_all(v.values());
  }
  bool take_names(std::span<const value> keys) {
    for (auto& k : keys) {
      auto more = k.is_collection() && escapes_ < escapes_max ? 1 : 0;
      escapes_ += more;
      if (!take_all({&k, 1}))
        return false;
      escapes_ -= more;
    }
    return true;
  }

  static constexpr int escapes_max = 60; // no budget is left by then

  call_context& context_;
  size_t budget_;
  bool json_;
  int escapes_ = 0; // of a quote, around what is written
  uint64_t work_ = 0;
};

} // namespace

void check_written_size(call_context& c, const value& v) {
  if (!text_size(c, c.memory().room(), false).take_all({&v, 1}))
    throw memory_exceeded{};
}

void check_json_size(call_context& c, const value& v) {
  if (!is_json_within(c, {&v, 1}, c.memory().room()))
    throw memory_exceeded{};
}

bool is_json_within(call_context& c, std::span<const value> list,
                    size_t bytes) {
  return text_size(c, bytes, true).take_all(list);
}

} // namespace rego
