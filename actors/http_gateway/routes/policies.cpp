// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Policies, as OPA's policy API has them. The constitution's own files are
// shown under "constitution/" and changed by bundles only.

#include "actors/http_gateway/decide.hpp"
#include "actors/http_gateway/gate.hpp"
#include "actors/http_gateway/json_out.hpp"
#include "actors/http_gateway/routes/routes.hpp"
#include "runtime/domain/policy_id.hpp"

namespace acgs::http_gateway {

namespace {

using domain::command_kind;
using domain::constitution_prefix;
using http::method;

std::string id_of(const call& who) {
  std::string out;
  for (const auto& step : who.matched.captures) {
    out += out.empty() ? "" : "/";
    out += step;
  }
  return out;
}

/// Has them shown with their trees, and hands the texts on.
template <class Then>
void with_trees(const call_ptr& who, show_policies what, Then then) {
  who->ask(who->with.trees.get(), std::move(what), std::move(then));
}

void list(const call_ptr& who) {
  auto options = read_options(who->query);
  const auto& now = who->with.core.now().control();
  if (!now)
    return who->fail(
        make_error(ec::unavailable, "no control state is known yet"));
  show_policies all;
  for (const auto& [path, module] : now->constitution)
    all.each.push_back({std::string{constitution_prefix} + path, module});
  for (const auto& [id, module] : now->policies)
    all.each.push_back({id, module});
  with_trees(who, std::move(all), [who, options](const shown_policies& got) {
    json_array out;
    for (const auto& each : got.each)
      out.raw(each);
    answer_decision(who, json_object{}.raw("result", out.take()).take(),
                    options.pretty, {});
  });
}

const domain::policy_module* find(const domain::control_state& in,
                                  const std::string& id) {
  bool own = id.starts_with(constitution_prefix);
  const auto& modules = own ? in.constitution : in.policies;
  auto found = modules.find(own ? id.substr(constitution_prefix.size()) : id);
  return found == modules.end() ? nullptr : &found->second;
}

void get_policy(const call_ptr& who) {
  auto options = read_options(who->query);
  auto id = id_of(*who);
  const auto& now = who->with.core.now().control();
  const auto* module = now ? find(*now, id) : nullptr;
  if (!module)
    return who->fail(make_error(
        ec::not_found, "storage_not_found_error: policy id \"" + id + "\""));
  with_trees(who, {{{id, *module}}}, [who, options](const shown_policies& got) {
    answer_decision(who, json_object{}.raw("result", got.each.front()).take(),
                    options.pretty, {});
  });
}

void change(const call_ptr& who, command_kind kind, std::string text) {
  auto options = read_options(who->query);
  auto id = id_of(*who);
  if (id.starts_with(constitution_prefix))
    return who->fail(make_error(ec::invalid_argument,
                                "'" + id
                                    + "' is a file of the constitution; that "
                                      "is changed by bundles only"));
  auto what =
      deed_of(*who, std::string{to_string_view(kind)}, id,
              std::string{who->asked().find("x-acgs-reason").value_or("")});
  carry_out(who, std::move(what), {kind, id, std::move(text)},
            [who, options](const control::applied&) {
              answer_decision(who, write_metrics(*who, options), options.pretty,
                              {});
            });
}

void put_policy(const call_ptr& who) {
  auto id = id_of(*who);
  if (!domain::is_policy_id(id))
    return who->fail(make_error(ec::invalid_argument,
                                "'" + id.substr(0, 100)
                                    + "' is no policy id; expected "
                                    + std::string{domain::policy_id_form},
                                "id"));
  change(who, command_kind::put_policy, std::string{who->asked().body});
}

void remove_policy(const call_ptr& who) {
  change(who, command_kind::delete_policy, {});
}

} // namespace

void add_policy_routes(std::vector<route>& to) {
  constexpr auto one = "/v1/policies/{id*}";
  constexpr auto style = error_style::opa;
  to.push_back({method::get, "/v1/policies", auth::verb::read_policies, style,
                "acgs policy list", list});
  to.push_back({method::get, one, auth::verb::read_policies, style,
                "acgs policy get ID", get_policy});
  to.push_back({method::put, one, auth::verb::write_policies, style,
                "acgs policy put ID FILE", put_policy});
  to.push_back({method::delete_, one, auth::verb::write_policies, style,
                "acgs policy delete ID", remove_policy});
}

} // namespace acgs::http_gateway
