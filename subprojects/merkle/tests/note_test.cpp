// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
// Notes, verifier keys, checkpoints, cosignatures and receipts, against the
// examples of the specifications and against tampering.
#include "merkle/base64.hpp"
#include "merkle/cosignature.hpp"
#include "merkle/receipt.hpp"

#include "support.hpp"

#include <openssl/evp.h>

#include <boost/test/unit_test.hpp>

#include <memory>

BOOST_AUTO_TEST_SUITE(note_test)

using namespace merkle;
using namespace merkle::test;

namespace {

unsigned char* raw(std::byte* data) {
  return reinterpret_cast<unsigned char*>(data);
}

const unsigned char* raw(const std::byte* data) {
  return reinterpret_cast<const unsigned char*>(data);
}

/// An Ed25519 key pair from a seed of one repeated byte.
struct signer {
  std::shared_ptr<EVP_PKEY> secret;
  verifier_key key;

  signer(std::string name, std::uint8_t seed_byte,
         signature_type type = signature_type::ed25519) {
    bytes seed(32, std::byte{seed_byte});
    secret.reset(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr,
                                              raw(seed.data()), seed.size()),
                 EVP_PKEY_free);
    ed25519_public_key key_bytes;
    std::size_t size = key_bytes.size();
    EVP_PKEY_get_raw_public_key(secret.get(), raw(key_bytes.data()), &size);
    key = *make_verifier_key(std::move(name), type, key_bytes);
  }

  sign_function sign() const {
    return [secret = secret](
               bytes_view message) -> std::optional<ed25519_signature> {
      std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> state{EVP_MD_CTX_new(),
                                                               EVP_MD_CTX_free};
      ed25519_signature out;
      std::size_t size = out.size();
      EVP_DigestSignInit(state.get(), nullptr, nullptr, nullptr, secret.get());
      EVP_DigestSign(state.get(), raw(out.data()), &size, raw(message.data()),
                     message.size());
      return out;
    };
  }
};

std::string signed_checkpoint(const signer& by, memory_log& log) {
  note out{
      format_checkpoint({by.key.name, log.tree.size(), log.tree.root(), {}}),
      {}};
  BOOST_REQUIRE(sign_note(out, by.key, by.sign()));
  return *format_note(out);
}

// The example of golang.org/x/mod/sumdb/note, which the format comes from.
constexpr auto peter_key =
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr auto peter_note =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "\xe2\x80\x94 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNI"
    "uGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

} // namespace

BOOST_AUTO_TEST_CASE(accepts_the_published_example_note) {
  auto key = parse_verifier_key(peter_key);
  BOOST_REQUIRE(key);
  BOOST_TEST(format_verifier_key(*key) == peter_key);
  auto parsed = parse_note(peter_note);
  BOOST_REQUIRE(parsed);
  BOOST_TEST(parsed->signatures.size() == 1u);
  auto by = verify_note(*parsed, {&*key, 1});
  BOOST_REQUIRE(by);
  BOOST_TEST(by->front().name == "PeterNeumann");
  BOOST_TEST(*format_note(*parsed) == peter_note);
}

BOOST_AUTO_TEST_CASE(refuses_the_example_after_any_change_of_a_byte) {
  auto key = *parse_verifier_key(peter_key);
  std::string good = peter_note;
  for (std::size_t at = 0; at < good.size(); ++at) {
    auto bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    auto parsed = parse_note(bad);
    BOOST_TEST(!(parsed && verify_note(*parsed, {&key, 1})), "byte " << at);
  }
}

BOOST_AUTO_TEST_CASE(refuses_malformed_notes) {
  std::string good = peter_note;
  auto text = good.substr(0, good.find("\n\n") + 1);
  auto line = good.substr(text.size() + 1);
  for (const auto& bad :
       {std::string{}, text, text + "\n", text + line, good + "x",
        good.substr(0, good.size() - 1), "\x01" + good, "\xff" + good,
        text + "\n- PeterNeumann AAAAAAA=\n",
        text + "\n\xe2\x80\x94 Peter+Neumann AAAAAAA=\n",
        text + "\n\xe2\x80\x94 Peter AAAA\n",
        text + "\n\xe2\x80\x94 Peter\xc2\xa0N AAAAAAA=\n"})
    BOOST_TEST(!parse_note(bad), bad);
  auto many = text + '\n';
  for (int i = 0; i < 101; ++i)
    many += line;
  BOOST_TEST(!parse_note(many));
}

