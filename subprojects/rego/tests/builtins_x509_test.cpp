// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Built-ins on X.509. The root and the leaf were made for this test and hold
// from November 2026; the key is the leaf's.

#include <boost/test/unit_test.hpp>

#include "builtins_fixture.hpp"

BOOST_AUTO_TEST_SUITE(builtins_x509_test)

using rego::test::call;

namespace {

const std::string root = R"(-----BEGIN CERTIFICATE-----
MIIBpTCCAUugAwIBAgICEmcwCgYIKoZIzj0EAwIwMDELMAkGA1UEBhMCREUxDTAL
BgNVBAoMBEFDR1MxEjAQBgNVBAMMCXRlc3Qgcm9vdDAgFw0yNjExMjEwMTQ4Mzha
GA8yMTI2MTAyODAxNDgzOFowMDELMAkGA1UEBhMCREUxDTALBgNVBAoMBEFDR1Mx
EjAQBgNVBAMMCXRlc3Qgcm9vdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABHBy
IyNS+am73DuJOjURDD0eb8KcWFaENOHjkWY1wPpWgxpWwnC9mrhoXTOdAe4A6B/N
vWXyTfqJvJIS0P3Zok6jUzBRMB0GA1UdDgQWBBS65NHxDCSchvfQYYPQYaq5GNyA
zDAfBgNVHSMEGDAWgBS65NHxDCSchvfQYYPQYaq5GNyAzDAPBgNVHRMBAf8EBTAD
AQH/MAoGCCqGSM49BAMCA0gAMEUCIQD6GnxkvUBlCjpE63Dt6g/zzAtjc0YfkcIb
m8WpGw8ymgIgJVx9fm295WfB4Yb6Bbd77bI2Xc4l68ih6o0KcVEFLPc=
-----END CERTIFICATE-----
)";

const std::string leaf = R"(-----BEGIN CERTIFICATE-----
MIIByjCCAXCgAwIBAgICEmgwCgYIKoZIzj0EAwIwMDELMAkGA1UEBhMCREUxDTAL
BgNVBAoMBEFDR1MxEjAQBgNVBAMMCXRlc3Qgcm9vdDAgFw0yNjExMjEwMTQ4Mzha
GA8yMTI2MDcyMDAxNDgzOFowDzENMAsGA1UEAwwEbGVhZjBZMBMGByqGSM49AgEG
CCqGSM49AwEHA0IABCqLgyHrdLMTLlSx62Mir8qR8/NVD1veV5i4tF3MoSobYdRH
wBlv7UVfyUZGcexOKmQCVTrj76V0T7JdaIOP+OejgZgwgZUwMQYDVR0RBCowKIIM
bGVhZi5leGFtcGxlhhJzcGlmZmU6Ly9leGFtcGxlL3iHBAoAAAEwEwYDVR0lBAww
CgYIKwYBBQUHAwEwCwYDVR0PBAQDAgeAMB0GA1UdDgQWBBTtuGijf4iLX9ruE1Da
z3DRd+9FFzAfBgNVHSMEGDAWgBS65NHxDCSchvfQYYPQYaq5GNyAzDAKBggqhkjO
PQQDAgNIADBFAiEAvhHE9U81M6RiAp2udeqitqZN0Z9/2LyLiC3x/sWqlngCIBuG
XQNfna8uhLLIXLtorn7/qy7IE81A0zQOEKu10xpQ
-----END CERTIFICATE-----
)";

