// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/evaluator/outside.hpp"

#include "runtime/base/json.hpp"
#include "runtime/crypto/random.hpp"

#include <algorithm>
#include <utility>

namespace acgs::evaluator {

namespace {

// A string of JSON is at most six times as long as what it says.
constexpr std::size_t recorded_bytes_max = 6 * told_bytes_max + 4096;

// What stands around one request and its response.
constexpr std::size_t told_bytes_each = 100;

caf::error wrong(const std::string& what) {
  return make_error(ec::invalid_argument, "what an evaluation saw: " + what);
}

json::value written(const rego::http_told& told) {
  json::object out;
  out.emplace("request", json::value{told.request});
  if (!told.response.empty())
    out.emplace("response", json::value{told.response});
  if (!told.error_code.empty()) {
    out.emplace("code", json::value{told.error_code});
    out.emplace("error", json::value{told.error_message});
  }
  return json::value{std::move(out)};
}

result<rego::http_told> read_told(const json::value& from) {
  rego::http_told out;
  for (auto [name, to] : {std::pair{"request", &out.request},
                          std::pair{"response", &out.response},
                          std::pair{"code", &out.error_code},
                          std::pair{"error", &out.error_message}}) {
    const auto* found = from.find(name);
    if (found && !found->if_string())
      return wrong(std::string{"http: "} + name + ": expected a string");
    if (found)
      *to = *found->if_string();
  }
  if (out.request.empty())
    return wrong("http: expected objects with a request");
  return out;
}

result<std::vector<rego::http_told>> read_all_told(const json::value& from) {
  if (!from.if_array())
    return wrong("http: expected an array");
  std::vector<rego::http_told> out;
  for (const auto& one : *from.if_array()) {
    auto told = read_told(one);
    if (!told)
      return told.error();
    out.push_back(std::move(*told));
  }
  return out;
}

bool is_kept(const rego::http_told& told) {
  return !told.response.empty() || !told.error_code.empty();
}

} // namespace

std::string to_json(const sight& from) {
  json::object out;
  if (from.now_nanos)
    out.emplace("now_ns", json::value{*from.now_nanos});
  if (from.seed)
    out.emplace("seed", json::value{to_hex(*from.seed)});
  json::array told;
  for (const auto& one : from.told)
    told.push_back(written(one));
  if (!told.empty())
    out.emplace("http", json::value{std::move(told)});
  return out.empty() ? std::string{} : json::to_text(json::value{out});
}

result<sight> parse_sight(std::string_view text) {
  auto read = json::parse(text, {.bytes = recorded_bytes_max, .depth = 3});
  if (!read)
    return wrong(sentence_of(read.error()));
  if (!read->if_object())
    return wrong("expected an object");
  sight out;
  if (const auto* now = read->find("now_ns")) {
    out.now_nanos = now->as_int();
    if (!out.now_nanos)
      return wrong("now_ns: expected nanoseconds since 1970");
  }
  if (const auto* seed = read->find("seed")) {
    auto found =
        seed->if_string() ? from_hex(*seed->if_string()) : std::nullopt;
    digest value{};
    if (!found || found->size() != value.size())
      return wrong("seed: expected 64 hexadecimal digits");
    std::copy(found->begin(), found->end(), value.begin());
    out.seed = value;
  }
  if (const auto* http = read->find("http")) {
    auto told = read_all_told(*http);
    if (!told)
      return told.error();
    out.told = std::move(*told);
  }
  return out;
}

outside::outside(const time_source& time,
                 std::function<void(void*, std::size_t)> random,
                 rego::http_access network)
    : time_{time}, random_{std::move(random)}, network_{std::move(network)} {
  if (!random_)
    random_ = [](void* to, std::size_t size) {
      crypto::random_fill({static_cast<std::byte*>(to), size});
    };
}

void outside::begin() {
  begin(sight{});
  recalls_ = false;
}

void outside::begin(sight earlier) {
  earlier_ = std::move(earlier);
  seen_ = {};
  recalls_ = true;
  objection_.clear();
  told_bytes_ = 0;
  draws_ = 0;
}

std::int64_t outside::now() {
  if (!seen_.now_nanos)
    seen_.now_nanos = earlier_.now_nanos.value_or(to_nanos(time_.now()));
  return *seen_.now_nanos;
}

void outside::random(void* to, std::size_t size) {
  if (!seen_.seed && earlier_.seed)
    seen_.seed = earlier_.seed;
  if (!seen_.seed)
    random_(seen_.seed.emplace().data(), sizeof(digest));
  crypto::stream_fill(*seen_.seed, draws_++,
                      {static_cast<std::byte*>(to), size});
}

void outside::note(const rego::http_told& told) {
  if (!objection_.empty())
    return;
  seen_.told.push_back(told);
  told_bytes_ += told_bytes_each + told.request.size() + told.response.size()
                 + told.error_message.size();
  if (told_bytes_ <= told_bytes_max && is_kept(told))
    return;
  seen_.told.back() = {told.request, {}, {}, {}};
  objection_ = "http.send: the responses to this evaluation's requests are "
               "over "
               + std::to_string(told_bytes_max)
               + " bytes long together, which is more than is recorded";
}

std::optional<rego::http_told> outside::recall(const std::string& request) {
  for (const auto& one : earlier_.told)
    if (one.request == request && is_kept(one))
      return one;
    else if (one.request == request)
      note(one);
  if (objection_.empty())
    objection_ = "http.send: the request " + request
                 + " is none that the decision was told the response to; a "
                   "replay, the trial of a candidate and a query make none";
  return std::nullopt;
}

rego::environment outside::environment() {
  rego::environment out;
  out.now_ns = [this] { return now(); };
  out.monotonic_ns = [this] {
    return time_.steady_now().time_since_epoch().count();
  };
  out.random = [this](void* to, std::size_t size) { random(to, size); };
  if (recalls_)
    out.http.recall = [this](const auto& request) { return recall(request); };
  else
    out.http = network_;
  out.http.record = [this](const auto& told) { note(told); };
  return out;
}

} // namespace acgs::evaluator
