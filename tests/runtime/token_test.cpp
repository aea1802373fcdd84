// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/auth/token.hpp"
#include "runtime/crypto/base64.hpp"

#include <boost/test/unit_test.hpp>

#include <random>

BOOST_AUTO_TEST_SUITE(token_test)

using namespace acgs;
using namespace std::chrono_literals;

namespace {

const wall_time start{1'800'000'000s};

struct signer {
  signer() : key{crypto::signing_key::generate()} {
    own.key = key.public_part();
  }

  std::string sign(std::string input) const {
    auto by = key.sign(as_byte_view(input));
    return auth::with_signature(std::move(input), by);
  }

  /// A token of any header and payload, signed properly.
  std::string forge(std::string_view header, std::string_view payload) const {
    return sign(crypto::to_base64url(as_byte_view(header)) + '.'
                + crypto::to_base64url(as_byte_view(payload)));
  }

  std::string header() const {
    return R"({"alg":"EdDSA","kid":")" + own.id() + R"(","typ":"JWT"})";
  }

  result<auth::claims> verify(std::string_view token,
                              wall_time now = start) const {
    return auth::verify_token(token, {&own, 1}, now);
  }

  crypto::signing_key key;
  auth::token_key own;
};

auth::claims sample() {
  auth::claims out;
  out.token_id = "t-1";
  out.subject = "alice";
  out.role_ = domain::role::analyst;
  out.tenant = "acme";
  out.family = "f-1";
  out.issued = out.not_before = start;
  out.expires = start + 900s;
  return out;
}

std::string payload_with(std::string_view from, std::string_view to) {
  std::string out =
      R"({"exp":1800000900,"iat":1800000000,"iss":"acgs","jti":"t-1",)"
      R"("kind":"access","nbf":1800000000,"role":"analyst","sub":"alice"})";
  auto at = out.find(from);
  BOOST_REQUIRE(at != out.npos);
  return out.replace(at, from.size(), to);
}

std::string why(const result<auth::claims>& got) {
  return got ? "taken" : sentence_of(got.error());
}

} // namespace

BOOST_AUTO_TEST_CASE(a_token_says_what_was_put_in) {
  signer by;
  auto token = by.sign(auth::signing_input(sample(), by.own));
  auto read = by.verify(token);
  BOOST_REQUIRE_MESSAGE(read, why(read));
  BOOST_TEST(read->token_id == "t-1");
  BOOST_TEST(read->subject == "alice");
  BOOST_TEST((read->role_ == domain::role::analyst));
  BOOST_TEST(read->tenant == "acme");
  BOOST_TEST(read->family == "f-1");
  BOOST_TEST((read->kind == domain::token_kind::access));
  BOOST_TEST((read->expires == start + 900s));
}

// RFC 8037, A.4: the key and the signed text of the standard's own example.
BOOST_AUTO_TEST_CASE(signs_as_rfc_8037_shows) {
  auto seed = from_hex(
      "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
  auto key = crypto::signing_key::from_seed(crypto::secret::copy_of(*seed));
  std::string input =
      "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
  auto token = auth::with_signature(input, key.sign(as_byte_view(input)));
  BOOST_TEST(token
             == input
                    + ".hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki"
                      "4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
}

BOOST_AUTO_TEST_CASE(times_are_checked_to_the_second) {
  signer by;
  auto token = by.sign(auth::signing_input(sample(), by.own));
  BOOST_CHECK(by.verify(token, start + 899s));
  BOOST_TEST(why(by.verify(token, start + 900s)).find("expired")
             != std::string::npos);
  BOOST_CHECK(by.verify(token, start - 5s));
  BOOST_TEST(why(by.verify(token, start - 6s)).find("not valid yet")
             != std::string::npos);
  auto eternal = sample();
  eternal.expires = start + 24h * 400;
  BOOST_CHECK(!by.verify(by.sign(auth::signing_input(eternal, by.own))));
}

BOOST_AUTO_TEST_CASE(another_key_does_not_count) {
  signer by;
  signer other;
  auto token = other.sign(auth::signing_input(sample(), other.own));
  BOOST_TEST(why(by.verify(token)).find("not in use here")
             != std::string::npos);
  // The right name of the key, signed with the wrong one.
  auto forged = other.sign(auth::signing_input(sample(), by.own));
  BOOST_TEST(why(by.verify(forged)).find("wrong signature")
             != std::string::npos);
}

BOOST_AUTO_TEST_CASE(only_our_header_is_taken) {
  signer by;
  auto payload = payload_with("alice", "alice");
  BOOST_CHECK(by.verify(by.forge(by.header(), payload)));
  auto kid = by.own.id();
  for (auto header : std::vector<std::string>{
           R"({"alg":"none","kid":")" + kid + R"(","typ":"JWT"})",
           R"({"alg":"HS256","kid":")" + kid + R"(","typ":"JWT"})",
           R"({"alg":"Ed25519","kid":")" + kid + R"(","typ":"JWT"})",
           R"({"alg":"eddsa","kid":")" + kid + R"(","typ":"JWT"})",
           R"({"alg":"EdDSA","kid":")" + kid + R"("})",
           R"({"alg":"EdDSA","typ":"JWT"})",
           R"({"alg":"EdDSA","kid":7,"typ":"JWT"})",
           R"({"alg":"EdDSA","kid":")" + kid + R"(","typ":"JWT","crit":[]})",
           R"({"alg":"EdDSA","kid":")" + kid + R"(","typ":"JWT","jwk":{}})",
           R"({"alg":"EdDSA","alg":"EdDSA","kid":")" + kid
               + R"(","typ":"JWT"})",
           R"([])", R"("EdDSA")", "", "{"})
    BOOST_CHECK(!by.verify(by.forge(header, payload)));
}

