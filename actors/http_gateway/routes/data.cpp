// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Changes of the base documents, as OPA's data API has them. CONTROL checks
// and carries them out.

#include "actors/http_gateway/decide.hpp"
#include "actors/http_gateway/gate.hpp"
#include "actors/http_gateway/routes/routes.hpp"
#include "runtime/base/json.hpp"
#include "runtime/base/json_scan.hpp"

namespace acgs::http_gateway {

namespace {

using domain::command_kind;
using http::method;

/// "a/b", with slashes and tildes inside a step as "~1" and "~0".
std::string data_path(const std::vector<std::string>& steps) {
  std::string out;
  for (const auto& step : steps) {
    out += out.empty() ? "" : "/";
    for (char c : step)
      if (c == '~')
        out += "~0";
      else if (c == '/')
        out += "~1";
      else
        out += c;
  }
  return out;
}

void change_data(const call_ptr& who, command_kind kind, std::string body,
                 std::uint64_t expected_revision = 0) {
  auto options = read_options(who->query);
  if (!options)
    return who->fail(options.error());
  auto path = data_path(who->matched.captures);
  auto what =
      deed_of(*who, std::string{to_string_view(kind)}, path,
              std::string{who->asked().find("x-acgs-reason").value_or("")});
  carry_out(who, std::move(what),
            {kind, path, std::move(body), expected_revision},
            [who, options = *options](const control::applied&) {
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

/// A patch whose paths begin with a slash, as RFC 6901 wants it; OPA's clients
/// leave it out, and mean the whole document by a slash alone.
std::string with_slashes(std::string_view body) {
  auto read = json::parse(body);
  const auto* steps = read ? read->if_array() : nullptr;
  if (!steps)
    return std::string{body}; // CONTROL says what is wrong with it
  json::array out;
  for (auto step : *steps) {
    for (const char* key : {"path", "from"}) {
      const auto* path = step.find(key);
      const auto* text = path ? path->if_string() : nullptr;
      if (text && *text == "/")
        json::editor::set(step, key, json::value{std::string{}});
      else if (text && !text->empty() && text->front() != '/')
        json::editor::set(step, key, json::value{"/" + *text});
    }
    out.push_back(std::move(step));
  }
  return json::to_text(json::value{std::move(out)});
}

void patch_data(const call_ptr& who) {
  if (auto wrong = json::check_text(who->asked().body))
    return who->fail(wrong);
  change_data(who, command_kind::patch_data, with_slashes(who->asked().body));
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
                remove_data});
}

} // namespace acgs::http_gateway
