// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A small node's log in memory: LEDGER's core writes it, INDEXER's follows,
// READER's reads.

#include "actors/indexer/state.hpp"
#include "actors/reader/state.hpp"
#include "tests/support/ledger_samples.hpp"
#include "tests/support/memory_store.hpp"
#include "tests/support/must.hpp"

#include <memory>

namespace acgs::test {

struct sample_log {
  memory_disk disk;
  memory_disk index_disk;
  std::shared_ptr<memory_environment> env =
      std::make_shared<memory_environment>(disk);
  std::shared_ptr<memory_environment> index_env =
      std::make_shared<memory_environment>(index_disk);
  sample_signer signer;
  std::vector<merkle::verifier_key> older; ///< what signed before `signer`

  crypto::log_keys keys() const {
    auto all = older;
    all.push_back(signer.key);
    return all;
  }

  ledger::state writer() {
    return must(ledger::state::open(*env, {sample_origin, keys(), 0}));
  }

  indexer::state indexer() {
    return must(indexer::state::open(*index_env, *env, sample_origin));
  }

  reader::state reader(std::uint64_t search_step = 2048) {
    return must(reader::state::open(
        {env, index_env, sample_origin, keys(), search_step}));
  }

  /// Writes entries in batches of 64 and signs after each, as LEDGER does.
  void write(const std::vector<sample>& entries) {
    auto to = writer();
    ledger::batch what;
    auto flush = [&] {
      for (auto& each : must(to.write(what)).entries)
        must(std::move(each));
      auto text = *to.unsigned_checkpoint();
      BOOST_REQUIRE(to.sign(text, signer.sign(text)));
      what = {};
    };
    for (const auto& each : entries) {
      what.entries.push_back(make_pending(each));
      if (what.entries.size() == 64)
        flush();
    }
    if (!what.entries.empty())
      flush();
    BOOST_REQUIRE(!to.store_checkpoint());
  }

  void write(std::size_t count) { write(std::vector<sample>(count)); }

  /// Changes a record behind everybody's back; an empty value removes it.
  void tamper(store::table in, byte_view key, bytes value) {
    auto writing = must(env->write());
    BOOST_REQUIRE(!(value.empty() ? writing->erase(in, key)
                                  : writing->put(in, key, value)));
    BOOST_REQUIRE(!writing->commit());
  }

  store::log_tables tables() {
    return must(store::log_tables::open(*env, sample_origin));
  }

  store::log_view view() { return must(store::log_view::open(*env, tables())); }
};

} // namespace acgs::test
