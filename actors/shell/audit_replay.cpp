// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/shell/audit_replay.hpp"

#include "actors/shell/audit_export.hpp"
#include "actors/shell/environment.hpp"
#include "actors/shell/json_difference.hpp"
#include "actors/shell/progress.hpp"

#include <algorithm>
#include <filesystem>

namespace acgs::shell {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t examples_default = 20;

/// Where somebody wants all of them, less is looked at for one answer.
constexpr std::uint32_t examples_of_one_answer = 1000;

caf::error add_module(const fs::path& file, const std::string& name,
                      std::vector<client::replay_module>& to) {
  auto content = read_file(file.string());
  if (!content)
    return make_error(code_of(content.error()), sentence_of(content.error()),
                      "policy");
  to.push_back({name, std::move(*content)});
  return {};
}

/// A file, or all files of Rego in a folder but their tests.
result<std::vector<client::replay_module>> candidate_of(const fs::path& path) {
  std::vector<client::replay_module> out;
  std::error_code failed;
  if (!fs::is_directory(path, failed)) {
    if (auto bad = add_module(path, path.filename().string(), out))
      return bad;
    return out;
  }
  std::vector<fs::path> files;
  for (fs::recursive_directory_iterator at{path, failed}, end;
       !failed && at != end; at.increment(failed))
    if (at->is_regular_file(failed) && at->path().extension() == ".rego"
        && !at->path().stem().string().ends_with("_test"))
      files.push_back(at->path());
  if (failed)
    return make_error(
        ec::invalid_argument,
        "cannot read '" + path.string() + "': " + failed.message(), "policy");
  std::sort(files.begin(), files.end());
  for (const auto& file : files)
    if (auto bad =
            add_module(file, file.lexically_relative(path).string(), out))
      return bad;
  if (out.empty())
    return make_error(ec::invalid_argument,
                      "'" + path.string() + "' holds no .rego file", "policy");
  return out;
}

result<client::replay_request> request_of(invocation& in) {
  client::replay_request out;
  if (auto bad = read_time(in, "since", out.from_nanos))
    return bad;
  if (auto bad = read_time(in, "until", out.to_nanos))
    return bad;
  if (in.has("since") && in.has("until") && out.from_nanos >= out.to_nanos)
    return make_error(ec::invalid_argument, "there is no time in between",
                      "until");
  out.path = in.value("path");
  out.agent = in.value("agent");
  if (in.has("policy")) {
    auto modules = candidate_of(in.value("policy"));
    if (!modules)
      return modules.error();
    out.candidate = std::move(*modules);
  }
  return out;
}

/// Asks for no entry at all: whether one may. What a role may not see would
/// narrow the request to nothing otherwise, as if nothing differed.
caf::error ask_leave(client::connection& node) {
  client::replay_request none;
  none.first = none.last = ~std::uint64_t{0};
  none.examples_max = 0;
  auto answer = node.ledger().replay(none);
  return answer ? caf::error{} : answer.error();
}

/// Narrows the request to where entries that it asks for are; false where
/// there is none. The index does not lead to archived ones: the node reads all
/// of them that it can.
result<bool> narrow(client::connection& node, client::replay_request& to) {
  for (auto oldest : {true, false}) {
    client::ledger_query query;
    query.event_type = to_string_view(domain::entry_kind::decision);
    query.from_nanos = to.from_nanos;
    query.to_nanos = to.to_nanos;
    query.path = to.path;
    query.agent = to.agent;
    query.limit = 1;
    query.oldest_first = oldest;
    auto found = node.ledger().query(query);
    if (!found)
      return found.error();
    bool none = found->entries.empty();
    if (none && found->archived == 0)
      return false;
    auto index = none ? found->archived - 1 : found->entries.front().index;
    if (!oldest)
      to.last = index;
    else
      to.first = found->archived > 0 ? 0 : index;
  }
  return true;
}

row row_of(const client::replay_difference& from, bool json_wanted) {
  row out{{"index", number(from.index)},
          {"time", time(from.time_nanos)},
          {"before", text(to_string_view(from.before))},
          {"after", text(to_string_view(from.after))},
          {"agent", text(from.agent)},
          {"path", text(from.path)}};
  if (!json_wanted) {
    auto changed = json_difference(from.text_before, from.text_after);
    out.emplace_back("changed", text(changed));
    return out;
  }
  out.emplace_back("decision_id", text(from.decision_id));
  out.emplace_back("recorded", text(from.text_before));
  out.emplace_back("replayed", text(from.text_after));
  return out;
}

/// What all answers come to.
class tally {
public:
  tally(invocation& in)
      : in_{in}, most_{in.number("examples", examples_default)} {}

