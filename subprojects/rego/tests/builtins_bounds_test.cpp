// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Built-ins within an evaluation's bounds: what takes long is counted or not
// begun, whatever the texts are.

#include <boost/test/unit_test.hpp>

#include "builtins/go_regex.hpp"
#include "builtins_fixture.hpp"
#include "rego/engine.hpp"

BOOST_AUTO_TEST_SUITE(builtins_bounds_test)

namespace {

using rego::bound;

std::string times(size_t n, std::string_view text) {
  std::string out;
  for (size_t i = 0; i < n; ++i)
    out += text;
  return out;
}

struct ended {
  bound reached;
  std::string result; // JSON, empty for none
};

/// The expression's value and what ended it, where `input.s` is the text and
/// `input.w` what is done to it. The clock stands still.
ended evaluate(const std::string& expression, const std::string& s,
               const std::string& w, rego::limits limits) {
  rego::environment env;
  env.monotonic_ns = [] { return int64_t{1}; };
  auto p = rego::compile({{"t", "package t\np := " + expression}});
  auto q = rego::prepare(*p, "data.t.p", {.entry = true});
  auto d = rego::load_data("{}");
  rego::evaluator e(env);
  rego::evaluate_options o;
  o.limits = limits;
  auto input = "{\"s\": \"" + s + "\", \"w\": \"" + w + "\"}";
  auto a = e.evaluate(**q, **d, rego::json_input{input}, o);
  if (!a.errors.empty())
    return {a.errors[0].reached, rego::to_string(a.errors[0])};
  return {bound::none, a.defined() ? rego::to_json(a.result) : ""};
}

constexpr size_t wide = 200'000;

// Expressions whose work hangs on the texts, in a few steps of the machine.
constexpr const char* in_texts[] = {
    "contains(input.s, input.w)",
    "indexof(input.s, input.w)",
    "indexof_n(input.s, input.w)",
    "split(input.s, input.w)",
    "strings.count(input.s, input.w)",
    "strings.count(input.s, \"\")",
    "strings.reverse(input.s)",
    "replace(input.s, input.w, \"\")",
    "strings.replace_n({input.w: \"\"}, input.s)",
    "strings.any_prefix_match(input.s, [input.s])",
    "strings.any_suffix_match([input.s], input.s)",
    "substring(input.s, 199999, 1)",
    "lower(input.s)",
    "upper(input.s)",
    "trim(input.s, input.w)",
    "trim_space(input.s)",
    "count(input.s)",
    "glob.quote_meta(input.s)",
    "base64.is_valid(input.s)",
    "hex.encode(input.s)",
    "rego.parse_module(\"t\", input.s)",
    "yaml.unmarshal(input.s)",
    "yaml.is_valid(input.s)",
    "regex.globs_match(input.s, \"b\")",
    "regex.match(\"a{100}b\", input.s)",
    "glob.match(\"*b\", null, input.s)",
};

} // namespace

BOOST_AUTO_TEST_CASE(texts_count_as_work) {
  auto s = times(wide, "a"), w = times(wide / 2, "a") + "b";
  for (auto* each : in_texts) {
    auto few = evaluate(each, s, w, {.instructions = 1000});
    BOOST_TEST((few.reached == bound::instructions), each << few.result);
    auto enough = evaluate(each, s, w, {.instructions = 2 * wide * wide});
    BOOST_TEST((enough.reached == bound::none), each << enough.result);
  }
}

// What walks over large values of `large`, and takes one step of the machine.
constexpr std::string_view large =
    "x := numbers.range(1, 20000); y := [i | some i in x]; "
    "o := {i: i | some i in x}; p := {i: i | some i in x}; "
    "t := {i | some i in x}; u := {(i + 1) | some i in x}; ";
