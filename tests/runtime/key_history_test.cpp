// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// A log's keys: statements of changes, and what each key is believed for.
#include "runtime/crypto/key_document.hpp"
#include "runtime/crypto/log_keys.hpp"
#include "tests/support/must.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(key_history_test)

using namespace acgs;
using namespace acgs::crypto;
using test::must;

namespace {

const std::string origin = "acgs/node-1/1";

/// A key that can sign notes.
struct signer {
  explicit signer(std::string name = origin)
      : key{*merkle::make_verifier_key(std::move(name),
                                       merkle::signature_type::ed25519,
                                       secret.public_part())} {}

  void sign(merkle::note& what) const {
    auto done = merkle::sign_note(what, key, [&](merkle::bytes_view message) {
      return std::optional{secret.sign(message)};
    });
    BOOST_REQUIRE(static_cast<bool>(done));
  }

  signing_key secret = signing_key::generate();
  merkle::verifier_key key;
};

std::string signed_by(std::string text,
                      std::initializer_list<const signer*> by) {
  merkle::note note{std::move(text), {}};
  for (const auto* each : by)
    each->sign(note);
  return *merkle::format_note(note);
}

std::string checkpoint(const signer& by, std::uint64_t size) {
  return signed_by(merkle::format_checkpoint({origin, size, {}, {}}), {&by});
}

key_change rotation(const signer& from, const signer& to, std::uint64_t size,
                    std::string purpose = "checkpoint") {
  key_change out;
  out.purpose = std::move(purpose);
  out.seconds = 1'700'000'000;
  out.key = from.key;
  out.successor = to.key;
  out.origin = origin;
  out.size = size;
  return out;
}

key_change revocation(const signer& of, std::uint64_t size) {
  auto out = rotation(of, of, size);
  out.kind = key_change_kind::revoked;
  out.successor.reset();
  return out;
}

std::string text_of(const key_change& what) {
  return format_key_change(what);
}

struct fixture {
  signer first, second, third;
  std::vector<std::string> statements{
      signed_by(text_of(rotation(first, second, 10)), {&first, &second}),
      signed_by(text_of(rotation(second, third, 20)), {&second, &third}),
      signed_by(text_of(revocation(first, 30)), {&third})};

  void refused(std::vector<std::string> changed, const std::string& why) {
    auto found = key_history::follow(first.key, std::move(changed));
    BOOST_REQUIRE(!found);
    BOOST_TEST(sentence_of(found.error()).find(why) != std::string::npos,
               sentence_of(found.error()));
  }
};

} // namespace

