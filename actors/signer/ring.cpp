// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/signer/ring.hpp"

#include "runtime/base/json.hpp"

namespace acgs::signer {

namespace {

constexpr std::size_t past_max = 64;

caf::error corrupt(const std::string& why) {
  return make_error(ec::store_corrupt, "the ring of keys: " + why);
}

json::value texts(const std::vector<std::string>& from) {
  json::array out;
  for (const auto& each : from)
    out.emplace_back(each);
  return json::value{std::move(out)};
}

/// Reads the members of an object; the first thing wrong is kept.
class reader {
public:
  explicit reader(caf::error& wrong) : wrong_{wrong} {}

  const json::value* member(const json::value& of, const char* name) {
    auto found = of.find(name);
    if (!found)
      refuse(name);
    return found;
  }

  std::string text(const json::value& of, const char* name) {
    auto found = member(of, name);
    if (found && found->if_string())
      return *found->if_string();
    refuse(name);
    return {};
  }

  merkle::verifier_key key(const json::value& of, const char* name) {
    auto read = merkle::parse_verifier_key(text(of, name));
    if (read)
      return std::move(*read);
    refuse(name);
    return {};
  }

  std::int64_t number(const json::value& of, const char* name) {
    auto found = member(of, name);
    auto out = found ? found->as_int() : std::nullopt;
    if (!out)
      refuse(name);
    return out.value_or(0);
  }

  std::vector<std::string> texts(const json::value& of, const char* name) {
    std::vector<std::string> out;
    for (const auto& each : items(of, name)) {
      if (!each.if_string())
        refuse(name);
      else
        out.push_back(*each.if_string());
    }
    return out;
  }

  json::array items(const json::value& of, const char* name) {
    auto found = member(of, name);
    if (found && found->if_array())
      return *found->if_array();
    refuse(name);
    return {};
  }

  void refuse(const char* name) {
    if (!wrong_)
      wrong_ = corrupt("its member '" + std::string{name}
                       + "' is missing or malformed");
  }

private:
  caf::error& wrong_;
};

bool is_file_name(std::string_view name) {
  return name.ends_with(".key") && name.size() <= 64
         && name.find('/') == name.npos;
}

} // namespace

std::string key_name_of(const std::string& origin, purpose serves) {
  if (serves == purpose::checkpoint)
    return origin;
  return origin + '/'
         + std::string{purpose_names[static_cast<std::size_t>(serves)]};
}

std::string format_ring(const ring& what) {
  json::array active;
  for (const auto& each : what.active) {
    json::object one;
    one.emplace("file", json::value{each.file});
    one.emplace("verifier_key",
                json::value{merkle::format_verifier_key(each.key)});
    one.emplace("created_nanos", json::value{each.created_nanos});
    active.emplace_back(std::move(one));
  }
  json::array past;
  for (const auto& each : what.past) {
    json::object one;
    one.emplace("verifier_key",
                json::value{merkle::format_verifier_key(each.key)});
    one.emplace("statements", texts(each.statements));
    past.emplace_back(std::move(one));
  }
  json::object reasons;
  for (const auto& [name, reason] : what.reasons)
    reasons.emplace(name, json::value{reason});
  json::object out;
  out.emplace("version", json::value{std::int64_t{1}});
  out.emplace("origin", json::value{what.origin});
  out.emplace("active", json::value{std::move(active)});
  out.emplace("statements", texts(what.statements));
  json::object created;
  for (const auto& [name, nanos] : what.created)
    created.emplace(name, json::value{nanos});
  out.emplace("reasons", json::value{std::move(reasons)});
  out.emplace("created", json::value{std::move(created)});
  out.emplace("past", json::value{std::move(past)});
  return json::to_text(json::value{std::move(out)}) + '\n';
}

result<ring> parse_ring(std::string_view text) {
  auto read = json::parse(text, {.bytes = 16u << 20, .depth = 6});
  if (!read)
    return corrupt(sentence_of(read.error()));
  caf::error wrong;
  reader from{wrong};
  if (from.number(*read, "version") != 1)
    from.refuse("version");
  ring out;
  out.origin = from.text(*read, "origin");
  auto active = from.items(*read, "active");
  if (active.size() != out.active.size())
    from.refuse("active");
  for (std::size_t i = 0; i < out.active.size() && !wrong; ++i) {
    out.active[i] = {from.text(active[i], "file"),
                     from.key(active[i], "verifier_key"),
                     from.number(active[i], "created_nanos")};
    if (!is_file_name(out.active[i].file))
      from.refuse("file");
    if (out.active[i].key.name
        != key_name_of(out.origin, static_cast<purpose>(i)))
      from.refuse("verifier_key");
  }
  out.statements = from.texts(*read, "statements");
  auto reasons = from.member(*read, "reasons");
  if (reasons && reasons->if_object())
    for (const auto& [name, reason] : *reasons->if_object())
      out.reasons.emplace(name, reason.if_string() ? *reason.if_string() : "");
  // Rings of earlier versions have none.
  if (auto created = read->find("created")) {
    if (!created->if_object())
      from.refuse("created");
    else
      for (const auto& [name, unused] : *created->if_object())
        out.created.emplace(name, from.number(*created, name.c_str()));
  }
  for (const auto& each : from.items(*read, "past"))
    out.past.push_back(
        {from.key(each, "verifier_key"), from.texts(each, "statements")});
  if (wrong)
    return wrong;
  return out;
}

result<crypto::key_history> history_of(const ring& what) {
  auto out =
      crypto::key_history::follow(what.active.front().key, what.statements);
  if (!out)
    return corrupt(sentence_of(out.error()));
  for (std::size_t i = 0; i < what.active.size(); ++i) {
    const auto& key = what.active[i];
    auto purpose = std::string{purpose_names[i]};
    if (!out->active(purpose))
      out->add_active(purpose, key.key, key.created_nanos / 1'000'000'000);
    if (out->active(purpose)->key != key.key)
      return corrupt("its statements lead to another " + purpose + " key than "
                     + crypto::key_record_name(key.key));
  }
  return out;
}

result<ring> under_origin(ring what, const std::string& origin) {
  if (what.past.size() >= past_max)
    return make_error(ec::too_large, "this node has had "
                                         + std::to_string(past_max)
                                         + " origins already");
  // Where the change to another origin was cut off, this one comes back.
  past_log back;
  std::erase_if(what.past, [&](past_log& each) {
    if (each.key.name != origin || each.key.key != what.active.front().key.key)
      return false;
    back = std::move(each);
    return true;
  });
  what.past.push_back({what.active.front().key, std::move(what.statements)});
  what.statements = std::move(back.statements);
  what.reasons.clear();
  what.created.clear();
  what.origin = origin;
  for (std::size_t i = 0; i < what.active.size(); ++i) {
    auto& key = what.active[i].key;
    auto renamed = merkle::make_verifier_key(
        key_name_of(origin, static_cast<purpose>(i)), key.type, key.key);
    if (!renamed)
      return make_error(ec::invalid_argument, renamed.error());
    key = std::move(*renamed);
  }
  return what;
}

} // namespace acgs::signer
