// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// policy candidate ...: policies that are tried beside the active ones.

#include "actors/shell/environment.hpp"
#include "runtime/base/json.hpp"
#include "runtime/base/number_text.hpp"

namespace acgs::shell {

namespace {

const parameter name{"name", "the candidate's name", kind::free, true};

/// "10%" or "0.1" as 0.1.
result<double> share_of(const std::string& text) {
  bool percent = text.ends_with('%');
  auto out = parse_number<double>(
      std::string_view{text}.substr(0, text.size() - (percent ? 1 : 0)));
  if (out && percent)
    *out /= 100;
  if (!out || !(*out >= 0 && *out <= 1))
    return make_error(ec::invalid_argument,
                      "'" + text
                          + "' is no share; expected 0% to 100%, or 0 "
                            "to 1",
                      "share");
  return *out;
}

/// "id=file" for each module.
result<std::map<std::string, std::string>>
modules_of(const std::vector<std::string>& words) {
  std::map<std::string, std::string> out;
  for (const auto& word : words) {
    auto equals = word.find('=');
    if (equals == std::string::npos || equals == 0)
      return make_error(ec::invalid_argument,
                        "'" + word + "' names no policy; expected ID=FILE",
                        "module");
    auto content = read_file(word.substr(equals + 1));
    if (!content)
      return std::move(content.error());
    out[word.substr(0, equals)] = std::move(*content);
  }
  return out;
}

int put(invocation& in) {
  client::new_candidate what;
  what.name = in.value("name");
  if (in.has("share")) {
    auto share = share_of(in.value("share"));
    if (!share)
      return in.fail(share.error());
    what.share = *share;
  }
  auto modules = modules_of(in.all("module"));
  if (!modules)
    return in.fail(modules.error());
  what.modules = std::move(*modules);
  auto* node = in.node();
  if (!node)
    return in.failed();
  return report(in, node->policy().put_candidate(what, in.change()),
                "put the candidate '" + what.name + "'");
}

int drop(invocation& in, client::connection& node) {
  return report(in, node.policy().drop_candidate(in.value("name"), in.change()),
                "dropped the candidate '" + in.value("name") + "'");
}

caf::error none() {
  return make_error(ec::not_found,
                    "there is no candidate; acgs policy candidate put makes "
                    "one");
}

std::string percent(double share) {
  char out[32];
  auto end = std::to_chars(out, out + sizeof out, share * 100).ptr;
  return {out, end};
}

int show_candidate(invocation& in, client::connection& node) {
  return show(in, node.policy().get_candidate(),
              [&](const client::candidate& got) {
                if (got.name.empty())
                  return in.fail(none());
                std::string ids;
                for (const auto& each : got.modules)
                  ids += (ids.empty() ? "" : ", ") + each.id;
                in.out().record({{"name", text(got.name)},
                                 {"share_percent", text(percent(got.share))},
                                 {"modules", text(ids)},
                                 {"revision", number(got.revision)},
                                 {"time", time(got.time_nanos)},
                                 {"by", text(got.by)}});
                return 0;
              });
}

/// The newest entries of that type about this candidate, and how many.
result<client::entry_page> verdicts(client::connection& node, const char* type,
                                    const client::candidate& of,
                                    std::uint32_t limit) {
  client::ledger_query query;
  query.event_type = type;
  query.from_nanos = of.time_nanos;
  query.limit = limit;
  return node.ledger().query(query);
}

row example_of(const client::located_entry& from) {
  const auto& entry = *from.entry;
  auto detail = json::parse(entry.detail);
  auto word = [&](const char* key) {
    const auto* found = detail ? detail->find(key) : nullptr;
    const auto* is = found ? found->if_string() : nullptr;
    return std::string{is ? *is : ""};
  };
  return {{"decision_id", text(entry.decision_id)},
          {"path", text(entry.path)},
          {"agent", text(entry.agent)},
          {"active", text(word("active"))},
          {"would_be", text(word("would_be"))},
          {"time", time(entry.time_nanos)},
          {"ledger_index", number(from.index)}};
}

int stats(invocation& in, client::connection& node) {
  auto of = node.policy().get_candidate();
  if (!of)
    return in.fail(of.error());
  if (of->name.empty())
    return in.fail(none());
  auto limit = static_cast<std::uint32_t>(in.number("examples", 10));
  auto differs = verdicts(node, "candidate_differs", *of, limit);
  if (!differs)
    return in.fail(differs.error());
  auto agrees = verdicts(node, "candidate_agrees", *of, 1);
  if (!agrees)
    return in.fail(agrees.error());
  in.out().record({{"candidate", text(of->name)},
                   {"revision", number(of->revision)},
                   {"tried", number(differs->total + agrees->total)},
                   {"would_change", number(differs->total)}});
  std::vector<row> rows;
  for (const auto& each : differs->entries)
    rows.push_back(example_of(each));
  if (!rows.empty())
    in.out().list(rows);
  return 0;
}

} // namespace

std::vector<command> candidate_commands() {
  return {
      {"policy candidate put",
       "Tries policies on decisions that are made, enforcing nothing",
       "acgs policy candidate put tighter --share 10% "
       "my/policy.rego=./policy.rego",
       {name,
        {"module",
         "ID=FILE: in place of the policy of that id or beside the others; "
         "constitution/PATH stands for a file of the constitution",
         kind::free, true, false, true},
        {"--share", "of the decisions, 100% where absent", kind::free},
        reason_option(),
        revision_option()},
       false,
       put},
      {"policy candidate drop",
       "Ends the trial; what was recorded stays",
       "acgs policy candidate drop tighter",
       {name, reason_option(), revision_option()},
       false,
       on_node<drop>},
      {"policy candidate show",
       "Shows what is tried",
       "acgs policy candidate show",
       {},
       false,
       on_node<show_candidate>},
      {"policy candidate stats",
       "Shows how many verdicts would change, with examples, newest first",
       "acgs policy candidate stats --examples 5",
       {number_option("--examples", "at most so many, 10 where absent", 1,
                      1000)},
       false,
       on_node<stats>},
  };
}

} // namespace acgs::shell