BOOST_AUTO_TEST_CASE(refuses_malformed_verifier_keys) {
  std::string good = peter_key;
  for (const auto& bad :
       {std::string{}, std::string{"PeterNeumann"}, good.substr(1), good + "A",
        good.substr(0, good.size() - 1),
        std::string{"PeterNeumann+c74f20a4"} + good.substr(21),
        std::string{"PeterNeumann+C74F20A3"} + good.substr(21),
        std::string{"PeterNeumann+c74f20a3+AQ=="}})
    BOOST_TEST(!parse_verifier_key(bad), bad);
}

BOOST_AUTO_TEST_CASE(keeps_signatures_of_unknown_keys_and_ignores_them) {
  signer known{"log.example/one", 1}, other{"log.example/two", 2};
  note text{"hello\n\nworld\n", {}};
  BOOST_TEST(sign_note(text, other.key, other.sign()));
  BOOST_TEST(!verify_note(text, {&known.key, 1}));
  BOOST_TEST(sign_note(text, known.key, known.sign()));
  auto again = parse_note(*format_note(text));
  BOOST_REQUIRE(again);
  BOOST_TEST((*again == text));
  auto by = verify_note(*again, {&known.key, 1});
  BOOST_REQUIRE(by);
  BOOST_TEST(by->size() == 1u);
  verifier_key both[] = {known.key, other.key};
  BOOST_TEST(verify_note(*again, both)->size() == 2u);
  again->signatures[0].signature[3] ^= std::byte{1};
  BOOST_TEST(!verify_note(*again, both));
}

BOOST_AUTO_TEST_CASE(reads_the_checkpoint_of_the_specification) {
  auto text = "example.com/behind-the-sofa\n20852163\n"
              "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
  auto parsed = parse_checkpoint(text);
  BOOST_REQUIRE(parsed);
  BOOST_TEST(parsed->origin == "example.com/behind-the-sofa");
  BOOST_TEST(parsed->size == 20852163u);
  BOOST_TEST(format_checkpoint(*parsed) == text);
}

BOOST_AUTO_TEST_CASE(refuses_malformed_checkpoints) {
  std::string root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
  for (const auto& bad :
       {std::string{}, std::string{"o\n"}, std::string{"o\n1\n"},
        "\n1\n" + root, "o\n01\n" + root, "o\n-1\n" + root, "o\n\n" + root,
        "o\n18446744073709551616\n" + root, "o\n1\n" + root + "\n",
        "o\n1\n" + root + "x", "o\n1\n" + root.substr(4), "o\n1\n " + root})
    BOOST_TEST(!parse_checkpoint(bad), bad);
}

BOOST_AUTO_TEST_CASE(opens_only_what_the_log_itself_signed) {
  signer log{"log.example/one", 1}, forger{"log.example/one", 2};
  memory_log entries;
  entries.grow_to(5);
  auto text = signed_checkpoint(log, entries);
  auto head = open_checkpoint(text, log.key);
  BOOST_REQUIRE(head);
  BOOST_TEST(head->size == 5u);
  BOOST_TEST(!open_checkpoint(text, forger.key));
  signer renamed{"log.example/two", 1};
  BOOST_TEST(!open_checkpoint(text, renamed.key));
  note foreign{format_checkpoint({"elsewhere", 5, entries.tree.root(), {}}),
               {}};
  BOOST_TEST(sign_note(foreign, log.key, log.sign()));
  BOOST_TEST(!open_checkpoint(*format_note(foreign), log.key));
}

BOOST_AUTO_TEST_CASE(cosigns_a_checkpoint_with_its_time) {
  signer log{"log.example/one", 1};
  signer witness{"witness.example/w", 3, signature_type::cosignature};
  memory_log entries;
  entries.grow_to(5);
  auto head = *parse_note(signed_checkpoint(log, entries));
  BOOST_TEST(cosignature_message(1679315147, head.text)
             == "cosignature/v1\ntime 1679315147\n" + head.text);
  BOOST_TEST(cosign_note(head, witness.key, 1679315147, witness.sign()));
  BOOST_TEST(!sign_note(head, witness.key, witness.sign()));
  BOOST_TEST(!cosign_note(head, log.key, 1, log.sign()));
  BOOST_TEST(
      !cosign_note(head, witness.key, ~std::uint64_t{0}, witness.sign()));
  auto again = *parse_note(*format_note(head));
  verifier_key both[] = {log.key, witness.key};
  BOOST_TEST(verify_note(again, both)->size() == 2u);
  BOOST_TEST(open_checkpoint(*format_note(again), log.key));
  auto& blob = again.signatures[1].signature;
  BOOST_TEST(blob.size() == 72u);
  BOOST_TEST(parse_cosignature(blob)->timestamp == 1679315147u);
  blob[7] ^= std::byte{1}; // another second
  BOOST_TEST(!verify_note(again, both));
}