BOOST_AUTO_TEST_CASE(reads_the_statements_that_it_writes_and_no_other) {
  signer from, to;
  auto text = text_of(rotation(from, to, 7));
  auto read = must(parse_key_change(text));
  BOOST_TEST((read.key == from.key));
  BOOST_TEST((read.successor == to.key));
  BOOST_TEST(read.size == 7u);
  BOOST_TEST(read.seconds == 1'700'000'000);
  BOOST_TEST(!parse_key_change(text_of(revocation(from, 3)))->successor);
  auto replaced = [&](std::string_view what, std::string_view with) {
    auto out = text;
    auto at = out.find(what);
    BOOST_REQUIRE(at != out.npos);
    return out.replace(at, what.size(), with);
  };
  for (const auto& bad :
       {replaced("/v1 ", "/v2 "), replaced("rotated", "renamed"),
        replaced("checkpoint 17", "Check 17"), replaced("1700000000", "-1"),
        replaced("1700000000", "01700000000"), replaced("successor", "next"),
        replaced("key acgs", "key  acgs"), text + "more\n",
        merkle::format_checkpoint({origin, 7, {}, {}}), std::string{}}) {
    auto refused = parse_key_change(bad);
    BOOST_REQUIRE(!refused);
    BOOST_TEST((code_of(refused.error()) == ec::invalid_argument));
  }
}

BOOST_FIXTURE_TEST_CASE(leads_from_any_of_the_keys_to_all_others, fixture) {
  for (const auto* trusted : {&first, &second, &third}) {
    auto keys = must(key_history::follow(trusted->key, statements));
    BOOST_REQUIRE(keys.keys().size() == 3u);
    BOOST_TEST((keys.active(checkpoint_purpose)->key == third.key));
    BOOST_TEST(keys.find(first.key)->last_size == 10u);
    BOOST_TEST(keys.find(first.key)->revoked);
    BOOST_TEST(!keys.find(second.key)->revoked);
    BOOST_TEST(keys.changes().size() == 3u);
  }
  signer stranger;
  BOOST_TEST(!key_history::follow(stranger.key, statements));
  auto alone = must(key_history::follow(first.key, {}));
  BOOST_TEST((alone.active(checkpoint_purpose)->key == first.key));
}

BOOST_FIXTURE_TEST_CASE(believes_a_replaced_key_up_to_its_last_size, fixture) {
  auto keys = must(key_history::follow(third.key, statements));
  auto open = [&](const signer& by, std::uint64_t size) {
    return keys.open(checkpoint(by, size));
  };
  BOOST_TEST(must(open(second, 20)).head.size == 20u);
  BOOST_TEST(!must(open(second, 20)).by_revoked);
  auto refused = open(second, 21);
  BOOST_REQUIRE(!refused);
  BOOST_TEST(sentence_of(refused.error()).find("replaced at size 20")
             != std::string::npos);
  BOOST_TEST(must(open(third, 1)).head.size == 1u);
  BOOST_TEST(must(open(third, 1'000'000)).head.size == 1'000'000u);
  BOOST_TEST(!open(signer{}, 5));
}

BOOST_FIXTURE_TEST_CASE(says_so_where_only_a_revoked_key_signed, fixture) {
  auto keys = must(key_history::follow(third.key, statements));
  BOOST_TEST(must(keys.open(checkpoint(first, 10))).by_revoked);
  auto refused = keys.open(checkpoint(first, 11));
  BOOST_REQUIRE(!refused);
  BOOST_TEST(sentence_of(refused.error()).find("revoked at size 10")
             != std::string::npos);
  auto text = merkle::format_checkpoint({origin, 9, {}, {}});
  auto both = must(keys.open(signed_by(text, {&first, &second})));
  BOOST_TEST(!both.by_revoked);
  BOOST_TEST((both.by == second.key));
}

BOOST_FIXTURE_TEST_CASE(refuses_statements_that_do_not_hold, fixture) {
  auto change = [&](std::size_t at, std::string to) {
    auto out = statements;
    out[at] = std::move(to);
    return out;
  };
  auto text = text_of(rotation(first, second, 10));
  refused(change(0, signed_by(text, {&second})), "not signed by");
  refused(change(0, signed_by(text, {&first})), "not signed by");
  refused(change(0, "no note"), "statement 1 about the log's keys");
  refused(change(1, statements[0]), "");
  refused(change(1, signed_by(text_of(rotation(second, third, 9)),
                              {&second, &third})),
          "shorter");
  refused(
      change(1, signed_by(text_of(rotation(second, second, 20)), {&second})),
      "follow itself");
  refused(change(1, signed_by(text_of(rotation(second, first, 20)),
                              {&second, &first})),
          "used before");
  refused(change(2, signed_by(text_of(revocation(first, 30)), {&second})),
          "no signature of the note is by a known key");
  refused(change(2, signed_by(text_of(revocation(third, 30)), {&third})),
          "still signs");
  auto twice = statements;
  twice.push_back(statements[2]);
  refused(twice, "was revoked before");
  auto foreign = rotation(first, second, 10);
  foreign.origin = "other";
  refused(change(0, signed_by(text_of(foreign), {&first, &second})),
          "of the log 'other'");
  refused(std::vector<std::string>(1001, "x"), "at most 1000");
}

BOOST_FIXTURE_TEST_CASE(has_keys_of_other_purposes_follow_too, fixture) {
  signer old{origin + "/token"}, next{origin + "/token"};
  auto change = rotation(old, next, 40, "token");
  statements.push_back(signed_by(text_of(change), {&third, &old, &next}));
  auto keys = must(key_history::follow(first.key, statements));
  BOOST_TEST((keys.active("token")->key == next.key));
  BOOST_TEST(!keys.find(old.key)->active);
  BOOST_TEST(!keys.open(checkpoint(next, 41)));
  statements.back() = signed_by(text_of(change), {&old, &next});
  refused(statements, "not signed by " + key_record_name(third.key));
}

BOOST_FIXTURE_TEST_CASE(attaches_a_signature_by_a_key_that_may_sign, fixture) {
  log_keys shared{first.key};
  auto copy = shared;
  shared.publish(must(key_history::follow(third.key, statements)));
  auto keys = copy.now();
  auto text = merkle::format_checkpoint({origin, 15, {}, {}});
  auto by = [&](const signer& who) {
    return who.secret.sign(as_byte_view(text));
  };
  for (const auto* fit : {&second, &third}) {
    auto note = must(keys->attach(text, by(*fit)));
    BOOST_TEST(must(keys->open(note)).head.size == 15u);
  }
  BOOST_TEST(!keys->attach(text, by(first)));
  BOOST_TEST(!keys->attach(text, by(signer{})));
}

BOOST_FIXTURE_TEST_CASE(says_who_signed_what_is_no_checkpoint, fixture) {
  auto keys = must(key_history::follow(third.key, statements));
  auto note = [](const signer& by) { return signed_by("a manifest\n", {&by}); };
  BOOST_TEST((must(keys.signer_of(note(third), 99)) == third.key));
  BOOST_TEST((must(keys.signer_of(note(second), 20)) == second.key));
  auto why = [&](const signer& by, std::uint64_t size) {
    auto refused = keys.signer_of(note(by), size);
    BOOST_REQUIRE(!refused);
    return sentence_of(refused.error());
  };
  BOOST_TEST(why(second, 21).find("replaced before") != std::string::npos);
  // However small: who stole it may have signed anything.
  BOOST_TEST(why(first, 1).find("revoked") != std::string::npos);
  BOOST_TEST(why(signer{}, 1).find("revoked") == std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(carries_the_statements_in_a_document, fixture) {
  auto keys = must(key_history::follow(third.key, statements));
  auto document = format_key_document(origin, keys);
  BOOST_TEST(must(statements_in(document)) == statements,
             boost::test_tools::per_element());
  BOOST_TEST(document.find("\"last_size\":20") != document.npos);
  for (auto bad :
       {"", "[]", "{}", "{\"statements\":{}}", "{\"statements\":[1]}"}) {
    auto refused = statements_in(bad);
    BOOST_REQUIRE(!refused);
    BOOST_TEST((code_of(refused.error()) == ec::invalid_argument));
  }
}

BOOST_AUTO_TEST_SUITE_END()