// With name constraints, a usage that OpenSSL has no name for and a critical
// extension that nobody knows.
const std::string constrained = R"(-----BEGIN CERTIFICATE-----
MIIB1TCCAXygAwIBAgIUK7JRfwS97yLCp0YHyVY8tuE9fx4wCgYIKoZIzj0EAwIw
FjEUMBIGA1UEAwwLY29uc3RyYWluZWQwIBcNMjYxMTIyMjIxOTE2WhgPMjEyNjEw
MjkyMjE5MTZaMBYxFDASBgNVBAMMC2NvbnN0cmFpbmVkMFkwEwYHKoZIzj0CAQYI
KoZIzj0DAQcDQgAEZgqTPPZaGFJrqWcNuhtUEQXsU6cVmphZfrIwKVzP5yTVNL2u
n3fTBzhgLfrH/N6kwU23Vx/nuxpBn0E1alDfcKOBpTCBojAPBgNVHRMBAf8EBTAD
AQH/MEsGA1UdHgEB/wRBMD+gGzANggtleGFtcGxlLm9yZzAKhwgKAAAA/wAAAKEg
MA2BC2JhZC5leGFtcGxlMA+GDS5ldmlsLmV4YW1wbGUwFQYDVR0lBA4wDAYKKwYB
BAGCNz0BATAMBgMqAwQBAf8EAgUAMB0GA1UdDgQWBBQ843S7PHY8jGBN33aZdIgA
9gVuSjAKBggqhkjOPQQDAgNHADBEAiADJVnJRPAmzvCA/XOsaDiiQdGzWNNWFWSx
DcuEqs6zrQIgbVFpKaNx+HmZVDS/hXOGeWBuPMNFViCXdfspicttb9k=
-----END CERTIFICATE-----
)";

const std::string request = R"(-----BEGIN CERTIFICATE REQUEST-----
MIIBDTCBtQIBADAPMQ0wCwYDVQQDDARsZWFmMFkwEwYHKoZIzj0CAQYIKoZIzj0D
AQcDQgAEKouDIet0sxMuVLHrYyKvypHz81UPW95XmLi0XcyhKhth1EfAGW/tRV/J
RkZx7E4qZAJVOuPvpXRPsl1og4/456BEMEIGCSqGSIb3DQEJDjE1MDMwMQYDVR0R
BCowKIIMbGVhZi5leGFtcGxlhhJzcGlmZmU6Ly9leGFtcGxlL3iHBAoAAAEwCgYI
KoZIzj0EAwIDRwAwRAIgYGQOBb8IS313YeMK5wVLtaM51BzjU1Dr5AM0ky5wa6YC
IHzaU3ENAKcc5QGnQxPcHkuDJyXsMQmO0AU5SbpKXcXV
-----END CERTIFICATE REQUEST-----
)";

const std::string key = R"(-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIDT6Bg/hCzjtqiz2TkI8XWlzjsyGwof/iR1B36tHM58MoAoGCCqGSM49
AwEHoUQDQgAEKouDIet0sxMuVLHrYyKvypHz81UPW95XmLi0XcyhKhth1EfAGW/t
RV/JRkZx7E4qZAJVOuPvpXRPsl1og4/45w==
-----END EC PRIVATE KEY-----
)";

constexpr int64_t year_2030 = 1'893'456'000'000'000'000;

// The arguments as a JSON array of strings; further JSON goes behind them.
std::string arguments(std::initializer_list<std::string> texts,
                      const std::string& more = "") {
  std::string out = "[";
  for (auto& t : texts) {
    out += out.size() > 1 ? ",\"" : "\"";
    for (auto c : t)
      out += c == '\n' ? std::string("\\n") : std::string(1, c);
    out += '"';
  }
  return out + more + "]";
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string call_in_2030(std::string_view name, const std::string& a) {
  rego::arena memory;
  rego::test::fake_context c(memory);
  c.now = year_2030;
  return call(c, name, a);
}

} // namespace

