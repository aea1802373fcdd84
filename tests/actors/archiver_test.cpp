// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// ARCHIVER: a backup by its messages.
#define BOOST_TEST_MODULE actors archiver
#include "actors/archiver/archiver.hpp"
#include "runtime/actor/bounded.hpp"
#include "runtime/backup/check.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/backup_world.hpp"
#include "tests/support/fake_signer.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

using namespace acgs;
using namespace acgs::archiver;
using namespace acgs::test;

namespace {

struct fixture : actor_fixture, backup_world {
  fixture() {
    write(300);
    change();
    who = spawn_bounded(system, 16, archiver::archiver,
                        config{env,
                               state,
                               sample_origin,
                               {key},
                               actor_ref<signer_actor>::fixed(signs.handle),
                               actor_ref<ledger_actor>::fixed(publishes)});
    run();
  }
  ~fixture() {
    caf::anon_send_exit(who, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(signs.handle, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(publishes, caf::exit_reason::user_shutdown);
    run();
  }

  fake_signer signs{system};
  /// As LEDGER is asked before a backup begins.
  unsigned published = 0;
  ledger_actor publishes = caf::actor_cast<ledger_actor>(
      system.spawn<caf::hidden>([this](caf::event_based_actor*) {
        return caf::behavior{[this](ledger::publish) { ++published; }};
      }));
  merkle::verifier_key key =
      *merkle::make_verifier_key(sample_origin, merkle::signature_type::ed25519,
                                 signs.what->active.public_part());
  archiver_actor who;
};

} // namespace

BOOST_FIXTURE_TEST_CASE(gives_a_backup_that_verifies, fixture) {
  auto plan = must(ask<begun>(who, begin_backup{})).of;
  BOOST_TEST(published == 1u);
  BOOST_TEST(plan->of.size == 301u);
  BOOST_TEST(plan->of.revision == 1u);
  auto path = folder.path() / "b";
  auto to = must(backup::file_writer::create(path));
  BOOST_REQUIRE(!to.write(as_byte_view(backup::magic)));
  backup::tally sum;
  for (backup::place at; !at.at_end();) {
    auto got = must(ask<block>(who, read_block{plan, at})).what;
    at = got.next;
    if (got.block.empty())
      continue;
    sum.add(got.block);
    BOOST_REQUIRE(!to.write(got.block));
  }
  auto note = must(ask<signed_manifest>(
                       who, sign_manifest{sum.finish(*plan, 1'000'000'000)}))
                  .note;
  BOOST_REQUIRE(!to.write(must(backup::make_block(backup::block_kind::manifest,
                                                  1, as_byte_view(note)))));
  BOOST_REQUIRE(!to.sync());
  BOOST_REQUIRE(!to.keep());
  auto file = must(backup::file_reader::open(path));
  backup::checker with{{key}};
  BOOST_TEST(!with.check(file, nullptr));
  BOOST_TEST(with.holds().size == 301u);
}

BOOST_FIXTURE_TEST_CASE(says_why_it_cannot, fixture) {
  backup::base beyond;
  beyond.size = 302;
  auto refused = ask<begun>(who, begin_backup{beyond});
  BOOST_TEST((code_of(refused.error()) == ec::conflict));
  signs.what->refusal = make_error(ec::unavailable, "no signer");
  refused = ask<begun>(who, begin_backup{});
  BOOST_TEST((code_of(refused.error()) == ec::unavailable));
  signs.what->refusal = {};
  signs.what->rotates = true;
  refused = ask<begun>(who, begin_backup{});
  BOOST_TEST((code_of(refused.error()) == ec::internal));
}
