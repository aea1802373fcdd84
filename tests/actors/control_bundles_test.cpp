// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/control/control.hpp"
#include "runtime/crypto/sha256.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/commands.hpp"
#include "tests/support/fake_ledger.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/memory_store.hpp"
#include "tests/support/must.hpp"
#include "tests/support/preparing.hpp"

#include <caf/typed_event_based_actor.hpp>

BOOST_AUTO_TEST_SUITE(control_bundles_test)

using namespace acgs;
using kind = domain::command_kind;
using files = rego::bundle::file_list;
using namespace std::chrono_literals;

namespace {

/// Archives by digest, as a store would keep them.
struct shelf : test::commands {
  shelf() {
    bundles = [this](std::string_view digest) -> result<control::bundle_ptr> {
      auto found = kept.find(std::string{digest});
      if (found == kept.end())
        return make_error(ec::not_found, "no such archive");
      auto content = rego::bundle::read(*rego::bundle::unpack(*found->second));
      if (!content)
        return make_error(ec::policy_invalid, content.error_list()[0].message);
      return std::make_shared<const rego::bundle::content>(std::move(*content));
    };
  }

  std::string keep(const files& of) {
    auto archive = *rego::bundle::pack(of);
    auto digest = to_hex(crypto::sha256_of(as_byte_view(archive)));
    kept[digest] = std::make_shared<const std::string>(archive);
    return digest;
  }

  static std::string described(const std::string& digest) {
    return R"({"digest":")" + digest + R"(","signed_by":"","bytes":100})";
  }

  static std::string naming(const std::vector<std::string>& digests) {
    std::string out;
    for (const auto& each : digests)
      out += (out.empty() ? "\"" : ",\"") + each + "\"";
    return "{\"digests\":[" + out + "]}";
  }

  /// Puts an archive and gives its digest.
  std::string put(const std::string& name, const files& of) {
    auto digest = keep(of);
    must(kind::put_bundle, name, described(digest));
    return digest;
  }

  void activate(const std::string& name, const files& of) {
    must(kind::activate_bundle, name, naming({put(name, of)}));
  }

  std::string refusal(const std::string& name, const files& of) {
    return why(kind::activate_bundle, name, naming({put(name, of)}));
  }

  std::map<std::string, domain::shared_text> kept;
};

files authz(const std::string& revision, const std::string& rule = "p := 1") {
  return {{".manifest",
           R"({"revision":")" + revision + R"(","roots":["authz","roles"]})"},
          {"authz/main.rego", "package authz.main\n" + rule},
          {"roles/data.json", R"({"admin":[")" + revision + R"("]})"}};
}

bool mentions(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(applied, shelf)

BOOST_AUTO_TEST_CASE(an_archive_that_is_put_changes_no_policy) {
  auto digest = put("authz", authz("1"));
  const auto& archive = state->archives.at({digest, "authz"});
  BOOST_TEST(archive.bundle_revision == "1");
  BOOST_TEST((archive.roots == std::vector<std::string>{"authz", "roles"}));
  BOOST_TEST(state->bundles.empty());
  BOOST_TEST(state->policies.empty());
  BOOST_TEST(*state->data == "{}");
}

BOOST_AUTO_TEST_CASE(what_its_roots_cover_is_replaced_and_nothing_else) {
  must(kind::put_policy, "mine.rego", "package mine");
  must(kind::put_policy, "old.rego", "package authz.old");
  must(kind::put_data, "", R"({"roles":{"old":1},"mine":2})");
  activate("authz", authz("1"));
  BOOST_TEST(*state->data == R"({"mine":2,"roles":{"admin":["1"]}})");
  BOOST_TEST(state->policies.size() == 2u);
  BOOST_TEST(state->policies.contains("mine.rego"));
  BOOST_TEST(state->policies.at("authz/authz/main.rego").bundle == "authz");
  BOOST_TEST(state->bundles.at("authz").bundle_revision == "1");
  activate("authz", {{".manifest", R"({"revision":"2","roots":["authz"]})"},
                     {"authz/x.rego", "package authz.x"}});
  BOOST_TEST(*state->data == R"({"mine":2})");
  BOOST_TEST(!state->policies.contains("authz/authz/main.rego"));
  BOOST_TEST(state->policies.contains("authz/authz/x.rego"));
}

BOOST_AUTO_TEST_CASE(an_earlier_archive_can_be_gone_back_to) {
  auto first = put("authz", authz("1"));
  must(kind::activate_bundle, "authz", naming({first}));
  auto before = *state->data;
  activate("authz", authz("2"));
  BOOST_TEST(*state->data != before);
  must(kind::activate_bundle, "authz", naming({first}));
  BOOST_TEST(*state->data == before);
  BOOST_TEST(
      (state->bundles.at("authz").digests == std::vector<std::string>{first}));
}

BOOST_AUTO_TEST_CASE(deltas_change_data_and_can_be_chained) {
  auto base = put("authz", authz("1"));
  files change{{".manifest", R"({"revision":"1.1","roots":["roles","authz"]})"},
               {"patch.json", R"({"data":[{"op":"upsert",
                   "path":"roles/admin/-","value":"x"}]})"}};
  auto delta = put("authz", change);
  BOOST_TEST(mentions(why(kind::activate_bundle, "authz", naming({delta})),
                      "needs a snapshot"));
  must(kind::activate_bundle, "authz", naming({base}));
  must(kind::activate_bundle, "authz", naming({delta}));
  BOOST_TEST(*state->data == R"({"roles":{"admin":["1","x"]}})");
  BOOST_TEST(state->bundles.at("authz").bundle_revision == "1.1");
  BOOST_TEST((state->bundles.at("authz").digests
              == std::vector<std::string>{base, delta}));
  activate("authz", authz("2"));
  must(kind::activate_bundle, "authz", naming({base, delta, delta}));
  BOOST_TEST(*state->data == R"({"roles":{"admin":["1","x","x"]}})");
  BOOST_TEST(
      mentions(why(kind::activate_bundle, "authz", naming({delta, base})),
               "only the first may be a snapshot"));
  change[0].bytes = R"({"roots":["roles"]})";
  BOOST_TEST(mentions(refusal("authz", change), "other roots"));
}

