// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/control/history_index.hpp"

#include "runtime/store/index_key.hpp"
#include "runtime/store/tables/state.hpp"
#include "runtime/wire/command.hpp"

#include <algorithm>

namespace acgs::control {

namespace {

namespace index = store::index;

/// Commands that are noted in one transaction when many are missing.
constexpr std::uint64_t named_step = 1024;

const byte_view named_key = as_byte_view("named");

result<std::uint64_t> read_named(store::environment& in, store::table from) {
  auto reading = in.read();
  if (!reading)
    return reading.error();
  auto found = (*reading)->get(from, named_key);
  if (!found)
    return found.error();
  return *found ? store::to_number(**found) : 0;
}

} // namespace

caf::error history_index::open(store::environment& in, store::table commands,
                               store::table applied, std::uint64_t last) {
  commands_ = commands;
  applied_ = applied;
  auto table = in.open_table(store::state::by_name_name);
  if (!table)
    return table.error();
  by_name_ = *table;
  auto named = read_named(in, applied_);
  if (!named)
    return named.error();
  auto wrong = complete(in, *named, last);
  complete_ = !wrong;
  return wrong && code_of(wrong) != ec::store_full ? wrong : caf::error{};
}

caf::error history_index::complete(store::environment& in, std::uint64_t named,
                                   std::uint64_t last) {
  while (named < last) {
    auto until = std::min(last, named + named_step);
    if (auto wrong = add_some(in, named + 1, until))
      return wrong;
    named = until;
  }
  return {};
}

caf::error history_index::add_some(store::environment& in, std::uint64_t first,
                                   std::uint64_t last) {
  auto writing = in.write();
  if (!writing)
    return writing.error();
  for (auto revision = first; revision <= last; ++revision) {
    auto found = (*writing)->get(commands_, store::to_key(revision));
    if (!found)
      return found.error();
    if (!*found)
      continue;
    auto command = wire::command::decode(**found);
    if (!command)
      continue; // the journal reports it when it is asked for
    auto name = std::string{(*command)->name};
    if (auto wrong = put(**writing, name, revision))
      return wrong;
  }
  if (auto wrong = (*writing)->put(applied_, named_key, store::to_key(last)))
    return wrong;
  return (*writing)->commit();
}

caf::error history_index::put(store::write_transaction& to,
                              std::string_view name, std::uint64_t revision) {
  auto key = index::key_of(index::prefix_of(name), revision);
  if (auto wrong = to.put(by_name_, key, {}))
    return wrong;
  // What is behind stays so: the mark must not run ahead of a gap.
  return complete_ ? to.put(applied_, named_key, store::to_key(revision))
                   : caf::error{};
}

caf::error history_index::walk(
    store::read_transaction& in, std::string_view name, std::uint64_t before,
    const std::function<result<bool>(std::uint64_t)>& visit) const {
  if (!complete_)
    return make_error(ec::store_full,
                      "state/ has no room for the index of the history by "
                      "name; ask without a name");
  auto at = in.walk(by_name_);
  if (!at)
    return at.error();
  auto prefix = index::prefix_of(name);
  auto found = (*at)->seek(index::key_of(prefix, before));
  if (found)
    found = *found ? (*at)->previous() : (*at)->last();
  for (; found && *found; found = (*at)->previous()) {
    auto key = (*at)->key();
    if (key.size() < prefix.size()
        || !std::equal(prefix.begin(), prefix.end(), key.begin()))
      return {};
    auto revision = index::entry_of(key, prefix);
    if (!revision)
      continue; // of a name with a zero byte in it
    auto more = visit(*revision);
    if (!more || !*more)
      return more ? caf::error{} : more.error();
  }
  return found ? caf::error{} : found.error();
}

} // namespace acgs::control
