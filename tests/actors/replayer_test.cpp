// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// REPLAYER over a log in memory, with decisions that a test makes up.
#include "actors/replayer/replayer.hpp"
#include "actors/replayer/state.hpp"
#include "runtime/actor/bounded.hpp"
#include "runtime/store/payload_bundle.hpp"
#include "runtime/store/tables.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/ledger_samples.hpp"
#include "tests/support/memory_store.hpp"
#include "tests/support/must.hpp"
#include "tests/support/policy_world.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <merkle/tile.hpp>

#include <boost/test/unit_test.hpp>

#include <map>

BOOST_AUTO_TEST_SUITE(replayer_test)

using namespace acgs;
using namespace acgs::replayer;
using test::must;

namespace {

/// An archive that says to have all, and may lack some of it.
struct sample_archive : store::archived_log {
  std::map<std::uint64_t, bytes> entries, sealed; // by the bundle's number

  static std::optional<bytes> find(const std::map<std::uint64_t, bytes>& in,
                                   std::uint64_t number) {
    auto found = in.find(number);
    return found == in.end() ? std::nullopt : std::optional{found->second};
  }

  std::uint64_t begin(const std::string&, std::uint64_t) const override {
    return 0;
  }
  std::optional<bytes> bundle(const std::string&,
                              std::uint64_t number) const override {
    return find(entries, number);
  }
  std::optional<bytes> payloads(const std::string&,
                                std::uint64_t number) const override {
    return find(sealed, number);
  }
};

struct fixture {
  test::memory_disk disk;
  std::shared_ptr<test::memory_environment> env =
      std::make_shared<test::memory_environment>(disk);
  test::sample_signer signer;
  test::manual_clock time;
  test::world policies{{{"p.rego", "package p\nallow := true\n"}}};
  config with;
  std::vector<std::string> asked;
  std::vector<domain::question> kinds;
  std::vector<std::string> details;

  fixture() {
    with.ledger = env;
    with.origin = test::sample_origin;
    with.time = &time;
    with.state_at = [this](std::uint64_t) -> result<domain::control_state_ptr> {
      return std::make_shared<const domain::control_state>(policies.state);
    };
    with.make_decider = [this]() -> decider {
      return [this](const past_question& what, const snapshot_ptr&) {
        return decide(what);
      };
    };
  }

  /// Allows what says so, whatever the policies are.
  result<remade> decide(const past_question& what) {
    asked.emplace_back(what.input);
    kinds.push_back(what.request.asks);
    details.emplace_back(what.detail);
    time.advance(took);
    bool yes = what.input.find("yes") != std::string_view::npos;
    return remade{yes ? domain::verdict::allow : domain::verdict::deny,
                  yes ? "true" : "false"};
  }

  ledger::pending decision(std::string_view input, domain::verdict outcome,
                           std::string_view text,
                           std::string_view path = "p/allow",
                           std::string_view event_type = "policy_evaluation",
                           std::string_view detail = {}) {
    ledger::append out;
    domain::entry entry;
    entry.kind = domain::entry_kind::decision;
    entry.event_type = event_type;
    entry.time_nanos = ++last_time;
    entry.path = path;
    entry.agent = "agent-1";
    entry.outcome = outcome;
    entry.revision = 1;
    entry.policy_digest = policies.present->policy_digest();
    entry.data_digest = policies.present->data_digest();
    for (auto [kind, from] :
         {std::pair{domain::payload_kind::input, input},
          std::pair{domain::payload_kind::result, text},
          std::pair{domain::payload_kind::detail, detail}}) {
      if (from.empty())
        continue;
      out.payloads.push_back(crypto::seal_payload(kind, as_byte_view(from)));
      entry.commitments.push_back(out.payloads.back().covered_by);
    }
    out.entry = wire::entry{entry};
    return {std::move(out), {}};
  }

  void write(std::vector<ledger::pending> what) {
    auto to =
        must(ledger::state::open(*env, {test::sample_origin, {signer.key}, 0}));
    for (auto& each : must(to.write({std::move(what), {}})).entries)
      must(std::move(each));
  }

  void write_right(std::size_t count) {
    std::vector<ledger::pending> all;
    for (std::size_t i = 0; i < count; ++i)
      all.push_back(decision("yes", domain::verdict::allow, "true"));
    write(std::move(all));
  }

