// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Built-ins on digests and keys.

#include <boost/test/unit_test.hpp>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <random>

#include "builtins/digest.hpp"
#include "builtins_fixture.hpp"

BOOST_AUTO_TEST_SUITE(builtins_crypto_test)

using rego::test::call;

BOOST_AUTO_TEST_CASE(digests_are_hexadecimal) {
  BOOST_TEST(call("crypto.md5", R"(["lorem ipsum"])")
             == R"("80a751fde577028640c419000e33eba6")");
  BOOST_TEST(call("crypto.sha1", R"(["lorem ipsum"])")
             == R"("bfb7759a67daeb65410490b4d98bb9da7d1ea2ce")");
  BOOST_TEST(
      call("crypto.sha256", R"([""])")
      == R"("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")");
  BOOST_TEST(
      call("crypto.hmac.md5", R"(["what do ya want for nothing?","Jefe"])")
      == R"("750c783e6ab0b503eaa86e310a5db738")");
  BOOST_TEST(
      call("crypto.hmac.sha1", R"(["what do ya want for nothing?","Jefe"])")
      == R"("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79")");
  BOOST_TEST(
      call("crypto.hmac.sha256", R"(["what do ya want for nothing?","Jefe"])")
      == R"("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")");
  BOOST_TEST(call("crypto.hmac.equal", R"(["a","b"])") == "false");
  BOOST_TEST(call("crypto.sha256", "[1]")
             == "eval_type_error: operand 1 must be string but got number");
}

BOOST_AUTO_TEST_CASE(keyed_digests_are_those_of_openssl) {
  std::mt19937 random(1);
  auto bytes = [&](size_t size) {
    std::string out;
    for (size_t i = 0; i < size; ++i)
      out += static_cast<char>(random());
    return out;
  };
  for (auto* name : {"MD5", "SHA1", "SHA256", "SHA384", "SHA512", "SHA224"}) {
    auto* md = EVP_get_digestbyname(name);
    for (size_t size : {0, 1, 63, 64, 65, 127, 128, 129, 1000}) {
      auto key = bytes(size), text = bytes(random() % 300);
      unsigned char out[EVP_MAX_MD_SIZE];
      unsigned out_size = 0;
      HMAC(md, rego::bytes_of(key), static_cast<int>(size),
           rego::bytes_of(text), text.size(), out, &out_size);
      BOOST_TEST((rego::hmac(name, key, text)
                  == std::string(reinterpret_cast<char*>(out), out_size)),
                 name << ' ' << size);
    }
  }
  BOOST_TEST(rego::hmac("none", "key", "text").empty());
}

BOOST_AUTO_TEST_CASE(a_method_of_digests_is_looked_for_once) {
  for (auto* name : {"MD5", "SHA1", "SHA256", "SHA384", "SHA512"}) {
    auto* md = rego::digest_method(name);
    BOOST_TEST(EVP_MD_get0_provider(md), name); // has been fetched
    BOOST_TEST(md == rego::digest_method(name), name);
  }
}

BOOST_AUTO_TEST_SUITE_END()
