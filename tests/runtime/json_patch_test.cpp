// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/base/json_patch.hpp"

#include <boost/test/unit_test.hpp>

#include <random>

BOOST_AUTO_TEST_SUITE(json_patch_test)

using namespace acgs;

namespace {

json::value must(std::string_view text) {
  auto read = json::parse(text);
  BOOST_REQUIRE_MESSAGE(read, text);
  return *read;
}

std::string shown(const result<json::value>& got) {
  if (got)
    return json::to_text(*got);
  return std::string{to_string_view(code_of(got.error()))};
}

/// The document after the patch, or the name of the error.
std::string patched(std::string_view document, std::string_view operations,
                    const json::path& below = {}) {
  auto before = must(document);
  auto text = json::to_text(before);
  auto out = json::patch(before, below, must(operations), {});
  BOOST_TEST(json::to_text(before) == text);
  if (out)
    BOOST_TEST(out->bytes() == json::to_text(*out).size());
  return shown(out);
}

std::string put(std::string_view document, std::string_view at,
                std::string_view what) {
  auto way = json::parse_data_path(at);
  BOOST_REQUIRE(way);
  return shown(json::put(must(document), *way, must(what), {}));
}

std::string removed(std::string_view document, std::string_view at) {
  auto way = json::parse_data_path(at);
  BOOST_REQUIRE(way);
  return shown(json::remove(must(document), *way));
}

} // namespace

BOOST_AUTO_TEST_SUITE(pointers)

// The examples of RFC 6901, section 5.
BOOST_AUTO_TEST_CASE(finds_what_rfc_6901_says) {
  auto document = must(R"({"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,
                           "g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8})");
  auto at = [&](std::string_view pointer) {
    auto way = json::parse_pointer(pointer);
    BOOST_REQUIRE(way);
    auto found = json::find(document, *way);
    return found ? json::to_text(**found) : "missing";
  };
  BOOST_TEST(at("") == json::to_text(document));
  BOOST_TEST(at("/foo") == R"(["bar","baz"])");
  BOOST_TEST(at("/foo/0") == "\"bar\"");
  BOOST_TEST(at("/") == "0");
  BOOST_TEST(at("/a~1b") == "1");
  BOOST_TEST(at("/c%d") == "2");
  BOOST_TEST(at("/e^f") == "3");
  BOOST_TEST(at("/g|h") == "4");
  BOOST_TEST(at("/i\\j") == "5");
  BOOST_TEST(at("/k\"l") == "6");
  BOOST_TEST(at("/ ") == "7");
  BOOST_TEST(at("/m~0n") == "8");
  BOOST_TEST(at("/foo/2") == "missing");
  BOOST_TEST(at("/foo/00") == "missing");
  BOOST_TEST(at("/foo/-") == "missing");
  BOOST_TEST(at("/foo/0/x") == "missing");
}

BOOST_AUTO_TEST_CASE(refuses_malformed_pointers) {
  BOOST_TEST(!json::parse_pointer("a"));
  BOOST_TEST(!json::parse_pointer("/~"));
  BOOST_TEST(!json::parse_pointer("/~2"));
  BOOST_TEST(!json::parse_pointer("/~/0"));
  std::string long_one;
  for (int i = 0; i < 65; ++i)
    long_one += "/a";
  auto deep = json::parse_pointer(long_one);
  BOOST_REQUIRE(!deep);
  BOOST_TEST((code_of(deep.error()) == ec::too_large));
}

