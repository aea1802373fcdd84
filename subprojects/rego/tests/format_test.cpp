// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// The formatter, by samples: folders v0, v1 and v0_to_v1 hold name.rego and
// what becomes of it, name.rego.formatted, or name.rego.error. Ours lie beside
// this file; OPA's where $ACGS_SHARED or ../shared has them.

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "parser/parse.hpp"
#include "rego/format.hpp"

BOOST_AUTO_TEST_SUITE(format_test)

namespace fs = std::filesystem;
using rego::rego_version;

namespace {

std::string read(const fs::path& p) {
  std::ifstream in(p, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The canonical text, or the errors.
std::string formatted(const std::string& name, const std::string& source,
                      const rego::format_options& options = {}) {
  auto out = rego::format(name, source, options);
  return out ? *out : rego::to_string(out.error_list());
}

std::string formatted(const std::string& source) {
  return formatted("test.rego", source);
}

struct kind {
  const char* folder;
  rego::format_options options; // of a sample
  rego::format_options again;   // of its canonical text
};

const kind kinds[] = {
    {"v0",
     {.from = rego_version::v0, .to = rego_version::v0},
     {.from = rego_version::v0, .to = rego_version::v0}},
    {"v1", {}, {}},
    {"v0_to_v1",
     {.from = rego_version::v0, .to = rego_version::v0_v1},
     {.from = rego_version::v1, .to = rego_version::v0_v1}},
};

void check_text(const std::string& name, const std::string& source,
                const std::string& wanted, const rego::format_options& options,
                const rego::format_options& again) {
  BOOST_TEST_CONTEXT(name) {
    auto out = formatted(name, source, options);
    BOOST_TEST(out == wanted);
    BOOST_TEST(
        bool(rego::parse_module(name, out, {again.from == rego_version::v1})));
    BOOST_TEST(formatted(name, out, again) == wanted);
  }
}

void check_errors(const std::string& name, const std::string& source,
                  const std::string& wanted,
                  const rego::format_options& options) {
  BOOST_TEST_CONTEXT(name) {
    auto out = rego::format(name, source, options);
    BOOST_TEST_REQUIRE(!out);
    BOOST_TEST(rego::to_string(out.error_list()) == wanted);
  }
}

// A sample with both a text and an .error has a source that does not parse.
void check_sample(const fs::path& p, const kind& k) {
  auto source = read(p);
  auto name =
      "testfiles/" + std::string(k.folder) + "/" + p.filename().string();
  auto beside = [&](const char* suffix) { return p.string() + suffix; };
  bool text = fs::exists(beside(".formatted"));
  if (text)
    check_text(name, source, read(beside(".formatted")), k.options, k.again);
  if (fs::exists(beside(".formatted_no_keywords_in_refs"))) {
    auto options = k.options, again = k.again;
    options.keywords_in_refs = again.keywords_in_refs = false;
    check_text(name, source, read(beside(".formatted_no_keywords_in_refs")),
               options, again);
  }
  if (!fs::exists(beside(".error")))
    return;
  if (!text)
    return check_errors(name, source, read(beside(".error")), k.options);
  auto out = rego::format(name, read(beside(".error")), k.options);
  BOOST_TEST_REQUIRE(!out);
  BOOST_TEST(out.error_list()[0].code == "rego_parse_error");
}

size_t check_samples(const fs::path& root) {
  size_t count = 0;
  for (auto& k : kinds) {
    std::vector<fs::path> files;
    for (auto& e : fs::directory_iterator(root / k.folder))
      if (e.path().extension() == ".rego")
        files.push_back(e.path());
    std::sort(files.begin(), files.end());
    for (auto& f : files)
      check_sample(f, k);
    count += files.size();
  }
  return count;
}

} // namespace

BOOST_AUTO_TEST_CASE(writes_our_samples) {
  BOOST_TEST(check_samples(REGO_FORMAT_SAMPLES) > 5u);
}

BOOST_AUTO_TEST_CASE(writes_the_samples_of_opa) {
  auto shared = std::getenv("ACGS_SHARED");
  auto root = shared ? fs::path(shared)
                     : fs::path(REGO_FORMAT_SAMPLES) / "../../../../../shared";
  root /= "rego/format";
  if (!fs::exists(root)) {
    BOOST_TEST_MESSAGE("no samples at " << root << ": only ours were run");
    return;
  }
  BOOST_TEST(check_samples(root) > 50u);
}

BOOST_AUTO_TEST_CASE(keeps_a_term_as_it_was_around_a_comment_without_place) {
  std::string text = "package a\n\np := {\n\t# why\n\t1\n}\n";
  BOOST_TEST(formatted(text) == text);
}

BOOST_AUTO_TEST_CASE(drops_what_a_collection_holds_twice) {
  BOOST_TEST(formatted("package a\np := {1, 2, 1}\nq := {\"a\": 1, \"a\": 2}\n")
             == "package a\n\np := {1, 2}\nq := {\"a\": 2}\n");
}

BOOST_AUTO_TEST_CASE(leaves_out_the_imports_that_v1_has) {
  rego::format_options o{.drop_v0_imports = true};
  auto out = formatted("test.rego",
                       "package a\nimport rego.v1\n"
                       "import future.keywords.in\np := 1 in [1]\n",
                       o);
  BOOST_TEST(out == "package a\n\np := 1 in [1]\n");
}

BOOST_AUTO_TEST_CASE(says_what_does_not_parse) {
  BOOST_TEST(formatted("package a\np := {\n")
             == "2 errors occurred:\n"
                "test.rego:3: rego_parse_error: unexpected eof token\n"
                "\tp := {\n\t     ^\n"
                "test.rego:3: rego_parse_error: unexpected eof token: expected "
                "rule value term (e.g., p := <VALUE> { ... })\n"
                "\tp := {\n\t     ^");
}

BOOST_AUTO_TEST_CASE(template_strings_in_heads_are_kept) {
  for (std::string rule :
       {R"(p[$"{x}"] if x := 1)", R"(p[$"a\{{x}\n"] := 2 if x := 1)",
        R"(p[$"{input.y with input as {"y": x}}"] if x := 1)"}) {
    auto source = "package a\n\n" + rule + "\n";
    BOOST_TEST(formatted(source) == source);
  }
  BOOST_TEST(formatted("package a\n\np[$`{x}\"`] if x := 1\n")
             == "package a\n\np[$\"{x}\\\"\"] if x := 1\n");
}

BOOST_AUTO_TEST_CASE(constants_that_raw_templates_cannot_hold_are_kept) {
  for (std::string value : {R"($`{"`"}a`)", R"($`{"\\"}{1 + 1}`)"}) {
    auto source = "package a\n\ns := " + value + "\n";
    BOOST_TEST(formatted(source) == source);
  }
  BOOST_TEST(formatted("package a\n\ns := $`{\"\\\\\"}`\n")
             == "package a\n\ns := $`\\`\n");
}

// What stays as it was has its comments in it already.
BOOST_AUTO_TEST_CASE(comments_of_text_that_stays_are_written_once) {
  for (std::string text : {
           "package p\n\np if every x in # a\n [1] # b\n { x > 0 }\n",
           "package p\n\np if { some # a\n x # b\n in [1] # c\n}\n",
       })
    BOOST_TEST(formatted(text) == text);
}

// Were each part's row counted from the text's beginning, this would take
// minutes.
BOOST_AUTO_TEST_CASE(templates_of_many_parts_take_linear_time) {
  for (std::string part : {"{a}", "{a}\n"}) {
    auto quote = part.ends_with('\n') ? "`" : "\"";
    std::string text = "package p\n\nr := $" + std::string(quote);
    for (int i = 0; i < 60'000; ++i)
      text += part;
    text += std::string(quote) + "\n";
    BOOST_TEST((formatted(text) == text));
  }
}

BOOST_AUTO_TEST_SUITE_END()
