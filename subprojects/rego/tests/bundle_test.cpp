// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// What the files of a bundle come to: manifest, policies, data, patches.

#include <boost/test/unit_test.hpp>

#include "bundle_fixture.hpp"
#include "rego/build.hpp"

BOOST_AUTO_TEST_SUITE(bundle_test)

using namespace rego::bundle;
using rego::test::message_of;

namespace {

file manifest_of(std::string text) {
  return {".manifest", std::move(text)};
}

std::string data_of(const file_list& files) {
  auto r = read(files);
  return r ? rego::to_json(r->data->root()) : message_of(r);
}

/// The data after the patch, or why not.
std::string patched(std::string_view data, const std::string& patch) {
  auto r = read({{"patch.json", R"({"data": )" + patch + "}"}});
  if (!r)
    return message_of(r);
  rego::arena a;
  auto out = rego::bundle::apply(a, *rego::parse_json(a, data), r->patch);
  return out ? rego::to_json(*out) : message_of(out);
}

} // namespace

BOOST_AUTO_TEST_CASE(roots_data_at_its_folder) {
  BOOST_TEST(data_of({{"data.json", R"({"a": {"x": 1}, "n": 1.50})"},
                      {"a/b/data.yaml", "- yes\n- 'no'\n- 3\n"},
                      {"c/data.yml", "k: v\n"},
                      {"other.json", "{"},
                      {"readme.md", "\xff"}})
             == R"({"a":{"b":[true,"no",3],"x":1},"c":{"k":"v"},"n":1.50})");
  BOOST_TEST(data_of({}) == "{}");
}

BOOST_AUTO_TEST_CASE(refuses_data_that_contradicts_or_cannot_be_read) {
  BOOST_TEST(data_of({{"data.json", R"({"a": 1})"}, {"a/data.json", "2"}})
             == "another data file has a value at the same place");
  BOOST_TEST(
      data_of({{"data.json", R"({"a": {"b": 1}})"}, {"a/data.yaml", "b: 1"}})
      == "another data file has a value at the same place");
  BOOST_TEST(data_of({{"data.json", "[]"}})
             == "expected an object as the root of data, not array");
  BOOST_TEST(data_of({{"data.json", R"({"a": 1, "a": 2})"}}).find("stands in")
             != std::string::npos);
  BOOST_TEST(data_of({{"data.json", "{\"a\": \"\xff\"}"}}) == "not UTF-8");
  BOOST_TEST(data_of({{".git/data.json", "{}"}})
             == "data below a folder whose name begins with a dot");
}

BOOST_AUTO_TEST_CASE(bounds_aliases_of_yaml) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    auto one = "a" + std::to_string(i), before = "*a" + std::to_string(i - 1);
    text += one + ": &" + one + " [" + before;
    for (int k = 0; k < 9; ++k)
      text += ", " + before;
    text += "]\n";
  }
  BOOST_TEST(message_of(read({{"data.yaml", text}})) != "");
}

BOOST_AUTO_TEST_CASE(names_are_not_given_twice_in_a_request_of_yaml) {
  auto json_of = [](std::string_view text) {
    auto json = rego::bundle::json_of_yaml(text, size_t{1} << 20, 1000);
    return json ? *json : json.error_list()[0].message;
  };
  BOOST_TEST(json_of("a: 1\nb: {a: 2}\n") == R"({"a":1,"b":{"a":2}})");
  BOOST_TEST(json_of("a: 1\nb: 3\na: 2\n")
             == "yaml: unmarshal errors:\n  line 3: mapping key \"a\" already "
                "defined at line 1");
  for (auto* twice : {"[{a: 1, a: 1}]", "{1: a, \"1\": b}", "{1: a, 0x1: b}",
                      "{true: a, yes: b}", "{a: {b: 1, \"b\": 1}}"})
    BOOST_TEST(json_of(twice).find("already defined") != std::string::npos,
               twice);
  // What is merged in stands behind what the map says itself.
  BOOST_TEST(json_of("a: &a {x: 1, z: 1}\nb: {<<: *a, x: 2}\n")
             == R"({"a":{"x":1,"z":1},"b":{"x":2,"z":1}})");
  // As OPA has them, files of data let the last one count.
  BOOST_TEST(data_of({{"data.yaml", "a: 1\na: 2\n"}}) == R"({"a":2})");
}