BOOST_AUTO_TEST_CASE(a_data_path_has_no_empty_steps) {
  BOOST_TEST(json::parse_data_path("")->empty());
  BOOST_TEST(json::parse_data_path("a/b~1c")->at(1) == "b/c");
  BOOST_TEST(json::to_data_path(json::path{"a", "b/c~1"}) == "a/b~1c~01");
  BOOST_TEST(json::to_data_path({}) == "");
  BOOST_TEST(!json::parse_data_path("a//b"));
  BOOST_TEST(!json::parse_data_path("/a"));
  BOOST_TEST(!json::parse_data_path("a/"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(patches)

// The examples of RFC 6902, appendix A.
BOOST_AUTO_TEST_CASE(follows_the_examples_of_rfc_6902) {
  BOOST_TEST(patched(R"({"foo":"bar"})",
                     R"([{"op":"add","path":"/baz","value":"qux"}])")
             == R"({"baz":"qux","foo":"bar"})");
  BOOST_TEST(patched(R"({"foo":["bar","baz"]})",
                     R"([{"op":"add","path":"/foo/1","value":"qux"}])")
             == R"({"foo":["bar","qux","baz"]})");
  BOOST_TEST(patched(R"({"baz":"qux","foo":"bar"})",
                     R"([{"op":"remove","path":"/baz"}])")
             == R"({"foo":"bar"})");
  BOOST_TEST(patched(R"({"foo":["bar","qux","baz"]})",
                     R"([{"op":"remove","path":"/foo/1"}])")
             == R"({"foo":["bar","baz"]})");
  BOOST_TEST(patched(R"({"baz":"qux","foo":"bar"})",
                     R"([{"op":"replace","path":"/baz","value":"boo"}])")
             == R"({"baz":"boo","foo":"bar"})");
  BOOST_TEST(
      patched(R"({"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"x"}})",
              R"([{"op":"move","from":"/foo/waldo","path":"/qux/thud"}])")
      == R"({"foo":{"bar":"baz"},"qux":{"corge":"x","thud":"fred"}})");
  BOOST_TEST(patched(R"({"foo":["all","grass","cows","eat"]})",
                     R"([{"op":"move","from":"/foo/1","path":"/foo/3"}])")
             == R"({"foo":["all","cows","eat","grass"]})");
  BOOST_TEST(patched(R"({"baz":"qux","foo":["a",2,"c"]})",
                     R"([{"op":"test","path":"/baz","value":"qux"},
                         {"op":"test","path":"/foo/1","value":2}])")
             == R"({"baz":"qux","foo":["a",2,"c"]})");
  BOOST_TEST(patched(R"({"baz":"qux"})",
                     R"([{"op":"test","path":"/baz","value":"bar"}])")
             == "conflict");
  BOOST_TEST(patched(R"({"foo":"bar"})",
                     R"([{"op":"add","path":"/child","value":{"g":{}}}])")
             == R"({"child":{"g":{}},"foo":"bar"})");
  BOOST_TEST(patched(R"({"foo":"bar"})",
                     R"([{"op":"add","path":"/baz","value":"qux","xyz":1}])")
             == R"({"baz":"qux","foo":"bar"})");
  BOOST_TEST(patched(R"({"foo":"bar"})",
                     R"([{"op":"add","path":"/baz/bat","value":"qux"}])")
             == "not_found");
  BOOST_TEST(patched(R"({"/":9,"~1":10})",
                     R"([{"op":"test","path":"/~01","value":10}])")
             == R"({"/":9,"~1":10})");
  BOOST_TEST(patched(R"({"/":9,"~1":10})",
                     R"([{"op":"test","path":"/~01","value":"10"}])")
             == "conflict");
  BOOST_TEST(patched(R"({"foo":["bar"]})",
                     R"([{"op":"add","path":"/foo/-","value":["abc"]}])")
             == R"({"foo":["bar",["abc"]]})");
}

BOOST_AUTO_TEST_CASE(copies_and_moves_over_what_exists) {
  BOOST_TEST(patched(R"({"a":{"b":1},"c":2})",
                     R"([{"op":"copy","from":"/a","path":"/c"},
                         {"op":"add","path":"/a/b","value":3}])")
             == R"({"a":{"b":3},"c":{"b":1}})");
  BOOST_TEST(
      patched(R"({"a":[1]})", R"([{"op":"copy","from":"/a","path":"/a/0"}])")
      == R"({"a":[[1],1]})");
  BOOST_TEST(patched(R"({"a":1})", R"([{"op":"move","from":"/a","path":"/a"}])")
             == R"({"a":1})");
  BOOST_TEST(patched(R"({"a":1})", R"([{"op":"move","from":"/b","path":"/b"}])")
             == "not_found");
  BOOST_TEST(patched(R"({"a":{"b":1}})",
                     R"([{"op":"move","from":"/a","path":"/a/b"}])")
             == "invalid_argument");
  BOOST_TEST(patched(R"({"a":{"b":1}})",
                     R"([{"op":"move","from":"/a/b","path":"/a"}])")
             == R"({"a":1})");
}

BOOST_AUTO_TEST_CASE(replaces_the_whole_document) {
  BOOST_TEST(patched(R"({"a":1})", R"([{"op":"replace","path":"","value":{}}])")
             == "{}");
  BOOST_TEST(patched(R"({"a":1})", R"([{"op":"add","path":"","value":[1]}])")
             == "[1]");
  BOOST_TEST(patched(R"({"a":1})", R"([{"op":"remove","path":""}])") == "null");
}

BOOST_AUTO_TEST_CASE(works_below_a_path) {
  BOOST_TEST(patched(R"({"a":{"b":[]}})",
                     R"([{"op":"add","path":"/-","value":1},
                         {"op":"copy","from":"/0","path":"/-"}])",
                     {"a", "b"})
             == R"({"a":{"b":[1,1]}})");
  BOOST_TEST(patched(R"({"a":{}})", R"([{"op":"add","path":"","value":1}])",
                     {"a", "b"})
             == R"({"a":{"b":1}})");
  BOOST_TEST(patched(R"({})", R"([{"op":"add","path":"/b","value":1}])", {"a"})
             == "not_found");
}

