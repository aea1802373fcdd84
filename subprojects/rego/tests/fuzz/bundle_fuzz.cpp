// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Bundles: bytes that begin as gzip does are an archive; others are files, a
// line with the path and then the content, up to a byte 0x1e. What is unpacked
// packs into the same files, and nothing leaves the roots of its manifest.

#include "fuzz/target.hpp"
#include "rego/bundle.hpp"

namespace {

using namespace rego::bundle;

const bounds small{.archive_bytes = 1 << 20,
                   .files = 100,
                   .file_bytes = 1 << 20,
                   .total_bytes = 4 << 20};

file_list split(std::string_view text) {
  file_list out;
  while (!text.empty()) {
    auto end = text.find('\x1e');
    auto one = text.substr(0, end);
    auto line = one.find('\n');
    if (line != one.npos)
      out.push_back({std::string(one.substr(0, line)),
                     std::string(one.substr(line + 1))});
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
  return out;
}

void try_files(const file_list& files) {
  verify(files, {.keys = {{"k", "secret"}}});
  auto read_one = read(files);
  if (!read_one) {
    if (read_one.error_list().at(0).message.empty())
      rego::fuzz::contradiction("an error without a message");
    return;
  }
  for (auto& m : read_one->modules) {
    bool within = false;
    for (auto& root : read_one->about.roots)
      within = within || is_below(root, m.package);
    if (!within)
      rego::fuzz::contradiction("a package outside the roots: " + m.path);
  }
  rego::arena memory(size_t{256} << 20);
  apply(memory, read_one->data->root(), read_one->patch);
}

} // namespace

void rego::fuzz::try_input(std::string_view text) {
  if (!text.starts_with("\x1f\x8b"))
    return try_files(split(text));
  auto files = unpack(text, small);
  if (!files)
    return;
  auto packed = pack(*files);
  auto again = packed ? unpack(*packed) : result<file_list>(error{});
  if (!again || again->size() != files->size())
    contradiction("packed otherwise");
  for (size_t i = 0; i < files->size(); ++i)
    if ((*files)[i].path != (*again)[i].path
        || (*files)[i].bytes != (*again)[i].bytes)
      contradiction("packed otherwise: " + (*files)[i].path);
  try_files(*files);
}
