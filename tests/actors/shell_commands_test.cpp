// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/shell/completion.hpp"
#include "actors/shell/contexts.hpp"
#include "actors/shell/environment.hpp"
#include "runtime/actor/work_queue.hpp"
#include "tests/support/rpc_node.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <sstream>

BOOST_AUTO_TEST_SUITE(shell_commands_test)

using namespace acgs;
using namespace acgs::shell;

namespace {

struct fixture : test::rpc_node {
  fixture() {
    ::setenv("ACGS_CONTEXTS", (folder.path() / "contexts").c_str(), 1);
    start();
    with.connect.address = address();
    with.addr_given = true;
  }

  /// Runs one line; `out` and `err` hold what it showed.
  int run(const std::string& line, const std::string& input = {}) {
    std::istringstream in{input};
    std::ostringstream to_out;
    std::ostringstream to_err;
    environment here{in, to_out, to_err};
    auto ended = here.run(*split_words(line), with);
    out = to_out.str();
    err = to_err.str();
    return ended;
  }

  bool shows(const std::string& part) const {
    return out.find(part) != std::string::npos;
  }

  std::string file(const std::string& name, const std::string& content) {
    auto path = folder.path() / name;
    test::write_file(path, content);
    return path.string();
  }

  global_options with;
  std::string out;
  std::string err;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(commands, fixture)

BOOST_AUTO_TEST_CASE(decide_shows_the_answer_and_ends_by_it) {
  BOOST_TEST(run("decide", R"({"action":"read"})") == 0);
  BOOST_TEST(shows("outcome" + std::string(14, ' ') + "allow\n"));
  BOOST_TEST(shows("ledger_index         41\n"));
  BOOST_TEST(by->notes().front()
             == R"(decide acgs/main/decision {"action":"read"})");
  by->admin_allowed = false;
  BOOST_TEST(run("--json decide --path acgs/admin/allow --data {}") == 1);
  BOOST_TEST(out.starts_with(R"({"decision_id":"d-1","request_id":")"));
  BOOST_TEST(shows(R"("outcome":"deny","result":{"allow":false,)"));
}

BOOST_AUTO_TEST_CASE(what_gives_no_verdict_is_never_a_yes) {
  by->outcome = domain::verdict::undefined;
  BOOST_TEST(run("decide --data {}") == 1);
  BOOST_TEST(shows("undefined"));
  BOOST_TEST(err.find("is not defined for this input") != std::string::npos);
  by->outcome = domain::verdict::value;
  BOOST_TEST(run("--json decide --data {}") == 1);
  BOOST_TEST(err.find("there is no verdict") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_failed_ends_by_its_error_and_not_as_a_no) {
  auto many = file("many", "{}\n{}\n");
  by->outcome = domain::verdict::error;
  for (auto [code, ending] : {std::pair{"evaluation_failed", 1},
                              {"limit_exceeded", 1},
                              {"too_large", 2},
                              {"internal", 4},
                              {"of a newer node", 4}}) {
    by->error_code = code;
    BOOST_TEST(run("decide --data {}") == ending, code);
    BOOST_TEST(shows(code));
    BOOST_TEST(run("decide --batch " + many) == ending, code);
  }
  by->outcome = domain::verdict::deny;
  BOOST_TEST(run("decide --data {}") == 1);
  BOOST_TEST(run("decide --batch " + many) == 1);
  by->full_input = "{}";
  BOOST_TEST(run("decide --batch " + many) == 4); // not recorded
  BOOST_TEST(shows("no room"));
}

BOOST_AUTO_TEST_CASE(what_goes_on_ends_where_nothing_can_be_shown) {
  struct full : std::streambuf {
    int_type overflow(int_type) override {
      errno = ENOSPC;
      return traits_type::eof();
    }
  } nowhere;
  for (auto* line :
       {"--json top --interval 3600", "top --interval 3600",
        "watch --interval 3600 node show", "--json audit tail --follow"}) {
    std::istringstream in;
    std::ostream to_out{&nowhere};
    std::ostringstream to_err;
    environment here{in, to_out, to_err};
    BOOST_TEST(here.run(*split_words(line), with) == 0, line);
    BOOST_TEST(here.out().lost() == ENOSPC, line);
    BOOST_TEST(to_err.str() == "", line);
  }
}

BOOST_AUTO_TEST_CASE(an_input_that_is_not_json_is_not_sent) {
  for (auto bad : {"{\"a\":", "nonsense", "[1,]", "{} {}", ""}) {
    BOOST_TEST(run("decide", bad) == 2, bad);
    BOOST_TEST(err.find("[input]") != std::string::npos);
  }
  BOOST_TEST(by->notes().empty());
}

BOOST_AUTO_TEST_CASE(an_input_file_that_is_not_there_is_bad_input) {
  BOOST_TEST(run("--json decide -i /no/such/file") == 2);
  BOOST_TEST(err
             == "{\"code\":\"invalid_argument\",\"message\":"
                "\"cannot read '/no/such/file': No such file or directory\","
                "\"field\":\"file\"}\n");
  BOOST_TEST(run("decide -i " + folder.path().string()) == 2);
  BOOST_TEST(err.find("it is a folder") != std::string::npos);
  BOOST_TEST(run("decide -i x --data {}") == 2);
}

BOOST_AUTO_TEST_CASE(policies_are_listed_shown_put_and_deleted) {
  BOOST_TEST(run("policy list") == 0);
  BOOST_TEST(out
             == "ID    ORIGIN  BYTES  REVISION  TIME\n"
                "mine  user    13 B   0         -\n");
  BOOST_TEST(run("policy get mine") == 0);
  BOOST_TEST(out == "package mine\n");
  BOOST_TEST(run("policy put p " + file("p.rego", "package p")) == 0);
  BOOST_TEST(out == "put 'p' (revision 12, ledger entry 13)\n");
  BOOST_TEST(run("policy put p " + file("b.rego", "broken")) == 2);
  BOOST_TEST(err == "error: line 1: unexpected\n");
  BOOST_TEST(run("policy delete p") == 2);
  BOOST_TEST(err.find("--yes") != std::string::npos);
  BOOST_TEST(run("--json policy delete p --yes") == 0);
  BOOST_TEST(out == "{\"revision\":12,\"ledger_index\":13}\n");
  BOOST_TEST(run("policy history p") == 0);
  BOOST_TEST(shows("put_policy"));
}

BOOST_AUTO_TEST_CASE(top_shows_what_the_node_does_at_the_moment) {
  BOOST_TEST(run("top --once") == 0);
  for (auto* part : {"DECISIONS PER SECOND", "P99", "LEDGER ENTRIES", "MAILBOX",
                     "CACHE HIT RATE", "breakers"})
    BOOST_TEST(shows(part), part);
  BOOST_TEST(out.find('\x1b') == std::string::npos); // no terminal here
  BOOST_TEST(run("decide", R"({"action":"read"})") == 0);
  BOOST_TEST(run("--json top --count 1") == 0);
  BOOST_TEST(out.starts_with(R"({"status":"degraded","time":)"), out);
  for (auto* part :
       {R"("decisions":1,)", R"("cache":[{"tier":"l1")",
        R"("actors":[{"name":)", R"("breakers":[)", R"("ledger_entries":4,)"})
    BOOST_TEST(shows(part), part);
  BOOST_TEST(std::count(out.begin(), out.end(), '\n') == 1);
  BOOST_TEST(run("top --interval 0") == 2);
}

BOOST_AUTO_TEST_CASE(the_queue_shows_with_the_supervisor_of_those_who_take) {
  auto queue = std::make_shared<work_queue>(1, 2048, system_clock());
  actors->put_queue("policy", queue);
  BOOST_TEST(run("actors") == 0);
  BOOST_TEST(shows("QUEUE"));
  BOOST_TEST(shows(" 0/2048 "));
  BOOST_TEST(run("--json actors") == 0);
  BOOST_TEST(shows(R"("queue":0,)"));
  BOOST_TEST(shows(R"("queue_max":2048,)"));
  BOOST_TEST(run("top --once") == 0);
  BOOST_TEST(shows("0/2048"));
}

BOOST_AUTO_TEST_CASE(data_is_shown_and_changed) {
  BOOST_TEST(run("data get a/b") == 0);
  BOOST_TEST(out == "[1,2]\n");
  BOOST_TEST(run("data get /a/b") == 0);
  BOOST_TEST(out == "[1,2]\n");
  BOOST_TEST(run("data get //a") == 2);
  BOOST_TEST(run("data get a/nothing") == 2);
  BOOST_TEST(run("data put x -", R"({"y":1})") == 0);
  BOOST_TEST(run("data patch /x " + file("patch", "[]")) == 0);
  auto all = by->notes();
  BOOST_TEST(all.back().starts_with("command patch_data x by"));
}

BOOST_AUTO_TEST_CASE(the_ledger_is_searched_and_shown) {
  BOOST_TEST(run("audit query --agent agent-7") == 0);
  BOOST_TEST(shows("agent-7"));
  BOOST_TEST(shows("1 of 1, more with --before 3"));
  BOOST_TEST(run("audit query --agent busy") == 0);
  BOOST_TEST(shows("1 of 10000+, more with --before 3"));
  BOOST_TEST(run("--json audit query") == 0);
  BOOST_TEST(out.starts_with(R"({"index":3,"time":null,"kind":"decision",)"));
  BOOST_TEST(run("audit query --from yesterday") == 2);
  BOOST_TEST(err.find("[from]") != std::string::npos);
  BOOST_TEST(run("audit query --from 2026-02-02 --to 2026-02-01") == 2);
  BOOST_TEST(run("audit query --oldest-first --offset 7") == 0);
  BOOST_TEST(shows("1 of 1, more with --after 0"));
  BOOST_TEST(run("audit query --oldest-first --after 0") == 0);
  BOOST_TEST(by->notes().back().ends_with("cursor=0"));
  BOOST_TEST(!shows("more with"));
  BOOST_TEST(run("audit query --before 0") == 0);
  BOOST_TEST(by->notes().back().ends_with("cursor=0"));
  BOOST_TEST(run("audit query --after 3") == 2);
  BOOST_TEST(err.find("--before") != std::string::npos);
  BOOST_TEST(run("audit query --oldest-first --before 3") == 2);
  BOOST_TEST(run("audit verify 3 --last 9") == 2);
  BOOST_TEST(run("audit verify --vkey a+b+c") == 2);
  BOOST_TEST(run("audit tail -n 5") == 0);
  BOOST_TEST(run("audit tail -f --to 2026-01-01") == 2);
  BOOST_TEST(run("audit show 3 --payloads") == 0);
  BOOST_TEST(shows("input_matches  yes"));
  BOOST_TEST(run("audit proof 3") == 0);
  BOOST_TEST(out == "proof\n");
  BOOST_TEST(run("audit verify") == 0);
  BOOST_TEST(shows("verified   yes"));
  BOOST_TEST(run("audit stats") == 0);
  BOOST_TEST(run("audit show 101") == 2);
  by->noted.clear();
  BOOST_TEST(run("audit show ''") == 2);
  BOOST_TEST(by->notes().empty());
}

BOOST_AUTO_TEST_CASE(shredding_asks_for_a_reason_and_a_yes) {
  BOOST_TEST(run("audit shred 3 --yes") == 2);
  BOOST_TEST(run("audit shred 3 --reason why") == 2);
  BOOST_TEST(run("--json audit shred 3 --reason 'request 7' --yes") == 0);
  BOOST_TEST(out == "{\"shredded\":true,\"recorded_as\":44}\n");
}

BOOST_AUTO_TEST_CASE(an_outcome_has_a_status_and_details_of_json) {
  BOOST_TEST(run("audit outcome d-1 --status fine") == 2);
  BOOST_TEST(run("audit outcome d-1 --status failed --detail '{'") == 2);
  auto detail = file("detail.json", "{\"error\":\"timeout\"}");
  BOOST_TEST(run("audit outcome d-1 --status failed --detail @" + detail) == 0);
  BOOST_TEST(shows("recorded_as"));
}

BOOST_AUTO_TEST_CASE(a_receipt_that_is_none_does_not_verify) {
  BOOST_TEST(run("audit verify 3 --vkey "
                 "example.com/log+c2a4a1b2+AfakeKeyThatIsNoKey=")
             == 2);
  BOOST_TEST(err.find("[vkey]") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_tree_of_actors_is_shown_as_a_tree) {
  actor_status root;
  root.state = actor_state::running;
  root.since = system_clock().steady_now();
  actors->put_absent("node", root);
  BOOST_TEST(run("actors") == 0);
  BOOST_TEST(out.starts_with("NAME"));
  BOOST_TEST(shows("\nnode"));
  BOOST_TEST(shows("\n  ledger"));
  BOOST_TEST(shows("running"));
  BOOST_TEST(run("--json actors") == 0);
  BOOST_TEST(shows(R"({"name":"policy","state":"running",)"));
  BOOST_TEST(run("actors restart nobody --yes") == 2);
}

BOOST_AUTO_TEST_CASE(the_node_and_its_health_are_shown) {
  BOOST_TEST(run("health") == 0);
  BOOST_TEST(out.starts_with("acgs 0.1.0: degraded\n"));
  BOOST_TEST(run("--json health") == 0);
  BOOST_TEST(shows(R"("components":{"database":{"status":"degraded",)"));
  BOOST_TEST(run("node show") == 0);
  BOOST_TEST(shows("your_role"));
  BOOST_TEST(run("keys list") == 0);
  BOOST_TEST(shows("n1/log+abcd+key"));
}

BOOST_AUTO_TEST_CASE(what_is_shown_goes_to_files_too) {
  auto path = file("out", "old");
  BOOST_TEST(run("keys export -o " + path) == 0);
  BOOST_TEST(test::read_file(path) == "keys");
  BOOST_TEST(run("audit proof 3 -o " + path) == 0);
  BOOST_TEST(test::read_file(path) == "proof");
  auto folder_path = folder.path().string();
  for (std::string what : {"keys export -o ", "audit proof 3 -o "}) {
    BOOST_TEST(run(what + folder_path) == 2);
    BOOST_TEST(err.find("'" + folder_path + "' is a folder") != err.npos);
    BOOST_TEST(run(what + folder_path + "/none/x") == 4);
    BOOST_TEST(err.find("none/x': No such file") != err.npos);
  }
}

BOOST_AUTO_TEST_CASE(keys_are_rotated_revoked_and_exported) {
  BOOST_TEST(run("keys rotate") == 2);
  BOOST_TEST(run("keys rotate lamp --yes") == 2);
  BOOST_TEST(run("--json keys rotate token --reason yearly --yes") == 0);
  BOOST_TEST(shows(R"({"key":"n1/log+abcd","successor":"n1/log+ef01",)"));
  auto told = by->notes();
  BOOST_TEST(told.back().ends_with(": yearly"));
  BOOST_TEST(run("keys revoke abcd --yes") == 2);
  BOOST_TEST(run("keys revoke abcd --reason lost --yes") == 2);
  told = by->notes();
  BOOST_TEST(told.back() == "revoke key abcd: lost");
  BOOST_TEST(run("keys export") == 0);
  BOOST_TEST(out == "keys\n");
}

BOOST_AUTO_TEST_CASE(emergencies_need_a_reason_and_a_yes) {
  BOOST_TEST(run("lockdown on --yes") == 2);
  BOOST_TEST(run("lockdown on --reason leak") == 2);
  BOOST_TEST(run("lockdown on --reason leak --yes") == 0);
  BOOST_TEST(out == "the node is in lockdown (revision 12, ledger entry 13)\n");
  BOOST_TEST(run("strict-mode on --yes") == 0);
  BOOST_TEST(run("strict-mode off --reason over --yes") == 0);
  BOOST_TEST(run("cache stats") == 0);
  BOOST_TEST(shows("l2    7        8    5     6       45.5 %"));
  BOOST_TEST(run("cache clear --yes") == 0);
  BOOST_TEST(out == "cleared  9\n");
  BOOST_TEST(run("cache warm") == 0);
  BOOST_TEST(run("breaker list") == 0);
  BOOST_TEST(out == "(none)\n");
  BOOST_TEST(run("logs level ERROR") == 0);
}

BOOST_AUTO_TEST_CASE(users_and_tokens_are_managed) {
  BOOST_TEST(run("user add eve --role viewer", "a long password\n") == 0);
  BOOST_TEST(out == "saved 'eve'\n");
  BOOST_TEST(run("token issue --role agent --ttl 12h -q") == 0);
  BOOST_TEST(out == "secret\n");
  BOOST_TEST(run("token issue --role agent --ttl soon") == 2);
  BOOST_TEST(run("token revoke t9 --yes") == 0);
  token(domain::role::agent, "t1");
  BOOST_TEST(run("token list") == 0);
  BOOST_TEST(shows("alice"));
  BOOST_TEST(run("user list") == 0);
  BOOST_TEST(run("user revoke eve --yes") == 0);
}

BOOST_AUTO_TEST_CASE(a_refusal_ends_with_one_and_absence_with_three) {
  auto agent = token(domain::role::agent);
  BOOST_TEST(run("policy list --token " + agent) == 1);
  BOOST_TEST(run("policy list --token wrong") == 1);
  BOOST_TEST(run("health --addr unix:/no/such/socket") == 3);
  BOOST_TEST(run("health --addr nowhere") == 2);
  BOOST_TEST(run("health --addr 127.0.0.1:abc") == 2);
  BOOST_TEST(err.find("the port 'abc' is not") != std::string::npos, err);
}

BOOST_AUTO_TEST_CASE(a_script_stops_at_its_first_failure) {
  std::istringstream in;
  std::ostringstream to_out;
  std::ostringstream to_err;
  environment here{in, to_out, to_err};
  here.input_is_script = true;
  std::istringstream lines{"# first\nkeys list\n\ndata get a/b\n"
                           "data get none\ndata get a/b\n"};
  BOOST_TEST(here.run_script(lines, with) == 2);
  BOOST_TEST(to_out.str().ends_with("[1,2]\n"));
  BOOST_TEST(to_err.str().ends_with("line 5 ended with exit code 2\n"));
}

BOOST_AUTO_TEST_CASE(a_script_ends_where_it_says_so) {
  for (auto last : {"exit", "quit", "  exit # done"}) {
    std::istringstream in;
    std::ostringstream to_out;
    std::ostringstream to_err;
    environment here{in, to_out, to_err};
    here.input_is_script = true;
    std::istringstream lines{std::string{"data get a/b\n"} + last
                             + "\ndata get none\n"};
    BOOST_TEST(here.run_script(lines, with) == 0, last);
    BOOST_TEST(to_out.str() == "[1,2]\n", last);
    BOOST_TEST(to_err.str() == "", last);
  }
}

BOOST_AUTO_TEST_CASE(watch_runs_a_command_as_often_as_it_is_told) {
  BOOST_TEST(run("watch --count 1 data get a/b") == 0);
  BOOST_TEST(out == "[1,2]\n");
  for (auto line : {"watch watch health", "watch top", "watch --count 1 top",
                    "watch audit tail --follow"}) {
    BOOST_TEST(run(line) == 2, line);
    BOOST_TEST(err.find("goes on by itself") != std::string::npos, err);
  }
  BOOST_TEST(run("watch --count 1 top --once") == 0);
}

BOOST_AUTO_TEST_CASE(contexts_are_added_used_and_listed) {
  with.addr_given = false;
  with.connect.address.clear();
  BOOST_TEST(run("context add here --addr " + address()) == 0);
  BOOST_TEST(run("data get a/b") == 0);
  BOOST_TEST(run("context list") == 0);
  BOOST_TEST(shows("here  yes"));
  BOOST_TEST(run("context use there") == 2);
  BOOST_TEST(run("--context there health") == 2);
}

BOOST_AUTO_TEST_CASE(contexts_lead_to_their_files_from_any_folder) {
  auto here = [](const char* path) {
    return std::filesystem::absolute(path).lexically_normal().string();
  };
  BOOST_TEST(run("context add near --addr unix:./data/n.sock --cert c.pem "
                 "--key sub/k.pem --ca ../ca.pem --token t")
             == 0);
  BOOST_TEST(run("context add far --addr 10.0.0.5:8182") == 0);
  auto all = load_contexts(contexts_file());
  BOOST_REQUIRE(all);
  const auto& near = all->known["near"];
  BOOST_TEST(near.address == "unix:" + here("data/n.sock"));
  BOOST_TEST(near.certificate == here("c.pem"));
  BOOST_TEST(near.key == here("sub/k.pem"));
  BOOST_TEST(near.authority == here("../ca.pem"));
  BOOST_TEST(near.token == "t");
  BOOST_TEST(all->known["far"].address == "10.0.0.5:8182");
  BOOST_TEST(all->known["far"].key.empty());
}

BOOST_AUTO_TEST_CASE(live_names_come_from_the_node) {
  auto node = connect();
  BOOST_REQUIRE(node);
  BOOST_TEST(live_names(kind::policy, *node).front() == "mine");
  BOOST_TEST(live_names(kind::path, *node).back() == "mine");
  auto data = live_names(kind::data, *node);
  BOOST_TEST(data == (std::vector<std::string>{"a", "a/b"}),
             boost::test_tools::per_element());
  BOOST_TEST(live_names(kind::actor, *node).size() == 7u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
