// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/evaluator/outside.hpp"

#include "runtime/base/json.hpp"
#include "runtime/crypto/random.hpp"

#include <algorithm>
#include <utility>

namespace acgs::evaluator {

std::string to_json(const sight& from) {
  json::object out;
  if (from.now_nanos)
    out.emplace("now_ns", json::value{*from.now_nanos});
  if (from.seed)
    out.emplace("seed", json::value{to_hex(*from.seed)});
  return out.empty() ? std::string{} : json::to_text(json::value{out});
}

result<sight> parse_sight(std::string_view text) {
  auto wrong = [](const std::string& what) {
    return make_error(ec::invalid_argument, "what an evaluation saw: " + what);
  };
  auto read = json::parse(text, {.bytes = 4096, .depth = 1});
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
  return out;
}

outside::outside(const time_source& time,
                 std::function<void(void*, std::size_t)> random)
    : time_{time}, random_{std::move(random)} {
  if (!random_)
    random_ = [](void* to, std::size_t size) {
      crypto::random_fill({static_cast<std::byte*>(to), size});
    };
}

void outside::begin() {
  begin({});
}

void outside::begin(const sight& earlier) {
  earlier_ = earlier;
  seen_ = {};
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

rego::environment outside::environment() {
  rego::environment out;
  out.now_ns = [this] { return now(); };
  out.monotonic_ns = [this] {
    return time_.steady_now().time_since_epoch().count();
  };
  out.random = [this](void* to, std::size_t size) { random(to, size); };
  return out;
}

} // namespace acgs::evaluator