BOOST_AUTO_TEST_CASE(a_patch_that_fails_names_the_operation) {
  auto out =
      json::patch(must("{}"), {}, must(R"([{"op":"add","path":"/a","value":1},
                                  {"op":"remove","path":"/b"}])"),
                  {});
  BOOST_REQUIRE(!out);
  BOOST_TEST(sentence_of(out.error())
             == "operation 1 of the patch: there is no member \"b\"");
}

BOOST_AUTO_TEST_CASE(refuses_malformed_operations) {
  for (auto text :
       {R"({})", R"(1)", R"([1])", R"([{}])", R"([{"op":1,"path":""}])",
        R"([{"op":"add","path":"/a"}])", R"([{"op":"add","value":1}])",
        R"([{"op":"add","path":"a","value":1}])",
        R"([{"op":"jump","path":"/a","value":1}])",
        R"([{"op":"Add","path":"/a","value":1}])",
        R"([{"op":"move","path":"/a"}])", R"([{"op":"copy","path":"/a"}])",
        R"([{"op":"test","path":"/a"}])"})
    BOOST_TEST(patched("{\"a\":1}", text) == "invalid_argument");
  for (auto index :
       {"01", "-1", "1.0", "+1", " 1", "99", "3", "", "18446744073709551616"})
    BOOST_TEST(patched("[1,2]", R"([{"op":"replace","path":"/)"
                                    + std::string{index} + R"(","value":1}])")
               == "not_found");
  for (auto index : {"-", "2"}) // there one can only be added
    for (auto op : {"replace", "remove"})
      BOOST_TEST(patched("[1,2]", R"([{"op":")" + std::string{op}
                                      + R"(","path":"/)" + index
                                      + R"(","value":1}])")
                 == "invalid_argument");
  BOOST_TEST(patched("{\"a\":1}", R"([{"op":"add","path":"/a/b","value":1}])")
             == "not_found");
  BOOST_TEST(patched("[1,2]", R"([{"op":"add","path":"/3","value":1}])")
             == "not_found");
}

BOOST_AUTO_TEST_CASE(copying_a_document_into_itself_stays_within_bounds) {
  std::string doubling = "[";
  for (int i = 0; i < 60; ++i)
    doubling += (i ? "," : "") + std::string{R"({"op":"copy","from":"",)"}
                + R"("path":"/k)" + std::to_string(i) + "\"}";
  doubling += "]";
  auto wide = json::patch(must("{\"a\":1}"), {}, must(doubling),
                          {.bytes = 1 << 20, .depth = 64});
  BOOST_TEST(shown(wide) == "too_large");

  // Each copies the document to its own deepest place.
  std::string deep = "[";
  std::string to = "/a";
  for (int i = 0; i < 12; ++i) {
    deep += (i ? "," : "") + std::string{R"({"op":"copy","from":"","path":")"}
            + to + "\"}";
    to += to.size() > 100 ? "" : to;
  }
  deep += "]";
  auto tall = json::patch(must("{\"a\":1}"), {}, must(deep), {});
  BOOST_TEST(shown(tall) == "too_large");
}

BOOST_AUTO_TEST_CASE(refuses_too_many_operations) {
  std::string many = "[";
  for (std::size_t i = 0; i <= json::patch_operations_max; ++i)
    many +=
        (i ? "," : "") + std::string{R"({"op":"test","path":"","value":1})"};
  many += "]";
  BOOST_TEST(patched("1", many) == "too_large");
}

BOOST_AUTO_TEST_CASE(refuses_to_move_too_many_items) {
  constexpr std::size_t items = 100'000;
  json::object members;
  members["a"] = json::value{json::array(items, must("true"))};
  json::value many{std::move(members)};
  json::array wanted;
  auto add = must(R"({"op":"add","path":"/a/0","value":1})");
  for (std::size_t i = 0; i < json::patch_items_max / items; ++i)
    wanted.push_back(add);
  auto refused = json::patch(many, {}, json::value{std::move(wanted)}, {});
  BOOST_REQUIRE(!refused);
  BOOST_TEST((code_of(refused.error()) == ec::too_large));
  // What replaces an item moves none.
  auto set = must(R"({"op":"replace","path":"/a/0","value":1})");
  json::array sets(1000, set);
  auto done = json::patch(many, {}, json::value{std::move(sets)}, {});
  BOOST_TEST(static_cast<bool>(done));
}

