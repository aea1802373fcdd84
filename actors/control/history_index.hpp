// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where the commands about a name are found: the table `commands_by_name`
// (runtime/store/tables/state.hpp), written with each command, and "named" in
// `applied`, the revision up to which it is complete. Belongs to the journal.

#include "runtime/store/store.hpp"

#include <functional>
#include <string_view>

namespace acgs::control {

class history_index {
public:
  /// Opens the table and brings it up to `last`, of which a store of an older
  /// program falls short. Where there is no room for that, the index stays
  /// behind and `walk` says so.
  caf::error open(store::environment& in, store::table commands,
                  store::table applied, std::uint64_t last);

  /// Notes one command, in the transaction that writes it.
  caf::error put(store::write_transaction& to, std::string_view name,
                 std::uint64_t revision);

  /// Visits the revisions below `before` of the commands that may be about the
  /// name, newest first, until `visit` returns false or fails. Fails with
  /// `store_full` where the index could not be completed.
  caf::error
  walk(store::read_transaction& in, std::string_view name, std::uint64_t before,
       const std::function<result<bool>(std::uint64_t)>& visit) const;

private:
  caf::error complete(store::environment& in, std::uint64_t named,
                      std::uint64_t last);
  caf::error add_some(store::environment& in, std::uint64_t first,
                      std::uint64_t last);

  store::table commands_;
  store::table applied_;
  store::table by_name_;
  bool complete_ = false;
};

} // namespace acgs::control