/// Made without this library, by `openssl pkeyutl -sign -rawin` with the seed
/// of 32 bytes of 3 and the bytes put together by hand as tlog-cosignature
/// says.
BOOST_AUTO_TEST_CASE(takes_and_makes_the_cosignature_that_openssl_makes) {
  const std::string vkey = "witness.example/w+54610131+"
                           "BO1JKMYo0cLG6ukDOJBZlWEpWSc6XGP5NjbBRhSshzfR";
  const std::string text = "log.example/one\n5\n"
                           "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n";
  const std::string line =
      "\xe2\x80\x94 witness.example/w VGEBMQAAAABkGFDLieldT8QQ8ZCKB2JDH0EtU9dz"
      "mGMsfmRk91L250PnU3dOqeHzQa6aUAt9NZCqt2XCgWzquP2hrvIjtPZ5/dobAA==\n";
  auto witness = parse_verifier_key(vkey);
  BOOST_REQUIRE(witness);
  auto read = parse_note(text + '\n' + line);
  BOOST_REQUIRE(read);
  BOOST_TEST(verify_note(*read, {&*witness, 1}));
  signer same{"witness.example/w", 3, signature_type::cosignature};
  BOOST_TEST(format_verifier_key(same.key) == vkey);
  note made{text, {}};
  BOOST_TEST(cosign_note(made, same.key, 1679315147, same.sign()));
  BOOST_TEST(*format_note(made) == text + '\n' + line);
  // A key of another type over the same bytes is another key.
  auto plain =
      make_verifier_key(witness->name, signature_type::ed25519, witness->key);
  BOOST_TEST(plain->id != witness->id);
  BOOST_TEST(!verify_note(*read, {&*plain, 1}));
}

BOOST_AUTO_TEST_CASE(verifies_a_receipt_and_no_changed_one) {
  signer log{"log.example/one", 1};
  memory_log entries;
  entries.grow_to(300);
  receipt good{bytes(3, std::byte{7}), 41,
               *prove_inclusion(41, 300, entries.reader()),
               signed_checkpoint(log, entries)};
  auto text = format_receipt(good);
  auto again = parse_receipt(text);
  BOOST_REQUIRE(again);
  BOOST_TEST((*again == good));
  auto head = verify_receipt(*again, entries.leaves[41], log.key);
  BOOST_REQUIRE(head);
  BOOST_TEST(head->size == 300u);
  BOOST_TEST(!verify_receipt(*again, entries.leaves[40], log.key));
  // "extra" is authenticated by nothing; everything after it is.
  for (auto at = text.find("index"); at < text.size(); ++at) {
    auto bad = text;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    auto parsed = parse_receipt(bad);
    BOOST_TEST(
        !(parsed && verify_receipt(*parsed, entries.leaves[41], log.key)),
        "byte " << at);
  }
}

BOOST_AUTO_TEST_CASE(refuses_malformed_receipts) {
  std::string magic = "c2sp.org/tlog-proof@v1\n";
  for (const auto& bad : {std::string{}, magic,
                          std::string{"c2sp.org/tlog-proof@v2\nindex 0\n\n"},
                          magic + "index 00\n\n", magic + "index\n\n",
                          magic + "extra @\nindex 0\n\n", magic + "index 0\n",
                          magic + "index 0\nAAAA\n\n"})
    BOOST_TEST(!parse_receipt(bad), bad);
}

BOOST_AUTO_TEST_CASE(decodes_base64_in_its_one_spelling_only) {
  BOOST_TEST(base64_encode(as_bytes("a")) == "YQ==");
  BOOST_TEST(base64_decode("")->empty());
  for (auto bad : {"YQ=", "YQ", "YR==", " YQ==", "YQ==\n",
                   "YQ==YQ==", "====", "Y===", "    ", "-_-_", "YQ=a"})
    BOOST_TEST(!base64_decode(bad).has_value(), bad);
}

BOOST_AUTO_TEST_SUITE_END()