BOOST_AUTO_TEST_CASE(random_patches_keep_sizes_right_and_never_crash) {
  std::mt19937 random{3};
  const char* names[] = {"add", "remove", "replace", "move", "copy", "test"};
  const char* paths[] = {"",     "/a",     "/b",     "/a/0",   "/a/-",
                         "/b/c", "/b/c/1", "/a/0/x", "/b/d~1e"};
  auto document = must(R"({"a":[1,{"x":2}],"b":{"c":["p","q"]}})");
  std::size_t done = 0;
  for (int i = 0; i < 20000; ++i) {
    json::object step;
    step.emplace("op", json::value{names[random() % 6]});
    step.emplace("path", json::value{paths[random() % 9]});
    step.emplace("from", json::value{paths[random() % 9]});
    step.emplace("value", random() % 2 ? json::value{std::int64_t{1}}
                                       : json::value{json::object{}});
    auto out =
        json::patch(document, {}, json::value{json::array{json::value{step}}},
                    {.bytes = 2000, .depth = 20});
    if (!out)
      continue;
    ++done;
    document = *out;
    BOOST_REQUIRE(document.bytes() == json::to_text(document).size());
    if (!document.if_object() || random() % 50 == 0)
      document = must(R"({"a":[1,{"x":2}],"b":{"c":["p","q"]}})");
  }
  BOOST_TEST(done > 1000u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(data_api)

BOOST_AUTO_TEST_CASE(put_makes_the_objects_that_lead_there) {
  BOOST_TEST(put("{}", "a/b/c", "1") == R"({"a":{"b":{"c":1}}})");
  BOOST_TEST(put(R"({"a":{"x":0}})", "a/b", "{}") == R"({"a":{"b":{},"x":0}})");
  BOOST_TEST(put(R"({"a":{"x":0}})", "a", "[]") == R"({"a":[]})");
  BOOST_TEST(put(R"({"a":{}})", "a/b~1c/d", "1") == R"({"a":{"b/c":{"d":1}}})");
}

BOOST_AUTO_TEST_CASE(put_at_the_root_takes_only_objects) {
  BOOST_TEST(put(R"({"a":1})", "", R"({"b":2})") == R"({"b":2})");
  BOOST_TEST(put(R"({"a":1})", "", "[1]") == "invalid_argument");
  BOOST_TEST(put(R"({"a":1})", "", "null") == "invalid_argument");
}

BOOST_AUTO_TEST_CASE(put_does_not_lead_through_scalars) {
  BOOST_TEST(put(R"({"a":1})", "a/b", "1") == "conflict");
  BOOST_TEST(put(R"({"a":1})", "a/b/c", "1") == "conflict");
  BOOST_TEST(put(R"({"a":null})", "a/b", "1") == "conflict");
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_not_removed) {
  for (auto* way : {"b", "b/c", "a/2", "a/-", "a/x", "a/0/b"})
    BOOST_TEST(removed(R"({"a":[1,2]})", way) == "not_found", way);
}

BOOST_AUTO_TEST_CASE(put_into_an_array_inserts) {
  BOOST_TEST(put(R"({"a":[1,2]})", "a/1", "9") == R"({"a":[1,9,2]})");
  BOOST_TEST(put(R"({"a":[1,2]})", "a/-", "9") == R"({"a":[1,2,9]})");
  BOOST_TEST(put(R"({"a":[1,2]})", "a/2", "9") == R"({"a":[1,2,9]})");
  for (auto* way : {"a/7", "a/x", "a/01", "a/x/y", "a/7/y", "a/-/y", "a/2/y"})
    BOOST_TEST(put(R"({"a":[1,2]})", way, "9") == "conflict", way);
  BOOST_TEST(put(R"({"a":[{}]})", "a/0/b/c", "9")
             == R"({"a":[{"b":{"c":9}}]})");
  BOOST_TEST(put(R"({"a":[{}]})", "a/1/b", "9") == "conflict");
}

BOOST_AUTO_TEST_CASE(put_is_bounded) {
  auto fits =
      json::put(must(R"({"a":1})"), {"b"}, must("\"123456\""), {.bytes = 20});
  BOOST_TEST(shown(fits) == R"({"a":1,"b":"123456"})");
  auto big =
      json::put(must(R"({"a":1})"), {"b"}, must("\"1234567\""), {.bytes = 20});
  BOOST_TEST(shown(big) == "too_large");
  json::path way(60, "a");
  auto deep = json::put(must("{}"), way, must("[[[[[]]]]]"), {});
  BOOST_TEST(shown(deep) == "too_large");
}

BOOST_AUTO_TEST_CASE(remove_takes_out_what_is_there) {
  BOOST_TEST(removed(R"({"a":{"b":1,"c":2}})", "a/b") == R"({"a":{"c":2}})");
  BOOST_TEST(removed(R"({"a":[1,2]})", "a/0") == R"({"a":[2]})");
  BOOST_TEST(removed(R"({"a":{}})", "a/b") == "not_found");
  BOOST_TEST(removed(R"({"a":1})", "a/b") == "not_found");
  BOOST_TEST(removed(R"({"a":1})", "") == "invalid_argument");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