  std::uint64_t decisions() const { return sum_.decisions; }
  std::uint64_t differing() const { return sum_.changed + sum_.reworded; }

  std::uint32_t wanted() const {
    auto left = most_ - std::min(most_, shown_);
    return static_cast<std::uint32_t>(
        std::min<std::uint64_t>(left, examples_of_one_answer));
  }

  void add(const client::replayed& part) {
    sum_.count(part);
    archived_ = std::max(archived_, part.archived);
    std::vector<row> rows;
    for (const auto& each : part.differences)
      rows.push_back(row_of(each, in_.out().is_json()));
    shown_ += rows.size();
    if (!rows.empty())
      in_.out().list(rows);
    for (const auto& each : part.skips)
      if (sum_.skips.size() < most_)
        sum_.skips.push_back(each);
  }

  void show() {
    std::vector<row> skipped;
    for (const auto& each : sum_.skips)
      skipped.push_back(
          {{"index", number(each.index)}, {"skipped", text(each.why)}});
    if (!skipped.empty())
      in_.out().list(skipped);
    row out{{"decisions", number(sum_.decisions)},
            {"same", number(sum_.same)},
            {"changed", number(sum_.changed)},
            {"reworded", number(sum_.reworded)},
            {"shredded", number(sum_.shredded)},
            {"unknown", number(sum_.unknown)}};
    for (std::size_t i = 0; i < sum_.turns.size(); ++i)
      if (sum_.turns[i] != 0)
        out.emplace_back(std::string{domain::verdict_names[i / 6]} + "_to_"
                             + std::string{domain::verdict_names[i % 6]},
                         number(sum_.turns[i]));
    if (sum_.unread > 0)
      out.emplace_back("unread", number(sum_.unread));
    in_.out().record(out);
    if (archived_ > 0)
      in_.out().note("the entries before " + std::to_string(archived_)
                     + " are archived and were not replayed");
  }

private:
  invocation& in_;
  std::uint64_t most_;
  std::uint64_t archived_ = 0; ///< so many the node could not read
  std::uint64_t shown_ = 0;
  client::replayed sum_;
};

/// The answers one after the other.
caf::error replay_all(invocation& in, client::connection& node,
                      client::replay_request& request, tally& to) {
  auto limit = in.number("limit");
  progress shown{in.out(), "replayed", request.last + 1 - request.first};
  auto begin = request.first;
  for (;;) {
    if (limit != 0)
      request.decisions_max = limit - to.decisions();
    request.examples_max = to.wanted();
    request.entries_max =
        request.examples_max > examples_default ? examples_of_one_answer : 0;
    auto part = node.ledger().replay(request);
    if (!part)
      return part.error();
    to.add(*part);
    shown.at(part->next - begin);
    if (part->next >= part->end || part->next <= request.first
        || (limit != 0 && to.decisions() >= limit))
      return {};
    request.first = part->next;
  }
}

} // namespace

std::vector<parameter> replay_parameters() {
  return {{"--since", "decided not before, RFC 3339"},
          {"--until", "decided before, RFC 3339"},
          {"--path",
           "what was decided: acgs/main/decision, data.acgs.main.decision",
           kind::path},
          {"--agent", "whom it is about"},
          number_option("--limit", "at most so many, the oldest first", 1),
          {"--policy",
           "a file or folder of Rego that stands in for the policies of its "
           "packages",
           kind::file},
          number_option("--examples",
                        "show so many that differ, 20 where absent", 0,
                        1'000'000)};
}

int audit_replay(invocation& in) {
  auto request = request_of(in);
  if (!request)
    return in.fail(request.error());
  auto* node = in.node();
  if (!node)
    return in.failed();
  if (auto refused = ask_leave(*node))
    return in.fail(refused);
  auto any = narrow(*node, *request);
  if (!any)
    return in.fail(any.error());
  tally sum{in};
  if (*any) {
    node->set_timeout(std::max<std::chrono::milliseconds>(
        in.global().connect.timeout, std::chrono::minutes{10}));
    auto failed = replay_all(in, *node, *request, sum);
    node->set_timeout(in.global().connect.timeout);
    if (failed)
      return in.fail(failed);
  }
  sum.show();
  return request->candidate.empty() && sum.differing() > 0 ? 1 : 0;
}

} // namespace acgs::shell
