// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/config/key.hpp"
#include "runtime/config/load.hpp"
#include "runtime/config/value_text.hpp"
#include "tests/support/scratch.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/stat.h>

#include <algorithm>
#include <set>

BOOST_AUTO_TEST_SUITE(config_test)

using namespace acgs;
using namespace acgs::config;
using namespace std::chrono_literals;

namespace {

result<settings> read(std::string_view yaml, const environment& with = {}) {
  return load_text(yaml, "t.yaml", with);
}

/// The sentence with which the text is refused; empty where it is taken.
std::string refusal(std::string_view yaml, const environment& with = {}) {
  auto outcome = read(yaml, with);
  return outcome ? std::string{} : sentence_of(outcome.error());
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(values)

BOOST_AUTO_TEST_CASE(durations_are_read_with_their_unit) {
  BOOST_TEST((parse_duration("10s") == 10s));
  BOOST_TEST((parse_duration("1h30m") == 90min));
  BOOST_TEST((parse_duration("250us") == 250us));
  BOOST_TEST((parse_duration("0") == 0s));
  for (auto text : {"", "10", "s", "-1s", "1.5s", "10 s", "10S", "1s ",
                    "9999999999999d", "300y"})
    BOOST_TEST(!parse_duration(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(a_sum_of_durations_cannot_overflow) {
  BOOST_TEST(!parse_duration("106751d106751d").has_value());
}

BOOST_AUTO_TEST_CASE(sizes_are_powers_of_1024_or_of_1000) {
  BOOST_TEST(parse_size("8MiB").value() == 8u * 1024 * 1024);
  BOOST_TEST(parse_size("10MB").value() == 10'000'000u);
  BOOST_TEST(parse_size("10485760").value() == 10485760u);
  for (auto text :
       {"", "8M", "8 MiB", "MiB", "-1", "20000000TiB", "99999999999999999999"})
    BOOST_TEST(!parse_size(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(shares_are_percentages_or_fractions) {
  BOOST_TEST(parse_ratio("50%").value() == 0.5);
  BOOST_TEST(parse_ratio("0.95").value() == 0.95);
  for (auto text : {"", "%", "half", "nan", "inf", "0.5x"})
    BOOST_TEST(!parse_ratio(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(what_is_printed_can_be_read) {
  for (duration value :
       {duration{0}, duration{1}, duration{1500ms}, duration{1h}})
    BOOST_TEST((parse_duration(print_duration(value)) == value));
  for (std::uint64_t value : {0ull, 1ull, 1000ull, 1024ull, 64ull << 30})
    BOOST_TEST(parse_size(print_size(value)).value() == value);
  BOOST_TEST(print_duration(90s) == "90s");
  BOOST_TEST(print_size(8u << 20) == "8MiB");
  BOOST_TEST(print_ratio(0.5) == "50%");
}

BOOST_AUTO_TEST_CASE(addresses_are_an_ip_and_a_port) {
  BOOST_TEST((parse_address("127.0.0.1:8181") == address{"127.0.0.1", 8181}));
  BOOST_TEST((parse_address("[::1]:0") == address{"::1", 0}));
  BOOST_TEST(parse_address("[::1]:80")->to_string() == "[::1]:80");
  BOOST_TEST(parse_address("127.8.8.8:1")->is_loopback());
  BOOST_TEST(!parse_address("0.0.0.0:1")->is_loopback());
  for (auto text : {"", "127.0.0.1", ":80", "127.0.0.1:65536", "127.0.0.1:-1",
                    "example.com:80", "::1:80", "[::1]", "1.2.3:4"})
    BOOST_TEST(!parse_address(text).has_value(), text);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(keys)

BOOST_AUTO_TEST_CASE(every_default_is_within_its_own_bounds) {
  settings values;
  for (auto& one : all_keys())
    BOOST_TEST(one.assign(values, one.default_text), one.name);
}

BOOST_AUTO_TEST_CASE(every_key_is_declared_once_and_sections_are_whole) {
  std::set<std::string> names;
  std::set<std::string> sections;
  std::string section;
  for (auto& one : all_keys()) {
    BOOST_TEST(names.insert(one.name).second, one.name);
    BOOST_TEST(!one.meaning.empty(), one.name);
    auto of_this = one.name.substr(0, one.name.find('.'));
    if (of_this != section)
      BOOST_TEST(sections.insert(of_this).second, of_this);
    section = of_this;
  }
}

BOOST_AUTO_TEST_CASE(every_key_prints_what_it_reads) {
  auto values = defaults();
  for (auto& one : all_keys()) {
    auto printed = one.print(values);
    auto again = values;
    BOOST_TEST(one.assign(again, printed), one.name);
    BOOST_TEST(one.print(again) == printed);
  }
}

BOOST_AUTO_TEST_CASE(the_shipped_file_explains_every_key_as_the_table_does) {
  auto shipped = test::read_file(ACGS_SOURCE_ROOT "/config/acgs.yaml");
  BOOST_TEST(!refusal(annotated()).size());
  BOOST_TEST(refusal(shipped) == "");
  // The shipped file names the shipped constitution; all else is as generated.
  auto expected = annotated();
  auto at = expected.find("  aliases: {}\n");
  BOOST_REQUIRE(at != std::string::npos);
  auto before = expected.substr(0, at);
  auto after = expected.substr(at + std::string{"  aliases: {}\n"}.size());
  BOOST_TEST(shipped.substr(0, before.size()) == before);
  BOOST_REQUIRE(shipped.size() >= after.size());
  BOOST_TEST(shipped.substr(shipped.size() - after.size()) == after);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(loading)

BOOST_AUTO_TEST_CASE(an_empty_file_gives_the_defaults) {
  auto values = read("");
  BOOST_REQUIRE(values);
  BOOST_TEST(values->http.listen.at(0).to_string() == "127.0.0.1:8181");
  BOOST_TEST(values->process.pid_dir == "./data/pids");
  BOOST_TEST((values->process.graceful_shutdown_timeout == 10s));
  BOOST_TEST(values->rpc.message_bytes_max == 8u << 20);
  BOOST_TEST(print(*values).value() == print(defaults()).value());
}

BOOST_AUTO_TEST_CASE(the_file_outranks_defaults_and_the_environment_the_file) {
  auto values = read("http:\n  body_bytes_max: 2MiB\n  connections_max: 7\n"
                     "node: {name: a}\nrpc:\n",
                     {{"ACGS_HTTP_BODY_BYTES_MAX", "3MiB"},
                      {"ACGS_HTTP_LISTEN", "127.0.0.1:1,[::1]:2"},
                      {"ACGS_CONSTITUTION_ALIASES",
                       std::string(64, 'a') + "=0123456789abcdef"},
                      {"LOG_MAX_BYTES", "10485760"},
                      {"ACGS_TOKEN", "not a key of ours"}});
  BOOST_REQUIRE_MESSAGE(values, (values ? "" : sentence_of(values.error())));
  BOOST_TEST(values->http.body_bytes_max == 3u << 20);
  BOOST_TEST(values->http.connections_max == 7u);
  BOOST_TEST(values->http.listen.size() == 2u);
  BOOST_TEST(values->node.name == "a");
  BOOST_TEST(values->logging.max_bytes == 10485760u);
  BOOST_TEST(values->constitution.aliases.at(std::string(64, 'a'))
             == "0123456789abcdef");
}

BOOST_AUTO_TEST_CASE(lists_and_maps_are_read) {
  auto values = read("http:\n  listen: [127.0.0.1:8000, 127.0.0.1:8001]\n"
                     "  cors_origins:\n    - https://ops.example\n"
                     "limits:\n  requests_per_second_by_role: {agent: 5}\n"
                     "policy:\n  directories: ./more\n");
  BOOST_REQUIRE_MESSAGE(values, (values ? "" : sentence_of(values.error())));
  BOOST_TEST(values->http.listen.at(1).port == 8001);
  BOOST_TEST(values->http.cors_origins.at(0) == "https://ops.example");
  BOOST_TEST(values->limits.requests_per_second_by_role.at(domain::role::agent)
             == 5u);
  BOOST_TEST(values->policy.directories.at(0) == "./more");
}

BOOST_AUTO_TEST_CASE(paths_under_the_data_folder_move_with_it) {
  auto values = read("node: {data_dir: /var/lib/acgs}\n"
                     "keys: {dir: $data_dir/k}\n");
  BOOST_REQUIRE(values);
  BOOST_TEST(values->process.pid_dir == "/var/lib/acgs/pids");
  BOOST_TEST(values->rpc.socket == "/var/lib/acgs/acgsd.sock");
  BOOST_TEST(values->keys.dir == "/var/lib/acgs/k");
}

BOOST_AUTO_TEST_CASE(a_wrong_value_is_named_with_its_place_and_expectation) {
  BOOST_TEST(
      refusal("http:\n  body_bytes_max: 3XB\n")
      == "t.yaml:2: http.body_bytes_max: '3XB' is not accepted; expected "
         "a size such as 8MiB, 1KiB to 64MiB");
  BOOST_TEST(contains(refusal("", {{"ACGS_PROCESS_DRAIN_TIMEOUT", "soon"}}),
                      "ACGS_PROCESS_DRAIN_TIMEOUT: process.drain_timeout: "
                      "'soon' is not accepted; expected a duration"));
  BOOST_TEST(contains(refusal("", {{"LOG_LEVEL", "LOUD"}}),
                      "LOG_LEVEL: logging.level: 'LOUD'"));
}

BOOST_AUTO_TEST_CASE(values_of_each_type_are_refused_beyond_their_bounds) {
  for (auto yaml : {"http: {connections_max: 0}",
                    "http: {connections_max: -1}",
                    "http: {connections_max: 1e3}",
                    "http: {body_bytes_max: 1GiB}",
                    "process: {drain_timeout: 2h}",
                    "process: {strict_ports: yes}",
                    "breakers: {failure_rate_threshold: 101%}",
                    "breakers: {sliding_window_type: moon}",
                    "rpc: {listen: localhost}",
                    "http: {listen: []}",
                    "http: {listen: {a: b}}",
                    "http: {cors_origins: ['*']}",
                    "http: {cors_origins: [evil.example]}",
                    "node: {name: Node_1}",
                    "node: {name: [a]}",
                    "node: {data_dir: ''}",
                    "node: {data_dir: \"a\\nb\"}",
                    "policy: {directories: ['a,b']}",
                    "constitution: {pin: CDD0}",
                    "egress: {hosts: ['https://a.example']}",
                    "egress: {hosts: ['a.example:443']}",
                    "egress: {hosts: ['*.example']}",
                    "egress: {hosts: [10.0.0.0/33]}",
                    "egress: {hosts: [1.2.3]}",
                    "egress: {hosts: ['']}",
                    "egress: {response_bytes_max: 5MiB}",
                    "constitution: {aliases: {a: b}}",
                    "limits: {requests_per_second_by_role: {king: 5}}",
                    "limits: {requests_per_second_by_role: 5}"})
    BOOST_TEST(contains(refusal(yaml), "is not accepted; expected"), yaml);
}

BOOST_AUTO_TEST_CASE(
    paths_for_strangers_are_patterns_outside_the_constitution) {
  auto preset = read("");
  BOOST_REQUIRE(preset);
  BOOST_TEST(preset->auth.anonymous_paths
                 == std::vector{std::string{"**/allow"}},
             boost::test_tools::per_element());
  for (auto* path : {"app/allow", "a", "*/allow", "shop/*/price", "**/a/b"})
    BOOST_TEST(refusal("auth: {anonymous_paths: ['" + std::string{path} + "']}")
                   == "",
               path);
  BOOST_TEST(refusal("auth: {anonymous_paths: []}") == "");
  for (auto* path : {"**", "*", "a/*", "a/**/b", "/a", "a/", "a//b", "a/../b",
                     "acgs", "acgs/agents", "acgs/**", "a b", "a*/allow"})
    BOOST_TEST(contains(refusal("auth: {anonymous_paths: ['" + std::string{path}
                                + "']}"),
                        "is not accepted"),
               path);
}

BOOST_AUTO_TEST_CASE(what_policies_may_reach_is_empty_until_it_is_listed) {
  BOOST_TEST(defaults().egress.hosts.empty());
  auto values = read("egress: {hosts: [users.example, U_2.example, 192.0.2.1, "
                     "'::1', '[2001:db8::1]', 10.0.0.0/8, 'fd00::/8']}");
  BOOST_REQUIRE_MESSAGE(values, (values ? "" : sentence_of(values.error())));
  BOOST_TEST(values->egress.hosts.size() == 7u);
  BOOST_TEST(contains(refusal("egress: {hosts: ['https://a.example/']}"),
                      "without scheme and port"));
}

BOOST_AUTO_TEST_CASE(an_unknown_key_is_an_error_that_names_the_nearest) {
  BOOST_TEST(refusal("http:\n  body_byte_max: 1MiB\n")
             == "t.yaml:2: http.body_byte_max: unknown key; did you mean "
                "'http.body_bytes_max'?");
  BOOST_TEST(contains(refusal("metrics: {zzzzzzzzzzzz: 1}"),
                      "section 'metrics' has listen"));
  BOOST_TEST(contains(refusal("qqqq: {zzzzzzzzzzzz: 1}"), "the sections are"));
  for (auto empty : {"qqqq:", "qqqq: {}", "node:\nqqqq: ~", "qqqq: 1"})
    BOOST_TEST(contains(refusal(empty), "qqqq: unknown key"), empty);
  BOOST_TEST(contains(refusal("", {{"ACGS_HTTP_LISTN", "127.0.0.1:1"}}),
                      "ACGS_HTTP_LISTN: http.listn: unknown key; did you mean "
                      "'http.listen'?"));
}

BOOST_AUTO_TEST_CASE(a_secret_is_sent_to_a_file) {
  for (const auto& said :
       {refusal("", {{"ACGS_KEYS_PASSPHRASE", "correct horse"}}),
        refusal("keys: {passphrase: correct horse}")}) {
    BOOST_TEST(contains(said, "keys.passphrase: a secret stands neither"),
               said);
    BOOST_TEST(contains(said, "keys.passphrase_file"), said);
    BOOST_TEST(!contains(said, "horse"), said);
  }
}

BOOST_AUTO_TEST_CASE(a_variable_that_is_no_key_is_refused) {
  BOOST_TEST(contains(refusal("", {{"ACGS_FOO_BAR", "1"}}),
                      "ACGS_FOO_BAR: foo.bar: unknown key; the sections are"));
  for (auto name : {"ACGS_HTTP", "ACGS_NAME", "ACGS__HTTP_LISTEN"})
    BOOST_TEST(contains(refusal("", {{name, "1"}}), "unknown key"), name);
  for (auto name : {"ACGS_ADDR", "ACGS_TOKEN", "ACGS_CONTEXTS",
                    "ACGS_BUILD_DIR", "ACGS_BUILD", "ACGS_SOURCE",
                    "ACGS_FAULT_AT", "ACGS_SHARED", "XACGS_FOO_BAR", "ACGSX"})
    BOOST_TEST(refusal("", {{name, "1"}}) == "", name);
}

BOOST_AUTO_TEST_CASE(a_list_or_map_that_is_refused_is_shown) {
  BOOST_TEST(contains(refusal("http: {listen: ['127.0.0.1:1', bogus]}"),
                      "the list [127.0.0.1:1, bogus] is not accepted"));
  BOOST_TEST(
      contains(refusal("limits: {requests_per_second_by_role: {king: 5}}"),
               "the map {king: 5} is not accepted"));
  std::string by_role = "ACGS_LIMITS_REQUESTS_PER_SECOND_BY_ROLE";
  BOOST_TEST(contains(refusal("", {{by_role, "admin:0"}}),
                      "'admin:0' is not accepted; expected a map of role to a "
                      "whole number, 0 to 10000000; in one line, such as "
                      "admin=0,agent=50"));
  BOOST_TEST(refusal("", {{by_role, "admin=0,agent=50"}}) == "");
  BOOST_TEST(contains(refusal("", {{"ACGS_POLICY_BUNDLE_KEYS", "a:b"}}),
                      "; in one line, such as name=value,name=value"));
  BOOST_TEST(contains(refusal("node: {name: " + std::string(5000, 'x') + "}"),
                      std::string(64, 'x') + "...'"));
}

BOOST_AUTO_TEST_CASE(every_problem_is_reported_at_once_up_to_a_bound) {
  auto text = refusal("http: {body_bytes_max: a, connections_max: b}");
  BOOST_TEST(contains(text, "body_bytes_max"));
  BOOST_TEST(contains(text, "connections_max"));
  std::string many = "http:\n";
  for (int i = 0; i < 1000; ++i)
    many += "  k" + std::to_string(i) + ": 1\n";
  auto lines = refusal(many);
  BOOST_TEST(std::count(lines.begin(), lines.end(), '\n') == 19);
}

BOOST_AUTO_TEST_CASE(what_is_not_a_configuration_is_refused_with_its_line) {
  for (auto [yaml, part] :
       std::initializer_list<std::pair<const char*, const char*>>{
           {"http: [", "t.yaml:"},
           {"http: {listen: \"abc}", "not YAML"},
           {"just text", "t.yaml:1: expected sections"},
           {"- a\n- b", "cannot hold a list here; expected sections"},
           {"http: 5", "t.yaml:1: 'http' is a section and cannot be '5'"},
           {"http: ''", "t.yaml:1: 'http' is a section and cannot be ''"},
           {"node:\n  name:a\n", "expected lines such as 'name: value'"},
           {"http:\n  listen:\n", "t.yaml:2: 'http.listen' has no value"},
           {"http:\n  listen: [[a]]", "t.yaml:2"},
           {"http:\n  listen: [~]", "t.yaml:2: 'http.listen' holds an empty"},
           {"http: {a: {b: {c: d}}}",
            "cannot hold a map here; expected a value"},
           {"node:\n  name: a\n  name: b\n",
            "t.yaml:3: 'node.name' stands twice, first in line 2"},
           {"http: {a: 1}\nhttp: {b: 2}",
            "t.yaml:2: 'http' stands twice, first in line 1"},
           {"limits: {requests_per_second_by_role: {agent: 1, agent: 2}}",
            "holds 'agent' twice"},
           {"a: &x {b: c}", "anchors"},
           {"a: {b: *x}", "t.yaml:1"},
           {"node: {name: !!binary aGk=}", "tag"},
           {"node: {name: a}\n---\nnode: {name: b}", "more than one"},
           {"node:\n\tname: a", "t.yaml:2: a tab in the indentation"},
           {"node:\n  name: a\n   data_dir: b", "t.yaml:3: not YAML"},
           {"node:\n  name: \x01", "t.yaml:2: a control character"}})
    BOOST_TEST(contains(refusal(yaml), part), yaml);
}

BOOST_AUTO_TEST_CASE(size_and_depth_of_the_text_are_bounded) {
  auto deep = read(std::string(100'000, '['));
  BOOST_TEST(!deep);
  auto large = read("#" + std::string(300'000, 'x'));
  BOOST_REQUIRE(!large);
  BOOST_TEST((code_of(large.error()) == ec::too_large));
  BOOST_TEST(sentence_of(large.error())
             == "t.yaml: too large; expected at most 262144 bytes");
}

BOOST_AUTO_TEST_CASE(keys_that_contradict_one_another_are_refused) {
  for (auto [yaml, part] :
       std::initializer_list<std::pair<const char*, const char*>>{
           {"http: {listen: '0.0.0.0:8181'}", "reachable from other machines"},
           {"http: {tls_key: /k.pem}", "expected both or neither"},
           {"node: {data_dir: $data_dir/x}", "stands for itself"},
           {"http: {tls_client_authority: /a.pem}", "expected both"},
           {"process: {drain_timeout: 11s}", "graceful_shutdown_timeout (10s)"},
           {"auth: {token_ttl: 24h}", "auth.refresh_ttl"},
           {"ledger: {map_size: 32MiB}", "quarter of ledger.map_size (32MiB)"},
           {"ledger: {reserve: 1TiB}", "quarter of ledger.map_size (64GiB)"},
           {"breakers: {sliding_window_size: 10}", "sliding_window_size (10)"}})
    BOOST_TEST(contains(refusal(yaml), part), yaml);
  BOOST_TEST(refusal("http: {listen: '0.0.0.0:8181', tls_certificate: /c,"
                     " tls_key: /k}")
             == "");
}

BOOST_AUTO_TEST_CASE(a_missing_file_is_an_error_naming_it) {
  test::scratch_folder folder;
  auto missing = load(folder.path() / "no.yaml", {});
  BOOST_REQUIRE(!missing);
  BOOST_TEST(contains(sentence_of(missing.error()),
                      "no.yaml: cannot be read: No such file"));
  auto instead = load(folder.path(), {});
  BOOST_REQUIRE(!instead);
  BOOST_TEST(contains(sentence_of(instead.error()), "it is a folder"));
  test::write_file(folder.path() / "a.yaml", "node: {name: b}\n");
  BOOST_TEST(load(folder.path() / "a.yaml", {})->node.name == "b");
}

BOOST_AUTO_TEST_CASE(a_pipe_without_a_writer_is_refused_at_once) {
  test::scratch_folder folder;
  auto pipe = folder.path() / "pipe";
  BOOST_REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  auto refused = load(pipe, {});
  BOOST_REQUIRE(!refused);
  BOOST_TEST((code_of(refused.error()) == ec::invalid_argument));
  BOOST_TEST(contains(sentence_of(refused.error()),
                      "pipe: cannot be read: it is a pipe and no regular file; "
                      "expected the configuration"));
  BOOST_TEST(contains(sentence_of(load("/dev/zero", {}).error()),
                      "it is a device and no regular file"));
}

BOOST_AUTO_TEST_CASE(folders_that_cannot_be_used_are_named) {
  test::scratch_folder folder;
  test::write_file(folder.path() / "file", "");
  auto values = defaults();
  values.node.data_dir = folder.path() / "file" / "data";
  values.constitution.directory = folder.path() / "none";
  values.process.pid_dir = values.keys.dir = folder.path() / "new" / "pids";
  auto text = sentence_of(check_files(values));
  BOOST_TEST(contains(text, "node.data_dir: '"));
  BOOST_TEST(contains(text, "constitution.directory: '"));
  BOOST_TEST(!contains(text, "process.pid_dir"));
  values.node.data_dir = folder.path() / "data";
  values.constitution.directory = folder.path();
  BOOST_TEST(!check_files(values));
}

BOOST_AUTO_TEST_CASE(keys_that_others_can_read_are_refused) {
  namespace fs = std::filesystem;
  test::scratch_folder folder;
  auto values = defaults();
  values.node.data_dir = values.process.pid_dir = folder.path();
  values.constitution.directory = folder.path();
  values.keys.dir = folder.path() / "keys";
  values.http.tls_certificate = folder.path() / "c.pem";
  values.http.tls_key = folder.path() / "k.pem";
  fs::create_directory(values.keys.dir);
  fs::permissions(values.keys.dir, fs::perms::owner_all);
  test::write_file(values.http.tls_certificate, "");
  test::write_file(values.http.tls_key, "");
  fs::permissions(values.http.tls_key, fs::perms::owner_read);
  BOOST_TEST(!check_files(values));
  fs::permissions(values.keys.dir, fs::perms{0755});
  fs::permissions(values.http.tls_key, fs::perms{0640});
  auto text = sentence_of(check_files(values));
  BOOST_TEST(contains(text, "keys' has mode 0755, so that others may have read "
                            "the keys; expected 0700"));
  BOOST_TEST(contains(text, "http.tls_key: '"));
  BOOST_TEST(contains(text, "mode 0640"));
}

BOOST_AUTO_TEST_CASE(one_value_or_all_can_be_printed) {
  auto values = defaults();
  BOOST_TEST(print(values, "process.graceful_shutdown_timeout").value()
             == "10s\n");
  BOOST_TEST(contains(print(values).value(), "\nhttp.listen=127.0.0.1:8181\n"));
  auto unknown = print(values, "http.liste");
  BOOST_REQUIRE(!unknown);
  BOOST_TEST((code_of(unknown.error()) == ec::not_found));
  BOOST_TEST(contains(sentence_of(unknown.error()), "'http.listen'"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
