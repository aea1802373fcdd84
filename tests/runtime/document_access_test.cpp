// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/auth/document_access.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(document_access_test)

using namespace acgs;
using namespace acgs::auth;
using domain::auth_method;
using domain::role;

namespace {

base_documents holding(std::string text) {
  return base_documents{std::make_shared<const std::string>(std::move(text))};
}

const auto attested =
    holding(R"({"acgs":{"agents":{"a":{"trust":1}}},"limits":{"n":3}})");
const std::vector<std::string> open_paths{"**/allow", "shop/*/price"};

domain::identity caller(role as, auth_method by = auth_method::token) {
  return {"somebody", as, "", by, "", "127.0.0.1"};
}

ec asked(std::string_view path, const domain::identity& who) {
  return code_of(authorise_document(who, steps_of(path), attested, open_paths));
}

ec anonymously(std::string_view path) {
  return asked(path, caller(role::agent, auth_method::anonymous));
}

} // namespace

BOOST_AUTO_TEST_SUITE(documents)

BOOST_AUTO_TEST_CASE(of_the_constitution_are_its_decisions_to_most) {
  for (auto* path :
       {"acgs/main/decision", "acgs/main/allow", "/acgs//main/allow/"}) {
    BOOST_TEST((anonymously(path) == ec::none), path);
    BOOST_TEST((asked(path, caller(role::agent)) == ec::none), path);
  }
  for (auto* path :
       {"", "/", "acgs", "acgs/main", "acgs/agents", "acgs/agents/a",
        "acgs/admin/allow", "acgs/safety", "acgs/main/decision/allow",
        "acgs/main/reasons", "//acgs//agents"}) {
    BOOST_TEST((anonymously(path) == ec::unauthenticated), path);
    BOOST_TEST((asked(path, caller(role::agent)) == ec::forbidden), path);
    BOOST_TEST((asked(path, caller(role::viewer)) == ec::none), path);
    BOOST_TEST((asked(path, caller(role::admin)) == ec::none), path);
  }
}

BOOST_AUTO_TEST_CASE(are_known_by_the_spellings_that_people_use) {
  for (auto* path :
       {"acgs/main/decision", "/acgs/main/decision", "acgs//main/decision/",
        "acgs.main.decision", "data.acgs.main.decision"})
    BOOST_TEST(spelled_by_steps(path) == "acgs/main/decision", path);
  for (auto* path : {"", "a", "data", "a/b.c", "data/a", "web-1.example",
                     "a..b", ".a", "1.2", "a.b[0]"})
    BOOST_TEST(spelled_by_steps(path) == path);
  BOOST_TEST(spelled_by_steps("/a.b") == "a.b");
  BOOST_TEST(spelled_by_steps("//") == "");
}

BOOST_AUTO_TEST_CASE(of_users_policies_are_open_to_agents_with_a_credential) {
  auto local = caller(role::agent, auth_method::peer_credentials);
  for (auto* path : {"app", "app/allow", "app/reasons", "a/b/c"}) {
    BOOST_TEST((asked(path, caller(role::agent)) == ec::none), path);
    BOOST_TEST((asked(path, local) == ec::none), path);
  }
}

BOOST_AUTO_TEST_CASE(are_open_to_strangers_where_the_configuration_says_so) {
  for (auto* path : {"app/allow", "a/b/allow", "shop/7/price"})
    BOOST_TEST((anonymously(path) == ec::none), path);
  for (auto* path : {"app", "app/reasons", "app/allow/x", "app/allowed",
                     "shop/price", "shop/7/8/price", "*/x", "**"})
    BOOST_TEST((anonymously(path) == ec::unauthenticated), path);
}

BOOST_AUTO_TEST_CASE(that_hold_data_take_the_right_to_read_it) {
  for (auto* path : {"limits", "limits/n"}) {
    BOOST_TEST((asked(path, caller(role::agent)) == ec::forbidden), path);
    BOOST_TEST((asked(path, caller(role::analyst)) == ec::none), path);
  }
  auto data = holding(R"({"app":{"allow":true}})");
  auto stranger = caller(role::agent, auth_method::anonymous);
  BOOST_TEST(
      (code_of(authorise_document(stranger, {"app", "allow"}, data, open_paths))
       == ec::unauthenticated));
}