BOOST_AUTO_TEST_CASE(claims_are_checked_one_by_one) {
  signer by;
  struct change {
    const char* from;
    const char* to;
  };
  for (auto [from, to] : std::initializer_list<change>{
           {R"("iss":"acgs")", R"("iss":"other")"},
           {R"("iss":"acgs",)", ""},
           {R"("jti":"t-1")", R"("jti":"")"},
           {R"("jti":"t-1")", R"("jti":1)"},
           {R"("jti":"t-1",)", ""},
           {R"("sub":"alice")", R"("sub":"")"},
           {R"("sub":"alice")", R"("sub":["alice"])"},
           {R"("role":"analyst")", R"("role":"root")"},
           {R"("role":"analyst")", R"("role":4)"},
           {R"("role":"analyst",)", ""},
           {R"("kind":"access")", R"("kind":"id")"},
           {R"("exp":1800000900)", R"("exp":"1800000900")"},
           {R"("exp":1800000900)", R"("exp":1800000900.5)"},
           {R"("exp":1800000900)", R"("exp":1e300)"},
           {R"("exp":1800000900)", R"("exp":99999999999)"},
           {R"("exp":1800000900)", R"("exp":-1)"},
           {R"("exp":1800000900,)", ""},
           {R"("iat":1800000000,)", ""},
           {R"("nbf":1800000000,)", ""},
           {R"("nbf":1800000000)", R"("nbf":1800000100)"},
           {R"("role":"analyst")", R"("role":"analyst","role":"admin")"},
           {R"("kind")", R"("tenant":7,"kind")"}}) {
    auto read = by.verify(by.forge(by.header(), payload_with(from, to)));
    BOOST_TEST_CONTEXT(to) {
      BOOST_REQUIRE(!read);
      BOOST_TEST((code_of(read.error()) == ec::unauthenticated));
    }
  }
}

BOOST_AUTO_TEST_CASE(refuses_what_is_not_three_parts_of_strict_base64url) {
  signer by;
  auto good = by.sign(auth::signing_input(sample(), by.own));
  for (auto bad : std::vector<std::string>{
           "", ".", "..", "...", "a.b", "a.b.c", good + ".", "." + good,
           good + "=", good + "A", " " + good, good + "\n",
           good.substr(0, good.size() - 1), good.substr(0, good.rfind('.')),
           good.substr(0, good.rfind('.') + 1), good + good,
           std::string(5000, 'a')})
    BOOST_CHECK(!by.verify(bad));
}

BOOST_AUTO_TEST_CASE(no_changed_token_is_taken_and_none_crashes) {
  signer by;
  auto good = by.sign(auth::signing_input(sample(), by.own));
  std::mt19937 random{11};
  for (int i = 0; i < 3000; ++i) {
    auto bad = good;
    bad[random() % bad.size()] = static_cast<char>(random());
    if (bad == good)
      continue;
    auto read = by.verify(bad);
    BOOST_REQUIRE(!read);
    BOOST_REQUIRE(sentence_of(read.error()).find(good.substr(60, 20))
                  == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(reads_verifier_keys_of_signed_notes) {
  signer by;
  bytes raw{std::byte{1}};
  raw.insert(raw.end(), by.own.key.begin(), by.own.key.end());
  auto text = "acgs/token+0123abcd+" + crypto::to_base64(raw);
  auto read = auth::read_verifier_key(text);
  BOOST_REQUIRE(read);
  BOOST_TEST((read->key == by.own.key));
  // The base64 itself may hold a plus.
  raw[1] = std::byte{0xfb};
  raw[2] = std::byte{0xef};
  raw[3] = std::byte{0xbe};
  auto plus = auth::read_verifier_key("n+0123abcd+" + crypto::to_base64(raw));
  BOOST_REQUIRE(plus);
  BOOST_TEST((plus->key[0] == std::byte{0xfb}));
  raw[0] = std::byte{4};
  for (auto bad :
       {std::string{}, std::string{"a+b"}, text + "=",
        "a+b+" + crypto::to_base64(raw), text.substr(0, text.size() - 4)})
    BOOST_CHECK(!auth::read_verifier_key(bad));
}

BOOST_AUTO_TEST_SUITE_END()
