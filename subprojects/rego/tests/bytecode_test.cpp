// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Policies as bytes: what is loaded answers as what was written, and no bytes
// do more harm than a policy may.

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "bytecode_fixture.hpp"
#include "differential_cases.hpp"
#include "support.hpp"

BOOST_AUTO_TEST_SUITE(bytecode_test)

namespace {

namespace fs = std::filesystem;

rego::policy_ptr compiled(const std::string& module) {
  auto p = rego::compile({{"test.rego", module}});
  BOOST_REQUIRE_MESSAGE(p, (p ? "" : support::show(p.error_list())));
  return *p;
}

std::string written(const std::string& module,
                    const std::vector<std::string>& entries = {"data.test.p"}) {
  auto bytes = rego::write_bytecode(compiled(module), entries);
  BOOST_REQUIRE_MESSAGE(bytes,
                        (bytes ? "" : support::show(bytes.error_list())));
  return *bytes;
}

rego::evaluate_options small_bounds() {
  rego::evaluate_options o;
  o.limits.instructions = 20000;
  o.limits.memory_bytes = size_t{4} << 20;
  o.limits.depth = 50;
  return o;
}

std::string answer(const rego::prepared& q, const std::string& input = "null",
                   const std::string& data = "{}",
                   const rego::evaluate_options& o = {}) {
  static rego::evaluator e;
  auto d = rego::load_data(data);
  auto a = e.evaluate(q, **d, rego::json_input{input}, o);
  if (!a.errors.empty())
    return rego::to_string(a.errors[0]);
  return a.defined() ? rego::to_json(a.result) : "undefined";
}

std::string refusal(std::string_view bytes) {
  auto p = rego::load_bytecode(bytes);
  return p ? "loaded"
           : p.error_list()[0].code + ": " + p.error_list()[0].message;
}

// The same from the text and from bytes.
void same_both_ways(const std::string& module,
                    const std::string& input = "null",
                    const std::string& data = "{}") {
  auto p = compiled(module);
  auto q = rego::prepare(p, "data.test.p", {.entry = true});
  auto loaded = support::through_bytes(p, "data.test.p");
  BOOST_REQUIRE(q && loaded);
  BOOST_TEST(answer(**q, input, data) == answer(**loaded, input, data), module);
}

std::string text_of(const fs::path& path) {
  std::ifstream in(path);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

} // namespace

BOOST_AUTO_TEST_CASE(answers_as_the_policy_does) {
  same_both_ways("package test\np := {x | some x in input.l; x > 1}",
                 R"({"l": [1, 2, 3]})");
  same_both_ways("package test\np contains x if some x in data.l", "null",
                 R"({"l": [3, 1]})");
  same_both_ways("package test\np[x] := y if some x, y in input",
                 R"({"a": 1, "b": [2]})");
  same_both_ways("package test\ndefault p := 7\np := input.x if input.x > 1");
  same_both_ways(
      "package test\np := f(2)\nf(x) := x * 1.5\nf(x) := 3 if x == 9");
  same_both_ways(
      "package test\np := x if x := q with input.a as 2\nq := input.a + 1");
  same_both_ways("package test\np := 1e400 + 123456789012345678901234567890");
  same_both_ways(R"(package test
p := [{"\u00e9": set()}, {1, 2.5, "x", null}, [[]], {"k": {"l": true}}])");
  same_both_ways("package test\np := x if x := concat(\",\", [\"a\", \"b\"])"
                 " with concat as g\ng(_, b) := count(b)");
  same_both_ways("package test\np := data.q\n", "null", R"({"q": [1]})");
  same_both_ways("package test\np := 1\np := 2");
  same_both_ways("package test\np := $\"{input.a} and {1}\"", R"({"a": 2})");
}

// The index, joins, keys of partial rules and what comprehensions keep.
BOOST_AUTO_TEST_CASE(answers_as_random_policies_do) {
  size_t loaded = 0;
  for (uint32_t seed = 1; seed <= 300; ++seed) {
    auto c = differential::make_case(seed);
    auto p = rego::compile({{"t", c.module}});
    if (!p)
      continue;
    auto q = rego::prepare(*p, "data.test.p", {.entry = true});
    auto other = support::through_bytes(*p, "data.test.p");
    BOOST_REQUIRE_MESSAGE(other, c.module);
    ++loaded;
    BOOST_TEST(answer(**q, c.input, c.data) == answer(**other, c.input, c.data),
               c.module);
  }
  BOOST_TEST(loaded > 200u);
}

BOOST_AUTO_TEST_CASE(takes_whole_folders_of_policies) {
  std::vector<rego::module_source> modules;
  std::vector<fs::path> folders{fs::path(REGO_TESTS) / "policies",
                                fs::path(REGO_TESTS)
                                    / "../../../config/constitution"};
  for (auto& folder : folders)
    if (fs::exists(folder))
      for (auto& f : fs::recursive_directory_iterator(folder))
        if (f.path().extension() == ".rego")
          modules.push_back({f.path().string(), text_of(f.path())});
  BOOST_REQUIRE(!modules.empty());
  auto p = rego::compile(modules);
  BOOST_REQUIRE(p);
  for (auto& name : (*p)->packages()) {
    auto q = rego::prepare(*p, name, {.entry = true});
    auto other = support::through_bytes(*p, name);
    BOOST_REQUIRE(other);
    BOOST_TEST(answer(**q) == answer(**other), name);
  }
}

BOOST_AUTO_TEST_CASE(finds_entry_points_by_either_name) {
  auto b = rego::load_bytecode(
      written("package a.b\np := 1\nq := 2", {"a/b/p", "data.a.b"}));
  BOOST_REQUIRE(b);
  BOOST_REQUIRE(b->query("data.a.b.p"));
  BOOST_TEST(answer(*b->query("a/b/p")) == "1");
  BOOST_TEST(answer(*b->query("a/b")) == R"({"p":1,"q":2})");
  BOOST_TEST(!b->query("data.a.b.q"));
  BOOST_TEST(rego::entry_path("a/b-c/d") == R"(data.a["b-c"].d)");
  BOOST_TEST(b->query("data.a.b.p")->expressions()[0].text == "data.a.b.p");
}

BOOST_AUTO_TEST_CASE(keeps_what_errors_are_told_with) {
  auto b = rego::load_bytecode(written("package test\n\np := 1\np := input.x"));
  BOOST_REQUIRE(b);
  BOOST_TEST(answer(*b->entries[0].query, R"({"x": 2})")
             == "test.rego:4: eval_conflict_error: complete rules must not "
                "produce multiple outputs");
}

BOOST_AUTO_TEST_CASE(outlives_the_policy) {
  rego::prepared_ptr q;
  {
    auto b = rego::load_bytecode(written("package test\np := \"kept\""));
    q = b->query("test/p");
  }
  BOOST_TEST(answer(*q) == R"("kept")");
}

BOOST_AUTO_TEST_CASE(finds_data_that_a_rule_would_hide) {
  auto b = rego::load_bytecode(written("package test\np := 1"));
  auto hidden = rego::load_data(R"({"test": {"p": 2}})");
  auto other = rego::load_data(R"({"test": {"q": 2}})");
  BOOST_TEST(support::show(rego::path_conflicts(*b, (*hidden)->root()))
             == "rego_compile_error: conflicting rule for data path test/p "
                "found");
  BOOST_TEST(rego::path_conflicts(*b, (*other)->root()).empty());
}

BOOST_AUTO_TEST_CASE(refuses_to_write_what_would_not_serve) {
  auto p = compiled("package test\np := 1\nf(x) := x");
  auto why = [](const rego::policy_ptr& policy,
                const std::vector<std::string>& entries) {
    auto b = rego::write_bytecode(policy, entries);
    return b ? "written" : support::show(b.error_list());
  };
  BOOST_TEST(why(p, {"data.test.nope"})
             == "rego_compile_error: entry point 'data.test.nope' is no rule "
                "and no package; expected one, such as "
                "data.acgs.main.decision");
  BOOST_TEST(why(p, {"test/f"}).find("undefined ref: data.test.f")
             != std::string::npos);
  BOOST_TEST(why(p, {}).find("no entry point") != std::string::npos);
  auto traced =
      rego::compile({{"t", "package test\np := 1"}}, {.instrument = true});
  BOOST_TEST(why(*traced, {"test/p"}).find("compiled with `instrument`")
             != std::string::npos);
}

BOOST_AUTO_TEST_CASE(says_where_bytes_are_wrong) {
  auto bytes = written("package test\np := count(input.l)");
  BOOST_TEST(refusal("")
             == "bytecode_error: byte 0: this is no bytecode; "
                "expected the text REGOCODE");
  BOOST_TEST(refusal("package test") == refusal(""));
  auto changed = bytes;
  changed[8] = 9;
  BOOST_TEST(refusal(changed)
             == "bytecode_error: byte 8: the form has version "
                "9; expected 5: build it with this engine");
  changed = bytes;
  changed[changed.find("count")] = 'k';
  BOOST_TEST(refusal(changed)
             == "bytecode_error: byte 16: built-in 'kount' is not known; "
                "expected one of this engine");
  // One that takes another number of operands.
  changed = bytes;
  changed.replace(changed.find("count"), 5, "minus");
  BOOST_TEST(refusal(changed).find("(builtin_call) "
                                   "gives minus 1 operands; expected 2")
             != std::string::npos);
  BOOST_TEST(refusal(bytes + "x").find("1 bytes are left")
             != std::string::npos);
  changed = bytes;
  changed[12] = changed[13] = '\xff';
  BOOST_TEST(
      refusal(changed).find("byte 12: a list has 65535 parts of at least "
                            "4 bytes; ")
      != std::string::npos);
  changed = bytes;
  changed[changed.find("test.rego")] = '\xff';
  BOOST_TEST(refusal(changed).find("a text is not UTF-8") != std::string::npos);
}

namespace {

// Loads bytes and asks what loaded, within bounds; did it load?
bool survives(const std::string& bytes) {
  auto b = rego::load_bytecode(bytes);
  if (!b) {
    BOOST_REQUIRE(b.error_list()[0].code == "bytecode_error");
    return false;
  }
  for (auto& e : b->entries)
    answer(*e.query, R"({"l": [1, "a", {"id": 1}]})", R"({"l": [{"id": 1}]})",
           small_bounds());
  return true;
}

// Something of everything, and small.
const std::string various = R"(package test
p contains x if { some x in input.l; y := data.l[_]; y.id == x }
p contains "a" if { input.k == "a" }
p contains "b" if { startswith(input.k, "b") }
p contains f(z) if { z := [1, q][_] with input.k as {"c"} }
f(x) := count([e | some e in input.l; e != x])
default q := {1.5, null}
q := {k: v | some k, v in input.l} if not input.k
r.s[t] := 1 if some t in input.l
)";

} // namespace

BOOST_AUTO_TEST_CASE(survives_being_cut_anywhere) {
  auto bytes = written(various);
  BOOST_REQUIRE(survives(bytes));
  size_t loaded = 0;
  for (size_t n = 0; n < bytes.size(); ++n)
    loaded += survives(bytes.substr(0, n));
  BOOST_TEST(loaded == 0u);
}

BOOST_AUTO_TEST_CASE(survives_any_byte_changed) {
  auto bytes = written(various, {"data.test"});
  size_t loaded = 0;
  for (size_t n = 0; n < bytes.size(); ++n)
    for (int change : {0x01, 0x80, 0xff}) {
      auto changed = bytes;
      changed[n] = static_cast<char>(changed[n] ^ change);
      loaded += survives(changed);
    }
  // Some only change a constant or a position.
  BOOST_TEST(loaded > 0u);
}

BOOST_AUTO_TEST_SUITE_END()
