// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/node/reading.hpp"

#include "actors/reader/pool.hpp"
#include "actors/reader/reader.hpp"
#include "actors/signer/past_keys.hpp"
#include "runtime/actor/bounded.hpp"
#include "runtime/actor/supervisor_state.hpp"
#include "runtime/archive/folder.hpp"
#include "runtime/crypto/random.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <utility>

namespace acgs::node {

namespace {

constexpr std::size_t reader_mailbox_bound = 256;

constexpr actor_key<supervisor_actor> readers_key{"readers"};

child_spec reader_child(parts& of, const std::string& name) {
  return make_child(actor_key<reader_actor>{name}, [&of] {
    reader::config with;
    with.ledger = of.store.ledger;
    with.index = of.store.index;
    with.origin = of.origin;
    with.keys = of.keys.log;
    with.older_keys = [folder = of.settings.keys.dir](const std::string& origin,
                                                      const std::string& path) {
      return signer::read_past_keys(folder, origin, path);
    };
    with.archive = archive::open_folders(of.settings.ledger.archive);
    with.signer = of.actors->find(signer::key);
    return reader_actor{spawn_bounded<caf::detached>(
        of.system, reader_mailbox_bound, reader::reader, with)};
  });
}

child_spec readers_child(parts& of, const std::vector<std::string>& names) {
  return make_child(readers_key, [&of, names] {
    supervisor_config with;
    with.name = readers_key.name;
    with.parent = "node";
    with.actors = of.actors;
    with.clock = &of.time;
    with.random = crypto::random_fill;
    with.listener = [&of](const supervisor_event& e) { of.seen.saw(e); };
    for (const auto& name : names)
      with.children.push_back(reader_child(of, name));
    return spawn_bounded(of.system, reader_mailbox_bound, supervisor,
                         std::move(with));
  });
}

child_spec pool_child(parts& of, const std::vector<std::string>& names) {
  return make_child(reader::key, [&of, names] {
    std::vector<actor_ref<reader_actor>> all;
    for (const auto& name : names)
      all.push_back(of.actors->find(actor_key<reader_actor>{name}));
    return spawn_bounded(of.system, reader_mailbox_bound, reader::pool, all,
                         of.actors->find(ledger::key), &of.time);
  });
}

} // namespace

std::vector<child_spec> reading_children(parts& of) {
  std::vector<std::string> names;
  for (std::uint64_t i = 1; i <= of.settings.ledger.readers; ++i)
    names.push_back("reader-" + std::to_string(i));
  std::vector<child_spec> out;
  out.push_back(readers_child(of, names));
  out.push_back(pool_child(of, names));
  return out;
}

} // namespace acgs::node