BOOST_AUTO_TEST_CASE(reads_the_manifest) {
  auto r = read({manifest_of(R"({"revision": "7", "roots": ["/a/", "b/c"],
                   "rego_version": 0, "metadata": {"k": [1]},
                   "file_rego_versions": {"*/new/*": 1}, "wasm": []})"),
                 {"old.rego", "package a\np[1] { true }"},
                 {"x/new/y.rego", "package b.c\np contains 1 if true"},
                 {"a/data.json", "1"}});
  BOOST_REQUIRE_MESSAGE(r, message_of(r));
  BOOST_TEST(r->about.revision == "7");
  BOOST_TEST((r->about.roots == std::vector<std::string>{"a", "b/c"}));
  BOOST_TEST(r->about.metadata == R"({"k":[1]})");
  BOOST_REQUIRE(r->modules.size() == 2u);
  BOOST_TEST(r->modules[0].v0);
  BOOST_TEST(!r->modules[1].v0);
  BOOST_TEST((r->modules[1].package == std::vector<std::string>{"b", "c"}));
  BOOST_TEST(to_text(r->about)
             == R"({"file_rego_versions":{"*/new/*":1},"metadata":{"k":[1]},)"
                R"("rego_version":0,"revision":"7","roots":["a","b/c"]})");
  BOOST_TEST(!r->is_delta);
}

BOOST_AUTO_TEST_CASE(refuses_a_manifest_that_says_what_nobody_would_do) {
  auto said = [](std::string text) {
    return message_of(read({manifest_of(std::move(text))}));
  };
  BOOST_TEST(said("[]") == "expected an object");
  BOOST_TEST(said(R"({"made_by": {"tool": "1"}, "revision": "7"})") == "");
  BOOST_TEST(said(R"({"roots": ["a/b", "x", "a"]})")
             == "overlapping roots 'a/b' and 'a'");
  BOOST_TEST(said(R"({"roots": ["", "a"]})") == "overlapping roots '' and 'a'");
  BOOST_TEST(said(R"({"roots": ["ab", "a"]})") == "");
  BOOST_TEST(said(R"({"roots": ["a//b"]})")
             == "roots: expected paths without empty steps");
  BOOST_TEST(said(R"({"rego_version": 2})")
             == "rego_version: expected 0 or 1, the versions of Rego");
  BOOST_TEST(said(R"({"wasm": [{"entrypoint": "a"}]})")
             == "wasm: expected none: WebAssembly modules are not run here");
  BOOST_TEST(message_of(read({{"a/.manifest", "{}"}}))
             == "expected at the root of the bundle");
}

BOOST_AUTO_TEST_CASE(refuses_what_lies_outside_its_roots) {
  auto about = manifest_of(R"({"roots": ["a/b", "c"]})");
  BOOST_TEST(message_of(read({about, {"x.rego", "package a.b.x"}})) == "");
  BOOST_TEST(message_of(read({about, {"x.rego", "package a.bc"}}))
             == "package data.a.bc is outside the roots of the manifest "
                "('a/b', 'c')");
  BOOST_TEST(message_of(read({about, {"x.rego", "package a[\"b/x\"]"}}))
                 .starts_with("package "));
  BOOST_TEST(data_of({about, {"data.json", R"({"a": {"b": 1}})"}})
             == R"({"a":{"b":1}})");
  BOOST_TEST(data_of({about, {"data.json", R"({"a": {"x": 1}})"}})
             == "data at 'a/x' is outside the roots of the manifest ('a/b', "
                "'c')");
  BOOST_TEST(data_of({about, {"data.json", R"({"a/b": 1})"}})
             == "data at 'a/b' is outside the roots of the manifest ('a/b', "
                "'c')");
  BOOST_TEST(data_of({about, {"a/data.json", "1"}})
             == "data at 'a' is outside the roots of the manifest ('a/b', "
                "'c')");
  BOOST_TEST(data_of({manifest_of(R"({"roots": []})"), {"a/data.json", "1"}})
             == "data at 'a' is outside the roots of the manifest (none)");
}

BOOST_AUTO_TEST_CASE(names_the_policy_that_cannot_be_parsed) {
  auto r = read({{"a/x.rego", "package a\np {"}});
  BOOST_REQUIRE(!r);
  BOOST_TEST(r.error_list()[0].code == "rego_parse_error");
  BOOST_TEST(r.error_list()[0].file == "a/x.rego");
  BOOST_TEST(message_of(read({manifest_of(R"({"file_rego_versions":
                                              {"*.rego": 0, "/a/*": 1}})"),
                              {"a/x.rego", "package a"}}))
             == "file_rego_versions: patterns that contradict one another "
                "match this file");
}

BOOST_AUTO_TEST_CASE(applies_patches_as_the_store_of_opa_does) {
  BOOST_TEST(
      patched(R"({})", R"([{"op": "upsert", "path": "/a/b", "value": [1]}])")
      == R"({"a":{"b":[1]}})");
  BOOST_TEST(patched(R"({"a": [1, 2]})",
                     R"([{"op": "upsert", "path": "a/1", "value": 9},
                         {"op": "upsert", "path": "a/-", "value": 3},
                         {"op": "remove", "path": "a/0"},
                         {"op": "replace", "path": "a/0", "value": {}}])")
             == R"({"a":[{},2,3]})");
  BOOST_TEST(patched(R"({"a": {"b/c": 1, "~1": 2}})",
                     R"([{"op": "remove", "path": "/a/b~1c"},
                         {"op": "upsert", "path": "/a/~01", "value": 3}])")
             == R"({"a":{"~1":3}})");
  BOOST_TEST(patched(R"({"a": 1})",
                     R"([{"op": "replace", "path": "/", "value": {"b": 2}}])")
             == R"({"b":2})");
}

BOOST_AUTO_TEST_CASE(refuses_patches_that_do_not_fit) {
  BOOST_TEST(patched("{}", R"([{"op": "remove", "path": "a"}])")
             == "operation 0, remove: there is no member a");
  BOOST_TEST(
      patched(R"({"a": 1})", R"([{"op": "upsert", "path": "a/b", "value": 1}])")
      == "operation 0, upsert: the path leads through a number");
  BOOST_TEST(patched(R"({"a": [1]})",
                     R"([{"op": "replace", "path": "a/1", "value": 1}])")
             == "operation 0, replace: there is no item 1");
  BOOST_TEST(patched("{}", R"([{"op": "add", "path": "a", "value": 1}])")
             == "operation 0: op: expected upsert, replace or remove");
  BOOST_TEST(patched("{}", R"([{"op": "upsert", "path": "/", "value": 1}])")
             == "operation 0: path: the root can only be replaced, by an "
                "object");
  BOOST_TEST(patched("{}", "[]")
             == "expected {\"data\": [...]} with 1 to 10000 operations");
}

BOOST_AUTO_TEST_CASE(keeps_delta_bundles_to_patches_within_their_roots) {
  file patch{"patch.json",
             R"({"data": [{"op": "upsert", "path": "a/x", "value": 1}]})"};
  BOOST_TEST(message_of(read({patch, {"data.json", R"({"a": 1})"}}))
             == "a delta bundle with policies or data beside its patch");
  BOOST_TEST(message_of(read({patch, {"a.rego", "package a"}}))
             == "a delta bundle with policies or data beside its patch");
  BOOST_TEST(message_of(read({patch, manifest_of(R"({"roots": ["b"]})")}))
             == "operation 0: 'a/x' is outside the roots of the manifest "
                "('b')");
  BOOST_TEST(read({patch, manifest_of(R"({"roots": ["a"]})")})->is_delta);
}

BOOST_AUTO_TEST_CASE(replaces_what_stands_at_the_roots_and_nothing_else) {
  rego::arena a;
  auto data = *rego::parse_json(a, R"({"a": {"b": 1, "c": 2}, "d": 3})");
  auto from = *rego::parse_json(a, R"({"a": {"b": {"n": 1}, "x": 1}})");
  BOOST_TEST(rego::to_json(*replace_roots(a, data, {"a/b", "d"}, from))
             == R"({"a":{"b":{"n":1},"c":2}})");
  BOOST_TEST(rego::to_json(*replace_roots(a, data, {""}, from))
             == rego::to_json(from));
  BOOST_TEST(message_of(replace_roots(a, *rego::parse_json(a, R"({"a": 1})"),
                                      {"a/b"}, from))
             == "root 'a/b': the path leads through a number");
}

BOOST_AUTO_TEST_CASE(refuses_data_that_nests_too_deeply) {
  std::string path = "x";
  for (int i = 0; i < 510; ++i)
    path += "/x";
  std::string text;
  for (int i = 0; i < 500; ++i)
    text += '[';
  text += std::string(500, ']');
  BOOST_TEST(message_of(read({{path + "/data.json", text}}))
             == "data nests too deeply or takes too much memory");
}

BOOST_AUTO_TEST_SUITE_END()
