// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// What a line of words comes to.

#include "actors/shell/completion.hpp"
#include "actors/shell/environment.hpp"
#include "actors/shell/global_options.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>

BOOST_AUTO_TEST_SUITE(shell_parse_test)

using namespace acgs;
using namespace acgs::shell;

namespace {

using words = std::vector<std::string>;

parsed parsed_of(const words& line) {
  auto out = parse(line, {});
  BOOST_REQUIRE_MESSAGE(out, sentence_of(out.error()));
  return *out;
}

std::string why_not(const words& line) {
  auto out = parse(line, {});
  return out ? "taken" : sentence_of(out.error());
}

} // namespace

BOOST_AUTO_TEST_SUITE(words_of_a_line)

BOOST_AUTO_TEST_CASE(splits_as_shells_do) {
  BOOST_TEST(*split_words(R"(policy put  'a b' "c \" d" e\ f # rest)")
                 == (words{"policy", "put", "a b", "c \" d", "e f"}),
             boost::test_tools::per_element());
  BOOST_TEST(split_words("  # nothing")->empty());
  BOOST_TEST(split_words("--reason ''")->size() == 2u);
  BOOST_TEST(split_words("a#b")->front() == "a#b");
}

BOOST_AUTO_TEST_CASE(refuses_an_open_quote) {
  auto out = split_words("say 'hello");
  BOOST_REQUIRE(!out);
  BOOST_TEST((code_of(out.error()) == ec::invalid_argument));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(parsing)

BOOST_AUTO_TEST_CASE(finds_the_command_and_its_values) {
  auto out = parsed_of({"policy", "put", "mine", "f.rego", "--reason", "why"});
  BOOST_TEST(out.what->words == "policy put");
  BOOST_TEST(out.values["id"].front() == "mine");
  BOOST_TEST(out.values["file"].front() == "f.rego");
  BOOST_TEST(out.values["reason"].front() == "why");
  BOOST_TEST(!out.global.json);
}

BOOST_AUTO_TEST_CASE(takes_global_options_before_and_after_the_command) {
  for (auto& line : {words{"--json", "--addr", "unix:/s", "health"},
                     words{"health", "--addr", "unix:/s", "--json"}}) {
    auto out = parsed_of(line);
    BOOST_TEST(out.what->words == "health");
    BOOST_TEST(out.global.json);
    BOOST_TEST(out.global.addr_given);
    BOOST_TEST(out.global.connect.address == "unix:/s");
  }
  auto late = parsed_of({"actors", "restart", "reader", "--timeout", "7"});
  BOOST_TEST((late.global.connect.timeout == std::chrono::seconds{7}));
}

BOOST_AUTO_TEST_CASE(a_command_may_have_commands_of_its_own) {
  BOOST_TEST(parsed_of({"actors"}).what->words == "actors");
  BOOST_TEST(parsed_of({"actors", "restart", "x"}).what->words
             == "actors restart");
}

BOOST_AUTO_TEST_CASE(names_unexpected_words_in_their_order) {
  BOOST_TEST(why_not({"health", "a", "b", "c"})
                 .starts_with("these were not expected: a b c; acgs health"));
  BOOST_TEST(why_not({"policy", "get", "a", "b", "c"})
                 .starts_with("these were not expected: b c; "));
  BOOST_TEST(
      why_not({"foo", "bar"}).starts_with("these were not expected: foo bar"));
  BOOST_TEST(
      why_not({"health", "--odd"}).starts_with("this was not expected: --odd"));
}

BOOST_AUTO_TEST_CASE(global_options_stand_in_one_table) {
  auto help = parsed_of({"--help"}).text;
  auto offered = complete("health --", nullptr).words;
  for (const auto& each : all_global_options()) {
    BOOST_TEST_CONTEXT(each.what.name) {
      BOOST_TEST(help.find(each.what.name) != std::string::npos);
      BOOST_TEST(help.find(each.what.help) != std::string::npos);
      auto found =
          std::count(offered.begin(), offered.end(), "--" + each.what.key());
      BOOST_TEST(found == (each.within_shell ? 1 : 0));
    }
  }
  for (auto option : {"--addr", "--cert", "--token", "--context", "--timeout"})
    BOOST_TEST(!parse({"health", option, ""}, {}), option);
}

BOOST_AUTO_TEST_CASE(keeps_the_words_of_a_command_to_watch) {
  auto out = parsed_of({"watch", "--count", "2", "policy", "list", "--json"});
  BOOST_TEST(out.values["command"] == (words{"policy", "list", "--json"}),
             boost::test_tools::per_element());
  BOOST_TEST(out.values["count"].front() == "2");
}

BOOST_AUTO_TEST_CASE(no_words_ask_for_the_shell_and_help_is_text) {
  auto shell = parsed_of({});
  BOOST_TEST(!shell.what);
  BOOST_TEST(shell.text.empty());
  auto help = parsed_of({"--help"});
  for (auto part : {"lockdown", "ACGS_ADDR", "ACGS_TOKEN", "ACGS_CONTEXTS"})
    BOOST_TEST(help.text.find(part) != std::string::npos, part);
  auto one = parsed_of({"policy", "put", "--help"});
  BOOST_TEST(one.text.find("example: acgs policy put") != std::string::npos);
  BOOST_TEST(parsed_of({"help", "policy", "put"}).text == one.text);
  BOOST_TEST(parsed_of({"help"}).text == help.text);
  for (auto& line : {words{"--json", "help", "policy", "put"},
                     words{"--addr", "help", "help", "policy", "put"},
                     words{"--timeout=5", "--yes", "help", "policy", "put"}})
    BOOST_TEST(parsed_of(line).text == one.text, line.front());
  auto inner = parsed_of({"help", "watch", "health"}).text;
  BOOST_TEST(inner == parsed_of({"watch", "--help"}).text);
}

BOOST_AUTO_TEST_CASE(every_help_ends_with_an_example_that_is_taken) {
  std::set<words> all{{}};
  for (auto& each : all_commands())
    for (auto line = *split_words(each.words); !line.empty(); line.pop_back())
      all.insert(line);
  BOOST_TEST(all.size() > all_commands().size() + 5); // and groups
  for (auto line : all) {
    auto of = line.empty() ? "acgs" : "acgs " + line.back();
    line.push_back("--help");
    auto help = parsed_of(line).text;
    BOOST_TEST_CONTEXT(of) {
      std::string_view begin = "\nexample: acgs ";
      auto at = help.rfind(begin);
      BOOST_REQUIRE(at != std::string::npos);
      auto example = split_words(help.substr(at + begin.size()));
      BOOST_REQUIRE(example);
      example->back().erase(example->back().find_last_not_of('\n') + 1);
      auto taken = parse(*example, {});
      BOOST_REQUIRE_MESSAGE(taken, sentence_of(taken.error()));
      BOOST_REQUIRE(taken->what);
      line.pop_back();
      auto same = split_words(taken->what->words);
      same->resize(std::min(same->size(), line.size()));
      BOOST_TEST((line.empty() || *same == line), taken->what->words);
    }
  }
}

BOOST_AUTO_TEST_CASE(every_command_has_help_an_example_and_a_function) {
  for (auto& each : all_commands()) {
    BOOST_TEST_CONTEXT(each.words) {
      BOOST_TEST(!each.help.empty());
      BOOST_TEST(each.example.find("acgs") != std::string::npos);
      BOOST_TEST(each.run);
      for (auto& parameter : each.parameters)
        BOOST_TEST(!parameter.help.empty());
    }
  }
}

BOOST_AUTO_TEST_CASE(every_example_is_a_line_that_is_taken) {
  for (auto& each : all_commands()) {
    auto line = each.example.substr(each.example.find("acgs") + 4);
    auto split = split_words(line);
    BOOST_REQUIRE(split);
    BOOST_TEST_CONTEXT(each.example) {
      auto out = parse(*split, {});
      BOOST_REQUIRE_MESSAGE(out, sentence_of(out.error()));
      BOOST_TEST(out->what == &each);
    }
  }
}

BOOST_AUTO_TEST_CASE(shows_its_version) {
  auto text = parsed_of({"--version"}).text;
  BOOST_TEST(text.starts_with("acgs "));
  BOOST_TEST(text.find_first_of("0123456789") == 5u);
}

BOOST_AUTO_TEST_CASE(refuses_empty_values_and_numbers_beyond_their_bounds) {
  for (auto& line :
       {words{"audit", "show", ""}, words{"audit", "verify", ""},
        words{"audit", "query", "--agent", ""}, words{"actors", "restart", ""},
        words{"--token", "", "health"}})
    BOOST_TEST(why_not(line).find("the value is empty") != std::string::npos);
  for (auto bad : {"0", "1001", "-1", "1e3", "0x1", "1.0", " 1", "ten",
                   "18446744073709551617"})
    BOOST_TEST(why_not({"audit", "query", "--limit", bad})
                   .find("is not a whole number from 1 to 1000")
               != std::string::npos);
  BOOST_TEST(why_not({"audit", "query", "--limit", "1000"}) == "taken");
  BOOST_TEST(why_not({"audit", "query", "--offset", "18446744073709551615"})
             == "taken");
  BOOST_TEST(why_not({"audit", "query", "--offset", "18446744073709551616"})
             != "taken");
  BOOST_TEST(why_not({"policy", "put", "a", "b", "--if-revision", "0"})
             != "taken");
  BOOST_TEST(why_not({"--timeout", "0", "health"}) != "taken");
  BOOST_TEST(why_not({"audit", "query", "--agent=", "--json"}) != "taken");
  BOOST_TEST(why_not({"audit", "verify", "1", "--vkey=l+1+Ab="}) == "taken");
}

BOOST_AUTO_TEST_CASE(says_what_may_have_been_meant_and_where_more_stands) {
  BOOST_TEST(why_not({"helth"}).find("did you mean 'health'?")
             != std::string::npos);
  BOOST_TEST(why_not({"policy", "lst"}).find("did you mean 'list'?")
             != std::string::npos);
  BOOST_TEST(why_not({"policy", "get", "a", "--jsn"})
                 .ends_with("; acgs policy get --help shows what there is"));
  BOOST_TEST(why_not({"-f", "x", "health"}) != "taken");
}

BOOST_AUTO_TEST_CASE(names_what_is_no_command_of_a_group) {
  BOOST_TEST(
      why_not({"policy", "bogus", "x"})
          .starts_with("'policy' has no command 'bogus'; it has list, "));
  BOOST_TEST(why_not({"policy", "lst"})
                 .starts_with("'policy' has no command 'lst'; it has "));
  BOOST_TEST(why_not({"policy", "lst"}).find("did you mean 'list'?")
             != std::string::npos);
  BOOST_TEST(why_not({"policy", "candidate"})
                 .starts_with("'candidate' needs one of its commands: "));
  BOOST_TEST(why_not({"policy", "--bogus"})
                 .starts_with("this was not expected: --bogus; acgs policy"));
}

BOOST_AUTO_TEST_CASE(says_what_is_wrong_with_a_line) {
  BOOST_TEST(why_not({"polcy"}).find("polcy") != std::string::npos);
  BOOST_TEST(why_not({"policy"}) != "taken");
  BOOST_TEST(why_not({"policy", "get"}).find("id") != std::string::npos);
  BOOST_TEST(why_not({"lockdown", "on"}).find("reason") != std::string::npos);
  BOOST_TEST(why_not({"audit", "query", "--limit", "ten"}).find("ten")
             != std::string::npos);
  BOOST_TEST(why_not({"logs", "level", "LOUD"}).find("LOUD")
             != std::string::npos);
  BOOST_TEST(why_not({"health", "extra"}) != "taken");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
