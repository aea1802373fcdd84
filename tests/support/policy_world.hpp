// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Control states and their snapshots, made from a few modules.

#include "runtime/snapshot/snapshot.hpp"
#include "tests/support/manual_clock.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <memory>
#include <string>

namespace acgs::test {

struct world {
  explicit world(const std::map<std::string, std::string>& modules,
                 const std::string& data = "{}") {
    state.data = std::make_shared<const std::string>(data);
    state.revision = 1;
    for (const auto& [id, text] : modules)
      state.policies[id].text = std::make_shared<const std::string>(text);
    present = built();
  }

  snapshot_ptr built() {
    auto made =
        snapshot::build(std::make_shared<const domain::control_state>(state),
                        {}, present.get());
    BOOST_REQUIRE_MESSAGE(bool{made}, (made ? "" : sentence_of(made.error())));
    return *made;
  }

  snapshot_ptr with_data(const std::string& data) {
    ++state.revision;
    state.data = std::make_shared<const std::string>(data);
    return built();
  }

  snapshot_ptr in_mode(bool strict, bool lockdown) {
    ++state.revision;
    state.strict.on = strict;
    state.lockdown.on = lockdown;
    return built();
  }

  domain::control_state state;
  snapshot_ptr present;
};

} // namespace acgs::test
