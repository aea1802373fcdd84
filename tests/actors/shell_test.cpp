// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/shell/audit_export.hpp"
#include "actors/shell/completion.hpp"
#include "actors/shell/contexts.hpp"
#include "actors/shell/environment.hpp"
#include "actors/shell/json_difference.hpp"
#include "tests/support/scratch.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/stat.h>

#include <sstream>

BOOST_AUTO_TEST_SUITE(shell_test)

using namespace acgs;
using namespace acgs::shell;

namespace {

using words = std::vector<std::string>;

words complete_words(std::string_view line) {
  return complete(line,
                  [](kind of) -> words {
                    if (of == kind::policy)
                      return {"mine", "mother", "yours"};
                    if (of == kind::actor)
                      return {"ledger", "reader"};
                    return {};
                  })
      .words;
}

} // namespace

BOOST_AUTO_TEST_SUITE(showing)

BOOST_AUTO_TEST_CASE(two_answers_differ_in_their_members) {
  BOOST_TEST(json_difference(R"({"allow":true,"a":[1],"score":0.9})",
                             R"({"allow":false,"a":[1],"why":"x"})")
             == R"(allow true -> false; score 0.9 -> none; why none -> "x")");
  BOOST_TEST(json_difference("true", "") == "true -> undefined");
  BOOST_TEST(json_difference("{\"cut", "false") == "{\"cut -> false");
  auto large = '"' + std::string(38, 'a') + "\u00e9" + '"';
  BOOST_TEST(json_difference("1", large)
             == "1 -> \"" + std::string(38, 'a') + "...");
}

BOOST_AUTO_TEST_CASE(a_table_and_its_lines_of_json_say_the_same) {
  std::vector<row> rows{
      {{"name", text("ledger")}, {"mailbox", number(std::uint64_t{3})}},
      {{"name", text("r\"x")}, {"mailbox", number(std::uint64_t{12})}}};
  std::ostringstream out;
  std::ostringstream err;
  output to{out, err};
  to.list(rows);
  BOOST_TEST(out.str()
             == "NAME    MAILBOX\n"
                "ledger  3\n"
                "r\"x     12\n");
  out.str("");
  to.set_json(true);
  to.list(rows);
  BOOST_TEST(out.str()
             == "{\"name\":\"ledger\",\"mailbox\":3}\n"
                "{\"name\":\"r\\\"x\",\"mailbox\":12}\n");
}

BOOST_AUTO_TEST_CASE(a_record_has_a_line_a_field) {
  std::ostringstream out;
  std::ostringstream err;
  output to{out, err};
  to.record({{"verified", boolean(true)}, {"root", text("ab")}});
  BOOST_TEST(out.str() == "verified  yes\nroot      ab\n");
  out.str("");
  to.list({});
  BOOST_TEST(out.str() == "(none)\n");
}