BOOST_AUTO_TEST_CASE(certificates_show_their_fields) {
  auto r = call("crypto.x509.parse_certificates", arguments({root + leaf}));
  BOOST_TEST(has(r, R"("CommonName": "test root", "Country": ["DE"])"));
  BOOST_TEST(has(r, R"("DNSNames": ["leaf.example"])"));
  BOOST_TEST(has(r, R"("IPAddresses": ["10.0.0.1"])"));
  BOOST_TEST(has(r, R"("URIStrings": ["spiffe://example/x"])"));
  BOOST_TEST(has(r, R"("SerialNumber": 4711, "Signature")"));
  BOOST_TEST(has(r, R"("ExtKeyUsage": [1])"));
  BOOST_TEST(has(r, R"("SignatureAlgorithm": 10)"));
  BOOST_TEST(has(r, R"("IsCA": true)"));
}

BOOST_AUTO_TEST_CASE(certificates_show_what_constrains_them) {
  auto r = call("crypto.x509.parse_certificates", arguments({constrained}));
  BOOST_TEST(has(r, R"("PermittedDNSDomains": ["example.org"])"));
  BOOST_TEST(has(r, R"("PermittedDNSDomainsCritical": true)"));
  BOOST_TEST(has(
      r, R"("PermittedIPRanges": [{"IP": "10.0.0.0", "Mask": "/wAAAA=="}])"));
  BOOST_TEST(has(r, R"("ExcludedEmailAddresses": ["bad.example"])"));
  BOOST_TEST(has(r, R"("ExcludedURIDomains": [".evil.example"])"));
  BOOST_TEST(has(r, R"("ExcludedDNSDomains": null)"));
  BOOST_TEST(has(r, R"("UnhandledCriticalExtensions": [[1, 2, 3, 4]])"));
  BOOST_TEST(has(r, R"("ExtKeyUsage": [13])"));
}

BOOST_AUTO_TEST_CASE(what_is_no_certificate_is_refused) {
  auto name = "crypto.x509.parse_certificates";
  BOOST_TEST(call(name, R"(["YmFkc3RyaW5n"])")
             == "eval_builtin_error: x509: malformed certificate");
  BOOST_TEST(call(name, R"(["foobar"])")
             == "eval_builtin_error: illegal base64 data at input byte 4");
  BOOST_TEST(call(name, arguments({key}))
             == "eval_builtin_error: PEM block type is 'EC PRIVATE KEY', "
                "expected CERTIFICATE");
}

BOOST_AUTO_TEST_CASE(a_chain_is_verified_at_the_evaluation_s_time) {
  auto name = "crypto.x509.parse_and_verify_certificates";
  auto good = call_in_2030(name, arguments({root + leaf}));
  BOOST_TEST(good.starts_with("[true, [{"));
  BOOST_TEST(call(name, arguments({root + leaf})) == "[false, []]");
  BOOST_TEST(call_in_2030(name, arguments({leaf + root})) == "[false, []]");
  BOOST_TEST(call_in_2030(name, arguments({root})) == "[false, []]");
}

BOOST_AUTO_TEST_CASE(options_narrow_the_verification) {
  auto name = "crypto.x509.parse_and_verify_certificates_with_options";
  auto verify = [&](const std::string& options) {
    return call_in_2030(name, arguments({root + leaf}, "," + options));
  };
  BOOST_TEST(verify(R"({"DNSName": "leaf.example"})").starts_with("[true"));
  BOOST_TEST(verify(R"({"DNSName": "other.example"})") == "[false, []]");
  BOOST_TEST(verify(R"({"CurrentTime": 0})") == "[false, []]");
  BOOST_TEST(verify(R"({"KeyUsages": ["KeyUsageClientAuth"]})")
             == "[false, []]");
  BOOST_TEST(verify(R"({"KeyUsages": ["X"]})")
             == "eval_builtin_error: invalid entries for 'KeyUsages' found: "
                "[X]");
  BOOST_TEST(verify(R"({"x": 1})") == "eval_builtin_error: invalid key option");
}

BOOST_AUTO_TEST_CASE(requests_and_key_pairs) {
  auto r = call("crypto.x509.parse_certificate_request", arguments({request}));
  BOOST_TEST(has(r, R"("CommonName": "leaf")"));
  BOOST_TEST(
      call("crypto.x509.parse_certificate_request", R"(["YmFkc3RyaW5n"])")
          .starts_with("eval_builtin_error: asn1: structure error"));
  auto pair = call("crypto.x509.parse_keypair", arguments({leaf, key}));
  BOOST_TEST(pair.starts_with(R"({"Certificate": [")"));
  BOOST_TEST(call("crypto.x509.parse_keypair", arguments({root, key}))
             == "eval_builtin_error: tls: private key does not match public "
                "key");
}

BOOST_AUTO_TEST_CASE(private_keys) {
  auto jwk = call("crypto.x509.parse_rsa_private_key", arguments({key}));
  BOOST_TEST(jwk.starts_with(R"({"crv": "P-256", "d": ")"));
  auto keys = call("crypto.parse_private_keys", arguments({key + key}));
  BOOST_TEST(has(keys, R"(}, {"Curve": {}, "D": )"));
  BOOST_TEST(call("crypto.parse_private_keys", R"(["nope"])") == "[]");
  BOOST_TEST(call("crypto.parse_private_keys", R"([""])") == "null");
}

BOOST_AUTO_TEST_SUITE_END()
