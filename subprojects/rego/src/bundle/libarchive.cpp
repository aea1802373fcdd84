// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "bundle/libarchive.hpp"

#include "core/function_finder.hpp"

namespace rego::bundle {

namespace {

/// The name of every version 3, which these headers are of.
constexpr const char* file_name = "libarchive.so.13";
static_assert(ARCHIVE_VERSION_NUMBER / 1000000 == 3);

const libarchive* load() {
  static libarchive out;
  function_finder find(file_name);
  find(out.archive_entry_filetype, "archive_entry_filetype");
  find(out.archive_entry_free, "archive_entry_free");
  find(out.archive_entry_hardlink, "archive_entry_hardlink");
  find(out.archive_entry_is_encrypted, "archive_entry_is_encrypted");
  find(out.archive_entry_new, "archive_entry_new");
  find(out.archive_entry_pathname, "archive_entry_pathname");
  find(out.archive_entry_set_filetype, "archive_entry_set_filetype");
  find(out.archive_entry_set_pathname, "archive_entry_set_pathname");
  find(out.archive_entry_set_perm, "archive_entry_set_perm");
  find(out.archive_entry_set_size, "archive_entry_set_size");
  find(out.archive_entry_size, "archive_entry_size");
  find(out.archive_entry_sparse_count, "archive_entry_sparse_count");
  find(out.archive_entry_symlink, "archive_entry_symlink");
  find(out.archive_error_string, "archive_error_string");
  find(out.archive_read_data, "archive_read_data");
  find(out.archive_read_free, "archive_read_free");
  find(out.archive_read_new, "archive_read_new");
  find(out.archive_read_next_header, "archive_read_next_header");
  find(out.archive_read_open_memory, "archive_read_open_memory");
  find(out.archive_read_support_filter_gzip,
       "archive_read_support_filter_gzip");
  find(out.archive_read_support_format_tar, "archive_read_support_format_tar");
  find(out.archive_write_add_filter_gzip, "archive_write_add_filter_gzip");
  find(out.archive_write_close, "archive_write_close");
  find(out.archive_write_data, "archive_write_data");
  find(out.archive_write_free, "archive_write_free");
  find(out.archive_write_header, "archive_write_header");
  find(out.archive_write_new, "archive_write_new");
  find(out.archive_write_open, "archive_write_open");
  find(out.archive_write_set_bytes_in_last_block,
       "archive_write_set_bytes_in_last_block");
  find(out.archive_write_set_filter_option, "archive_write_set_filter_option");
  find(out.archive_write_set_format_pax_restricted,
       "archive_write_set_format_pax_restricted");
  return find.all() ? &out : nullptr;
}

} // namespace

const libarchive* load_libarchive() {
  static const auto* loaded = load();
  return loaded;
}

} // namespace rego::bundle
