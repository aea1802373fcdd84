// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/store/log_view.hpp"

#include "runtime/store/payload_bundle.hpp"
#include "runtime/store/payload_key.hpp"
#include "runtime/store/tables.hpp"

#include <merkle/hasher.hpp>
#include <merkle/tile.hpp>

#include <algorithm>

namespace acgs::store {

namespace {

constexpr std::size_t origin_size_max = 128;

caf::error missing(std::uint64_t index) {
  return make_error(ec::store_corrupt, "entry " + std::to_string(index)
                                           + " is missing from the log");
}

/// The entries of a bundle up to where it is none any more: who reads one
/// holds it to the tree. The last counts what stands behind it as its own, and
/// is none then.
std::vector<byte_view> entries_of(byte_view bundle) {
  std::vector<byte_view> out;
  while (bundle.size() >= 2 && out.size() < merkle::tile_width) {
    auto size = std::to_integer<std::size_t>(bundle[0]) << 8
                | std::to_integer<std::size_t>(bundle[1]);
    if (bundle.size() - 2 < size)
      break;
    out.push_back(bundle.subspan(2, size));
    bundle = bundle.subspan(2 + size);
  }
  if (out.size() == merkle::tile_width && !bundle.empty())
    out.pop_back();
  return out;
}

bool usable_origin(std::string_view origin) {
  return !origin.empty() && origin.size() <= origin_size_max
         && std::all_of(origin.begin(), origin.end(),
                        [](char c) { return c > ' ' && c < 127 && c != '+'; });
}

} // namespace

result<log_tables> log_tables::open(environment& in, std::string origin) {
  if (!usable_origin(origin))
    return make_error(ec::invalid_argument,
                      "the origin '" + origin
                          + "' must be 1 to 128 visible ASCII characters "
                            "without '+'");
  log_tables out;
  const std::pair<table*, std::string> wanted[] = {
      {&out.meta, meta::name},
      {&out.entries, entries::name(origin)},
      {&out.tiles, tiles::name(origin)},
      {&out.payloads, payloads::name(origin)},
      {&out.payload_keys, payloads::keys_name(origin)},
      {&out.blobs, blobs::name},
      {&out.idempotency, idempotency::name},
  };
  for (const auto& [to, name] : wanted) {
    auto opened = in.open_table(name);
    if (!opened)
      return opened.error();
    *to = *opened;
  }
  out.origin = std::move(origin);
  return out;
}

result<std::vector<std::string>> origins_in(environment& in) {
  std::vector<std::string> out;
  auto known = in.find_table(meta::name);
  if (!known)
    return known.error();
  if (!*known)
    return out;
  auto reading = in.read();
  if (!reading)
    return reading.error();
  auto at = (*reading)->walk(**known);
  if (!at)
    return at.error();
  auto prefix = meta::head_key({});
  auto found = (*at)->seek(as_byte_view(prefix));
  for (; found && *found; found = (*at)->next()) {
    auto name = as_text((*at)->key());
    if (!name.starts_with(prefix))
      break;
    out.emplace_back(name.substr(prefix.size()));
  }
  if (!found)
    return found.error();
  return out;
}

std::array<std::byte, 40> encode_head(const log_head& head) {
  std::array<std::byte, 40> out;
  auto size = to_key(head.size);
  auto at = std::copy(size.begin(), size.end(), out.begin());
  std::copy(head.root.begin(), head.root.end(), at);
  return out;
}

result<log_view> log_view::open(environment& in, std::string origin) {
  auto tables = log_tables::open(in, std::move(origin));
  if (!tables)
    return tables.error();
  return open(in, *tables);
}

result<log_view> log_view::open(environment& in, const log_tables& tables) {
  auto reading = in.read();
  if (!reading)
    return reading.error();
  log_view out{std::move(*reading), in.secrets(), tables};
  auto stored = out.reading_->get(tables.meta,
                                  as_byte_view(meta::head_key(tables.origin)));
  if (!stored)
    return stored.error();
  if (!*stored) {
    out.head_.root = merkle::empty_root();
    return out;
  }
  auto view = **stored;
  if (view.size() != 40)
    return make_error(ec::store_corrupt, "the stored head of " + tables.origin
                                             + " has "
                                             + std::to_string(view.size())
                                             + " bytes; expected 40");
  out.head_.size = to_number(view);
  std::copy_n(view.begin() + 8, 32, out.head_.root.begin());
  auto part = out.reading_->get(
      tables.meta, as_byte_view(meta::archived_key(tables.origin)));
  if (!part)
    return part.error();
  if (!*part)
    return out;
  auto archived = decode_archived(**part);
  if (!archived)
    return archived.error();
  out.archived_ = *archived;
  return out;
}

result<byte_view> log_view::entry(std::uint64_t index) {
  if (index >= head_.size)
    return make_error(ec::not_found, "no entry " + std::to_string(index)
                                         + ": the log has "
                                         + std::to_string(head_.size));
  if (index < archived_.size)
    return archived_entry(index);
  auto found = reading_->get(tables_.entries, to_key(index));
  if (!found)
    return found.error();
  if (!*found)
    return missing(index);
  if (!is_leaf(index, **found))
    return make_error(ec::store_corrupt, "entry " + std::to_string(index)
                                             + " is not what the tree holds: "
                                               "it was changed in the store");
  return **found;
}

caf::error log_view::for_each_entry(
    std::uint64_t first, std::uint64_t count,
    const std::function<bool(std::uint64_t, byte_view)>& visit) {
  if (first >= head_.size || count == 0)
    return {};
  auto end = first + std::min(count, head_.size - first);
  for (; first < std::min(end, archived_.size); ++first) {
    auto found = archived_entry(first);
    if (!found)
      return found.error();
    if (!visit(first, *found))
      return {};
  }
  if (first >= end)
    return {};
  auto at = reading_->walk(tables_.entries);
  if (!at)
    return at.error();
  auto found = (*at)->seek(to_key(first));
  for (auto index = first; index < end; ++index) {
    if (!found)
      return found.error();
    if (!*found || to_number((*at)->key()) != index)
      return missing(index);
    if (!visit(index, (*at)->value()))
      return {};
    if (index + 1 < end)
      found = (*at)->next();
  }
  return {};
}

result<byte_view> log_view::archived_entry(std::uint64_t index) {
  auto number = index / merkle::tile_width;
  auto known = bundles_.find(number);
  if (known == bundles_.end()) {
    auto content = tables_.archive ? tables_.archive->bundle(origin(), number)
                                   : std::nullopt;
    if (!content)
      return archived_error(index, archived_);
    known = bundles_.emplace(number, archived_bundle{}).first;
    known->second.content = std::move(*content);
    known->second.entries = entries_of(known->second.content);
  }
  const auto& entries = known->second.entries;
  auto place = index % merkle::tile_width;
  if (place >= entries.size() || !is_leaf(index, entries[place]))
    return make_error(ec::store_corrupt, "the archive's entry "
                                             + std::to_string(index)
                                             + " is not what the tree holds");
  return entries[place];
}

bool log_view::is_leaf(std::uint64_t index, byte_view entry) {
  auto leaf = merkle::hasher{}.leaf(entry);
  auto tile = this->tile(0, index / merkle::tile_width);
  auto place = index % merkle::tile_width * leaf.size();
  return tile && tile->size() >= place + leaf.size()
         && std::ranges::equal(leaf, tile->subspan(place, leaf.size()));
}

result<std::optional<byte_view>>
log_view::archived_payload(std::uint64_t index, std::uint8_t place) {
  auto number = index / merkle::tile_width;
  auto known = payloads_.find(number);
  if (known == payloads_.end()) {
    auto content = tables_.archive ? tables_.archive->payloads(origin(), number)
                                   : std::nullopt;
    if (!content)
      return archived_error(index, archived_);
    known = payloads_.emplace(number, std::move(*content)).first;
  }
  return find_payload(known->second, index, place);
}

std::optional<byte_view> log_view::tile(unsigned level, std::uint64_t index) {
  auto found = reading_->get(tables_.tiles, tiles::key(level, index));
  return found ? *found : std::nullopt;
}

std::optional<bytes> log_view::tile_copy(unsigned level, std::uint64_t index) {
  auto found = tile(level, index);
  if (!found)
    return std::nullopt;
  return bytes{found->begin(), found->end()};
}

result<std::optional<log_view::sealed>> log_view::payload(std::uint64_t index,
                                                          std::uint8_t place) {
  auto key = payloads::key(index, place);
  auto text = index < archived_.size ? archived_payload(index, place)
                                     : reading_->get(tables_.payloads, key);
  if (!text)
    return text.error();
  auto opener = reading_->get(tables_.payload_keys, key);
  if (!opener)
    return opener.error();
  if (!*text)
    return std::optional<sealed>{};
  sealed out{**text, {}, {}};
  if (!*opener)
    return std::optional{out};
  auto kept = kept_key::read(**opener);
  if (!kept)
    return kept.error();
  out.shredded_by = kept->shredded_by;
  if (out.shredded_by)
    return std::optional{out};
  auto opened = open_key(*secrets_, *kept, {index, place});
  if (!opened)
    return opened.error();
  out.key = std::move(*opened);
  return std::optional{out};
}

result<std::string> log_view::checkpoint() {
  auto found = reading_->get(
      tables_.meta, as_byte_view(meta::checkpoint_key(tables_.origin)));
  if (!found)
    return found.error();
  return std::string{*found ? as_text(**found) : std::string_view{}};
}

} // namespace acgs::store