BOOST_AUTO_TEST_CASE(roots_of_two_bundles_must_not_overlap) {
  activate("authz", authz("1"));
  BOOST_TEST(
      mentions(refusal("other", {{".manifest", R"({"roots":["authz/main"]})"}}),
               "overlaps the root \"authz\" of bundle \"authz\""));
  BOOST_TEST(mentions(refusal("all", {{"x.rego", "package x"}}), "overlaps"));
  activate("other", {{".manifest", R"({"roots":["other"]})"}});
  BOOST_TEST(state->bundles.size() == 2u);
}

BOOST_AUTO_TEST_CASE(what_is_the_nodes_own_stays) {
  must(kind::put_data, "acgs/agents", R"({"a":1})");
  must(kind::put_data, "x", "1");
  activate("all", {{"x.rego", "package x"}, {"data.json", R"({"y":2})"}});
  BOOST_TEST(*state->data == R"({"acgs":{"agents":{"a":1}},"y":2})");
  must(kind::activate_bundle, "all", naming({}));
  BOOST_TEST(*state->data == R"({"acgs":{"agents":{"a":1}}})");
  BOOST_TEST(mentions(refusal("a", {{"acgs/agents/data.json", "{}"}}),
                      "must be named as a root"));
  BOOST_TEST(mentions(refusal("a", {{"x.rego", "package acgs.main"}}),
                      "must be named as a root"));
  for (auto root : {"acgs", "acgs/mode", "acgs/constitution/x"})
    BOOST_TEST(mentions(
        refusal("a",
                {{".manifest", std::string{R"({"roots":[")"} + root + "\"]}"}}),
        "is the node's own"));
  activate("a", {{".manifest", R"({"roots":["acgs/agents"]})"},
                 {"acgs/agents/data.json", R"({"b":2})"}});
  BOOST_TEST(*state->data == R"({"acgs":{"agents":{"b":2}}})");
}

BOOST_AUTO_TEST_CASE(what_a_bundle_owns_is_changed_by_nothing_else) {
  activate("authz", authz("1"));
  auto refused = [&](kind what, std::string_view name,
                     std::string_view body = {}) {
    return mentions(why(what, name, body), "owned by bundle \"authz\"");
  };
  BOOST_TEST(refused(kind::put_policy, "x.rego", "package authz.x"));
  BOOST_TEST(refused(kind::put_policy, "authz/authz/main.rego", "package x"));
  BOOST_TEST(refused(kind::delete_policy, "authz/authz/main.rego"));
  BOOST_TEST(refused(kind::put_data, "roles/x", "1"));
  BOOST_TEST(refused(kind::put_data, "", "{}"));
  BOOST_TEST(refused(kind::delete_data, "roles"));
  BOOST_TEST(refused(kind::patch_data, "",
                     R"([{"op":"add","path":"/roles/x","value":1}])"));
  BOOST_TEST(refused(kind::patch_data, "",
                     R"([{"op":"move","from":"/roles","path":"/x"}])"));
  must(kind::patch_data, "",
       R"([{"op":"test","path":"/roles/admin/0","value":"1"},
           {"op":"copy","from":"/roles","path":"/x"}])");
  must(kind::put_policy, "x.rego", "package authzx");
  must(kind::put_data, "rolesx", "1");
}

