// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Digests, encodings, signatures, sealing and passwords, against the vectors of
// their standards and against tampering.
#include "runtime/crypto/base64.hpp"
#include "runtime/crypto/ed25519.hpp"
#include "runtime/crypto/equal.hpp"
#include "runtime/crypto/password.hpp"
#include "runtime/crypto/payload.hpp"
#include "runtime/crypto/random.hpp"
#include "runtime/crypto/seal.hpp"
#include "runtime/crypto/sha256.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <bit>
#include <cstring>
#include <mutex>
#include <thread>

BOOST_AUTO_TEST_SUITE(crypto_test)

using namespace acgs;
using namespace acgs::crypto;

namespace {

/// As cheap as libsodium allows: the tests are not about the cost.
constexpr password_cost cheap{1, 8192};

} // namespace

BOOST_AUTO_TEST_CASE(digests_the_vectors_of_fips_180) {
  BOOST_TEST(
      to_hex(sha256_of(as_byte_view("abc")))
      == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  BOOST_TEST(
      to_hex(sha256_of({}))
      == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

BOOST_AUTO_TEST_CASE(starts_a_new_message_after_each_digest) {
  sha256 hasher;
  auto whole = hasher.add(as_byte_view("abc")).finish();
  auto parts = hasher.add(as_byte_view("a")).add(as_byte_view("bc")).finish();
  BOOST_TEST(to_hex(whole) == to_hex(parts));
  BOOST_TEST(to_hex(hasher.finish()) == to_hex(sha256_of({})));
}

BOOST_AUTO_TEST_CASE(authenticates_the_vectors_of_rfc_4231) {
  BOOST_TEST(
      to_hex(hmac_sha256(as_byte_view("Jefe"),
                         as_byte_view("what do ya want for nothing?")))
      == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  BOOST_TEST(
      to_hex(hmac_sha256({}, {}))
      == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

BOOST_AUTO_TEST_CASE(encodes_the_vectors_of_rfc_4648) {
  BOOST_TEST(to_base64(as_byte_view("")) == "");
  BOOST_TEST(to_base64(as_byte_view("f")) == "Zg==");
  BOOST_TEST(to_base64(as_byte_view("foobar")) == "Zm9vYmFy");
  BOOST_TEST(to_base64url(as_byte_view("f")) == "Zg");
  BOOST_TEST(to_base64(*from_hex("fbff")) == "+/8=");
  BOOST_TEST(to_base64url(*from_hex("fbff")) == "-_8");
}

BOOST_AUTO_TEST_CASE(decodes_only_the_one_spelling) {
  for (std::size_t size = 0; size < 70; ++size) {
    auto data = random_bytes(size);
    BOOST_TEST((from_base64(to_base64(data)) == data));
    BOOST_TEST((from_base64url(to_base64url(data)) == data));
  }
  for (auto bad :
       {"Zg", "Zg=", "Zh==", "Zg==\n", " Zg==", "Z", "-_8=", "Zg==x"})
    BOOST_TEST(!from_base64(bad).has_value(), bad);
  for (auto bad : {"Zg==", "Zh", "+/8", "Z", "Zg "})
    BOOST_TEST(!from_base64url(bad).has_value(), bad);
}

BOOST_AUTO_TEST_CASE(draws_nothing_twice) {
  std::mutex adding;
  std::vector<std::uint64_t> words;
  auto draw = [&] {
    std::vector<std::uint64_t> mine;
    for (std::size_t size = 8; size <= 2048; size += 8)
      for (int i = 0; i < 8; ++i) {
        auto data = random_bytes(size);
        for (std::size_t at = 0; at < size; at += 8)
          std::memcpy(&mine.emplace_back(), data.data() + at, 8);
      }
    std::lock_guard guard{adding};
    words.insert(words.end(), mine.begin(), mine.end());
  };
  std::thread other{draw};
  draw();
  other.join();
  std::sort(words.begin(), words.end());
  // Of half a million words two are alike once in 2^27 runs.
  BOOST_TEST((std::adjacent_find(words.begin(), words.end()) == words.end()));
  std::size_t bits = 0;
  for (auto each : words)
    bits += static_cast<std::size_t>(std::popcount(each));
  auto share = static_cast<double>(bits) / (64.0 * words.size());
  BOOST_TEST((share > 0.498 && share < 0.502));
}

BOOST_AUTO_TEST_CASE(signs_the_first_vector_of_rfc_8032) {
  auto seed = secret::copy_of(*from_hex(
      "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));
  auto key = signing_key::from_seed(seed);
  BOOST_TEST(
      to_hex(key.public_part())
      == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  BOOST_TEST(
      to_hex(key.sign({}))
      == "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb88"
         "21590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
}

BOOST_AUTO_TEST_CASE(verifies_what_was_signed_and_nothing_else) {
  auto key = signing_key::generate();
  auto other = signing_key::generate();
  auto by = key.sign(as_byte_view("message"));
  BOOST_TEST(verify(key.public_part(), as_byte_view("message"), by));
  BOOST_TEST(!verify(key.public_part(), as_byte_view("massage"), by));
  BOOST_TEST(!verify(other.public_part(), as_byte_view("message"), by));
  BOOST_TEST(!verify(key.public_part(), as_byte_view("message"),
                     byte_view{by}.first(63)));
  by[10] ^= std::byte{1};
  BOOST_TEST(!verify(key.public_part(), as_byte_view("message"), by));
}

BOOST_AUTO_TEST_CASE(keeps_a_secret_that_was_moved) {
  auto first = secret::copy_of(as_byte_view("hidden"));
  auto second = std::move(first);
  BOOST_TEST(second.size() == 6u);
  BOOST_TEST(second.read([](byte_view view) {
    return std::string{as_text(view)};
  }) == "hidden");
  auto random = secret::random(32);
  BOOST_TEST(random.read([](byte_view view) { return to_hex(view); })
             != std::string(64, '0'));
}

BOOST_AUTO_TEST_CASE(compares_secrets_by_content_and_length) {
  BOOST_TEST(equal_secret(as_byte_view("same"), as_byte_view("same")));
  BOOST_TEST(!equal_secret(as_byte_view("same"), as_byte_view("sane")));
  BOOST_TEST(!equal_secret(as_byte_view("same"), as_byte_view("sam")));
  BOOST_TEST(equal_secret({}, {}));
}

BOOST_AUTO_TEST_CASE(opens_a_seal_only_with_its_key_and_context) {
  auto key = random_bytes(seal_key_size);
  auto sealed = *seal(key, as_byte_view("text"), as_byte_view("context"));
  BOOST_TEST(sealed.size() == 4 + seal_overhead);
  auto opened = unseal(key, sealed, as_byte_view("context"));
  BOOST_REQUIRE(static_cast<bool>(opened));
  BOOST_TEST(as_text(*opened) == "text");
  auto refused = unseal(key, sealed, as_byte_view("other"));
  BOOST_REQUIRE(!refused);
  BOOST_TEST((code_of(refused.error()) == ec::store_corrupt));
  BOOST_TEST(
      !unseal(random_bytes(seal_key_size), sealed, as_byte_view("context")));
  for (std::size_t at = 0; at < sealed.size(); ++at) {
    auto bad = sealed;
    bad[at] ^= std::byte{1};
    BOOST_TEST(!unseal(key, bad, as_byte_view("context")), "byte " << at);
    BOOST_TEST(
        !unseal(key, byte_view{sealed}.first(at), as_byte_view("context")));
  }
  BOOST_TEST(
      (code_of(seal(random_bytes(31), {}).error()) == ec::invalid_argument));
}

BOOST_AUTO_TEST_CASE(commits_to_a_payload_without_showing_it) {
  auto text = as_byte_view("the input of a decision");
  auto one = seal_payload(domain::payload_kind::input, text);
  auto two = seal_payload(domain::payload_kind::input, text);
  BOOST_TEST(to_hex(one.covered_by.value) != to_hex(two.covered_by.value));
  BOOST_TEST(to_hex(one.covered_by.value) != to_hex(sha256_of(text)));
  auto opened = open_payload(one);
  BOOST_REQUIRE(static_cast<bool>(opened));
  BOOST_TEST(opened->text == as_text(text));
  BOOST_TEST(to_hex(commitment_of(opened->salt, text))
             == to_hex(one.covered_by.value));
}

BOOST_AUTO_TEST_CASE(refuses_a_payload_that_its_commitment_does_not_cover) {
  auto one = seal_payload(domain::payload_kind::input, as_byte_view("one"));
  auto two = seal_payload(domain::payload_kind::input, as_byte_view("two"));
  auto swapped = one;
  swapped.covered_by = two.covered_by;
  BOOST_TEST(!open_payload(swapped));
  swapped = one;
  swapped.key = two.key;
  BOOST_TEST(!open_payload(swapped));
  swapped.key.clear(); // shredded
  BOOST_TEST(!open_payload(swapped));
}

BOOST_AUTO_TEST_CASE(checks_a_password_against_its_stored_hash) {
  auto stored = hash_password("correct horse", cheap);
  BOOST_REQUIRE(static_cast<bool>(stored));
  BOOST_TEST(stored->starts_with("$argon2id$"));
  BOOST_TEST(*stored != *hash_password("correct horse", cheap));
  BOOST_TEST(check_password(*stored, "correct horse"));
  BOOST_TEST(!check_password(*stored, "correct horse "));
  BOOST_TEST(!check_password(*stored, ""));
  BOOST_TEST(!check_password("", "correct horse"));
  BOOST_TEST(!check_password("correct horse", "correct horse"));
  BOOST_TEST(!check_password(std::string(500, '$'), "correct horse"));
}

BOOST_AUTO_TEST_CASE(refuses_passwords_beyond_the_bounds) {
  for (const auto& bad : {std::string{}, std::string(1025, 'x')}) {
    auto refused = hash_password(bad, cheap);
    BOOST_REQUIRE(!refused);
    BOOST_TEST((code_of(refused.error()) == ec::invalid_argument));
  }
}

BOOST_AUTO_TEST_CASE(derives_the_same_key_from_the_same_passphrase_and_salt) {
  auto salt = random_bytes(16);
  auto text = [](const result<secret>& key) {
    return key->read([](byte_view view) { return to_hex(view); });
  };
  auto one = derive_key("phrase", salt, cheap);
  BOOST_TEST(text(one) == text(derive_key("phrase", salt, cheap)));
  BOOST_TEST(text(one) != text(derive_key("other", salt, cheap)));
  BOOST_TEST(text(one) != text(derive_key("phrase", random_bytes(16), cheap)));
  BOOST_TEST(!derive_key("phrase", random_bytes(15), cheap));
}

BOOST_AUTO_TEST_SUITE_END()