  /// The first entries are in an archive from now on.
  std::shared_ptr<sample_archive> archive(std::uint64_t size) {
    auto out = std::make_shared<sample_archive>();
    auto tables = must(store::log_tables::open(*env, test::sample_origin));
    {
      auto log = must(store::log_view::open(*env, tables));
      for (std::uint64_t at = 0; at < size; ++at) {
        auto number = at / merkle::tile_width;
        BOOST_REQUIRE(static_cast<bool>(merkle::append_to_bundle(
            out->entries[number], must(log.entry(at)))));
        for (std::uint8_t place = 0; place < 2; ++place)
          store::add_payload(out->sealed[number], at, place,
                             must(log.payload(at, place))->ciphertext);
      }
    }
    auto writing = must(env->write());
    auto key = store::meta::archived_key(test::sample_origin);
    BOOST_REQUIRE(!writing->put(tables.meta, as_byte_view(key),
                                store::encode_archived({size, {}, size, 0})));
    BOOST_REQUIRE(!writing->commit());
    with.archive = out;
    return out;
  }

  replayed run(const replay& what = {}) {
    return must(must(state::open(with)).run(what));
  }

  std::int64_t last_time = 1000;
  std::chrono::nanoseconds took{0};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(replayer_state, fixture)

BOOST_AUTO_TEST_CASE(counts_what_comes_out_the_same_and_what_does_not) {
  write({decision("yes", domain::verdict::allow, "true"),
         decision("no", domain::verdict::allow, "true"),
         decision("yes", domain::verdict::allow, "TRUE"),
         decision("no", domain::verdict::deny, "false")});
  auto got = run();
  BOOST_TEST(got.decisions == 4u);
  BOOST_TEST(got.same == 2u);
  BOOST_TEST(got.changed == 1u);
  BOOST_TEST(got.reworded == 1u);
  BOOST_TEST(got.turns[1 * 6 + 2] == 1u); // allow to deny
  BOOST_TEST(got.next == 4u);
  BOOST_TEST(got.end == 4u);
  BOOST_REQUIRE(got.differences.size() == 2u);
  BOOST_TEST(got.differences[0].index == 1u);
  BOOST_TEST(got.differences[0].text_before == "true");
  BOOST_TEST(got.differences[0].text_after == "false");
  BOOST_TEST(asked.size() == 4u);
}

BOOST_AUTO_TEST_CASE(asks_what_was_asked) {
  write({decision("yes", domain::verdict::allow, "true"),
         decision("yes", domain::verdict::allow, "true", "p/allow",
                  "safety_violation"),
         decision("yes", domain::verdict::allow, "true", "x", "policy_query",
                  "x := 1"),
         decision("yes", domain::verdict::allow, "true", "x", "policy_compile",
                  R"({"query":"x","options":{}})")});
  BOOST_TEST(run().same == 4u);
  using domain::question;
  BOOST_TEST((kinds
              == std::vector{question::document, question::document,
                             question::query, question::compile}));
  BOOST_TEST(details[2] == "x := 1");
  BOOST_TEST(details[3] == R"({"query":"x","options":{}})");
}

BOOST_AUTO_TEST_CASE(goes_on_where_a_file_of_an_archive_is_missing) {
  write_right(600);
  auto archived = archive(512);
  BOOST_TEST(run().same == 600u);
  auto sealed = archived->sealed;
  archived->sealed.erase(0);
  auto got = run();
  BOOST_TEST(got.same == 344u);
  BOOST_TEST(got.unknown == 256u);
  BOOST_TEST(got.skips.at(0).why.starts_with("entry 0 was archived"));
  archived->sealed = sealed;
  archived->entries.erase(1);
  for (std::uint64_t first : {0, 100}) { // of whole bundles, and across them
    replay what;
    what.first = first;
    got = run(what);
    BOOST_TEST(got.same == 344u - first);
    BOOST_TEST(got.unread == 256u);
    BOOST_TEST(got.unknown == 0u);
    BOOST_TEST(got.next == 600u);
    BOOST_TEST(got.skips.at(0).index == 256u);
    BOOST_TEST(got.skips.at(0).why.find("entry 256 was archived")
               != std::string::npos);
  }
  archived->entries.clear(); // archived since the run began
  BOOST_TEST(run().unread == 512u);
  BOOST_TEST(run().same == 88u);
}

BOOST_AUTO_TEST_CASE(looks_only_at_decisions_that_are_asked_for) {
  test::sample event;
  event.kind = domain::entry_kind::event;
  std::vector<ledger::pending> all;
  all.push_back({test::make_append(event), {}});
  all.push_back(decision("yes 1", domain::verdict::allow, "true", "a"));
  all.push_back(decision("yes 2", domain::verdict::allow, "true", "b"));
  write(std::move(all));
  replay what;
  for (auto* spelled : {"b", "/b", "data.b"}) {
    what.path = spelled;
    BOOST_TEST(run(what).decisions == 1u, spelled);
  }
  what = {};
  what.to_nanos = last_time;
  BOOST_TEST(run(what).decisions == 1u);
  what.from_nanos = last_time;
  what.to_nanos = 0;
  BOOST_TEST(run(what).decisions == 1u);
  what = {};
  what.agent = "nobody";
  BOOST_TEST(run(what).decisions == 0u);
  what = {};
  what.last = 1;
  BOOST_TEST(run(what).decisions == 1u);
  BOOST_TEST(asked.back() == "yes 1");
}

BOOST_AUTO_TEST_CASE(says_why_a_decision_cannot_be_made_again) {
  policies.with_data(R"({"x":1})");
  policies.present = policies.built();
  write_right(3);
  auto to =
      must(ledger::state::open(*env, {test::sample_origin, {signer.key}, 0}));
  domain::entry told;
  told.kind = domain::entry_kind::shred;
  told.detail = R"({"entry":1,"reason":"request 7"})";
  ledger::shred order{1, {}};
  order.record.entry = wire::entry{told};
  must(to.shred(order));
  disk.secrets[4].reset(); // of the third's input, as on another node
  auto got = run();
  BOOST_TEST(got.same == 1u);
  BOOST_TEST(got.shredded == 1u);
  BOOST_TEST(got.unknown == 1u);
  BOOST_REQUIRE(got.skips.size() == 2u);
  BOOST_TEST(got.skips[0].why
             == "shredded at 1970-01-01T00:00:00.000000Z (entry 3): request 7");
  BOOST_TEST(got.skips[1].why == "a key of it is not on this node");
}

BOOST_AUTO_TEST_CASE(does_not_judge_by_other_policies_than_those_of_the_time) {
  write_right(2);
  policies.with_data(R"({"x":1})");
  auto got = run();
  BOOST_TEST(got.decisions == 0u);
  BOOST_TEST(got.unknown == 2u);
  BOOST_TEST(asked.empty());
}

BOOST_AUTO_TEST_CASE(knows_what_the_constitution_was_called_then) {
  const domain::constitution_aliases then{
      {std::string(64, '0'), "aaaaaaaaaaaaaaaa"}};
  const domain::constitution_aliases now{
      {std::string(64, '0'), "bbbbbbbbbbbbbbbb"}};
  with.aliases = now;
  // By its digest, in a history that says nothing yet.
  write_right(1);
  BOOST_TEST(run().same == 1u);
  policies.state.aliases = then;
  policies.present = policies.built();
  write_right(1);
  BOOST_TEST(run().same == 1u); // the first was made at another revision
  replay what;
  what.first = 1;
  BOOST_TEST(run(what).same == 1u);
  // As it is configured still, in a history of an earlier version.
  policies.state.aliases.reset();
  policies.present = must(snapshot::build(
      std::make_shared<const domain::control_state>(policies.state), now,
      nullptr));
  write_right(1);
  what.first = 2;
  BOOST_TEST(run(what).same == 1u);
}

BOOST_AUTO_TEST_CASE(does_not_compare_what_was_ended_early) {
  write({decision("no", domain::verdict::error, "policy.time_max: ended"),
         decision("no", domain::verdict::error,
                  "eval_cancel_error: caller cancelled")});
  auto got = run();
  BOOST_TEST(got.unknown == 2u);
  BOOST_TEST(got.decisions == 0u);
}

BOOST_AUTO_TEST_CASE(goes_on_where_an_answer_ended) {
  write_right(600);
  replay what;
  what.entries_max = 300;
  std::uint64_t seen = 0;
  for (auto part = run(what);; part = run(what)) {
    seen += part.decisions;
    if (part.next == part.end)
      break;
    BOOST_TEST(part.next == what.first + 300);
    what.first = part.next;
  }
  BOOST_TEST(seen == 600u);
}

BOOST_AUTO_TEST_CASE(meets_a_number_of_decisions_exactly) {
  write_right(600);
  replay what;
  what.decisions_max = 500;
  auto got = run(what);
  BOOST_TEST(got.decisions == 500u);
  BOOST_TEST(got.next == 500u);
  what.decisions_max = 256; // at the end of a block
  BOOST_TEST(run(what).next == 256u);
}

BOOST_AUTO_TEST_CASE(answers_when_its_time_is_up) {
  write_right(600);
  took = std::chrono::milliseconds{10};
  with.step_max = std::chrono::seconds{1};
  auto got = run();
  BOOST_TEST(got.decisions == 100u);
  BOOST_TEST(got.next == 100u);
}

BOOST_AUTO_TEST_CASE(an_answer_has_bounded_examples) {
  std::vector<ledger::pending> all;
  for (int i = 0; i < 20; ++i)
    all.push_back(
        decision("no", domain::verdict::allow, std::string(100'000, 'x')));
  write(std::move(all));
  replay what;
  what.examples_max = 5;
  auto got = run(what);
  BOOST_TEST(got.changed == 20u);
  BOOST_REQUIRE(got.differences.size() == 5u);
  BOOST_TEST(got.differences[0].text_before.size() == shown_bytes_max + 3);
}

BOOST_AUTO_TEST_CASE(a_range_that_is_none_is_refused) {
  write_right(1);
  replay what;
  what.first = 3;
  what.last = 2;
  auto got = must(state::open(with)).run(what);
  BOOST_TEST((code_of(got.error()) == ec::invalid_argument));
  what.last = 10; // beyond the log there is nothing
  BOOST_TEST(run(what).decisions == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(candidates, fixture)

BOOST_AUTO_TEST_CASE(a_module_s_package_is_found_behind_comments) {
  BOOST_TEST(package_of("package a.b\n") == "a.b");
  BOOST_TEST(package_of("# no\n\n  package\ta.b # c\nx := 1") == "a.b");
  BOOST_TEST(package_of("package a[\"b\"]; x := 1") == "a.b");
  BOOST_TEST(package_of("packages.a") == "");
  BOOST_TEST(package_of("import data.x") == "");
  BOOST_TEST(package_of("") == "");
}

BOOST_AUTO_TEST_CASE(stand_in_for_the_policies_of_their_package) {
  policies.state.policies["q"].text =
      std::make_shared<const std::string>("package q\ny := 1\n");
  timeline times{with.state_at, {}};
  auto before = must(times.at(1));
  BOOST_TEST(before->state().policies.size() == 2u);
  BOOST_REQUIRE(!times.use({{"new.rego", "package p\nallow := false\n"}}));
  auto after = must(times.at(1));
  BOOST_TEST(after->state().policies.size() == 2u);
  BOOST_TEST(!after->state().policies.contains("p.rego"));
  BOOST_TEST(after->state().policies.contains("candidate/new.rego"));
  BOOST_REQUIRE(!times.use({}));
  BOOST_TEST((must(times.at(1))->policy_digest() == before->policy_digest()));
}

BOOST_AUTO_TEST_CASE(that_are_no_policies_are_refused) {
  write_right(1);
  replay what;
  what.candidate = {{"a", "x := 1"}};
  auto core = must(state::open(with));
  BOOST_TEST((code_of(core.run(what).error()) == ec::invalid_argument));
  what.candidate = {{"a", "package p\nx :="}};
  BOOST_TEST((code_of(core.run(what).error()) == ec::policy_invalid));
  what.candidate = {};
  BOOST_TEST(must(core.run(what)).same == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

/// The actor over a log of three decisions, the second of which comes out
/// otherwise.
struct acting : test::actor_fixture {
  acting() {
    log.write({log.decision("yes", domain::verdict::allow, "true"),
               log.decision("no", domain::verdict::allow, "true"),
               log.decision("yes", domain::verdict::allow, "true")});
  }
  ~acting() {
    self->send_exit(who, caf::exit_reason::user_shutdown);
    run();
  }

  void start() { who = spawn_bounded(system, 2, replayer::replayer, log.with); }

  fixture log;
  replayer_actor who;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(replayer_itself, acting)

BOOST_AUTO_TEST_CASE(answers_and_goes_on_after_a_request_that_is_none) {
  start();
  BOOST_TEST(must(ask<replayed>(who, replay{})).changed == 1u);
  replay wrong;
  wrong.first = 2;
  wrong.last = 1;
  auto refused = ask<replayed>(who, wrong);
  BOOST_TEST((code_of(refused.error()) == ec::invalid_argument));
  BOOST_TEST(must(ask<replayed>(who, replay{})).same == 2u);
}

BOOST_AUTO_TEST_CASE(begins_anew_with_each_request) {
  start();
  replay first;
  first.entries_max = 1;
  BOOST_TEST(must(ask<replayed>(who, first)).next == 1u);
  BOOST_TEST(must(ask<replayed>(who, first)).next == 1u);
}

BOOST_AUTO_TEST_CASE(refuses_what_is_beyond_its_mailbox_at_once) {
  start();
  auto one = begin<replayed>(who, replay{});
  auto two = begin<replayed>(who, replay{});
  auto three = begin<replayed>(who, replay{});
  run();
  BOOST_TEST((code_of((*three)->error()) == ec::overloaded));
  BOOST_TEST(must(**one).decisions == 3u);
  BOOST_TEST(must(**two).decisions == 3u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