BOOST_AUTO_TEST_CASE(are_named_in_a_refusal) {
  auto wrong = authorise_document(caller(role::agent), {"limits"}, attested);
  BOOST_TEST(sentence_of(wrong).find("data/limits") != std::string::npos);
  BOOST_TEST(sentence_of(wrong).find("analyst") != std::string::npos);
  auto stranger = authorise_document(
      caller(role::agent, auth_method::anonymous), {"x"}, attested);
  BOOST_TEST(sentence_of(stranger).find("auth.anonymous_paths")
             != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(paths)

BOOST_AUTO_TEST_CASE(are_read_in_one_spelling) {
  BOOST_TEST(read_path("")->empty());
  BOOST_TEST(read_path("acgs/main/decision")->size() == 3u);
  BOOST_TEST(read_path("data/a b/...")->size() == 3u);
  for (std::string_view path : {"/", "/a", "a/", ".", "a/..", "../x", "\xff"}) {
    auto got = read_path(path);
    BOOST_REQUIRE_MESSAGE(!got, path);
    BOOST_TEST((code_of(got.error()) == ec::invalid_argument), path);
    BOOST_TEST(field_of(got.error()) == "path", path);
  }
  BOOST_TEST(sentence_of(read_path("a//b").error())
                 .starts_with("the path \"a//b\": expected"));
}

BOOST_AUTO_TEST_CASE(hold_slashes_and_tildes_within_a_step_escaped) {
  BOOST_TEST(*read_path("a~1b/c~0d") == (path_steps{"a/b", "c~d"}));
  for (std::string_view path : {"a~b", "a~", "a/~2"})
    BOOST_TEST(sentence_of(read_path(path).error()).find("a tilde in one")
                   != std::string::npos,
               path);
}

BOOST_AUTO_TEST_CASE(with_a_slash_in_a_step_are_other_paths) {
  auto agent = caller(role::agent);
  for (const auto& path :
       {path_steps{"acgs/main", "decision"}, {"acgs", "main/decision"}})
    BOOST_TEST(
        (code_of(authorise_document(caller(role::agent, auth_method::anonymous),
                                    path, attested, open_paths))
         == ec::unauthenticated));
  BOOST_TEST(
      (code_of(authorise_document(agent, {"acgs", "main/decision"}, attested))
       == ec::forbidden));
  auto data = holding(R"({"x/y":{"n":1}})");
  BOOST_TEST((code_of(authorise_document(agent, {"x/y", "n"}, data))
              == ec::forbidden));
  BOOST_TEST(!authorise_document(agent, {"x", "y", "n"}, data));
}

BOOST_AUTO_TEST_CASE(have_a_bounded_number_of_steps_without_zero_bytes) {
  BOOST_TEST(!check_steps(path_steps(64, "a")));
  BOOST_TEST(
      (code_of(check_steps(path_steps(65, "a"))) == ec::invalid_argument));
  BOOST_TEST(!check_steps({"a/b"}));
  for (auto step : {std::string{".."}, std::string{"a\0b", 3}})
    BOOST_TEST((code_of(check_steps({step})) == ec::invalid_argument), step);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(base)

BOOST_AUTO_TEST_CASE(documents_are_found_at_and_below_a_path) {
  auto all =
      holding(R"({"acgs":{"agents":{"a":{"x":[1,{"y":2}]}}},"n":null,"e":{}})");
  BOOST_TEST(all.stand_at({}));
  BOOST_TEST(all.stand_at({"acgs"}));
  BOOST_TEST(all.stand_at({"acgs", "agents", "a", "x", "1", "y"}));
  BOOST_TEST(all.stand_at({"n"}));
  BOOST_TEST(!all.stand_at({"e"}));
  BOOST_TEST(!all.stand_at({"acgs", "main", "decision"}));
  BOOST_TEST(!all.stand_at({"acgs", "agents", "a", "x", "2"}));
  BOOST_TEST(!all.stand_at({"acgs", "agents", "a", "x", "01x"}));
  BOOST_TEST(!all.stand_at({"n", "m"}));
  BOOST_TEST(!base_documents{nullptr}.stand_at({}));
}

BOOST_AUTO_TEST_CASE(documents_that_are_not_known_count_everywhere) {
  BOOST_TEST(base_documents{}.stand_at({"acgs", "main", "decision"}));
  BOOST_TEST(holding("{").stand_at({"a"}));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
