// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Signatures of bundles: made and checked, changed and refused.

#include <boost/test/unit_test.hpp>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <memory>

#include "builtins/base64.hpp"
#include "bundle_fixture.hpp"

BOOST_AUTO_TEST_SUITE(bundle_signature_test)

using namespace rego::bundle;
using rego::test::message_of;

namespace {

struct key_pair {
  std::string own;
  std::string shown;
};

key_pair pair_of(EVP_PKEY* raw) {
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(raw, EVP_PKEY_free);
  auto text = [](auto write) {
    std::unique_ptr<BIO, decltype(&BIO_free)> to(BIO_new(BIO_s_mem()),
                                                 BIO_free);
    write(to.get());
    char* at = nullptr;
    auto size = BIO_get_mem_data(to.get(), &at);
    return std::string(at, static_cast<size_t>(size));
  };
  return {text([&](BIO* b) {
            PEM_write_bio_PrivateKey(b, key.get(), nullptr, nullptr, 0, nullptr,
                                     nullptr);
          }),
          text([&](BIO* b) { PEM_write_bio_PUBKEY(b, key.get()); })};
}

file_list some_files() {
  return {{".manifest", R"({"revision": "1"})"},
          {"a/data.json", "{\"b\": 1,\n \"a\": [1.0, \"<&\"]}"},
          {"a/x.rego", "package a"}};
}

file_list signed_with(const signing& how, file_list files = some_files()) {
  auto text = sign(files, how);
  BOOST_REQUIRE_MESSAGE(text, message_of(text));
  files.push_back({".signatures.json", *text});
  return files;
}

const verification by_secret{.keys = {{"k", "a secret"}}};

std::string refusal_of(const file_list& files,
                       const verification& by = by_secret) {
  return message_of(verify(files, by));
}

const signing secretly{"a secret", "HS256", "k"};

} // namespace

