// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/archive/part_files.hpp"
#include "runtime/archive/writer.hpp"
#include "runtime/store/corrupt.hpp"
#include "runtime/store/payload_bundle.hpp"
#include "runtime/wire/entry.hpp"

#include <merkle/log_audit.hpp>

namespace acgs::archive {

namespace {

namespace fs = std::filesystem;

using store::corrupt;

/// Each commitment of a bundle's entries has its payload, and nothing else is
/// there.
caf::error check_bundle(const fs::path& folder, std::uint64_t n) {
  auto bundle = read_part(folder, merkle::bundle_path({n}));
  auto sealed = read_part(folder, payload_path(n));
  if (!bundle || !sealed)
    return corrupt("the archive's " + payload_path(n) + " is missing");
  auto entries = merkle::parse_bundle(*bundle); // views into it
  if (!entries)
    return corrupt("the archive's " + merkle::bundle_path({n}) + ": "
                   + entries.error());
  std::uint64_t wanted = 0;
  for (std::size_t i = 0; i < entries->size(); ++i) {
    auto index = n * merkle::tile_width + i;
    auto entry = wire::entry::decode((*entries)[i]);
    if (!entry)
      return corrupt("entry " + std::to_string(index)
                     + " cannot be read: " + sentence_of(entry.error()));
    auto count = (*entry)->commitments.size();
    wanted += count;
    for (std::size_t place = 0; place < count; ++place)
      if (!store::find_payload(*sealed, index,
                               static_cast<std::uint8_t>(place)))
        return corrupt("the archive lacks a payload of entry "
                       + std::to_string(index));
  }
  std::uint64_t found = 0;
  auto bad = store::for_each_payload(
      *sealed, [&](std::uint64_t, std::uint8_t, byte_view) {
        ++found;
        return true;
      });
  if (bad)
    return corrupt("the archive's " + payload_path(n) + ": "
                   + sentence_of(bad));
  return found == wanted ? caf::error{}
                         : corrupt("the archive's " + payload_path(n)
                                   + " holds payloads of no entry");
}

} // namespace

caf::error check_payloads(const fs::path& folder, const description& what) {
  if (!what.payloads)
    return {};
  for (auto n = what.first / merkle::tile_width;
       n * merkle::tile_width < what.size; ++n)
    if (auto bad = check_bundle(folder, n))
      return bad;
  auto sum = sum_of_payloads(folder, what);
  if (!sum)
    return sum.error();
  return *sum == *what.payloads
             ? caf::error{}
             : corrupt("the archive's payloads are not those that its "
                       "description tells of");
}

result<archived>
verify(const fs::path& folder, const crypto::key_history& keys,
       const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  auto what = read_description(folder, description_name);
  if (!what)
    return what.error();
  auto note = read_part(folder, "checkpoint");
  if (!*what || !note)
    return make_error(ec::not_found,
                      "'" + folder.string() + "' holds no whole archive");
  auto head = keys.open(as_text(*note));
  if (!head)
    return corrupt("the archive's checkpoint: " + sentence_of(head.error()));
  if (head->head.origin != (*what)->origin || head->head.size < (*what)->size)
    return corrupt("the archive's checkpoint is of another log or size than "
                   "its description");
  auto found = merkle::audit_log(
      head->head,
      [&](const std::string& path) { return read_part(folder, path); },
      [&](std::uint64_t done) {
        if (progress)
          progress(done, head->head.size);
      },
      (*what)->first);
  if (!found.problem.empty())
    return corrupt("the archive: " + found.problem);
  if (auto bad = check_payloads(folder, **what))
    return bad;
  return archived{std::move(**what), head->head.root, found.checked};
}

} // namespace acgs::archive
