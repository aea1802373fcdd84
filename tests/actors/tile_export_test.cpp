// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Exports of a log that grows and of ones that were cut off: the folder holds
// what the last checkpoint needs, and nothing else.
#include "actors/shell/tile_export.hpp"
#include "runtime/crypto/ed25519.hpp"
#include "tests/support/must.hpp"
#include "tests/support/scratch.hpp"

#include <merkle/checkpoint.hpp>
#include <merkle/log_audit.hpp>
#include <merkle/tree.hpp>
#include <merkle/verifier_key.hpp>

#include <boost/test/unit_test.hpp>

#include <set>

BOOST_AUTO_TEST_SUITE(tile_export_test)

using namespace acgs;
using test::must;
namespace fs = std::filesystem;

namespace {

constexpr const char* origin = "acgs/node-1/1";

/// A log as a node serves it.
struct served_log {
  crypto::signing_key secret = crypto::signing_key::generate();
  merkle::verifier_key key = *merkle::make_verifier_key(
      origin, merkle::signature_type::ed25519, secret.public_part());
  std::size_t size = 0;
  unsigned fails_after = ~0u; ///< resources

  static std::string entry(std::size_t i) {
    return "entry " + std::to_string(i);
  }

  std::string checkpoint() const {
    merkle::tree all;
    for (std::size_t i = 0; i < size; ++i)
      all.append_data(as_byte_view(entry(i)));
    auto text = merkle::format_checkpoint({origin, size, all.root(), {}});
    auto by = secret.sign(as_byte_view(text));
    return *merkle::format_note(
        {text, {{key.name, key.id, {by.begin(), by.end()}}}});
  }

  result<std::string> resource(const std::string& path) {
    if (path == "keys") // a node that has had one key gives none
      return make_error(ec::not_found, "no list of keys");
    if (fails_after == 0)
      return make_error(ec::unavailable, "the connection is lost");
    --fails_after;
    if (path == "vkey")
      return merkle::format_verifier_key(key) + '\n';
    if (path == "checkpoint")
      return checkpoint();
    auto id = merkle::parse_bundle_path(path);
    BOOST_REQUIRE_MESSAGE(id, path);
    merkle::bytes out;
    for (unsigned i = 0; i < id->width; ++i) {
      auto each = entry(id->index * merkle::tile_width + i);
      BOOST_REQUIRE(merkle::append_to_bundle(out, as_byte_view(each)));
    }
    return std::string{as_text(out)};
  }
};

struct fixture {
  served_log log;
  test::scratch_folder folder;

  result<shell::exported_tree> run() {
    return shell::export_tiles(
        folder.path(),
        [this](const std::string& path) { return log.resource(path); },
        [](std::uint64_t, std::uint64_t) {});
  }

  std::set<std::string> files() const {
    std::set<std::string> out;
    for (const auto& at : fs::recursive_directory_iterator{folder.path()})
      if (at.is_regular_file())
        out.insert(at.path().lexically_relative(folder.path()).string());
    return out;
  }
};

const std::set<std::string> files_of_600{
    "checkpoint",           "vkey",
    "tile/0/000",           "tile/0/001",
    "tile/0/002.p/88",      "tile/1/000.p/2",
    "tile/entries/000",     "tile/entries/001",
    "tile/entries/002.p/88"};

} // namespace

BOOST_FIXTURE_TEST_SUITE(tile_export, fixture)

BOOST_AUTO_TEST_CASE(fetches_what_is_missing_and_leaves_nothing_older) {
  log.size = 300;
  BOOST_TEST(must(run()).fetched == 300u);
  BOOST_TEST(files().contains("tile/entries/001.p/44"));
  log.size = 600;
  auto done = must(run());
  BOOST_TEST(done.size == 600u);
  BOOST_TEST(done.fetched == 344u);
  BOOST_TEST(files() == files_of_600, boost::test_tools::per_element());
  BOOST_TEST(must(run()).fetched == 0u);
}

BOOST_AUTO_TEST_CASE(goes_on_after_exports_that_were_cut_off) {
  log.size = 300;
  log.fails_after = 4; // both bundles are there, and no checkpoint
  auto cut = run();
  BOOST_TEST((cut || code_of(cut.error()) == ec::unavailable));
  fs::remove(folder.path() / "checkpoint");
  log.size = 520;
  log.fails_after = 3; // before the last bundle
  BOOST_TEST((code_of(run().error()) == ec::unavailable));
  BOOST_TEST(files().contains("tile/entries/001.p/44"));
  BOOST_TEST(!files().contains("checkpoint"));
  log.size = 600;
  log.fails_after = ~0u;
  BOOST_TEST(must(run()).fetched == 88u);
  BOOST_TEST(files() == files_of_600, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
