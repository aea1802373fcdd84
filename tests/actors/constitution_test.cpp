// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// The shipped constitution before the requests that its users documented.
// These lie beside a checkout, in the folder that ACGS_SHARED names or in
// ../shared; without them only the shipped configuration is checked.

#include "actors/evaluator/state.hpp"
#include "actors/node/constitution_check.hpp"
#include "actors/node/constitution_files.hpp"
#include "runtime/base/time_text.hpp"
#include "runtime/config/load.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/scratch.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

BOOST_AUTO_TEST_SUITE(constitution_test)

using namespace acgs;
namespace json = boost::json;

namespace {

const std::filesystem::path root = ACGS_SOURCE_ROOT;

std::string read_all(const std::filesystem::path& file) {
  std::ifstream in{file};
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

domain::control_state shipped() {
  auto texts = node::read_modules(root / "config/constitution");
  BOOST_REQUIRE(bool{texts});
  domain::control_state out;
  out.revision = 1;
  out.data = std::make_shared<const std::string>("{}");
  for (const auto& [path, text] : *texts)
    out.constitution[path].text = std::make_shared<const std::string>(text);
  out.constitution_digest = digest_of_modules(out.constitution);
  return out;
}

constitution_aliases shipped_aliases() {
  auto settings = config::load(root / "config/acgs.yaml", {});
  BOOST_REQUIRE_MESSAGE(bool{settings},
                        (settings ? "" : sentence_of(settings.error())));
  return settings->constitution.aliases;
}

struct fixture {
  fixture() {
    auto built = snapshot::build(
        std::make_shared<const domain::control_state>(shipped()),
        shipped_aliases(), nullptr);
    BOOST_REQUIRE_MESSAGE(bool{built},
                          (built ? "" : sentence_of(built.error())));
    present = *built;
    evaluator::config bounds;
    bounds.time = &time;
    core.emplace(bounds);
    at("2024-01-01T00:00:00Z");
  }

  void at(std::string_view moment) { time.set(*parse_rfc3339(moment)); }

  json::object decide(const json::value& input) {
    domain::decide_request request;
    auto text = json::serialize(input);
    request.path = "acgs/main/decision";
    request.input = text;
    request.caller.subject = "anonymous";
    auto made = core->decide(wire::decide_request{request}, present);
    BOOST_REQUIRE_MESSAGE(made.found->error == ec::none, made.found->message);
    return json::parse(made.found->result).as_object();
  }

  test::manual_clock time;
  snapshot_ptr present;
  std::optional<evaluator::state> core;
};

/// A file of documented requests, or nothing where it is not there.
json::value documented(const std::string& name) {
  auto* named = std::getenv("ACGS_SHARED");
  auto folder = named != nullptr ? std::filesystem::path{named}
                                 : root.parent_path() / "shared";
  auto file = folder / "seeds/inputs" / name;
  if (!std::filesystem::exists(file)) {
    BOOST_TEST_MESSAGE("not there, so not checked: " << file);
    return json::array{};
  }
  return json::parse(read_all(file));
}

/// What the name of a documented request says of its answer.
void check_named(const std::string& name, const json::object& answer) {
  auto allow = answer.at("allow").as_bool();
  auto says = [&](std::string_view word) {
    return name.find(word) != std::string::npos;
  };
  auto path_is = [&](std::string_view path) {
    BOOST_TEST(answer.at("approval_path").as_string() == path, name);
    BOOST_TEST(answer.contains("approval_type"), name);
    BOOST_TEST(answer.at("evolution_score").to_number<double>()
                   == answer.at("compliance_score").to_number<double>(),
               name);
  };
  if (says("blocked") || says("low_compliance"))
    BOOST_TEST(!allow, name);
  else if (says("auto_approval"))
    path_is("auto_approve");
  else if (says("fast_track"))
    path_is("fast_track");
  else if (says("human_review"))
    path_is("human_review");
  else if (says("bulk_access_flagged"))
    BOOST_TEST(json::serialize(answer.at("audit_requirements"))
                   .find("flag_bulk_access")
               != std::string::npos);
  else if (says("conditions_applied"))
    BOOST_TEST(!answer.at("access_conditions").as_array().empty());
  else
    BOOST_TEST(allow, name << ": " << json::serialize(answer.at("reasons")));
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(shipped_constitution, fixture)

BOOST_AUTO_TEST_CASE(the_configuration_names_the_shipped_bundle) {
  BOOST_TEST(present->is_constitution("cdd01ef066bc6cf2"),
             "config/acgs.yaml must alias the digest "
                 << to_hex(present->state().constitution_digest));
  BOOST_TEST(present->is_constitution(present->constitutional_hash()));
}

BOOST_AUTO_TEST_CASE(a_pin_is_held_to_before_a_start) {
  config::constitution_settings with;
  with.directory = root / "config/constitution";
  with.aliases = shipped_aliases();
  auto digest = to_hex(present->state().constitution_digest);
  for (auto& right : {std::string{}, std::string{"cdd01ef066bc6cf2"}, digest,
                      digest.substr(0, 16)}) {
    with.pin = right;
    BOOST_TEST(!node::check_constitution(with), right);
  }
  with.pin = "0123456789abcdef";
  auto wrong = node::check_constitution(with);
  BOOST_TEST((code_of(wrong) == ec::hash_mismatch));
  BOOST_TEST(sentence_of(wrong).starts_with("constitution.pin: '"
                                            "0123456789abcdef'"));
  BOOST_TEST(sentence_of(wrong).find(digest) != std::string::npos);
  with.directory = root / "config/no_constitution";
  wrong = node::check_constitution(with);
  BOOST_TEST((code_of(wrong) == ec::not_found));
  BOOST_TEST(sentence_of(wrong).starts_with("constitution.directory: "));
}

BOOST_AUTO_TEST_CASE(that_does_not_compile_is_found_before_a_start) {
  test::scratch_folder folder;
  config::constitution_settings with;
  with.directory = folder.path();
  for (auto* text : {"package acgs.main\n\nallow if {\n",
                     "package acgs.main\n\nallow := nowhere(1)\n"}) {
    std::ofstream{folder.path() / "main.rego"} << text;
    auto wrong = node::check_constitution(with);
    BOOST_TEST((code_of(wrong) == ec::policy_invalid), text);
    BOOST_TEST(sentence_of(wrong).starts_with("constitution.directory: "));
    BOOST_TEST(sentence_of(wrong).find("main.rego:") != std::string::npos,
               sentence_of(wrong));
  }
}

BOOST_AUTO_TEST_CASE(one_that_lost_what_decides_is_found_before_a_start) {
  test::scratch_folder folder;
  config::constitution_settings with;
  with.directory = folder.path();
  const std::string agents = "data.acgs.main.decision";
  const std::string admins = "data.acgs.admin.allow";
  const auto main = "package acgs.main\n\ndecision := {\"allow\": false}\n";
  const auto admin = "package acgs.admin\n\ndefault allow := false\n";
  auto refused = [&](const std::string& text) {
    test::write_file(folder.path() / "other.rego", text);
    auto wrong = node::check_constitution(with);
    BOOST_TEST((code_of(wrong) == ec::policy_invalid), text);
    auto said = sentence_of(wrong);
    BOOST_TEST(said.starts_with("constitution.directory: '"
                                + folder.path().string() + "'"),
               said);
    return std::pair{said.find(agents) != said.npos,
                     said.find(admins) != said.npos};
  };
  BOOST_TEST((refused("package x\n\np := 1\n") == std::pair{true, true}));
  BOOST_TEST((refused(main) == std::pair{false, true}));
  BOOST_TEST((refused(admin) == std::pair{true, false}));
  // Nothing that asks for these finds a function or a longer name.
  test::write_file(folder.path() / "admin.rego", admin);
  for (auto* other : {"decision(x) := x", "decisions := 1", "p := 1"})
    BOOST_TEST((refused("package acgs.main\n\n" + std::string{other} + "\n")
                == std::pair{true, false}));
  for (auto* whole : {"decision := 1", "decision.allow := false"}) {
    test::write_file(folder.path() / "other.rego",
                     "package acgs.main\n\n" + std::string{whole} + "\n");
    BOOST_TEST(!node::check_constitution(with), whole);
  }
}

BOOST_AUTO_TEST_CASE(a_changed_bundle_loses_the_alias) {
  auto changed = shipped();
  changed.constitution.begin()->second.text =
      std::make_shared<const std::string>("package acgs.other\nx := 1\n");
  changed.constitution_digest = digest_of_modules(changed.constitution);
  changed.constitution.erase("main.rego");
  auto built =
      snapshot::build(std::make_shared<const domain::control_state>(changed),
                      shipped_aliases(), nullptr);
  if (built)
    BOOST_TEST(!(*built)->is_constitution("cdd01ef066bc6cf2"));
  else
    BOOST_TEST((code_of(built.error()) == ec::policy_invalid));
}

BOOST_AUTO_TEST_CASE(answers_every_named_request_as_its_name_says) {
  for (auto* file :
       {"acgs1lite_constitutional.json", "acgs1lite_evolution.json",
        "acgs1lite_data_privacy.json"}) {
    auto all = documented(file);
    for (const auto& each : all.as_array())
      check_named(each.at("test").as_string().c_str(),
                  decide(each.at("input")));
  }
}

BOOST_AUTO_TEST_CASE(answers_every_documented_decision_request) {
  at("2024-12-28T12:00:00Z");
  int requests = 0;
  auto all = documented("acgs1lite_api_examples.json");
  for (const auto& each : all.as_array()) {
    if (each.at("kind") != "Request"
        || each.at("endpoint") != "POST /v1/data/acgs/main/decision")
      continue;
    ++requests;
    auto answer = decide(each.at("body"));
    BOOST_TEST(answer.at("allow").as_bool(),
               json::serialize(answer.at("reasons")));
    BOOST_TEST(answer.contains("evaluation_details"));
    if (answer.contains("approval_type"))
      BOOST_TEST(answer.at("approval_type").as_string() == "auto_approved");
  }
  BOOST_TEST((requests == 0 || requests == 3));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
