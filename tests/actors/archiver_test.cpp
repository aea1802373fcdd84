// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// ARCHIVER: a backup by its messages.
#include "actors/archiver/archiver.hpp"
#include "runtime/actor/bounded.hpp"
#include "runtime/backup/check.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/backup_world.hpp"
#include "tests/support/fake_signer.hpp"

#include <caf/actor_cast.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

BOOST_AUTO_TEST_SUITE(archiver_test)

using namespace acgs;
using namespace acgs::archiver;
using namespace acgs::test;

namespace {

struct fixture : actor_fixture, backup_world {
  fixture() {
    write(300);
    change();
    who = spawn_bounded(system, 16, archiver::archiver,
                        config{env, state, sample_origin, known,
                               actor_ref<signer_actor>::fixed(signs.handle),
                               actor_ref<ledger_actor>::fixed(publishes),
                               [this] { return result<std::string>{ring}; }});
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
  crypto::log_keys known{key};
  /// Longer than it is when packed, as those of a node are.
  std::string ring = "{\"statements\":[]}" + std::string(1000, ' ');
  archiver_actor who;
  caf::error not_signed; ///< why the last manifest was not

  /// Takes a backup into a file, block by block.
  void take(const std::filesystem::path& path,
            const std::function<void()>& at_last = {}) {
    auto plan = must(ask<begun>(who, begin_backup{})).of;
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
    auto text = sum.finish(*plan, 1'000'000'000);
    if (at_last)
      at_last();
    auto signed_by_now =
        ask<signed_manifest>(who, sign_manifest{text, sum.ring()});
    if (!signed_by_now) {
      not_signed = signed_by_now.error();
      return;
    }
    auto note = signed_by_now->note;
    BOOST_REQUIRE(!to.write(must(backup::make_block(
        backup::block_kind::manifest, 1, as_byte_view(note)))));
    BOOST_REQUIRE(!to.sync());
    BOOST_REQUIRE(!to.keep());
  }
};

} // namespace

BOOST_FIXTURE_TEST_CASE(gives_a_backup_that_verifies, fixture) {
  auto path = folder.path() / "b";
  take(path);
  BOOST_TEST(published == 1u);
  auto file = must(backup::file_reader::open(path));
  BOOST_TEST(must(file.ring()) == ring);
  BOOST_TEST(file.what().of.revision == 1u);
  backup::checker with{{key}};
  BOOST_TEST(!with.check(file, nullptr));
  BOOST_TEST(with.holds().size == 301u);
}

BOOST_FIXTURE_TEST_CASE(goes_on_with_a_key_that_followed, fixture) {
  signs.what->active = crypto::signing_key::generate();
  auto next =
      *merkle::make_verifier_key(sample_origin, merkle::signature_type::ed25519,
                                 signs.what->active.public_part());
  auto unknown = ask<begun>(who, begin_backup{});
  BOOST_TEST((code_of(unknown.error()) == ec::internal));
  // As SIGNER does, before the new key signs anything.
  std::vector both{key, next};
  known.publish(crypto::key_history{both});
  auto path = folder.path() / "c";
  take(path);
  auto file = must(backup::file_reader::open(path));
  backup::checker with{{next}};
  BOOST_TEST(!with.check(file, nullptr));
  backup::checker without{{key}};
  auto refused = without.check(file, nullptr);
  BOOST_TEST((code_of(refused) == ec::store_corrupt));
}

BOOST_FIXTURE_TEST_CASE(a_key_that_follows_at_the_last_moment_is_in_none,
                        fixture) {
  auto path = folder.path() / "late";
  take(path, [this] {
    signs.what->active = crypto::signing_key::generate();
    std::vector both{key, *merkle::make_verifier_key(
                              sample_origin, merkle::signature_type::ed25519,
                              signs.what->active.public_part())};
    known.publish(crypto::key_history{both});
    ring = R"({"statements":["of the change"]})";
    take(folder.path() / "beside"); // which one taken meanwhile does not hide
    BOOST_TEST(!not_signed);
  });
  BOOST_TEST((code_of(not_signed) == ec::conflict));
  BOOST_TEST(!std::filesystem::exists(path));
  // The next one holds the ring that tells of it.
  take(path);
  BOOST_TEST(must(must(backup::file_reader::open(path)).ring()) == ring);
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

BOOST_AUTO_TEST_SUITE_END()