BOOST_AUTO_TEST_CASE(only_its_own_archives_can_be_activated) {
  auto digest = put("authz", authz("1"));
  BOOST_TEST((code(kind::activate_bundle, "other", naming({digest}))
              == ec::not_found));
  BOOST_TEST(
      (code(kind::activate_bundle, "authz", naming({"00"})) == ec::not_found));
  BOOST_TEST(
      (code(kind::activate_bundle, "authz", naming({})) == ec::not_found));
  for (auto bad : {"", "[]", "{}", R"({"digests":[1]})"})
    BOOST_TEST(
        (code(kind::activate_bundle, "authz", bad) == ec::invalid_argument),
        bad);
  BOOST_TEST((code(kind::put_bundle, "a/b", described(digest))
              == ec::invalid_argument));
}

BOOST_AUTO_TEST_CASE(the_oldest_archives_go_and_the_active_one_stays) {
  auto first = put("authz", authz("0"));
  must(kind::activate_bundle, "authz", naming({first}));
  auto second = put("authz", authz("1"));
  for (std::size_t i = 0; i < control::bounds::bundle_versions; ++i)
    put("authz", authz(std::to_string(100 + i)));
  BOOST_TEST(state->archives.contains({first, "authz"}));
  BOOST_TEST(!state->archives.contains({second, "authz"}));
  BOOST_TEST(state->archives.size() == control::bounds::bundle_versions + 1);
}

BOOST_AUTO_TEST_CASE(an_archive_may_be_put_under_several_names) {
  auto digest = put("tarp", authz("1"));
  must(kind::put_bundle, "trap", described(digest));
  BOOST_TEST(state->archives.size() == 2u);
  must(kind::activate_bundle, "trap", naming({digest}));
  BOOST_TEST(state->policies.at("trap/authz/main.rego").bundle == "trap");
  BOOST_TEST(mentions(why(kind::activate_bundle, "tarp", naming({digest})),
                      R"(overlaps the root "authz" of bundle "trap")"));
  // Of each name as many as ever are kept, and the active one of the other.
  for (std::size_t i = 0; i < control::bounds::bundle_versions; ++i)
    put("tarp", authz(std::to_string(100 + i)));
  BOOST_TEST(!state->archives.contains({digest, "tarp"}));
  BOOST_TEST(state->archives.contains({digest, "trap"}));
}

