// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/archive/folder.hpp"

#include "runtime/base/json.hpp"

#include <merkle/tile.hpp>

#include <algorithm>
#include <fstream>

namespace acgs::archive {

namespace {

namespace fs = std::filesystem;

/// No bundle of entries or payloads is longer.
constexpr std::uintmax_t part_bytes_max = std::uintmax_t{1} << 32;

caf::error not_one(const std::string& why) {
  return make_error(ec::store_corrupt, "the description of an archive " + why);
}

class folders final : public store::archived_log {
public:
  explicit folders(std::vector<fs::path> in) : in_{std::move(in)} {
    // Reads when asked.
  }

  std::uint64_t begin(const std::string& origin,
                      std::uint64_t end) const override {
    std::vector<description> all;
    for (const auto& folder : in_) {
      auto what = read_description(folder, description_name);
      if (what && *what && (*what)->origin == origin && (*what)->payloads)
        all.push_back(std::move(**what));
    }
    // One may begin where another ends.
    auto leads_down = [&](const description& each) {
      return each.first < end && end <= each.size;
    };
    for (;;) {
      auto next = std::find_if(all.begin(), all.end(), leads_down);
      if (next == all.end())
        return end;
      end = next->first;
    }
  }

  std::optional<bytes> bundle(const std::string& origin,
                              std::uint64_t number) const override {
    return find(origin, merkle::bundle_path({number}));
  }

  std::optional<bytes> payloads(const std::string& origin,
                                std::uint64_t number) const override {
    return find(origin, payload_path(number));
  }

private:
  std::optional<bytes> find(const std::string& origin,
                            const std::string& path) const {
    for (const auto& folder : in_) {
      // One of an older epoch has the same numbers.
      auto what = read_description(folder, description_name);
      if (!what || !*what || (*what)->origin != origin)
        continue;
      if (auto found = read_part(folder, path))
        return found;
    }
    return std::nullopt;
  }

  std::vector<fs::path> in_;
};

} // namespace

std::string format_description(const description& what) {
  json::object out;
  out.emplace("origin", json::value{what.origin});
  out.emplace("first", json::value{static_cast<std::int64_t>(what.first)});
  out.emplace("size", json::value{static_cast<std::int64_t>(what.size)});
  if (what.payloads)
    out.emplace("payloads", json::value{to_hex(*what.payloads)});
  return json::to_text(json::value{std::move(out)}) + '\n';
}

result<description> parse_description(std::string_view text) {
  auto read = json::parse(text);
  if (!read)
    return not_one("is no JSON: " + sentence_of(read.error()));
  const auto* origin = read->find("origin");
  const auto* first = read->find("first");
  const auto* size = read->find("size");
  if (!origin || !origin->if_string() || !first || !first->as_int() || !size
      || !size->as_int() || *first->as_int() < 0
      || *size->as_int() < *first->as_int())
    return not_one("lacks its origin, first or size");
  description out;
  out.origin = *origin->if_string();
  out.first = static_cast<std::uint64_t>(*first->as_int());
  out.size = static_cast<std::uint64_t>(*size->as_int());
  if (out.first % merkle::tile_width != 0)
    return not_one("begins in the middle of a tile");
  const auto* payloads = read->find("payloads");
  if (!payloads)
    return out;
  auto sum = payloads->if_string() ? from_hex(*payloads->if_string())
                                   : std::optional<bytes>{};
  if (!sum || sum->size() != sizeof(digest))
    return not_one("has no digest of payloads");
  out.payloads.emplace();
  std::copy(sum->begin(), sum->end(), out.payloads->begin());
  return out;
}

result<std::optional<description>> read_description(const fs::path& folder,
                                                    const char* name) {
  auto content = read_part(folder, name);
  if (!content)
    return std::optional<description>{};
  auto read = parse_description(as_text(*content));
  if (!read)
    return make_error(code_of(read.error()), (folder / name).string() + ": "
                                                 + sentence_of(read.error()));
  return std::optional{std::move(*read)};
}

std::string payload_path(std::uint64_t bundle) {
  constexpr std::string_view prefix = "tile/entries/";
  return "payload/" + merkle::bundle_path({bundle}).substr(prefix.size());
}

std::optional<bytes> read_part(const fs::path& folder,
                               const std::string& path) {
  std::error_code failed;
  auto file = folder / path;
  if (!fs::is_regular_file(file, failed))
    return std::nullopt;
  auto size = fs::file_size(file, failed);
  if (failed || size > part_bytes_max)
    return std::nullopt;
  std::ifstream from{file, std::ios::binary};
  bytes out(size);
  from.read(reinterpret_cast<char*>(out.data()),
            static_cast<std::streamsize>(size));
  if (!from || from.gcount() != static_cast<std::streamsize>(size))
    return std::nullopt;
  return out;
}

std::shared_ptr<const store::archived_log>
open_folders(std::vector<fs::path> in) {
  if (in.empty())
    return nullptr;
  return std::make_shared<folders>(std::move(in));
}

} // namespace acgs::archive
