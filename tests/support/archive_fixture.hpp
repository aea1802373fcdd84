// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A log in memory whose first entries can be archived to a folder, as
// `acgs audit archive`, LEDGER and INDEXER do together.

#include "runtime/archive/writer.hpp"
#include "runtime/store/tables.hpp"
#include "tests/support/sample_log.hpp"
#include "tests/support/scratch.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>

namespace acgs::test {

inline std::string input_of(std::size_t i) {
  return "{\"number\":" + std::to_string(i) + "}";
}

/// A log of 600 entries, and an archive beside it.
struct archive_fixture {
  sample_log log;
  scratch_folder scratch;
  std::filesystem::path folder = scratch.path() / "archive";
  std::optional<ledger::state> core;

  archive_fixture() {
    std::vector<sample> all(600);
    for (std::size_t i = 0; i < all.size(); ++i) {
      all[i].decision_id = "decision-" + std::to_string(i);
      all[i].agent = i % 2 == 0 ? "even" : "odd";
      all[i].input = input_of(i);
      all[i].time_nanos += static_cast<std::int64_t>(i);
      if (i == 5)
        all[i].key = "key-5";
      if (i == 400)
        all[i].revision = 7;
    }
    log.write(all);
    auto by = log.indexer();
    must(by.advance(1000));
    core.emplace(log.writer());
  }

  /// As READER and SIGNER serve it.
  result<std::string> resource(const std::string& path) {
    auto reader = log.reader();
    constexpr std::string_view older = "checkpoint/";
    if (!path.starts_with(older))
      return reader.resource({{}, path});
    auto text = reader.older_checkpoint(std::stoul(path.substr(older.size())));
    if (!text)
      return text;
    return reader.note_of(*text, log.signer.sign(*text));
  }

  result<bytes> sealed(std::uint64_t bundle) {
    bytes out;
    std::optional<reader::get_sealed> at{{bundle, 0, 0, 0}};
    while (at) {
      auto piece = log.reader().sealed(*at);
      if (!piece)
        return piece.error();
      out.insert(out.end(), piece->content.begin(), piece->content.end());
      at = piece->next;
    }
    return out;
  }

  archive::source source() {
    return {[this](const std::string& path) { return resource(path); },
            [this](std::uint64_t bundle) { return sealed(bundle); }};
  }

  result<archive::archived> write(std::uint64_t size) {
    return archive::write_archive(
        {folder, core->archived_so_far().size, size, {}}, source());
  }

  static ledger::archive order(const archive::archived& made) {
    sample about;
    about.kind = domain::entry_kind::archive;
    about.type = "archive";
    about.input.clear();
    about.decision_id.clear();
    return {made.what.size, made.root, make_append(about)};
  }

  void sweep() {
    while (must(core->sweep(100))) {
      // A piece at a time.
    }
  }

  /// All of it.
  void archive_to(std::uint64_t size) {
    auto made = must(write(size));
    must(core->archive(order(made)));
    sweep();
    auto by = log.indexer();
    must(by.advance(1000));
    while (must(by.sweep(100))) {
      // Likewise.
    }
  }

  std::uint64_t rows(const store::table& in) {
    auto reading = must(log.env->read());
    auto at = must(reading->walk(in));
    std::uint64_t out = 0;
    for (bool any = must(at->first()); any; any = must(at->next()))
      ++out;
    return out;
  }

  reader::state reader_with_archive() {
    reader::state_options with{log.env, log.index_env, sample_origin,
                               log.keys()};
    with.archive = archive::open_folders({scratch.path() / "none", folder});
    return must(reader::state::open(std::move(with)));
  }

  /// Changes a byte of a file of the archive.
  void overwrite(const std::string& path, std::size_t at) {
    auto content = archive::read_part(folder, path).value();
    content.at(at) ^= std::byte{1};
    std::ofstream{folder / path, std::ios::binary} << as_text(content);
  }

  crypto::key_history keys() const { return *log.keys().now(); }
};

template <class T>
std::string refusal(result<T> what, ec expected) {
  BOOST_REQUIRE(!what);
  BOOST_TEST((code_of(what.error()) == expected), sentence_of(what.error()));
  return sentence_of(what.error());
}

inline bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace acgs::test
