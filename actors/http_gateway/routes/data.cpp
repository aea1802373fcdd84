// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Changes of the base documents, as OPA's data API has them. CONTROL checks
// and carries them out.

#include "actors/http_gateway/decide.hpp"
#include "actors/http_gateway/gate.hpp"
#include "actors/http_gateway/routes/routes.hpp"
#include "runtime/base/json_patch.hpp"
#include "runtime/base/json_scan.hpp"
#include "runtime/net/http/url.hpp"

#include <algorithm>

namespace acgs::http_gateway {

namespace {

using domain::command_kind;
using http::method;

void change_data(const call_ptr& who, command_kind kind, std::string body,
                 std::uint64_t expected_revision = 0) {
  auto options = read_options(who->query);
  auto path = json::to_data_path(who->matched.captures);
  auto what =
      deed_of(*who, std::string{to_string_view(kind)}, path,
              std::string{who->asked().find("x-acgs-reason").value_or("")});
  carry_out(who, std::move(what),
            {kind, path, std::move(body), expected_revision},
            [who, options](const control::applied&) {
              if (options.metrics)
                answer_decision(who, write_metrics(*who, options), false, {});
              else
                who->answer({.status = 204});
            });
}

/// Only where no document stands yet. CONTROL is asked, since what the gateway
/// knows may be a moment old, and refuses where that changed meanwhile.
void put_new(const call_ptr& who) {
  who->ask(who->with.others().control.get(), control::get_published{},
           [who](const control::published& now) {
             if (!now.state)
               return who->fail(
                   make_error(ec::unavailable, "no documents are known yet"));
             auth::base_documents documents{now.state->data};
             if (documents.stand_at(who->matched.captures))
               return who->answer({.status = 304});
             change_data(who, command_kind::put_data,
                         std::string{who->asked().body}, now.state->revision);
           });
}

void put_data(const call_ptr& who) {
  if (auto wrong = json::check_text(who->asked().body))
    return who->fail(wrong);
  if (who->asked().find("if-none-match") == "*")
    return put_new(who);
  change_data(who, command_kind::put_data, std::string{who->asked().body});
}

/// A path of a patch as a JSON Pointer. OPA's clients leave out the slash at
/// its beginning, mean the whole document by a slash alone, and may encode
/// steps as in a URL, a slash in one as "%2F".
result<std::string> pointer_of(std::string_view path) {
  std::string out;
  if (path.starts_with('/'))
    path.remove_prefix(1);
  while (!path.empty()) {
    auto end = std::min(path.find('/'), path.size());
    auto step = http::percent_decode(path.substr(0, end));
    if (!step)
      return std::move(step.error());
    out += '/';
    for (char c : *step)
      out.append(c == '/' ? "~1" : std::string_view{&c, 1});
    bool ends = end == path.size();
    path.remove_prefix(ends ? end : end + 1);
    if (!ends && path.empty())
      out += '/';
  }
  return out;
}

/// A patch as CONTROL takes it, with paths as RFC 6901 has them.
result<std::string> with_pointers(std::string_view body) {
  auto read = json::parse(body);
  const auto* steps = read ? read->if_array() : nullptr;
  if (!steps)
    return std::string{body}; // CONTROL says what is wrong with it
  json::array out;
  for (auto step : *steps) {
    for (const char* key : {"path", "from"}) {
      const auto* path = step.find(key);
      const auto* text = path ? path->if_string() : nullptr;
      if (!text)
        continue;
      auto pointer = pointer_of(*text);
      if (!pointer)
        return make_error(ec::invalid_argument,
                          "bad patch path: "
                              + std::string{sentence_of(pointer.error())},
                          key);
      json::editor::set(step, key, json::value{std::move(*pointer)});
    }
    out.push_back(std::move(step));
  }
  return json::to_text(json::value{std::move(out)});
}

void patch_data(const call_ptr& who) {
  if (auto wrong = json::check_text(who->asked().body))
    return who->fail(wrong);
  auto patch = with_pointers(who->asked().body);
  if (!patch)
    return who->fail(patch.error());
  change_data(who, command_kind::patch_data, std::move(*patch));
}

void remove_data(const call_ptr& who) {
  change_data(who, command_kind::delete_data, {});
}

} // namespace

void add_data_routes(std::vector<route>& to) {
  constexpr auto any = "/v1/data/{path*}";
  constexpr auto right = auth::verb::write_data;
  constexpr auto style = error_style::opa;
  to.push_back(
      {method::put, any, right, style, "acgs data put PATH -i FILE", put_data});
  to.push_back({method::patch, any, right, style,
                "acgs data patch PATH -i FILE", patch_data});
  to.push_back({method::delete_, any, right, style, "acgs data patch PATH",
                remove_data, true});
}

} // namespace acgs::http_gateway