BOOST_AUTO_TEST_CASE(signs_and_verifies_by_every_kind_of_key) {
  auto rsa = pair_of(EVP_RSA_gen(2048));
  auto ec = pair_of(EVP_EC_gen("P-256"));
  auto ed = pair_of(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  struct {
    const char* algorithm;
    key_pair keys;
  } cases[] = {{"RS256", rsa}, {"RS512", rsa}, {"PS384", rsa},
               {"ES256", ec},  {"EdDSA", ed},  {"HS512", {"secret", "secret"}}};
  for (auto& c : cases) {
    auto files = signed_with({c.keys.own, c.algorithm, "k"});
    verification by{.keys = {{"k", c.keys.shown, c.algorithm}}};
    auto id = verify(files, by);
    BOOST_REQUIRE_MESSAGE(id, c.algorithm << ": " << message_of(id));
    BOOST_TEST(*id == "k");
    by.keys[0].text = pair_of(EVP_RSA_gen(2048)).shown;
    BOOST_TEST(refusal_of(files, by)
               == "the signature by " + std::string(c.algorithm)
                      + " does not hold with key 'k'");
  }
}

BOOST_AUTO_TEST_CASE(takes_no_public_key_for_a_secret) {
  auto rsa = pair_of(EVP_RSA_gen(2048));
  // Who has the public key signs with its text as if that were a secret.
  BOOST_TEST(message_of(sign(some_files(), {rsa.shown, "HS256", "k"})) != "");
  auto forged = signed_with({rsa.shown.substr(1), "HS256", "k"});
  BOOST_TEST(refusal_of(forged, {.keys = {{"k", rsa.shown}}})
             == "the signature by HS256 does not hold with key 'k'");
}

BOOST_AUTO_TEST_CASE(signs_what_json_means_and_the_bytes_of_all_else) {
  auto files = signed_with(secretly);
  files[1].bytes = "{\"a\":[1.0,\"<&\"], \"b\":1}  ";
  BOOST_TEST(refusal_of(files) == "");
  files[1].bytes = "{\"a\":[1,\"<&\"], \"b\":1}";
  BOOST_TEST(refusal_of(files).find("its digest is ") == 0u);
  files = signed_with(secretly);
  files[2].bytes += "\n";
  BOOST_TEST(refusal_of(files).find("its digest is ") == 0u);
}

BOOST_AUTO_TEST_CASE(computes_the_digests_that_opa_does) {
  auto digest = [](std::string path, std::string text, const char* by) {
    return *digest_of({std::move(path), std::move(text)}, by);
  };
  // The digest of {"a":"<>","b":1}, and of the three bytes abc.
  BOOST_TEST(digest("data.json", "{\"b\": 1, \"a\": \"<>\"}", "MD5")
             == digest("x", "{\"a\":\"<>\",\"b\":1}", "MD5"));
  BOOST_TEST(digest("data.yaml", "b: 1\na: \"<>\"\n", "SHA-256")
             == digest("x", "{\"a\":\"<>\",\"b\":1}", "SHA-256"));
  BOOST_TEST(digest("x", "abc", "SHA-1")
             == "a9993e364706816aba3e25717850c26c9cd0d89d");
  BOOST_TEST(digest("x", "abc", "SHA-512-256")
             == "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7"
                "af23");
  BOOST_TEST(message_of(digest_of({"x", "abc"}, "MD6"))
                 .starts_with("'MD6' is no algorithm"));
}

BOOST_AUTO_TEST_CASE(refuses_unlisted_and_missing_files) {
  auto files = signed_with(secretly);
  auto more = files;
  more.push_back({"b.rego", "package b"});
  BOOST_TEST(refusal_of(more) == "not listed in the signature");
  auto fewer = files;
  fewer.erase(fewer.begin() + 2);
  BOOST_TEST(refusal_of(fewer) == "signed, but missing in the bundle");
  auto lenient = by_secret;
  lenient.exclude = {"*.rego"};
  BOOST_TEST(refusal_of(more, lenient) == "");
  // A star does not lead into folders.
  more.push_back({"c/c.rego", "package c"});
  BOOST_TEST(refusal_of(more, lenient) == "not listed in the signature");
}

BOOST_AUTO_TEST_CASE(asks_for_the_key_the_algorithm_and_the_scope) {
  auto files = signed_with(secretly);
  BOOST_TEST(refusal_of(some_files())
             == "there is none, but a signature is asked for");
  BOOST_TEST(refusal_of(files, {.keys = {{"other", "a secret"}}})
             == "there is no key 'k' to verify with");
  BOOST_TEST(
      refusal_of(files, {.keys = {{"other", "a secret"}}, .key_id = "other"})
      == "");
  BOOST_TEST(refusal_of(files, {.keys = {{"k", "a secret", "HS512"}}})
             == "the token is signed by HS256; expected HS512");
  BOOST_TEST(refusal_of(files, {.keys = {{"k", "a secret"}}, .scope = "write"})
             == "the token has not the scope 'write'");
  auto scoped = signed_with({"a secret", "HS256", "k", R"({"scope":"write"})"});
  BOOST_TEST(refusal_of(scoped, {.keys = {{"k", "a secret"}}, .scope = "write"})
             == "");
  BOOST_TEST(refusal_of(scoped) == "the token has not the scope ''");
  BOOST_TEST(message_of(sign(files, {"a secret", "HS256", "", "[1]"}))
             == "claims: expected a JSON object without files");
}

BOOST_AUTO_TEST_CASE(refuses_every_damaged_token) {
  auto files = signed_with(secretly);
  auto& text = files.back().bytes;
  auto whole = text;
  auto begin = whole.find("eyJ");
  size_t held = 0;
  for (size_t at = begin; at < whole.rfind('"'); at += 3) {
    text = whole;
    text[at] = text[at] == 'A' ? 'B' : 'A';
    held += verify(files, by_secret) ? 1 : 0;
  }
  BOOST_TEST(held == 0u);
  for (auto bad : {"{}", "[]", R"({"signatures": []})",
                   R"({"signatures": ["a.b.c", "a.b.c"]})",
                   R"({"signatures": ["e30.e30"]})",
                   R"({"signatures": ["e30.e30.e30"], "plugin": "own"})",
                   R"({"signatures": ["e30.e30.e30"]})"}) {
    text = bad;
    BOOST_TEST(refusal_of(files) != "", bad);
  }
}

BOOST_AUTO_TEST_CASE(refuses_a_token_without_signature) {
  auto files = signed_with(secretly);
  auto encode = [](std::string_view text) {
    return rego::base64_encode(text, rego::base64_form::url_raw);
  };
  files.back().bytes = "{\"signatures\": [\""
                       + encode(R"({"alg":"none","kid":"k"})") + "."
                       + encode(R"({"files":[]})") + ".\"]}";
  BOOST_TEST(refusal_of(files)
             == "the signature by none does not hold with key 'k'");
}

BOOST_AUTO_TEST_CASE(wants_the_signatures_at_the_root) {
  auto files = signed_with(secretly);
  files.push_back({"a/.signatures.json", files.back().bytes});
  BOOST_TEST(refusal_of(files)
             == "expected one file of signatures, at the root of the bundle");
}

BOOST_AUTO_TEST_SUITE_END()
