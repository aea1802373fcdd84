// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Built-ins on JSON Web Tokens; vectors of RFC 7515 and RFC 8037.

#include <boost/test/unit_test.hpp>

#include "builtins_fixture.hpp"

BOOST_AUTO_TEST_SUITE(builtins_jwt_test)

using rego::test::call;

BOOST_AUTO_TEST_CASE(tokens_are_decoded) {
  BOOST_TEST(
      call(
          "io.jwt.decode",
          R"(["eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyIjoiYWxpY2UiLCJhenAiOiJhbGljZSIsInN1Ym9yZGluYXRlcyI6W10sImhyIjpmYWxzZX0.rz3jTY033z-NrKfwrK89_dcLF7TN4gwCMj-fVBDyLoM"])")
      == R"([{"alg": "HS256", "typ": "JWT"}, {"azp": "alice", "hr": false, "subordinates": [], "user": "alice"}, "af3de34d8d37df3f8daca7f0acaf3dfdd70b17b4cde20c02323f9f5410f22e83"])");
  BOOST_TEST(call("io.jwt.decode", R"(["abc"])")
             == "eval_builtin_error: encoded JWT had no period separators");
  BOOST_TEST(
      call("io.jwt.decode", R"(["a.b"])")
      == "eval_builtin_error: encoded JWT must have 3 sections, found 2");
  BOOST_TEST(call("io.jwt.decode", R"(["e30^.e30.e30"])")
             == "eval_builtin_error: JWT header had invalid encoding: illegal "
                "base64 data at input byte 3");
  BOOST_TEST(
      call("io.jwt.decode", R"(["eyJlbmMiOiJ4In0.e30.e30"])")
      == "eval_builtin_error: JWT is a JWE object, which is not supported");
}

BOOST_AUTO_TEST_CASE(signatures_are_checked) {
  BOOST_TEST(
      call(
          "io.jwt.verify_hs256",
          R"(["eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyIjoiYWxpY2UiLCJhenAiOiJhbGljZSIsInN1Ym9yZGluYXRlcyI6W10sImhyIjpmYWxzZX0.rz3jTY033z-NrKfwrK89_dcLF7TN4gwCMj-fVBDyLoM", "secret"])")
      == "true");
  BOOST_TEST(
      call(
          "io.jwt.verify_hs256",
          R"(["eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyIjoiYWxpY2UiLCJhenAiOiJhbGljZSIsInN1Ym9yZGluYXRlcyI6W10sImhyIjpmYWxzZX0.rz3jTY033z-NrKfwrK89_dcLF7TN4gwCMj-fVBDyLoM", "other"])")
      == "false");
  BOOST_TEST(
      call(
          "io.jwt.verify_hs512",
          R"(["eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyIjoiYWxpY2UiLCJhenAiOiJhbGljZSIsInN1Ym9yZGluYXRlcyI6W10sImhyIjpmYWxzZX0.rz3jTY033z-NrKfwrK89_dcLF7TN4gwCMj-fVBDyLoM", "secret"])")
      == "false");
  BOOST_TEST(
      call(
          "io.jwt.verify_es256",
          R"(["eyJ0eXAiOiAiSldUIiwgImFsZyI6ICJFUzI1NiJ9.eyJuYmYiOiAxNDQ0NDc4NDAwLCAiaXNzIjogInh4eCJ9.lArczfN-pIL8oUU-7PU83u-zfXougXBZj6drFeKFsPEoVhy9WAyiZlRshYqjTSXdaw8yw2L-ovt4zTUZb2PWMg", "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"z8J91ghFy5o6f2xZ4g8LsLH7u2wEpT2ntj8loahnlsE\",\"y\":\"7bdeXLH61KrGWRdh7ilnbcGQACxykaPKfmBccTHIOUo\"}"])")
      == "true");
  BOOST_TEST(
      call(
          "io.jwt.verify_es256",
          R"(["eyJ0eXAiOiAiSldUIiwgImFsZyI6ICJFUzI1NiJ9.eyJuYmYiOiAxNDQ0NDc4NDAwLCAiaXNzIjogInh4eCJ9.lArczfN-pIL8oUU-7PU83u-zfXougXBZj6drFeKFsPEoVhy9WAyiZlRshYqjTSXdaw8yw2L-ovt4zTUZb2PAAA", "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"z8J91ghFy5o6f2xZ4g8LsLH7u2wEpT2ntj8loahnlsE\",\"y\":\"7bdeXLH61KrGWRdh7ilnbcGQACxykaPKfmBccTHIOUo\"}"])")
      == "false");
  BOOST_TEST(
      call(
          "io.jwt.verify_rs256",
          R"(["eyJ0eXAiOiAiSldUIiwgImFsZyI6ICJFUzI1NiJ9.eyJuYmYiOiAxNDQ0NDc4NDAwLCAiaXNzIjogInh4eCJ9.lArczfN-pIL8oUU-7PU83u-zfXougXBZj6drFeKFsPEoVhy9WAyiZlRshYqjTSXdaw8yw2L-ovt4zTUZb2PWMg", "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"z8J91ghFy5o6f2xZ4g8LsLH7u2wEpT2ntj8loahnlsE\",\"y\":\"7bdeXLH61KrGWRdh7ilnbcGQACxykaPKfmBccTHIOUo\"}"])")
      == "false");
  BOOST_TEST(
      call(
          "io.jwt.verify_eddsa",
          R"(["eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg", "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}"])")
      == "true");
  BOOST_TEST(
      call(
          "io.jwt.verify_rs256",
          R"(["eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyIjoiYWxpY2UiLCJhenAiOiJhbGljZSIsInN1Ym9yZGluYXRlcyI6W10sImhyIjpmYWxzZX0.rz3jTY033z-NrKfwrK89_dcLF7TN4gwCMj-fVBDyLoM", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])")
      == "eval_builtin_error: failed to parse a PEM certificate: x509: "
         "malformed certificate");
  BOOST_TEST(
      call(
          "io.jwt.verify_rs256",
          R"(["eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyIjoiYWxpY2UiLCJhenAiOiJhbGljZSIsInN1Ym9yZGluYXRlcyI6W10sImhyIjpmYWxzZX0.rz3jTY033z-NrKfwrK89_dcLF7TN4gwCMj-fVBDyLoM", "-----BEGIN X-----\nAAAA\n-----END X-----\n"])")
      == "eval_builtin_error: failed to extract a Key from the PEM "
         "certificate");
}

