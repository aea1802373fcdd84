// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "format/notes.hpp"

namespace rego::formatting {

namespace {

constexpr std::string_view ascii_space = " \t\n\v\f\r";
constexpr std::string_view wide_spaces[] = {
    "\xc2\x85",     "\xc2\xa0",     "\xe1\x9a\x80", "\xe2\x80\x80",
    "\xe2\x80\x81", "\xe2\x80\x82", "\xe2\x80\x83", "\xe2\x80\x84",
    "\xe2\x80\x85", "\xe2\x80\x86", "\xe2\x80\x87", "\xe2\x80\x88",
    "\xe2\x80\x89", "\xe2\x80\x8a", "\xe2\x80\xa8", "\xe2\x80\xa9",
    "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80"};

} // namespace

std::string_view trim_right(std::string_view s) {
  for (;;) {
    auto size = s.size();
    while (!s.empty() && ascii_space.find(s.back()) != s.npos)
      s.remove_suffix(1);
    for (auto w : wide_spaces)
      if (s.ends_with(w))
        s.remove_suffix(w.size());
    if (s.size() == size)
      return s;
  }
}

notes::notes(const module& m, std::string_view source) {
  for (auto& [at, text] : m.comments) {
    auto raw = source.substr(at.offset, text.size() + 1);
    list_.push_back({at, "#" + std::string(trim_right(text)), raw});
  }
}

const note* notes::take_of_row(int row) {
  for (auto i = next_; i < list_.size(); ++i)
    if (list_[i].at.row == row) {
      // It keeps its address: those before it move up.
      std::rotate(list_.begin() + static_cast<long>(next_),
                  list_.begin() + static_cast<long>(i),
                  list_.begin() + static_cast<long>(i) + 1);
      return take();
    }
  return nullptr;
}

bool notes::between(int after, int before) const {
  for (auto i = next_; i < list_.size() && list_[i].at.row < before; ++i)
    if (list_[i].at.row > after)
      return true;
  return false;
}

bool begins_metadata(const note& n) {
  auto text = std::string_view(n.text).substr(1);
  auto start = text.find_first_not_of(ascii_space);
  return n.at.col == 1 && start != text.npos
         && text.substr(start).starts_with("METADATA");
}

} // namespace rego::formatting