BOOST_AUTO_TEST_CASE(documents_are_shown_in_words) {
  auto facts = json(R"({"free_bytes":2048,"age_seconds":3,"on":true,)"
                    R"("of":{"a":1},"list":["x","y"],"none":[],"who":null})");
  BOOST_TEST(facts.json.starts_with("{\"free_bytes\""));
  BOOST_TEST(facts.shown
             == "age 3 s, free 2 KiB, list (x; y), none -, "
                "of (a 1), on yes, who -");
  BOOST_TEST(json(R"(["only\u001b[2J"])").shown == "only\\u001b[2J");
  BOOST_TEST(json("0.9942857142857142858").shown == "0.994286");
  BOOST_TEST(json("").shown == "-");
}

BOOST_AUTO_TEST_CASE(columns_in_which_nothing_stands_are_left_out) {
  std::ostringstream out;
  output to{out, out};
  std::vector<row> rows{
      {{"name", text("a")}, {"error", text("")}, {"took_ns", duration(5)}}};
  to.list(rows);
  BOOST_TEST(out.str() == "NAME  TOOK\na     5 ns\n");
  out.str("");
  to.record(rows.front());
  BOOST_TEST(out.str() == "name   a\nerror  -\ntook   5 ns\n");
}

BOOST_AUTO_TEST_CASE(cells_of_csv_are_quoted_and_no_formulas) {
  auto cell_of = [](cell value) {
    auto line = csv_line({{"name", std::move(value)}});
    BOOST_REQUIRE(line.ends_with('\n'));
    return line.substr(0, line.size() - 1);
  };
  BOOST_TEST(cell_of(text("plain")) == "plain");
  BOOST_TEST(cell_of(text("")) == "");
  BOOST_TEST(cell_of(text("a,b")) == "\"a,b\"");
  BOOST_TEST(cell_of(text("say \"hi\"")) == "\"say \"\"hi\"\"\"");
  BOOST_TEST(cell_of(text("two\nlines")) == "\"two\nlines\"");
  BOOST_TEST(cell_of(text("two\r\nlines")) == "\"two\r\nlines\"");
  for (auto begin : {"=", "+", "-", "@", "\t"}) {
    auto formula = std::string{begin} + "cmd|x";
    BOOST_TEST(cell_of(text(formula)) == "'" + formula);
  }
  BOOST_TEST(cell_of(text("\r=1")) == "\"'\r=1\"");
  BOOST_TEST(cell_of(text("=HYPERLINK(\"a\",1)"))
             == "\"'=HYPERLINK(\"\"a\"\",1)\"");
  BOOST_TEST(cell_of(text("a=1")) == "a=1");
  BOOST_TEST(cell_of(number(std::int64_t{-5})) == "-5");
  BOOST_TEST(cell_of(json(R"({"a":"b"})")) == R"("{""a"":""b""}")");
  BOOST_TEST(cell_of(json("")) == "");
  BOOST_TEST(csv_line({{"a", text("1")}, {"b", text("2")}}) == "1,2\n");
  BOOST_TEST(csv_names({{"a", text("1")}, {"b", text("2")}}) == "a,b\n");
}

BOOST_AUTO_TEST_CASE(an_error_goes_to_the_other_stream) {
  std::ostringstream out;
  std::ostringstream err;
  output to{out, err};
  auto error = make_error(ec::not_found, "no policy 'x'", "id");
  to.error(error);
  BOOST_TEST(err.str() == "error: no policy 'x' [id]\n");
  err.str("");
  to.set_json(true);
  to.error(error);
  BOOST_TEST(err.str()
             == "{\"code\":\"not_found\",\"message\":"
                "\"no policy 'x'\",\"field\":\"id\"}\n");
  BOOST_TEST(out.str().empty());
}

BOOST_AUTO_TEST_CASE(text_from_elsewhere_cannot_steer_the_terminal) {
  BOOST_TEST(harmless("a\x1b[2Jb") == "a\\u001b[2Jb");
  BOOST_TEST(harmless("line\nbreak") == "line\\nbreak");
  BOOST_TEST(harmless("quote\" back\\") == "quote\" back\\");
  BOOST_TEST(harmless("\xC2\x9B") == "?");
  BOOST_TEST(harmless("gr\xC3\xBC\xC3\x9F") == "gr\xC3\xBC\xC3\x9F");
  BOOST_TEST(harmless_lines("a.rego:1: x\n\tallow\x1b\n\t^")
             == "a.rego:1: x\n  \tallow\\u001b\n  \t^");
}

BOOST_AUTO_TEST_CASE(figures_are_shown_in_units_that_people_read) {
  BOOST_TEST(duration(900).shown == "900 ns");
  BOOST_TEST(duration(1'500).shown == "1.5 us");
  BOOST_TEST(duration(250'000'000).shown == "250 ms");
  BOOST_TEST(duration(7'800'000'000'000).shown == "2 h 10 min");
  BOOST_TEST(duration(1'500).json == "1500");
  BOOST_TEST(size(1536).shown == "1.5 KiB");
  BOOST_TEST(size(10).shown == "10 B");
  BOOST_TEST(shell::time(0).json == "null");
  BOOST_TEST(shell::time(1'771'156'800'000'000'000).shown
             == "2026-02-15T12:00:00.000000Z");
  BOOST_TEST(share(1, 8).shown == "12.5 %");
  BOOST_TEST(share(0, 0).json == "0.0000");
  BOOST_TEST(rate(5, 2'000'000'000).json == "2.5");
  BOOST_TEST(rate(5, 0).json == "0.0");
  BOOST_TEST(array({{{"a", number(std::uint64_t{1})}}, {}}).json
             == R"([{"a":1},{}])");
}

BOOST_AUTO_TEST_CASE(exit_codes_are_those_of_the_contract) {
  BOOST_TEST(exit_code_of(ec::none) == 0);
  BOOST_TEST(exit_code_of(ec::forbidden) == 1);
  BOOST_TEST(exit_code_of(ec::invalid_argument) == 2);
  BOOST_TEST(exit_code_of(ec::policy_invalid) == 2);
  BOOST_TEST(exit_code_of(ec::unavailable) == 3);
  BOOST_TEST(exit_code_of(ec::overloaded) == 3);
  BOOST_TEST(exit_code_of(ec::internal) == 4);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(completion)

BOOST_AUTO_TEST_CASE(offers_commands_and_their_words) {
  BOOST_TEST(complete_words("pol") == words{"policy"},
             boost::test_tools::per_element());
  BOOST_TEST(complete_words("audit s") == (words{"show", "shred", "stats"}),
             boost::test_tools::per_element());
  BOOST_TEST(complete_words("strict-mode ") == (words{"off", "on"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(offers_help_and_what_help_can_be_about) {
  BOOST_TEST(complete_words("he") == (words{"health", "help"}),
             boost::test_tools::per_element());
  BOOST_TEST(complete_words("help poli") == words{"policy"},
             boost::test_tools::per_element());
  BOOST_TEST(complete_words("help policy ge") == words{"get"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(offers_live_names_where_one_is_wanted) {
  BOOST_TEST(complete_words("policy get m") == (words{"mine", "mother"}),
             boost::test_tools::per_element());
  BOOST_TEST(complete_words("actors restart l") == words{"ledger"},
             boost::test_tools::per_element());
  BOOST_TEST(complete_words("policy get mine m").empty());
}

BOOST_AUTO_TEST_CASE(offers_options_and_the_values_of_one) {
  BOOST_TEST(complete_words("decide --pa") == words{"--path"},
             boost::test_tools::per_element());
  BOOST_TEST(complete_words("decide --durability ")
                 == (words{"local", "quorum"}),
             boost::test_tools::per_element());
  BOOST_TEST(complete_words("logs level W") == words{"WARNING"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(completes_a_command_within_watch) {
  BOOST_TEST(complete_words("watch policy g") == words{"get"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(completes_files_where_one_is_taken) {
  test::scratch_folder folder;
  auto at = folder.path().string() + "/";
  std::filesystem::create_directory(at + "rules");
  for (auto* name : {"one.json", "other.rego", ".hidden", "with space"})
    test::write_file(at + name, "");
  auto found = [&](const std::string& before, const std::string& typed) {
    std::string out;
    for (auto& each : complete_words(before + " " + at + typed))
      out += each.substr(at.size()) + " ";
    return out;
  };
  BOOST_TEST(found("decide -i", "o") == "one.json other.rego ");
  BOOST_TEST(found("decide -i", "") == "one.json other.rego rules/ ");
  BOOST_TEST(found("policy put mine", "ot") == "other.rego ");
  BOOST_TEST(found("policy test x.rego", "r") == "rules/ ");
  BOOST_TEST(found("health --ca", "on") == "one.json ");
  BOOST_TEST(found("decide -i", ".h") == ".hidden ");
  BOOST_TEST(found("decide -i", "no/such/") == "");
  BOOST_TEST(found("policy get", "o") == "");
  BOOST_TEST(found("restore one.acgsbak two.acgsbak", "o")
             == "one.json other.rego ");
}

BOOST_AUTO_TEST_CASE(knows_what_candidates_have_in_common) {
  BOOST_TEST(common_beginning({"mine", "mint"}) == "min");
  BOOST_TEST(common_beginning({}) == "");
  BOOST_TEST(complete("policy ge", {}).begin == 7u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(named_contexts)

BOOST_AUTO_TEST_CASE(keeps_contexts_in_a_private_file) {
  test::scratch_folder folder;
  auto file = folder.path() / "sub" / "contexts.json";
  contexts all;
  all.current = "prod";
  all.known["prod"].address = "10.0.0.5:8182";
  all.known["prod"].token = "s3cret \"quoted\"";
  BOOST_TEST(!save_contexts(file, all));
  struct stat found {};
  BOOST_REQUIRE(::stat(file.c_str(), &found) == 0);
  BOOST_TEST((found.st_mode & 0777) == 0600u);
  auto again = load_contexts(file);
  BOOST_REQUIRE(again);
  BOOST_TEST(again->current == "prod");
  BOOST_TEST(again->known["prod"].token == "s3cret \"quoted\"");
}

BOOST_AUTO_TEST_CASE(what_the_line_says_outranks_the_context) {
  test::scratch_folder folder;
  auto file = folder.path() / "contexts.json";
  contexts all;
  all.current = "prod";
  all.known["prod"].address = "10.0.0.5:8182";
  all.known["prod"].certificate = "c.pem";
  BOOST_TEST(!save_contexts(file, all));
  global_options plain;
  BOOST_TEST(!apply_context(file, plain));
  BOOST_TEST(plain.connect.address == "10.0.0.5:8182");
  global_options given;
  given.addr_given = true;
  given.connect.address = "unix:/s";
  BOOST_TEST(!apply_context(file, given));
  BOOST_TEST(given.connect.address == "unix:/s");
  BOOST_TEST(given.connect.certificate.empty());
  global_options unknown;
  unknown.context = "test";
  BOOST_TEST((code_of(apply_context(file, unknown)) == ec::not_found));
}

BOOST_AUTO_TEST_CASE(refuses_a_file_that_is_none_of_contexts) {
  test::scratch_folder folder;
  auto file = folder.path() / "contexts.json";
  test::write_file(file, "[1,2");
  BOOST_TEST(!load_contexts(file));
  BOOST_TEST(load_contexts(folder.path() / "absent")->known.empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