BOOST_AUTO_TEST_CASE(a_token_is_signed_as_the_rfcs_sign_it) {
  BOOST_TEST(
      call(
          "io.jwt.encode_sign_raw",
          R"(["{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}", "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}", "{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow\"}"])")
      == R"("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")");
  BOOST_TEST(
      call(
          "io.jwt.encode_sign_raw",
          R"(["{\"alg\":\"EdDSA\"}", "Example of Ed25519 signing", "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}"])")
      == "eval_builtin_error: type is JWT but payload is not JSON");
  BOOST_TEST(call("io.jwt.encode_sign",
                  R"([{"alg": "HS256"}, {"a": 1}, {"kty": "RSA"}])")
             == "eval_builtin_error: jwk.Parse: failed to parse key: invalid "
                "or missing fields for kty RSA");
  BOOST_TEST(
      call(
          "io.jwt.encode_sign",
          R"([{"alg": "RS256"}, {"a": 1}, {"kty": "oct", "k": "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}])")
      == "eval_builtin_error: failed to sign payload: key and algorithm RS256 "
         "do not go together");
  BOOST_TEST(
      call(
          "io.jwt.encode_sign",
          R"([{"alg": "x"}, {"a": 1}, {"kty": "oct", "k": "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}])")
      == "eval_builtin_error: unknown JWS algorithm: x");
}

BOOST_AUTO_TEST_CASE(claims_are_held_against_the_constraints) {
  BOOST_TEST(
      call(
          "io.jwt.decode_verify",
          R"(["eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", {"secret": "x"}])")
      == "[false, {}, {}]");
  BOOST_TEST(
      call(
          "io.jwt.decode_verify",
          R"(["eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", {"cert": "{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow\"}", "time": 1300819379000000000}])")
      == R"([true, {"alg": "HS256", "typ": "JWT"}, {"exp": 1300819380, "http://example.com/is_root": true, "iss": "joe"}])");
  BOOST_TEST(
      call(
          "io.jwt.decode_verify",
          R"(["eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", {"cert": "{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow\"}", "time": 1300819380000000000}])")
      == "[false, {}, {}]");
  BOOST_TEST(
      call(
          "io.jwt.decode_verify",
          R"(["eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", {"cert": "{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow\"}", "time": 0, "iss": "jim"}])")
      == "[false, {}, {}]");
  BOOST_TEST(
      call(
          "io.jwt.decode_verify",
          R"(["eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", {"cert": "{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow\"}", "time": 0, "alg": "HS512"}])")
      == "[false, {}, {}]");
  BOOST_TEST(
      call(
          "io.jwt.decode_verify",
          R"(["eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", {}])")
      == "eval_builtin_error: no key constraint");
  BOOST_TEST(
      call(
          "io.jwt.decode_verify",
          R"(["eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", {"x": 1}])")
      == "eval_builtin_error: unknown token validation constraint: x");
}

BOOST_AUTO_TEST_SUITE_END()
