// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/control/archives.hpp"
#include "actors/control/past.hpp"
#include "runtime/backup/restore.hpp"
#include "runtime/backup/store_check.hpp"
#include "runtime/store/lmdb.hpp"
#include "tests/support/backup_world.hpp"

BOOST_AUTO_TEST_SUITE(control_archives_test)

using namespace acgs;
using test::must;
using kind = domain::command_kind;

namespace {

std::shared_ptr<const std::string> archive_of(const std::string& revision) {
  rego::bundle::file_list files{
      {".manifest", R"({"revision":")" + revision + R"(","roots":["roles"]})"},
      {"roles/data.json", R"({"limit":)" + revision + "}"}};
  return std::make_shared<const std::string>(*rego::bundle::pack(files));
}

std::string digest_of(const std::string& archive) {
  return to_hex(crypto::sha256_of(as_byte_view(archive)));
}

/// A world whose history puts and activates bundles.
struct bundle_world : test::backup_world {
  control::bundle_source from(const std::shared_ptr<const std::string>& one) {
    return [one](std::string_view) -> result<control::bundle_ptr> {
      return std::make_shared<const rego::bundle::content>(
          *rego::bundle::read(*rego::bundle::unpack(*one)));
    };
  }

  void carry_out(kind what, const std::string& body,
                 const std::shared_ptr<const std::string>& archive,
                 bool logged = true) {
    domain::command command;
    command.kind = what;
    command.name = "authz";
    command.body = body;
    command.caller.subject = "alice";
    command.caller.role_ = domain::role::admin;
    wire::command change{command};
    present = must(control::apply(*present, *change, from(archive)));
    auto brought = what == kind::put_bundle ? archive : nullptr;
    BOOST_REQUIRE(!journal.append(change, *present, 0, brought.get()));
    if (logged)
      log_change({present->revision, change, brought});
  }

  /// Gives the digest.
  std::string put(const std::string& revision, bool logged = true) {
    auto archive = archive_of(revision);
    auto digest = digest_of(*archive);
    carry_out(kind::put_bundle,
              R"({"digest":")" + digest + R"(","signed_by":"","bytes":9})",
              archive, logged);
    return digest;
  }

  void activate(const std::string& revision) {
    auto archive = archive_of(revision);
    carry_out(kind::activate_bundle,
              R"({"digests":[")" + digest_of(*archive) + "\"]}", archive);
  }

  /// Takes an archive out of state/, or puts another in its place.
  void tamper(const std::string& digest, std::string_view with = {}) {
    auto bundles = must(state->open_table(store::state::bundles_name));
    auto to = must(state->write());
    BOOST_REQUIRE(with.empty() ? !to->erase(bundles, as_byte_view(digest))
                               : !to->put(bundles, as_byte_view(digest),
                                          as_byte_view(with)));
    BOOST_REQUIRE(!to->commit());
  }

  std::filesystem::path restore() {
    backup::restore_options how;
    how.files = {write_backup("b")};
    how.to = folder.path() / "store";
    how.keys = {signer.key};
    restored = must(backup::restore(how)).revision;
    return how.to;
  }

  std::uint64_t restored = 0;
};

std::shared_ptr<store::environment> open(const std::filesystem::path& folder) {
  store::lmdb_options options;
  options.folder = folder;
  return must(store::open_lmdb(options));
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(archives, bundle_world)

BOOST_AUTO_TEST_CASE(one_that_state_has_no_more_is_found_in_the_ledger) {
  auto digest = put("1");
  control::archives both{state, env};
  control::archives alone{state, nullptr};
  BOOST_TEST(*must(both.find(digest)) == *archive_of("1"));
  BOOST_TEST(*must(alone.find(digest)) == *archive_of("1"));
  tamper(digest);
  BOOST_TEST(must(both.open(digest))->about.revision == "1");
  auto gone = alone.find(digest);
  BOOST_REQUIRE(!gone);
  BOOST_TEST((code_of(gone.error()) == ec::not_found));
  BOOST_TEST(sentence_of(gone.error())
             == "there is no archive " + digest
                    + " of a bundle: neither control state nor the ledger "
                      "keeps it");
  for (auto bad : {"", "00", "not hexadecimal"})
    BOOST_TEST((code_of(both.find(bad).error()) == ec::not_found), bad);
}

BOOST_AUTO_TEST_CASE(one_that_is_not_what_its_digest_says_is_refused) {
  auto digest = put("1");
  tamper(digest, *archive_of("2"));
  auto found = control::archives{state, env}.open(digest);
  BOOST_TEST((code_of(found.error()) == ec::store_corrupt));
  auto checked = backup::check_stores(
      *env, *state, crypto::key_history{std::span{&signer.key, 1}}, {});
  BOOST_REQUIRE(!checked);
  BOOST_TEST(sentence_of(checked.error())
             == "the archive " + digest
                    + " of a bundle is not what its digest says");
}

BOOST_AUTO_TEST_CASE(past_states_are_made_again_from_the_ledgers_archives) {
  auto first = put("1");
  activate("1");
  put("2");
  activate("2");
  tamper(first);
  control::past past{state, env};
  BOOST_TEST(*must(past.at(4))->data == R"({"roles":{"limit":2}})");
  BOOST_TEST(*must(past.at(2))->data == R"({"roles":{"limit":1}})");
  BOOST_TEST(*must(past.at(1))->data == "{}");
}

BOOST_AUTO_TEST_CASE(what_is_put_and_then_activated_is_opened_once) {
  auto first = put("1");
  activate("1");
  control::past past{state};
  must(past.at(1));
  tamper(first);
  BOOST_TEST(*must(past.at(2))->data == R"({"roles":{"limit":1}})");
}

BOOST_AUTO_TEST_CASE(a_past_state_whose_archive_is_gone_is_not_found) {
  auto first = put("1");
  activate("1");
  tamper(first);
  control::past past{state};
  auto then = past.at(2);
  BOOST_REQUIRE(!then);
  BOOST_TEST((code_of(then.error()) == ec::not_found));
  BOOST_TEST(sentence_of(then.error()).find("there is no archive " + first)
             != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_restored_history_is_applied_from_the_ledgers_archives) {
  write(10);
  put("1");
  activate("1");
  put("2");
  activate("2");
  auto made = restore();
  auto ledger = open(made / "ledger");
  auto state_again = open(made / "state");
  control::archives kept{state_again, ledger};
  auto found = must(control::journal{state_again, ledger}.recover(
      [&](std::string_view digest) { return kept.open(digest); }));
  BOOST_TEST(*found.state->data == *present->data);
  BOOST_TEST(found.state->revision == 4u);
  BOOST_TEST(found.state->bundles.at("authz").bundle_revision == "2");
  BOOST_TEST(found.unrecorded.empty());
}

BOOST_AUTO_TEST_CASE(a_change_whose_archive_no_backup_has_had_no_effect) {
  write(10);
  put("1");
  activate("1");
  put("2", false);
  auto made = restore();
  BOOST_TEST(restored == 2u);
  auto ledger = open(made / "ledger");
  auto state_again = open(made / "state");
  control::archives kept{state_again, ledger};
  auto found = must(control::journal{state_again, ledger}.recover(
      [&](std::string_view digest) { return kept.open(digest); }));
  BOOST_TEST(*found.state->data == R"({"roles":{"limit":1}})");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