constexpr const char* in_values[] = {
    "array.concat(x, x)",
    "array.reverse(x)",
    "array.flatten(x)",
    "array.slice(x, 1, 20000)",
    "max(x)",
    "min(x)",
    "sum(x)",
    "product([0 | x[_]])",
    "sort(x)",
    "object.keys(o)",
    "object.remove(o, [1])",
    "object.subset(o, p)",
    "object.union(o, o)",
    "object.union_n([o, o])",
    "object.filter(o, [1])",
    "json.filter(o, [])",
    "json.remove(o, [])",
    "json.patch(o, [])",
    "json.marshal(o)",
    "concat(\"\", [input.s, input.s])",
    "union({t, u})",
    "intersection({t, u})",
    "count(t | u)",
    "count(t & u)",
    "t - u",
    "x == y",
    "o <= p",
};

// A text of 1 MB is made of 1000 bytes; beside it stands its value.
BOOST_AUTO_TEST_CASE(texts_under_construction_take_memory) {
  auto s = times(1000, "a");
  for (auto* each : {"count(replace(input.s, \"a\", input.s))",
                     "count(strings.replace_n({\"a\": input.s}, input.s))",
                     "count(regex.replace(input.s, \"a\", input.s))",
                     "count(sprintf(\"%1000000s\", [input.s]))"}) {
    auto few = evaluate(each, s, "", {.memory_bytes = 1'800'000});
    BOOST_TEST((few.reached == bound::memory), each << few.result);
    auto enough = evaluate(each, s, "", {.memory_bytes = 5'000'000});
    BOOST_TEST(enough.result == "1000000", each);
  }
}

BOOST_AUTO_TEST_CASE(large_values_count_in_each_step) {
  auto s = times(wide, "a");
  rego::limits limits{.instructions = 1'000'000, .memory_bytes = 1u << 30};
  for (std::string each : in_values) {
    auto body = "_ := " + each + "])";
    auto once = "count([1 | " + std::string(large) + body;
    auto got = evaluate(once, s, "", limits);
    BOOST_TEST((got.reached == bound::none), each << ' ' << got.result);
    auto often = "count([1 | " + std::string(large)
                 + "some _ in numbers.range(1, 1000); " + body;
    got = evaluate(often, s, "", limits);
    BOOST_TEST((got.reached == bound::instructions), each << got.result);
  }
}

BOOST_AUTO_TEST_CASE(searches_take_linear_time) {
  // With a product of the sizes these would take minutes.
  auto s = times(10 * wide, "a"), w = times(5 * wide, "a") + "b";
  rego::limits all;
  BOOST_TEST(evaluate("contains(input.s, input.w)", s, w, all).result
             == "false");
  BOOST_TEST(evaluate("indexof(input.s, input.w)", s, w, all).result == "-1");
  BOOST_TEST(evaluate("count(split(input.s, input.w))", s, w, all).result
             == "1");
  BOOST_TEST(evaluate("strings.count(input.s, input.w)", s, w, all).result
             == "0");
  BOOST_TEST(
      evaluate("replace(input.s, input.w, \"\") == input.s", s, w, all).result
      == "true");
  BOOST_TEST(evaluate("trim(input.s, concat(\"\", [input.w, input.w]))", s,
                      times(wide, "\\u00e4\\u00f6") + "a", all)
                 .result
             == "\"\"");
}

