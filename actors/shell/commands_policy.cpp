// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// decide, policy ..., data ...

#include "actors/shell/decide_batch.hpp"
#include "actors/shell/environment.hpp"
#include "actors/shell/rego_program.hpp"
#include "runtime/base/json.hpp"

namespace acgs::shell {

namespace {

/// Members of a result that are longer are shown with --explain only.
constexpr std::size_t brief_bytes_max = 200;

/// What a person wants to see of a decision's result.
void add_result(row& to, const domain::decision& decision, bool explain) {
  auto parsed = json::parse(decision.result);
  auto* object = parsed ? parsed->if_object() : nullptr;
  if (!object) {
    to.emplace_back("result", json(decision.result));
    return;
  }
  for (auto& [name, value] : *object) {
    auto known = name == "constitutional_hash"; // is shown below
    if (known || (!explain && value.bytes() > brief_bytes_max))
      continue;
    auto* word = value.if_string();
    to.emplace_back(name, word ? text(*word) : json(json::to_text(value)));
  }
}

void show_decision(invocation& in, const client::decided& got) {
  auto& decision = *got.decision;
  auto outcome = to_string_view(decision.outcome);
  row out{{"decision_id", text(decision.decision_id)},
          {"request_id", text(decision.request_id)},
          {"path", text(decision.path)},
          {"outcome", text(outcome)}};
  if (in.out().is_json())
    out.emplace_back("result", json(decision.result));
  else
    add_result(out, decision, in.has("explain"));
  if (decision.outcome == domain::verdict::error) {
    out.emplace_back("error_code", text(decision.error_code));
    out.emplace_back("error_message", text(decision.error_message));
  }
  out.emplace_back("constitutional_hash", text(decision.constitutional_hash));
  out.emplace_back("ledger_index", number(got.index));
  out.emplace_back("cache_hit", boolean(decision.cache_hit));
  out.emplace_back("latency_ns", duration(decision.latency_nanos));
  out.emplace_back("durable_ns", duration(got.durable_nanos));
  if (in.out().is_json() || in.has("explain")) {
    out.emplace_back("evaluation_ns", duration(decision.evaluation_nanos));
    out.emplace_back("nondeterministic", boolean(decision.nondeterministic));
    out.emplace_back("revision", number(decision.revision));
    out.emplace_back("policy_digest", hex(decision.policy_digest));
    out.emplace_back("data_digest", hex(decision.data_digest));
  }
  in.out().record(out);
}

/// The input: from --data, the file, or what is piped in.
result<std::string> input_of(invocation& in) {
  if (in.has("data") && in.has("input"))
    return make_error(ec::invalid_argument,
                      "the input is given twice; expected --data or -i",
                      "input");
  if (in.has("data"))
    return in.value("data");
  auto got = in.has("input") ? in.env().read_named(in.value("input"))
                             : in.env().read_input();
  if (got && got->empty())
    return make_error(ec::invalid_argument,
                      "there is no input; expected -i FILE, --data JSON, or "
                      "one that is piped in",
                      "input");
  return got;
}

/// The exit code; of what gives no verdict, after saying so.
int end_by(invocation& in, const domain::decision& decision) {
  auto says_nothing = decision.outcome == domain::verdict::undefined;
  if (!says_nothing && decision.outcome != domain::verdict::value)
    return ending_of(decision);
  return in.fail(make_error(
      ec::evaluation_failed,
      "there is no verdict: '" + std::string{decision.path}
          + (says_nothing ? "' is not defined for this input"
                          : "' is neither true nor false, nor an object with "
                            "such an allow"),
      "path"));
}

int decide(invocation& in) {
  if (in.has("batch"))
    return decide_batch(in);
  auto input = input_of(in);
  if (!input)
    return in.fail(input.error());
  if (auto read = json::parse(*input); !read)
    return in.fail(
        make_error(code_of(read.error()), sentence_of(read.error()), "input"));
  auto* node = in.node();
  if (!node)
    return in.failed();
  client::question question;
  question.path = in.has("path") ? in.value("path") : "acgs/main/decision";
  question.input = std::move(*input);
  question.pinned_hash = in.value("constitution");
  question.request_id = in.value("request-id");
  if (in.has("idempotency-key"))
    question.idempotency_key = in.value("idempotency-key");
  question.strict_builtin_errors = in.has("strict-builtin-errors");
  if (in.value("durability") == "quorum")
    question.durability = domain::durability::quorum;
  return show(in, node->decide(question), [&](const client::decided& got) {
    show_decision(in, got);
    return end_by(in, *got.decision);
  });
}

int policy_list(invocation& in, client::connection& node) {
  return show(in, node.policy().list(), [&](const auto& got) {
    std::vector<row> rows;
    for (auto& each : got)
      rows.push_back({{"id", text(each.id)},
                      {"origin", text(each.origin)},
                      {"bytes", size(each.bytes)},
                      {"revision", number(each.revision)},
                      {"time", time(each.time_nanos)}});
    in.out().list(rows);
    return 0;
  });
}

int policy_get(invocation& in, client::connection& node) {
  return show(in, node.policy().get(in.value("id")), [&](const auto& got) {
    if (in.out().is_json())
      in.out().record({{"id", text(got.info.id)},
                       {"origin", text(got.info.origin)},
                       {"revision", number(got.info.revision)},
                       {"time", time(got.info.time_nanos)},
                       {"text", text(got.text)}});
    else
      in.out().document(got.text);
    return 0;
  });
}

int policy_put(invocation& in) {
  auto content = read_file(in.value("file"));
  if (!content)
    return in.fail(content.error());
  auto* node = in.node();
  if (!node)
    return in.failed();
  return report(in, node->policy().put(in.value("id"), *content, in.change()),
                "put '" + in.value("id") + "'");
}

int policy_delete(invocation& in, client::connection& node) {
  return report(in, node.policy().remove(in.value("id"), in.change()),
                "deleted '" + in.value("id") + "'");
}

int policy_history(invocation& in, client::connection& node) {
  client::history_filter filter;
  filter.name = in.value("id");
  filter.limit = static_cast<std::uint32_t>(in.number("limit"));
  filter.before = in.number("before");
  return show(in, node.policy().history(filter), [&](const auto& got) {
    std::vector<row> rows;
    for (auto& each : got)
      rows.push_back({{"revision", number(each.revision)},
                      {"time", time(each.time_nanos)},
                      {"kind", text(each.kind)},
                      {"name", text(each.name)},
                      {"by", text(each.by.subject)},
                      {"role", text(to_string_view(each.by.role_))},
                      {"bytes", size(each.bytes)},
                      {"reason", text(each.reason)},
                      {"request_id", text(each.request_id)}});
    in.out().list(rows);
    return 0;
  });
}

int policy_test(invocation& in) {
  std::vector<std::string> words{"test"};
  if (in.has("verbose"))
    words.push_back("-v");
  if (in.has("bundle"))
    words.push_back("-b");
  if (in.has("run"))
    words.insert(words.end(), {"-r", in.value("run")});
  if (in.out().is_json())
    words.insert(words.end(), {"-f", "json"});
  auto& files = in.all("file");
  words.insert(words.end(), files.begin(), files.end());
  auto ended = run_rego(words);
  return ended ? *ended : in.fail(ended.error());
}

/// A data path, which some write with a slash before it, as in a JSON Pointer.
std::string data_path(invocation& in) {
  auto path = in.value("path");
  return path.starts_with('/') ? path.substr(1) : path;
}

int data_get(invocation& in, client::connection& node) {
  return show(in, node.policy().get_data(data_path(in)), [&](const auto& got) {
    in.out().document(got.json);
    return 0;
  });
}

/// A document from the file named, or from what is piped in.
result<std::string> document_of(invocation& in) {
  return in.env().read_named(in.value("file"));
}

int data_put(invocation& in) {
  auto document = document_of(in);
  if (!document)
    return in.fail(document.error());
  auto* node = in.node();
  if (!node)
    return in.failed();
  return report(in,
                node->policy().put_data(data_path(in), *document, in.change()),
                "put '" + data_path(in) + "'");
}

int data_patch(invocation& in) {
  auto document = document_of(in);
  if (!document)
    return in.fail(document.error());
  auto* node = in.node();
  if (!node)
    return in.failed();
  return report(
      in, node->policy().patch_data(data_path(in), *document, in.change()),
      "patched '" + data_path(in) + "'");
}

int data_delete(invocation& in, client::connection& node) {
  return report(in, node.policy().remove_data(data_path(in), in.change()),
                "deleted '" + data_path(in) + "'");
}

std::vector<parameter> decide_parameters() {
  return {
      {"-i,--input",
       "file with the input, JSON; - is standard input, not in the shell",
       kind::file},
      {"--data", "the input itself, JSON", kind::free},
      {"--batch",
       "file with many inputs, JSON, a line each; where a line is no JSON, "
       "nothing is decided; - is standard input, not in the shell",
       kind::file},
      {"--path", "what to decide; acgs/main/decision where absent", kind::path},
      {"--durability",
       "when the answer may leave",
       kind::choice,
       false,
       false,
       false,
       {"local", "quorum"}},
      {"--constitution", "refuse under another constitution", kind::free},
      {"--request-id", "to find the entry by", kind::free},
      {"--idempotency-key", "record the decision once", kind::free},
      {"--strict-builtin-errors", "a built-in's error ends the evaluation",
       kind::free, false, true},
      {"--explain", "show everything about the answer", kind::free, false,
       true}};
}

std::vector<command> rules_commands() {
  const parameter id{"id", "the policy's id", kind::policy, true};
  return {
      {"decide", "Asks for one decision; exit code 1 where it is not allowed",
       R"(acgs decide --data '{"action":"data.read_public","context":)"
       R"({"agent":{"trust_level":0.9},"environment":)"
       R"({"sandbox_enabled":true,"audit_enabled":true}}}')",
       decide_parameters(), false, decide},
      {"policy list",
       "Lists the active policies",
       "acgs policy list",
       {},
       false,
       on_node<policy_list>},
      {"policy get",
       "Shows a policy",
       "acgs policy get my/policy.rego",
       {id},
       false,
       on_node<policy_get>},
      {"policy put",
       "Puts a policy, which must compile",
       "acgs policy put my/policy.rego ./policy.rego --reason 'tighter limits'",
       {id,
        {"file", "a Rego file", kind::file, true},
        reason_option(),
        revision_option()},
       false,
       policy_put},
      {"policy delete",
       "Deletes a policy",
       "acgs policy delete my/policy.rego --yes",
       {id, reason_option(), revision_option()},
       true,
       on_node<policy_delete>},
      {"policy history",
       "Shows who changed what, newest first",
       "acgs policy history --limit 20",
       {{"id", "only about this policy, path or user", kind::policy},
        number_option("--limit", "at most so many, 100 where absent", 1, 1000),
        number_option("--before", "only smaller revisions", 1)},
       false,
       on_node<policy_history>},
      {"policy test",
       "Runs Rego tests on this machine, without a node",
       "acgs policy test ./policies",
       {{"file", "files or folders", kind::file, true, false, true},
        {"-b,--bundle", "they are bundles: a tar.gz or a folder", kind::free,
         false, true},
        {"-r,--run", "only tests that this expression matches", kind::free},
        {"-v,--verbose", "show each test", kind::free, false, true}},
       false,
       policy_test},
  };
}

std::vector<command> data_commands() {
  const parameter path{"path", "such as agents/robot_1", kind::data, true};
  const parameter file{"file", "a file; - is standard input, not in the shell",
                       kind::file, true};
  return {
      {"data get",
       "Shows base documents",
       "acgs data get agents/robot_1",
       {{"path", "the whole data where absent", kind::data}},
       false,
       on_node<data_get>},
      {"data put",
       "Puts a document",
       "acgs data put agents/robot_1 ./r1.json",
       {path, file, reason_option(), revision_option()},
       false,
       data_put},
      {"data patch",
       "Changes a document by a JSON Patch",
       "acgs data patch agents ./patch.json",
       {path, file, reason_option(), revision_option()},
       false,
       data_patch},
      {"data delete",
       "Deletes a document",
       "acgs data delete agents/robot_1 --yes",
       {path, reason_option(), revision_option()},
       true,
       on_node<data_delete>},
  };
}

} // namespace

std::vector<command> policy_commands() {
  auto out = rules_commands();
  for (auto& each : data_commands())
    out.push_back(std::move(each));
  return out;
}

} // namespace acgs::shell
