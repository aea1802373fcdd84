// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/control/apply.hpp"
#include "runtime/base/json.hpp"
#include "runtime/crypto/sha256.hpp"
#include "runtime/wire/control_state.hpp"
#include "tests/support/control_fixture.hpp"
#include "tests/support/must.hpp"

#include <rego/build.hpp>

BOOST_AUTO_TEST_SUITE(control_preparing_test)

using namespace acgs;
using namespace std::chrono_literals;
using kind = domain::command_kind;
using test::good;
using test::must;

namespace {

constexpr std::string_view other = "package a\n\nallow := false\n";

/// One bundle, which goes by its name.
struct shelf {
  rego::bundle::file_list files{
      {".manifest", R"({"revision":"1","roots":["authz","roles"]})"},
      {"authz/main.rego", "package authz.main\np := 1"},
      {"roles/data.json", R"({"admin":["bob"]})"}};
  std::string archive = *rego::bundle::pack(files);
  std::string digest = to_hex(crypto::sha256_of(as_byte_view(archive)));

  control::bundle_source source() const {
    return [this](std::string_view) -> result<control::bundle_ptr> {
      return std::make_shared<const rego::bundle::content>(
          *rego::bundle::read(files));
    };
  }
};

std::string constitution_body() {
  json::object body;
  body.emplace("main.rego", json::value{"package acgs.main\n\nd := 1\n"});
  return json::to_text(json::value{body});
}

std::string constitution_name() {
  std::map<std::string, domain::policy_module> modules;
  modules["main.rego"].text =
      std::make_shared<const std::string>("package acgs.main\n\nd := 1\n");
  return to_hex(digest_of_modules(modules));
}

struct core_fixture {
  core_fixture() { BOOST_REQUIRE(!core.resume(control::initial_state())); }

  void carry_out(kind what, std::string_view name, std::string_view body = {}) {
    core.commit(must(test::stage(core, test::alices_command(what, name, body),
                                 wall_time{1s}, bundles.source())));
  }

  result<control::prepared> prepare(kind what, std::string_view name,
                                    std::string_view body = {},
                                    std::uint64_t expected = 0) {
    return control::prepare(core.basis(),
                            test::alices_command(what, name, body, expected),
                            wall_time{2s}, {}, bundles.source());
  }

  /// Prepares a command, lets others overtake it, and stages it.
  void overtake(kind what, std::string_view name, std::string_view body = {}) {
    BOOST_TEST_CONTEXT(to_string_view(what)) {
      auto made = must(prepare(what, name, body));
      carry_out(kind::set_log_level, "", "debug");
      carry_out(kind::set_lockdown, core.head()->lockdown.on ? "off" : "on");
      BOOST_REQUIRE(core.holds(made));
      auto staged = must(core.stage(made, wall_time{3s}));
      auto timed = *made.command;
      timed.time_nanos = to_nanos(wall_time{3s});
      auto plain = must(control::apply(*core.head(), timed, bundles.source()));
      BOOST_TEST((wire::encode_control_state(*staged.state)
                  == wire::encode_control_state(*plain)));
      BOOST_TEST((staged.command->time_nanos == timed.time_nanos));
      auto built = must(snapshot::build(plain, {}, nullptr));
      BOOST_TEST((staged.compiled->data_digest() == built->data_digest()));
      BOOST_TEST((staged.compiled->policy_digest() == built->policy_digest()));
      BOOST_TEST(staged.compiled->lockdown() == built->lockdown());
      BOOST_TEST((staged.compiled->policies() == made.compiled->policies()));
      core.commit(staged);
    }
  }

  shelf bundles;
  control::state core{{}};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(state, core_fixture)

BOOST_AUTO_TEST_CASE(what_was_overtaken_leads_to_what_it_leads_to_in_order) {
  overtake(kind::put_policy, "a", good);
  overtake(kind::put_policy, "b", "package b\n\nallow := true\n");
  overtake(kind::put_policy, "a", other);
  overtake(kind::put_data, "x", R"({"y":[1,2]})");
  overtake(kind::patch_data, "x", R"([{"op":"remove","path":"/y/0"}])");
  overtake(kind::set_constitution, constitution_name(), constitution_body());
  overtake(kind::put_candidate, "next",
           R"({"share":0.5,"modules":{"a":"package a\n\nallow := 7\n"}})");
  overtake(kind::put_policy, "c", "package c\n\np := 1\n");
  overtake(kind::drop_candidate, "next");
  overtake(kind::put_bundle, "authz",
           R"({"digest":")" + bundles.digest
               + R"(","signed_by":"","bytes":9})");
  overtake(kind::activate_bundle, "authz",
           R"({"digests":[")" + bundles.digest + R"("]})");
  overtake(kind::activate_bundle, "authz", R"({"digests":[]})");
  overtake(kind::delete_data, "x");
  overtake(kind::delete_policy, "b");
}

