// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// http.send: the request is checked, answered once an evaluation, from the
// cache across evaluations where it asks for that, and recorded. Without a
// transport that the embedder hands in, no host is allowed. Policies test with
// `with http.send as mock`.

#include <algorithm>

#include "builtins/families.hpp"
#include "builtins/http_exchange.hpp"
#include "builtins/http_freshness.hpp"
#include "builtins/http_reply.hpp"
#include "builtins/support.hpp"
#include "builtins/written_size.hpp"
#include "rego/json.hpp"

namespace rego {

namespace {

constexpr std::string_view known[] = {"method",
                                      "url",
                                      "body",
                                      "enable_redirect",
                                      "force_json_decode",
                                      "force_yaml_decode",
                                      "headers",
                                      "raw_body",
                                      "tls_use_system_certs",
                                      "tls_ca_cert",
                                      "tls_ca_cert_file",
                                      "tls_ca_cert_env_variable",
                                      "tls_client_cert",
                                      "tls_client_cert_file",
                                      "tls_client_cert_env_variable",
                                      "tls_client_key",
                                      "tls_client_key_file",
                                      "tls_client_key_env_variable",
                                      "tls_insecure_skip_verify",
                                      "tls_server_name",
                                      "timeout",
                                      "cache",
                                      "force_cache",
                                      "force_cache_duration_seconds",
                                      "raise_error",
                                      "caching_mode",
                                      "max_retry_attempts",
                                      "cache_ignored_headers"};

constexpr auto off = "no host is allowed for requests of policies";

// Has the request the members that it must have, and no others?
bool has_known_members(call_context& c, const value& request) {
  array_builder wrong(c.memory()), missing(c.memory());
  for (auto& k : request.keys())
    if (!k.is_string()
        || std::find(std::begin(known), std::end(known), k.as_string())
               == std::end(known))
      wrong.push(k);
  if (wrong.size()) {
    c.fail("eval_type_error",
           "operand 1 invalid request parameters(s): " + to_rego(wrong.set()));
    return false;
  }
  for (std::string_view k : {"method", "url"})
    if (find_key(request.as_object(), c.string(k)) < 0)
      missing.push(c.string(k));
  if (missing.size())
    c.fail("eval_type_error",
           "operand 1 missing required request parameters(s): "
               + to_rego(missing.set()));
  return !c.failed();
}

/// What a call comes to: a response object, or an error.
struct answer_type {
  value response;
  std::string code, message;
};

answer_type mistake(std::string message) {
  return {{}, "eval_builtin_error", std::move(message)};
}

answer_type failure(call_context& c, bool raise, const std::string& message,
                    bool network) {
  if (raise)
    return mistake(message);
  return {error_reply(c, message, network), {}, {}};
}

// A fresh response that was kept, else one that the server says still holds,
// else a new one.
http_outcome through_cache(call_context& c, const http_access& world,
                           const http_call& call, const std::string& key,
                           std::shared_ptr<const http_cached>& fresh) {
  auto kept = world.cache->find(key);
  if (kept && is_fresh(*kept, c.now_ns(), call.forced_seconds)) {
    fresh = kept;
    return {};
  }
  auto ask = kept ? questions(kept->response) : std::vector<http_header>{};
  auto out = exchange(c, world, call, ask);
  if (out.error.empty() && !ask.empty() && out.response.status_code == 304)
    out.response = confirmed(kept->response, out.response);
  return out;
}

void keep_reply(call_context& c, const http_access& world,
                const http_call& call, const std::string& key,
                const http_response& r, const value& reply) {
  if (!may_keep(r, call.forced_seconds.has_value()))
    return;
  http_cached what{r, c.now_ns(), {}};
  if (call.keep_decoded) {
    auto memory = std::make_unique<arena>(c.memory().room());
    auto root = deep_copy(*memory, reply);
    what.decoded = std::make_shared<const snapshot>(std::move(memory), root);
  }
  world.cache->put(key, std::move(what));
}

answer_type ask(call_context& c, const http_access& world, const value& request,
                bool raise) {
  http_call call;
  std::string error;
  if (!read_http_call(c, world, request, call, error))
    return failure(c, raise, error, false);
  bool cached = call.cached && world.cache;
  auto key = cached ? http_cache_key(c, request) : std::string();
  std::shared_ptr<const http_cached> fresh;
  auto got = cached ? through_cache(c, world, call, key, fresh)
                    : exchange(c, world, call, {});
  if (!got.error.empty())
    return failure(c, raise, got.error, got.network);
  if (fresh && fresh->decoded)
    return {deep_copy(c.memory(), fresh->decoded->root()), {}, {}};
  auto& response = fresh ? fresh->response : got.response;
  auto reply = make_reply(c, response, call);
  if (cached && !fresh)
    keep_reply(c, world, call, key, response, reply);
  return {reply, {}, {}};
}

answer_type recalled(call_context& c, const http_access& world,
                     const std::string& name) {
  auto told = world.recall(name);
  if (!told)
    return mistake("the request is not among those recorded");
  if (told->response.empty())
    return {{}, told->error_code, told->error_message};
  auto r = parse_json(c.memory(), told->response);
  return r && r->is_object()
             ? answer_type{*r, {}, {}}
             : mistake("the recorded response is no JSON object");
}

void record(call_context& c, const http_access& world, const std::string& name,
            const answer_type& a) {
  http_told told{name, {}, a.code, a.message};
  if (a.response.defined()
      && !append_json_within(told.response, a.response, c.memory().room()))
    throw memory_exceeded{};
  world.record(told);
}

value give(call_context& c, const answer_type& a) {
  return a.response.defined() ? a.response : c.fail(a.code, a.message);
}

value send(call_context& c, args a) {
  if (!a[0].is_object())
    return c.operand_error(1, a[0], "object");
  if (!has_known_members(c, a[0]))
    return {};
  auto world = c.network();
  if (!world)
    return c.fail(off);
  auto raise = http_member(c, a[0], "raise_error");
  if (raise.defined() && !raise.is_boolean())
    return c.fail("invalid \"raise_error\": expected a boolean");
  auto name = http_request_name(c, a[0]);
  auto& kept = c.evaluation_cache()["http.send " + name];
  if (kept.is_array())
    return c.fail(kept.items()[0].as_string(),
                  std::string(kept.items()[1].as_string()));
  if (kept.defined())
    return kept;
  auto out = world->recall      ? recalled(c, *world, name)
             : world->transport ? ask(c, *world, a[0], !raise.is_false())
                                : mistake(off);
  if (world->record)
    record(c, *world, name, out);
  kept =
      out.response.defined()
          ? out.response
          : make_array(c.memory(), {c.string(out.code), c.string(out.message)});
  return give(c, out);
}

} // namespace

void register_http_send(builtin_table& t) {
  t.add("http.send", send);
}

} // namespace rego