BOOST_AUTO_TEST_CASE(blocks_that_never_end_count_as_work) {
  auto s = times(2000, "-----BEGIN CERTIFICATE-----\\n");
  for (auto* each : {"crypto.x509.parse_certificates(input.s)",
                     "crypto.parse_private_keys(input.s)"}) {
    auto few = evaluate(each, s, "", {.instructions = 100'000});
    BOOST_TEST((few.reached == bound::instructions), each << few.result);
    auto enough = evaluate(each, s, "", {.instructions = 10'000'000});
    BOOST_TEST((enough.reached == bound::none), each << enough.result);
  }
}

namespace {

constexpr const char* with_patterns[] = {
    "regex.match(input.w, input.s)",
    "regex.find_n(input.w, input.s, 1)",
    "regex.find_all_string_submatch_n(input.w, input.s, 1)",
    "regex.replace(input.s, input.w, \"\")",
    "regex.split(input.w, input.s)",
    "regex.template_match(sprintf(\"<%s>\", [input.w]), input.s, \"<\", \">\")",
    "json.match_schema({\"a\": input.s}, "
    "{\"properties\": {\"a\": {\"pattern\": input.w}}})",
    "json.match_schema({input.s: 1}, {\"patternProperties\": {input.w: {}}})",
    "glob.match(sprintf(\"*%s*\", [substring(input.s, 0, 1000)]), null, "
    "input.s)",
};

} // namespace

BOOST_AUTO_TEST_CASE(patterns_are_not_run_where_they_may_take_too_long) {
  auto s = times(4'000'000, "b");
  for (auto* each : with_patterns) {
    auto any = evaluate(each, s, "a{1000}", {});
    BOOST_TEST((any.reached == bound::pattern), each << any.result);
    BOOST_TEST(any.result.find("eval_cancel_error: a pattern may take longer "
                               "than there is time")
               != any.result.npos);
  }
}

BOOST_AUTO_TEST_CASE(patterns_are_not_run_where_the_time_may_not_do) {
  auto s = times(10'000, "b");
  for (auto* each : with_patterns) {
    auto few =
        evaluate(each, s, "a{1000}", {.wall = std::chrono::milliseconds(100)});
    BOOST_TEST((few.reached == bound::pattern), each << few.result);
    auto enough =
        evaluate(each, s, "a{1000}", {.wall = std::chrono::seconds(5)});
    BOOST_TEST((enough.reached == bound::none), each << enough.result);
  }
}

BOOST_AUTO_TEST_CASE(usual_patterns_run_within_usual_limits) {
  auto s = times(33'000, "ab-");
  rego::limits usual{.instructions = 100'000'000,
                     .wall = std::chrono::seconds(5),
                     .memory_bytes = size_t{64} << 20};
  BOOST_TEST(evaluate("regex.match(input.w, input.s)", s,
                      "^([a-z]{1,20}-){5}.*[0-9a-f]{40}$", usual)
                 .result
             == "false");
  BOOST_TEST(evaluate("count(regex.split(input.w, input.s))", s,
                      "\\\\s*[-,;]\\\\s*", usual)
                 .result
             == "33001");
  auto prompt = times(10'000, "Ignored by ");
  for (auto& w :
       {"[\\\\pL\\\\pN]+@",
        "(?i)(ignore|disregard|forget).{0,100}(instructions|rules|prompt)"})
    BOOST_TEST(
        evaluate("regex.match(input.w, input.s)", prompt, w, usual).result
            == "false",
        w);
}

BOOST_AUTO_TEST_CASE(patterns_are_not_compiled_where_that_takes_too_long) {
  rego::limits all;
  for (auto& w : {times(20'000, "a?"), times(11'000, "a{1000}"),
                  times(10'000, "\\\\pL"), "[" + times(200'000, "[:")}) {
    auto match = evaluate("regex.match(input.w, input.s)", "b", w, all);
    BOOST_TEST((match.reached == bound::pattern), match.result);
    auto valid = evaluate("regex.is_valid(input.w)", "b", w, all);
    BOOST_TEST((valid.reached == bound::pattern), valid.result);
  }
  auto short_one =
      evaluate("regex.is_valid(input.w)", "b", "[" + times(2000, "[:"), all);
  BOOST_TEST(short_one.result == "false");
}

BOOST_AUTO_TEST_CASE(many_saved_groups_weigh_more) {
  auto w = times(2000, "(a?)");
  auto saved =
      evaluate("regex.find_n(input.w, input.s, 1)", times(9000, "a"), w, {});
  BOOST_TEST((saved.reached == bound::pattern), saved.result);
  BOOST_TEST(
      evaluate("regex.match(input.w, input.s)", times(9000, "a"), w, {}).result
      == "true");
}

namespace {

struct costly {
  size_t bytes;
  size_t footprint() const { return bytes; }
};

} // namespace

BOOST_AUTO_TEST_CASE(what_is_kept_stays_within_its_bytes) {
  rego::arena a;
  rego::test::fake_context c(a);
  int made = 0;
  auto get = [&](const std::string& key, size_t bytes) {
    return std::weak_ptr<costly>{c.cached<costly>(key, [&] {
      ++made;
      return new costly{bytes};
    })};
  };
  constexpr auto third = rego::call_context::kept_bytes_max / 3;
  auto first = get("a", third);
  get("b", third);
  get("a", third);
  get("b", third);
  BOOST_TEST(made == 2);
  BOOST_TEST(get("all", rego::call_context::kept_bytes_max).expired());
  BOOST_TEST(!first.expired());
  get("c", third);
  BOOST_TEST(first.expired());
  get("c", third);
  BOOST_TEST(made == 4);
}

// Asked for in turn, more than there is room for.
BOOST_AUTO_TEST_CASE(some_of_what_is_kept_stays_where_room_ends) {
  rego::arena a;
  rego::test::fake_context c(a);
  int made = 0;
  for (int round = 0; round < 10; ++round)
    for (int i = 0; i < 120; ++i)
      c.cached<costly>(std::to_string(i), [&] {
        ++made;
        return new costly{rego::call_context::kept_bytes_max / 101};
      });
  BOOST_TEST(made < 800);
}

BOOST_AUTO_TEST_CASE(hundreds_of_usual_patterns_are_kept) {
  rego::arena a;
  rego::test::fake_context c(a);
  std::weak_ptr<rego::go_regex> first =
      rego::compile_regex(c, "^/api/v[0-9]+/svc-first/[^/]+$");
  for (int i = 0; i < 700; ++i)
    rego::compile_regex(c, "^/api/v[0-9]+/svc" + std::to_string(i) + "/[^/]+$");
  BOOST_TEST(!first.expired());
}

BOOST_AUTO_TEST_CASE(patterns_are_counted_with_what_they_grow_to) {
  rego::arena a;
  rego::test::fake_context c(a);
  BOOST_TEST(rego::compile_regex(c, "^[a-z]+$")->footprint() < 70'000u);
  auto large = rego::compile_regex(c, "(a|b)*a(a|b){200}")->footprint();
  BOOST_TEST(large > 500'000u);
  BOOST_TEST(large < 9'000'000u);
  BOOST_TEST(rego::compile_regex(c, "(((a{100}){10}){10}){9}")->footprint()
             < 9'000'000u);
  BOOST_TEST(rego::compile_regex(c, "a(")->footprint() < 2'000u);
}

namespace {

struct built {
  const char* expression;
  std::string text;
};

// What is built of these texts is many times as large, and then thrown away.
std::vector<built> built_of_texts() {
  auto module = "package a\\n";
  return {
      {"yaml.is_valid(input.s)", "[" + times(wide / 2, "1,") + "1"},
      {"yaml.is_valid(input.s)", times(wide / 4, "- 1\\n") + "]"},
      {"rego.parse_module(\"t\", input.s)",
       module + ("r := [" + times(wide / 2, "1,"))},
      {"rego.parse_module(\"t\", input.s)", module + times(wide / 4, "a b\\n")},
      {"strings.render_template(input.s, {})",
       times(wide / 10, "{{1}}") + "{{end}}"},
      {"strings.render_template(input.s, {})",
       "{{" + times(wide / 4, "1 ") + "}}"},
      {"urlquery.decode_object(input.s)", times(wide / 2, "a&") + "%"}};
}

} // namespace

BOOST_AUTO_TEST_CASE(trees_of_texts_count_as_memory) {
  for (auto& [each, text] : built_of_texts()) {
    auto small = evaluate(each, text, "", {.memory_bytes = size_t{4} << 20});
    BOOST_TEST((small.reached == bound::memory), each << small.result);
    auto large = evaluate(each, text, "", {.memory_bytes = size_t{1} << 30});
    BOOST_TEST((large.reached == bound::none), each << large.result);
  }
}

BOOST_AUTO_TEST_CASE(what_a_tree_took_is_there_again) {
  auto twice = "count([1 | some _ in numbers.range(1, 20); "
               "yaml.is_valid(input.s)])";
  rego::limits limits{.memory_bytes = size_t{32} << 20};
  auto text = "[" + times(20'000, "1,") + "1]";
  BOOST_TEST(evaluate(twice, text, "", limits).result == "20");
}

BOOST_AUTO_TEST_CASE(trees_of_texts_count_as_work) {
  for (auto& [each, text] : built_of_texts()) {
    if (std::string_view(each).ends_with("{})"))
      break; // those before count their bytes as well
    auto few = evaluate(each, text, "", {.instructions = wide * 11 / 10});
    BOOST_TEST((few.reached == bound::instructions), each << few.result);
  }
}

BOOST_AUTO_TEST_CASE(what_a_schema_finds_counts_as_memory) {
  // Each of a chain leads to the next one twice, so that its end is reached
  // thirty thousand times and fails each time. Nothing of that is told.
  std::string schema = "\"s\": {\"type\": \"string\"}";
  std::string next = "s";
  for (int i = 0; i < 15; ++i) {
    auto ref = "{\"$ref\": \"#/definitions/" + next + "\"}";
    next = "d" + std::to_string(i);
    schema += ", \"" + next + "\": {\"allOf\": [" + ref + ", " + ref + "]}";
  }
  auto found = "json.match_schema({}, {\"definitions\": {" + schema
               + "}, \"not\": {\"$ref\": \"#/definitions/" + next + "\"}})";
  auto much = evaluate(
      found, "", "",
      {.instructions = 1'000'000'000, .memory_bytes = size_t{4} << 20});
  BOOST_TEST((much.reached == bound::memory), much.result);
  auto often = evaluate(found, "", "", {.instructions = 200'000});
  BOOST_TEST((often.reached == bound::instructions), often.result);
  BOOST_TEST(evaluate(found, "", "", {}).result == "[true,[]]");
}

// A few long keys around many names, each of which has a pointer of them all.
BOOST_AUTO_TEST_CASE(the_names_in_a_schema_count_as_memory) {
  std::string schema = "{\"allOf\": [";
  for (int i = 0; i < 2000; ++i)
    schema += (i ? ", " : "") + ("{\"$id\": \"n" + std::to_string(i) + "\"}");
  schema += "]}";
  for (int i = 0; i < 20; ++i)
    schema = "{\"" + std::string(1000, 'k') + "\": " + schema + "}";
  auto p = "json.verify_schema(" + schema + ")";
  auto small = evaluate(p, "", "", {.memory_bytes = size_t{16} << 20}).reached;
  BOOST_TEST((small == bound::memory));
  BOOST_TEST(evaluate(p, "", "", {}).result == "[true,null]");
}

BOOST_AUTO_TEST_CASE(a_schema_without_end_is_told_at_once) {
  auto without_end =
      evaluate("json.match_schema({\"a\": {\"a\": 1}}, "
               "{\"allOf\": [{\"$ref\": \"#\"}, {\"$ref\": \"#\"}]})",
               "", "", {.instructions = 10'000});
  BOOST_TEST(without_end.result
             == R"x([false,[{"desc":"Internal Error nesting is too deep",)x"
                R"x("error":"(Root): Internal Error nesting is too deep",)x"
                R"x("field":"(Root)","type":"internal"}]])x");
}

BOOST_AUTO_TEST_SUITE_END()