BOOST_AUTO_TEST_CASE(content_that_changed_since_asks_for_a_new_preparation) {
  auto made = must(prepare(kind::put_policy, "a", good));
  carry_out(kind::put_data, "x", "1");
  BOOST_TEST(!core.holds(made));
  BOOST_TEST(core.holds(must(prepare(kind::put_policy, "a", good))));
}

BOOST_AUTO_TEST_CASE(commands_that_overtook_count_as_revisions) {
  carry_out(kind::set_lockdown, "on");
  auto made = must(prepare(kind::put_policy, "a", good, 1));
  carry_out(kind::set_lockdown, "off");
  auto staged = core.stage(made, wall_time{});
  BOOST_REQUIRE(!staged);
  BOOST_TEST((code_of(staged.error()) == ec::conflict));
}

BOOST_AUTO_TEST_CASE(a_policy_that_takes_too_much_work_is_refused) {
  // Many bodies, each with a head of its own, of very many arguments.
  std::string text = "package a\n\nf(x0";
  for (int i = 1; i < 8000; ++i)
    text += ",x" + std::to_string(i);
  text += ") if { 1 }\n";
  for (int i = 0; i < 8000; ++i)
    text += "{ 1 }\n";
  auto refused = prepare(kind::put_policy, "a", text);
  BOOST_REQUIRE(!refused);
  BOOST_TEST((code_of(refused.error()) == ec::policy_invalid));
  BOOST_TEST(sentence_of(refused.error()).find("takes more work")
             != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_mode_neither_compiles_nor_reads_data) {
  carry_out(kind::put_policy, "a", good);
  carry_out(kind::put_data, "x", R"([1,2,3])");
  auto list = [&] {
    rego::arena scratch;
    auto found = rego::lookup(core.head_compiled()->data()->root(),
                              rego::make_string(scratch, "x"));
    return found.items().data();
  };
  auto before = core.head_compiled();
  auto read = list();
  carry_out(kind::set_strict_mode, "on");
  BOOST_TEST((core.head_compiled()->policies() == before->policies()));
  BOOST_TEST((core.head_compiled()->data() != before->data()));
  before.reset();
  BOOST_TEST(list() == read);
}

BOOST_AUTO_TEST_CASE(a_candidate_that_fits_no_more_is_not_tried_at_each_mode) {
  carry_out(kind::put_policy, "b", "package b\n\nf(x) := x\n");
  carry_out(kind::put_candidate, "next",
            R"({"share":1,"modules":{"a":"package a\n\np := data.b.f(1)\n"}})");
  BOOST_TEST(core.head_compiled()->trial() != nullptr);
  carry_out(kind::delete_policy, "b");
  BOOST_TEST(core.head_compiled()->trial() == nullptr);
  auto why = core.head_compiled()->trial_problem();
  BOOST_TEST(why != "");
  carry_out(kind::set_lockdown, "on");
  BOOST_TEST(core.head_compiled()->trial_problem() == why);
  carry_out(kind::put_policy, "b", "package b\n\nf(x) := x\n");
  BOOST_TEST(core.head_compiled()->trial() != nullptr);
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

struct held_fixture : test::control_fixture {
  held_fixture() { make_preparer = worker.maker(); }

  pending<control::applied> send(const control_actor& to, kind what,
                                 std::string_view name,
                                 std::string_view body = {},
                                 std::uint64_t expected = 0) {
    auto out = begin<control::applied>(
        to, test::alices_command(what, name, body, expected));
    run();
    return out;
  }

  void release() {
    worker.release();
    run();
  }

  static std::uint64_t revision_of(const pending<control::applied>& answer) {
    BOOST_REQUIRE(answer->has_value());
    return must(**answer).revision;
  }

  static ec code_of_answer(const pending<control::applied>& answer) {
    BOOST_REQUIRE(answer->has_value());
    BOOST_REQUIRE(!**answer);
    return code_of((**answer).error());
  }

  test::held_preparer worker;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(actor, held_fixture)

BOOST_AUTO_TEST_CASE(a_lockdown_overtakes_a_compile) {
  auto control = start();
  auto put = send(control, kind::put_policy, "a", good);
  auto lock = send(control, kind::set_lockdown, "on");
  auto revoke = send(control, kind::put_user, "bob", R"({"role":"agent"})");
  auto probed = must(ask<probe_result>(control, probe{}));
  BOOST_TEST((probed.status == health_status::healthy));
  BOOST_TEST(probed.facts.find("\"preparing\":1") != std::string::npos);
  BOOST_TEST(!put->has_value());
  BOOST_TEST(revision_of(lock) == 1u);
  BOOST_TEST(revision_of(revoke) == 2u);
  BOOST_TEST(must(present(control)).state->lockdown.on);
  release();
  BOOST_TEST(revision_of(put) == 3u);
  auto now = must(present(control));
  BOOST_TEST(now.state->policies.at("a").revision == 3u);
  BOOST_TEST(now.compiled->lockdown());
  stop(control);
  // And the history leads to the same.
  control = start();
  BOOST_TEST((wire::encode_control_state(*must(present(control)).state)
              == wire::encode_control_state(*now.state)));
  stop(control);
}

BOOST_AUTO_TEST_CASE(changes_of_content_keep_their_order) {
  auto control = start();
  auto first = send(control, kind::put_policy, "a", good);
  auto second = send(control, kind::put_policy, "a", other);
  auto third = send(control, kind::delete_policy, "a");
  BOOST_TEST(worker.held.size() == 1u);
  release();
  BOOST_TEST(revision_of(first) == 1u);
  release();
  BOOST_TEST(revision_of(second) == 2u);
  BOOST_TEST(*must(present(control)).state->policies.at("a").text == other);
  release();
  BOOST_TEST(revision_of(third) == 3u);
  BOOST_TEST(must(present(control)).state->policies.empty());
  BOOST_TEST(worker.made == 1u);
  stop(control);
}

BOOST_AUTO_TEST_CASE(a_refusal_lets_the_next_one_go_on) {
  auto control = start();
  auto bad = send(control, kind::put_policy, "a", "package");
  auto fine = send(control, kind::put_policy, "a", good);
  release();
  BOOST_TEST((code_of_answer(bad) == ec::policy_invalid));
  release();
  BOOST_TEST(revision_of(fine) == 1u);
  stop(control);
}

BOOST_AUTO_TEST_CASE(a_worker_that_fails_costs_one_command) {
  auto control = start();
  worker.fails = true;
  auto lost = send(control, kind::put_policy, "a", good);
  BOOST_TEST((code_of_answer(lost) == ec::internal));
  auto fine = send(control, kind::put_policy, "a", good);
  release();
  BOOST_TEST(revision_of(fine) == 1u);
  BOOST_TEST(worker.made == 2u);
  stop(control);
}

BOOST_AUTO_TEST_CASE(who_waits_for_the_worker_learns_that_control_ended) {
  auto control = start();
  auto lost = send(control, kind::put_policy, "a", good);
  auto next = send(control, kind::put_policy, "b", good);
  stop(control);
  BOOST_TEST((code_of_answer(lost) == ec::unavailable));
  BOOST_TEST((code_of_answer(next) == ec::unavailable));
  // What comes of it then reaches nobody.
  release();
  control = start();
  BOOST_TEST(must(present(control)).state->revision == 0u);
  stop(control);
}

BOOST_AUTO_TEST_CASE(what_is_prepared_when_the_node_ends_is_not_carried_out) {
  auto control = start();
  auto put = send(control, kind::put_policy, "a", good);
  auto next = send(control, kind::put_policy, "b", good);
  ending = true;
  BOOST_TEST((code_of_answer(send(control, kind::set_lockdown, "on"))
              == ec::unavailable));
  release();
  BOOST_TEST((code_of_answer(put) == ec::unavailable));
  release();
  BOOST_TEST((code_of_answer(next) == ec::unavailable));
  stop(control);
  ending = false;
  control = start();
  BOOST_TEST(must(present(control)).state->revision == 0u);
  stop(control);
}

BOOST_AUTO_TEST_CASE(many_that_wait_for_the_worker_refuse_no_lockdown) {
  auto control = start();
  std::vector<pending<control::applied>> answers;
  for (int i = 0; i < 5; ++i)
    answers.push_back(send(control, kind::put_policy, "a", good));
  BOOST_TEST((code_of_answer(answers.back()) == ec::overloaded));
  BOOST_TEST(revision_of(send(control, kind::set_lockdown, "on")) == 1u);
  for (std::size_t i = 0; i < 4; ++i) {
    release();
    BOOST_TEST(revision_of(answers[i]) == i + 2);
  }
  stop(control);
}

BOOST_AUTO_TEST_CASE(one_that_the_ledger_stops_meanwhile_is_refused) {
  auto control = start();
  auto put = send(control, kind::put_policy, "a", good);
  ledger.what->refusal = make_error(ec::store_full, "the disk is full");
  auto lock = send(control, kind::set_lockdown, "on");
  BOOST_TEST((code_of_answer(lock) == ec::unavailable));
  release();
  BOOST_TEST((code_of_answer(put) == ec::unavailable));
  ledger.what->refusal = {};
  advance(250ms);
  auto again = send(control, kind::put_policy, "a", good);
  release();
  BOOST_TEST(revision_of(again) == 2u);
  stop(control);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
