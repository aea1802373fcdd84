// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Keys and certificates on disk: who may read them, what they hold, and what
// the openssl program makes of them.
#include "runtime/crypto/certificate.hpp"
#include "runtime/crypto/key_file.hpp"
#include "runtime/crypto/private_file.hpp"
#include "runtime/crypto/tls_files.hpp"
#include "tests/support/scratch.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(crypto_files_test)

using namespace acgs;
using namespace acgs::crypto;

namespace fs = std::filesystem;

namespace {

constexpr password_cost cheap{1, 8u << 20};

secret hidden(std::string_view text) {
  return secret::copy_of(as_byte_view(text));
}

key_lock phrase(std::string_view text) {
  return std::move(*key_lock::with_passphrase(hidden(text), cheap));
}

key_lock random_lock(char fill) {
  return std::move(*key_lock::with_file(hidden(std::string(32, fill))));
}
constexpr wall_time noon{std::chrono::seconds{1'771'156'800}};

void put(const fs::path& path, const std::string& text) {
  test::write_file(path, text);
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
}

/// True where a command of the shell ends with 0.
bool runs(const std::string& command) {
  return std::system((command + " >/dev/null 2>&1").c_str()) == 0;
}

} // namespace

BOOST_FIXTURE_TEST_CASE(reads_back_a_private_file_of_mode_0600,
                        test::scratch_folder) {
  auto file = path() / "secret";
  BOOST_TEST(!write_private_file(file, as_byte_view("hidden")));
  BOOST_TEST((fs::status(file).permissions()
              == (fs::perms::owner_read | fs::perms::owner_write)));
  auto back = read_private_file(file);
  BOOST_REQUIRE(static_cast<bool>(back));
  BOOST_TEST(back->read([](byte_view view) {
    return std::string{as_text(view)};
  }) == "hidden");
  BOOST_TEST(std::distance(fs::directory_iterator{path()}, {}) == 1);
}

BOOST_FIXTURE_TEST_CASE(never_replaces_a_private_file, test::scratch_folder) {
  auto file = path() / "secret";
  BOOST_TEST(!write_private_file(file, as_byte_view("one")));
  auto refused = write_private_file(file, as_byte_view("two"));
  BOOST_TEST((code_of(refused) == ec::conflict));
  BOOST_TEST(test::read_file(file) == "one");
}

BOOST_FIXTURE_TEST_CASE(refuses_a_private_file_that_others_may_read,
                        test::scratch_folder) {
  auto file = path() / "secret";
  BOOST_TEST(!write_private_file(file, as_byte_view("one")));
  for (auto wider : {fs::perms::group_read, fs::perms::others_read,
                     fs::perms::group_write, fs::perms::others_exec}) {
    fs::permissions(file, fs::perms::owner_read | wider);
    BOOST_TEST((code_of(read_private_file(file).error()) == ec::forbidden));
  }
  BOOST_TEST(
      (code_of(read_private_file(path() / "none").error()) == ec::not_found));
  BOOST_TEST((code_of(read_private_file(path()).error()) == ec::forbidden));
  fs::permissions(file, fs::perms::owner_read);
  fs::create_symlink(file, path() / "link");
  BOOST_TEST(
      (code_of(read_private_file(path() / "link").error()) == ec::forbidden));
  put(path() / "large", std::string(private_file_size_max + 1, 'x'));
  BOOST_TEST(
      (code_of(read_private_file(path() / "large").error()) == ec::too_large));
}

BOOST_FIXTURE_TEST_CASE(refuses_a_folder_that_others_may_enter,
                        test::scratch_folder) {
  auto folder = path() / "a" / "keys";
  BOOST_TEST(!ensure_private_folder(folder));
  BOOST_TEST((fs::status(folder).permissions() == fs::perms::owner_all));
  BOOST_TEST(!ensure_private_folder(folder));
  for (auto wider : {0755, 0750, 0701, 0704}) {
    fs::permissions(folder, static_cast<fs::perms>(wider));
    auto refused = ensure_private_folder(folder);
    BOOST_TEST((code_of(refused) == ec::forbidden));
    BOOST_TEST(sentence_of(refused).find("expected 0700") != std::string::npos);
    BOOST_TEST(
        (fs::status(folder).permissions() == static_cast<fs::perms>(wider)));
  }
  put(path() / "file", "");
  BOOST_TEST(
      (code_of(ensure_private_folder(path() / "file")) == ec::forbidden));
  BOOST_TEST(static_cast<bool>(ensure_private_folder(path() / "file" / "x")));
}

BOOST_FIXTURE_TEST_CASE(keeps_a_key_that_openssl_reads, test::scratch_folder) {
  auto key = signing_key::generate();
  auto file = path() / "log.key";
  BOOST_TEST(!save_key(file, key));
  auto again = load_key(file);
  BOOST_REQUIRE(static_cast<bool>(again));
  BOOST_TEST(to_hex(again->public_part()) == to_hex(key.public_part()));
  put(path() / "message", "text");
  auto by = key.sign(as_byte_view("text"));
  put(path() / "signature", std::string{as_text(by)});
  auto in = path().string() + '/';
  BOOST_TEST(runs("openssl pkey -in " + in + "log.key -pubout -out " + in
                  + "log.pub"));
  BOOST_TEST(runs("openssl pkeyutl -verify -rawin -pubin -inkey " + in
                  + "log.pub -in " + in + "message -sigfile " + in
                  + "signature"));
  put(path() / "message", "next");
  BOOST_TEST(!runs("openssl pkeyutl -verify -rawin -pubin -inkey " + in
                   + "log.pub -in " + in + "message -sigfile " + in
                   + "signature"));
}

BOOST_FIXTURE_TEST_CASE(opens_an_encrypted_key_with_its_passphrase_only,
                        test::scratch_folder) {
  auto key = signing_key::generate();
  auto file = path() / "log.key";
  BOOST_TEST(!save_key(file, key, phrase("phrase")));
  BOOST_TEST((*lock_of(file) == lock_kind::passphrase));
  auto again = load_key(file, phrase("phrase"));
  BOOST_REQUIRE(static_cast<bool>(again));
  BOOST_TEST(to_hex(again->public_part()) == to_hex(key.public_part()));
  BOOST_TEST((code_of(load_key(file).error()) == ec::forbidden));
  BOOST_TEST(
      (code_of(load_key(file, random_lock('x')).error()) == ec::forbidden));
  auto said = sentence_of(load_key(file, phrase("other")).error());
  BOOST_TEST(said.find("is wrong") != said.npos, said);
  said = sentence_of(load_key(file).error());
  BOOST_TEST(said.find("keys.passphrase_file") != said.npos, said);
}

BOOST_FIXTURE_TEST_CASE(opens_a_key_with_the_key_file_that_locked_it,
                        test::scratch_folder) {
  auto key = signing_key::generate();
  auto file = path() / "log.key";
  BOOST_TEST(!save_key(file, key, random_lock('a')));
  BOOST_TEST((*lock_of(file) == lock_kind::file));
  auto again = load_key(file, random_lock('a'));
  BOOST_REQUIRE(static_cast<bool>(again));
  BOOST_TEST(to_hex(again->public_part()) == to_hex(key.public_part()));
  BOOST_TEST(
      (code_of(load_key(file, random_lock('b')).error()) == ec::forbidden));
  BOOST_TEST(
      (code_of(load_key(file, phrase("phrase")).error()) == ec::forbidden));
  BOOST_TEST((code_of(key_lock::with_file(hidden("short")).error())
              == ec::invalid_argument));
  BOOST_TEST((code_of(key_lock::with_passphrase(hidden("")).error())
              == ec::invalid_argument));
}

BOOST_FIXTURE_TEST_CASE(encrypts_a_key_file_in_place_once,
                        test::scratch_folder) {
  auto key = signing_key::generate();
  auto file = path() / "log.key";
  BOOST_TEST(!save_key(file, key));
  BOOST_TEST((*lock_of(file) == lock_kind::none));
  BOOST_TEST(!protect_key(file, phrase("phrase")));
  auto text = test::read_file(file);
  BOOST_TEST(text.find("PRIVATE KEY") == text.npos);
  BOOST_TEST((fs::status(file).permissions() == fs::perms{0600}));
  auto again = load_key(file, phrase("phrase"));
  BOOST_REQUIRE(static_cast<bool>(again));
  BOOST_TEST(to_hex(again->public_part()) == to_hex(key.public_part()));
  BOOST_TEST(!protect_key(file, phrase("phrase")));
  BOOST_TEST(test::read_file(file) == text);
}

BOOST_FIXTURE_TEST_CASE(refuses_an_encrypted_key_that_was_changed,
                        test::scratch_folder) {
  auto good = path() / "good";
  BOOST_TEST(!save_key(good, signing_key::generate(), phrase("phrase")));
  auto text = test::read_file(good);
  auto file = path() / "bad";
  auto replaced = [&](std::string_view what, std::string_view with) {
    auto out = text;
    auto at = out.find(what);
    BOOST_REQUIRE(at != out.npos);
    return out.replace(at, what.size(), with);
  };
  // Costs beyond the bounds are refused before any work is done.
  for (const auto& bad :
       {replaced("id 1 8192", "id 99 8192"), replaced("id 1 8192", "id 0 8192"),
        replaced("id 1 8192", "id 1 1073741824"),
        replaced("id 1 8192", "id 1 18446744073709551615"),
        replaced("id 1 8192", "id 1 1024"), replaced("id 1 8192", "id 01 8192"),
        replaced("argon2id", "argon2i")}) {
    put(file, bad);
    auto refused = load_key(file, phrase("phrase"));
    BOOST_REQUIRE(!refused);
    BOOST_TEST((code_of(refused.error()) == ec::invalid_argument), bad);
  }
  // What was changed within them does not open.
  put(file, replaced("id 1 8192", "id 2 8192"));
  BOOST_TEST(
      (code_of(load_key(file, phrase("phrase")).error()) == ec::forbidden));
}

BOOST_FIXTURE_TEST_CASE(refuses_a_file_that_holds_no_key,
                        test::scratch_folder) {
  auto good = path() / "good";
  BOOST_TEST(!save_key(good, signing_key::generate()));
  auto text = test::read_file(good);
  auto file = path() / "bad";
  for (const auto& bad :
       {std::string{}, std::string{"key"}, text.substr(1),
        text.substr(0, text.size() - 1), text.substr(0, 40), text + text,
        std::string{"-----BEGIN PRIVATE KEY-----\n"},
        std::string{"acgs-sealed-key-v2 "},
        std::string{"acgs-sealed-key-v2 file AAAA AAAA\n"},
        std::string{"acgs-sealed-key-v2 argon2id 1 8192 AAAA AAAA\n"}}) {
    put(file, bad);
    auto refused = load_key(file, phrase("phrase"));
    BOOST_REQUIRE(!refused);
    BOOST_TEST((code_of(refused.error()) == ec::invalid_argument), bad);
  }
}

BOOST_AUTO_TEST_CASE(issues_certificates_that_its_authority_vouches_for) {
  auto root = make_authority("root", noon, std::chrono::days{10});
  auto other = make_authority("root", noon, std::chrono::days{10});
  BOOST_REQUIRE((root && other));
  certificate_request request{"node-1", {"localhost", "127.0.0.1", "::1"}};
  auto issued = issue_certificate(*root, request, noon);
  BOOST_REQUIRE(static_cast<bool>(issued));
  BOOST_TEST(is_issued_by(issued->certificate, root->certificate));
  BOOST_TEST(!is_issued_by(issued->certificate, other->certificate));
  BOOST_TEST(!is_issued_by("nothing", root->certificate));
  auto facts = read_certificate(issued->certificate);
  BOOST_REQUIRE(static_cast<bool>(facts));
  BOOST_TEST(facts->common_name == "node-1");
  BOOST_TEST(facts->issuer == "root");
  BOOST_TEST(!facts->is_authority);
  BOOST_TEST((facts->not_before == noon - std::chrono::hours{1}));
  BOOST_TEST((facts->not_after == noon + std::chrono::days{365}));
  BOOST_TEST(read_certificate(root->certificate)->is_authority);
}

BOOST_AUTO_TEST_CASE(refuses_names_that_a_certificate_cannot_carry) {
  auto root = make_authority("root", noon, std::chrono::days{10});
  for (const auto& bad : {"", "a b", "a,DNS:evil", "x/y", "1.2.3.4:5"}) {
    auto refused = issue_certificate(*root, {"node", {bad}}, noon);
    BOOST_REQUIRE(!refused);
    BOOST_TEST((code_of(refused.error()) == ec::invalid_argument), bad);
  }
  BOOST_TEST(!make_authority(std::string(65, 'x'), noon, std::chrono::days{1}));
  BOOST_TEST(!make_authority("", noon, std::chrono::days{1}));
  BOOST_TEST(!read_certificate("-----BEGIN CERTIFICATE-----\nAAAA\n"));
}

BOOST_FIXTURE_TEST_CASE(renews_certificates_in_their_last_month_only,
                        test::scratch_folder) {
  auto folder = path() / "tls";
  auto ensure = [&](wall_time now) {
    auto made = ensure_tls_files(folder, "node-1", {"localhost"}, now);
    BOOST_REQUIRE_MESSAGE(made, sentence_of(made.error()));
    return made->expires;
  };
  constexpr std::chrono::days day{1};
  auto first = ensure(noon);
  BOOST_TEST((first == noon + 365 * day));
  auto key = test::read_file(folder / "node.key");
  auto admin = test::read_file(folder / "admin.pem");
  BOOST_TEST((ensure(noon + 334 * day) == first));
  auto second = ensure(noon + 336 * day);
  BOOST_TEST((second == noon + 701 * day));
  BOOST_TEST((ensure(noon + 336 * day) == second));
  // For the same key, by the same authority; the operator's too.
  BOOST_TEST(test::read_file(folder / "node.key") == key);
  BOOST_TEST(test::read_file(folder / "admin.pem") != admin);
  auto in = folder.string() + '/';
  BOOST_TEST(runs("openssl verify -no_check_time -CAfile " + in + "ca.pem " + in
                  + "node.pem " + in + "admin.pem"));
  // Also after it has run out.
  BOOST_TEST((ensure(noon + 2000 * day) == noon + 2365 * day));
  // No longer than the authority, and then no more.
  auto last = noon + 3650 * day;
  BOOST_TEST((ensure(noon + 3600 * day) == last));
  BOOST_TEST((ensure(noon + 3649 * day) == last));
  BOOST_TEST((ensure(noon + 4000 * day) == last));
}

BOOST_FIXTURE_TEST_CASE(leaves_a_certificate_alone_that_others_issued,
                        test::scratch_folder) {
  auto folder = path() / "tls";
  BOOST_REQUIRE(ensure_tls_files(folder, "node-1", {"localhost"}, noon));
  auto other = make_authority("other", noon, std::chrono::days{100});
  auto issued = issue_certificate(*other, {"node-1", {}}, noon);
  BOOST_REQUIRE(issued);
  put(folder / "node.pem", issued->certificate);
  BOOST_REQUIRE(ensure_tls_files(folder, "node-1", {"localhost"},
                                 noon + std::chrono::days{360}));
  BOOST_TEST(test::read_file(folder / "node.pem") == issued->certificate);
}

BOOST_FIXTURE_TEST_CASE(makes_tls_files_once_that_openssl_verifies,
                        test::scratch_folder) {
  auto folder = path() / "tls";
  auto now = system_clock().now();
  auto made = ensure_tls_files(folder, "node-1", {"localhost"}, now);
  BOOST_REQUIRE(static_cast<bool>(made));
  auto first = test::read_file(made->certificate);
  BOOST_TEST(static_cast<bool>(
      ensure_tls_files(folder, "node-1", {"localhost"}, now)));
  BOOST_TEST(test::read_file(made->certificate) == first);
  for (auto name : {"ca.key", "node.key", "admin.key"})
    BOOST_TEST(static_cast<bool>(read_private_file(folder / name)), name);
  auto in = folder.string() + '/';
  for (auto name : {"node", "admin"})
    BOOST_TEST(
        runs("openssl verify -CAfile " + in + "ca.pem " + in + name + ".pem"));
}

BOOST_FIXTURE_TEST_CASE(refuses_tls_keys_that_others_may_read,
                        test::scratch_folder) {
  auto now = system_clock().now();
  auto folder = path() / "tls";
  for (auto name : {"ca.key", "node.key", "admin.key"}) {
    BOOST_TEST(static_cast<bool>(ensure_tls_files(folder, "node", {}, now)));
    fs::permissions(folder / name, static_cast<fs::perms>(0644));
    auto refused = ensure_tls_files(folder, "node", {}, now);
    BOOST_REQUIRE(!refused);
    BOOST_TEST((code_of(refused.error()) == ec::forbidden));
    BOOST_TEST(sentence_of(refused.error()).find(name) != std::string::npos);
    fs::permissions(folder / name, static_cast<fs::perms>(0600));
  }
}

BOOST_FIXTURE_TEST_CASE(makes_a_certificate_again_that_a_crash_left_half_done,
                        test::scratch_folder) {
  auto now = system_clock().now();
  BOOST_TEST(static_cast<bool>(ensure_tls_files(path(), "node", {}, now)));
  fs::remove(path() / "node.pem");
  BOOST_TEST(static_cast<bool>(ensure_tls_files(path(), "node", {}, now)));
  BOOST_TEST(is_issued_by(test::read_file(path() / "node.pem"),
                          test::read_file(path() / "ca.pem")));
}

BOOST_FIXTURE_TEST_CASE(names_a_certificate_that_is_none_as_bad_input,
                        test::scratch_folder) {
  auto now = system_clock().now();
  for (std::string name : {"ca.pem", "node.pem", "admin.pem"}) {
    auto folder = path() / ("of-" + name);
    BOOST_TEST(static_cast<bool>(ensure_tls_files(folder, "node", {}, now)));
    put(folder / name, "no certificate");
    auto refused = ensure_tls_files(folder, "node", {}, now);
    BOOST_REQUIRE(!refused);
    BOOST_TEST((code_of(refused.error()) == ec::invalid_argument), name);
    BOOST_TEST(sentence_of(refused.error()).find(name) != std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()
