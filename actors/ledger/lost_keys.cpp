// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger/lost_keys.hpp"

#include "runtime/store/log_view.hpp"
#include "runtime/store/payload_key.hpp"
#include "runtime/store/tables.hpp"

#include <algorithm>

namespace acgs::ledger {

namespace {

using found_key = std::optional<std::pair<std::uint64_t, std::uint64_t>>;

/// The keys of one log, as its table holds them.
class keys_of_log {
public:
  keys_of_log(store::vault& with, std::unique_ptr<store::cursor> at)
      : vault_{&with}, at_{std::move(at)} {
    // Moves when asked.
  }

  /// The newest entry with a key that a secret masks, and that secret.
  result<found_key> newest() {
    return find(at_->last(), &store::cursor::previous);
  }

  /// The first such entry that is not before `index`.
  result<found_key> from(std::uint64_t index) {
    return find(at_->seek(store::payloads::key(index, 0)),
                &store::cursor::next);
  }

  /// Whether the first such entry in [index, last] has lost its secret.
  result<bool> is_lost(std::uint64_t index, std::uint64_t last) {
    auto found = from(index);
    if (!found)
      return found.error();
    if (!*found || (*found)->first > last)
      return false;
    auto secret = vault_->get((*found)->second);
    return secret ? result<bool>{!*secret} : secret.error();
  }

  /// The first of the entries up to `last` that lost theirs one after the
  /// other, as where the vault was cut or began anew.
  result<std::uint64_t> first_lost(std::uint64_t last) {
    std::uint64_t low = 0;
    auto high = last;
    while (low < high) {
      auto middle = low + (high - low) / 2;
      auto lost = is_lost(middle, last);
      if (!lost)
        return lost.error();
      if (*lost)
        high = middle;
      else
        low = middle + 1;
    }
    auto at = from(low);
    if (!at)
      return at.error();
    return *at ? (*at)->first : last;
  }

private:
  result<found_key> find(result<bool> there,
                         result<bool> (store::cursor::*go_on)()) {
    for (; there && *there; there = (at_.get()->*go_on)()) {
      auto kept = store::kept_key::read(at_->value());
      if (!kept)
        return kept.error();
      if (kept->secret)
        return found_key{{store::to_number(at_->key()), *kept->secret}};
    }
    return there ? result<found_key>{found_key{}} : there.error();
  }

  store::vault* vault_;
  std::unique_ptr<store::cursor> at_;
};

/// What is lost by now, `before` being what was at the last start.
result<std::optional<lost_keys>> look_at(store::vault& with, keys_of_log keys,
                                         std::optional<lost_keys> before) {
  auto newest = keys.newest();
  if (!newest)
    return newest.error();
  if (!*newest)
    return std::optional<lost_keys>{};
  if (auto bad = with.skip((*newest)->second))
    return bad;
  std::optional<lost_keys> out;
  if (before) {
    auto first = keys.is_lost(before->first, before->last);
    auto last = keys.is_lost(before->last, before->last);
    if (!first || !last)
      return first ? last.error() : first.error();
    if (*first || *last)
      out = before;
  }
  auto last = (*newest)->first;
  auto lost = keys.is_lost(last, last);
  if (!lost)
    return lost.error();
  if (!*lost)
    return out;
  auto first = keys.first_lost(last);
  if (!first)
    return first.error();
  return std::optional{
      lost_keys{{}, out ? std::min(out->first, *first) : *first, last}};
}

std::optional<lost_keys> read_note(std::optional<byte_view> from) {
  if (!from || from->size() != 16)
    return std::nullopt;
  return lost_keys{
      {}, store::to_number(*from), store::to_number(from->subspan(8))};
}

caf::error write_note(store::environment& in, store::table meta,
                      const std::string& key,
                      const std::optional<lost_keys>& what) {
  auto writing = in.write();
  if (!writing)
    return writing.error();
  bytes value;
  if (what)
    for (auto each : {what->first, what->last}) {
      auto number = store::to_key(each);
      value.insert(value.end(), number.begin(), number.end());
    }
  auto bad = what ? (*writing)->put(meta, as_byte_view(key), value)
                  : (*writing)->erase(meta, as_byte_view(key));
  return bad ? bad : (*writing)->commit();
}

bool same(const std::optional<lost_keys>& a,
          const std::optional<lost_keys>& b) {
  return a.has_value() == b.has_value()
         && (!a || (a->first == b->first && a->last == b->last));
}

result<std::optional<lost_keys>>
find_in(store::environment& in, store::table meta, const std::string& origin) {
  auto table = in.find_table(store::payloads::keys_name(origin));
  if (!table)
    return table.error();
  if (!*table)
    return std::optional<lost_keys>{};
  auto key = store::meta::lost_key(origin);
  std::optional<lost_keys> before;
  std::optional<lost_keys> now;
  {
    auto reading = in.read();
    if (!reading)
      return reading.error();
    auto note = (*reading)->get(meta, as_byte_view(key));
    if (!note)
      return note.error();
    before = read_note(*note);
    auto at = (*reading)->walk(**table);
    if (!at)
      return at.error();
    auto found = look_at(in.secrets(), {in.secrets(), std::move(*at)}, before);
    if (!found)
      return found.error();
    now = std::move(*found);
  }
  if (!same(before, now))
    if (auto bad = write_note(in, meta, key, now))
      return bad;
  if (now)
    now->origin = origin;
  return now;
}

} // namespace

result<std::vector<lost_keys>> find_lost_keys(store::environment& in) {
  auto origins = store::origins_in(in);
  if (!origins)
    return origins.error();
  auto meta = in.open_table(store::meta::name);
  if (!meta)
    return meta.error();
  std::vector<lost_keys> out;
  for (const auto& origin : *origins) {
    auto found = find_in(in, *meta, origin);
    if (!found)
      return found.error();
    if (*found)
      out.push_back(std::move(**found));
  }
  return out;
}

std::string describe(const std::vector<lost_keys>& what) {
  std::string out;
  for (const auto& each : what)
    out += (out.empty() ? "" : ", and ") + std::string{"of entries "}
           + std::to_string(each.first) + " to " + std::to_string(each.last)
           + " of " + each.origin;
  return "payloads " + out
         + " cannot be opened any more: what opens them is not in the file "
           "ledger/secrets";
}

} // namespace acgs::ledger