BOOST_AUTO_TEST_CASE(policies_of_the_old_rego_stay_so) {
  activate("old", {{".manifest", R"({"roots":["o"],"rego_version":0})"},
                   {"o.rego", "package o\np { true }"}});
  BOOST_TEST(state->policies.at("old/o.rego").v0);
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

struct fixture : test::actor_fixture {
  ~fixture() {
    // A note of its own that is due keeps an actor in the system.
    for (const auto& each : started)
      stop(each);
  }

  control_actor start() {
    control::config cfg;
    cfg.store = std::make_shared<test::memory_environment>(disk);
    cfg.node = "node-1";
    cfg.ledger = actor_ref<ledger_actor>::fixed(ledger.handle);
    cfg.registry = &registry;
    cfg.time = &clock;
    cfg.bundle_keys = keys;
    cfg.desk = desk;
    cfg.make_preparer = test::prepare_here;
    auto out = system.spawn(control::control, std::move(cfg));
    started.push_back(out);
    run();
    return out;
  }

  void stop(const control_actor& who) {
    caf::anon_send_exit(who, caf::exit_reason::user_shutdown);
    run();
  }

  result<control::applied> carry_out(const control_actor& who, kind what,
                                     std::string_view name,
                                     std::string_view body) {
    domain::command command;
    command.kind = what;
    command.name = name;
    command.body = body;
    return ask<control::applied>(who, wire::command{command});
  }

  /// Lays an archive down and puts it; its digest, or the error's sentence.
  std::string put(const control_actor& who, const files& of,
                  const std::string& name = "authz") {
    auto archive = *rego::bundle::pack(of);
    auto digest = to_hex(crypto::sha256_of(as_byte_view(archive)));
    desk->put(digest, std::make_shared<const std::string>(archive));
    auto done = carry_out(who, kind::put_bundle, name,
                          R"({"digest":")" + digest + "\"}");
    return done ? digest : sentence_of(done.error());
  }

  std::string activate(const control_actor& who, const std::string& digest) {
    auto done =
        carry_out(who, kind::activate_bundle, "authz", shelf::naming({digest}));
    return done ? "done" : sentence_of(done.error());
  }

  control::published present(const control_actor& who) {
    return *ask<control::published>(who, control::get_published{});
  }

  std::vector<control_actor> started;
  test::memory_disk disk;
  test::manual_clock clock;
  acgs::metrics::registry registry;
  test::fake_ledger ledger{system};
  rego::bundle::verification keys;
  std::shared_ptr<domain::archive_desk> desk =
      std::make_shared<domain::archive_desk>();
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(actor, fixture)

BOOST_AUTO_TEST_CASE(a_bundle_is_kept_recorded_and_survives_a_restart) {
  auto control = start();
  auto digest = put(control, authz("1"));
  BOOST_TEST(activate(control, digest) == "done");
  BOOST_REQUIRE(ledger.what->blobs.size() == 1u);
  BOOST_TEST(to_hex(ledger.what->blobs[0].key) == digest);
  auto before = present(control);
  BOOST_TEST(*before.state->data == R"({"roles":{"admin":["1"]}})");
  stop(control);
  control = start();
  auto after = present(control);
  BOOST_TEST(after.state->revision == before.state->revision);
  BOOST_TEST(*after.state->data == *before.state->data);
  BOOST_TEST(
      (after.compiled->policy_digest() == before.compiled->policy_digest()));
  BOOST_TEST(after.state->bundles.at("authz").bundle_revision == "1");
  // The store still has the archive to go back to.
  BOOST_TEST(activate(control, put(control, authz("2"))) == "done");
  BOOST_TEST(activate(control, digest) == "done");
}

BOOST_AUTO_TEST_CASE(what_does_not_compile_leaves_the_active_one) {
  auto control = start();
  BOOST_TEST(activate(control, put(control, authz("1"))) == "done");
  auto bad = put(control, authz("2", "p := q"));
  BOOST_TEST(mentions(activate(control, bad), "q is unsafe"));
  auto now = present(control);
  BOOST_TEST(now.state->bundles.at("authz").bundle_revision == "1");
  BOOST_REQUIRE(now.faults);
  BOOST_TEST(now.faults->at("authz").code == "policy_invalid");
  BOOST_TEST(activate(control, put(control, authz("3"))) == "done");
  BOOST_TEST(present(control).faults->empty());
}

BOOST_AUTO_TEST_CASE(signatures_are_asked_for_by_the_keys_that_are_known) {
  auto open = start();
  auto loose = put(open, authz("1"));
  BOOST_TEST(loose.size() == 64u);
  auto with = authz("2");
  with.push_back({".signatures.json",
                  *rego::bundle::sign(with, {"secret", "HS256", "k"})});
  BOOST_TEST(mentions(put(open, with), "policy.bundle_keys names no key"));
  stop(open);
  keys.keys = {{"k", "secret"}};
  auto strict = start();
  BOOST_TEST(mentions(put(strict, authz("3")), "a signature is asked for"));
  BOOST_TEST(mentions(activate(strict, loose), "a signature is asked for"));
  auto digest = put(strict, with);
  BOOST_TEST(activate(strict, digest) == "done");
  auto state = present(strict).state;
  BOOST_TEST(state->archives.at({digest, "authz"}).signed_by == "k");
  with[1].bytes += "\n";
  BOOST_TEST(mentions(put(strict, with), "its digest is"));
}

BOOST_AUTO_TEST_CASE(a_command_without_its_archive_is_refused) {
  auto control = start();
  auto done =
      carry_out(control, kind::put_bundle, "authz", R"({"digest":"00"})");
  BOOST_TEST((code_of(done.error()) == ec::not_found));
  BOOST_TEST(mentions(put(control, {{"x.rego", "package"}}), "refused"));
}

BOOST_AUTO_TEST_CASE(archives_that_nobody_knows_any_more_go_in_time) {
  auto control = start();
  for (int i = 0; i < 23; ++i)
    BOOST_TEST(put(control, authz(std::to_string(i))).size() == 64u);
  auto kept = [&] { return disk.tables.at(disk.names.at("bundles"))->size(); };
  BOOST_TEST(kept() == 23u);
  // A stored state ends what a start may have to apply again.
  for (int i = 0; i < 256; ++i)
    BOOST_REQUIRE(carry_out(control, kind::put_data, "x", std::to_string(i)));
  BOOST_TEST(kept() == 20u);
  stop(control);
  BOOST_TEST(present(start()).state->archives.size() == 20u);
}

BOOST_AUTO_TEST_CASE(an_archive_stays_as_long_as_one_of_its_names) {
  auto control = start();
  auto digest = put(control, authz("0"), "tarp");
  BOOST_TEST(put(control, authz("0")) == digest);
  for (int i = 1; i <= 20; ++i)
    BOOST_TEST(put(control, authz(std::to_string(i)), "tarp").size() == 64u);
  for (int i = 0; i < 256; ++i)
    BOOST_REQUIRE(carry_out(control, kind::put_data, "x", std::to_string(i)));
  BOOST_TEST(disk.tables.at(disk.names.at("bundles"))->size() == 21u);
  stop(control);
  control = start();
  BOOST_TEST(present(control).state->archives.size() == 21u);
  BOOST_TEST(activate(control, digest) == "done");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
