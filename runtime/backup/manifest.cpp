// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/backup/manifest.hpp"

#include "runtime/backup/format.hpp"
#include "runtime/base/number_text.hpp"
#include "runtime/base/time_text.hpp"
#include "runtime/crypto/base64.hpp"

#include <merkle/tile.hpp>

#include <algorithm>

namespace acgs::backup {

namespace {

std::string pair(std::uint64_t first, std::uint64_t second) {
  return std::to_string(first) + ' ' + std::to_string(second);
}

/// The words of the lines, one after the other; remembers that one is missing.
class words {
public:
  explicit words(std::string_view text) : rest_{text} {
    // Read by the calls below.
  }

  /// The word up to `end`.
  std::string_view next(char end) {
    auto at = rest_.find(end);
    if (at == rest_.npos) {
      good_ = false;
      return {};
    }
    auto out = rest_.substr(0, at);
    rest_.remove_prefix(at + 1);
    return out;
  }

  void expect(std::string_view word) {
    good_ = good_ && rest_.starts_with(word);
    if (good_)
      rest_.remove_prefix(word.size());
  }

  std::uint64_t number(char end) {
    auto out = parse_number<std::uint64_t>(next(end));
    good_ = good_ && out;
    return out.value_or(0);
  }

  digest sum(const std::optional<bytes>& from) {
    digest out{};
    good_ = good_ && from && from->size() == out.size();
    if (good_)
      std::copy(from->begin(), from->end(), out.begin());
    return out;
  }

  bool begins(std::string_view word) const { return rest_.starts_with(word); }

  bool good() const { return good_ && rest_.empty(); }

private:
  std::string_view rest_;
  bool good_ = true;
};

std::string archived_line(const store::archived_part& part) {
  if (part.size == 0)
    return {};
  return "\narchived " + pair(part.size, part.told_by) + ' '
         + std::to_string(part.revision) + ' ' + crypto::to_base64(part.root);
}

std::int64_t time_of(std::string_view word) {
  auto time = parse_rfc3339(word);
  return time ? to_nanos(*time) : 0;
}

} // namespace

std::string format_manifest(const manifest& what) {
  const auto& of = what.of;
  return std::string{magic} + "origin " + of.origin + "\nentries "
         + pair(of.size_base, of.size) + "\nroot "
         + crypto::to_base64(of.root_base) + ' ' + crypto::to_base64(of.root)
         + archived_line(of.archived) + "\nrevisions "
         + pair(of.revision_base, of.revision) + "\ntime "
         + to_rfc3339(from_nanos(what.time_nanos)) + "\nschema ledger/"
         + std::to_string(what.schema_ledger) + " state/"
         + std::to_string(what.schema_state) + "\nblocks "
         + std::to_string(what.blocks) + ' ' + to_hex(what.headers) + '\n';
}

result<manifest> parse_manifest(std::string_view text) {
  manifest out;
  words in{text};
  in.expect(magic);
  in.expect("origin ");
  out.of.origin = in.next('\n');
  in.expect("entries ");
  out.of.size_base = in.number(' ');
  out.of.size = in.number('\n');
  in.expect("root ");
  out.of.root_base = in.sum(crypto::from_base64(in.next(' ')));
  out.of.root = in.sum(crypto::from_base64(in.next('\n')));
  if (in.begins("archived ")) {
    in.expect("archived ");
    out.of.archived.size = in.number(' ');
    out.of.archived.told_by = in.number(' ');
    out.of.archived.revision = in.number(' ');
    out.of.archived.root = in.sum(crypto::from_base64(in.next('\n')));
  }
  in.expect("revisions ");
  out.of.revision_base = in.number(' ');
  out.of.revision = in.number('\n');
  in.expect("time ");
  out.time_nanos = time_of(in.next('\n'));
  in.expect("schema ledger/");
  out.schema_ledger = static_cast<unsigned>(in.number(' '));
  in.expect("state/");
  out.schema_state = static_cast<unsigned>(in.number('\n'));
  in.expect("blocks ");
  out.blocks = in.number(' ');
  out.headers = in.sum(from_hex(in.next('\n')));
  if (!in.good() || format_manifest(out) != text
      || out.of.size_base > out.of.size || out.of.archived.size > out.of.size
      || out.of.archived.size % merkle::tile_width != 0
      || out.of.revision_base > out.of.revision)
    return make_error(ec::store_corrupt, "the manifest cannot be read");
  return out;
}

bool is_manifest_of(std::string_view text, std::string_view origin) {
  auto read = parse_manifest(text);
  return read && read->of.origin == origin;
}

} // namespace acgs::backup
