// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What we use of libarchive, loaded with the first bundle: with the libraries
// that it needs it takes 1.5 MB, which most processes never use.

#include <archive.h>
#include <archive_entry.h>

namespace rego::bundle {

/// The library's functions under their own names.
struct libarchive {
  decltype(&::archive_entry_filetype) archive_entry_filetype = nullptr;
  decltype(&::archive_entry_free) archive_entry_free = nullptr;
  decltype(&::archive_entry_hardlink) archive_entry_hardlink = nullptr;
  decltype(&::archive_entry_is_encrypted) archive_entry_is_encrypted = nullptr;
  decltype(&::archive_entry_new) archive_entry_new = nullptr;
  decltype(&::archive_entry_pathname) archive_entry_pathname = nullptr;
  decltype(&::archive_entry_set_filetype) archive_entry_set_filetype = nullptr;
  decltype(&::archive_entry_set_pathname) archive_entry_set_pathname = nullptr;
  decltype(&::archive_entry_set_perm) archive_entry_set_perm = nullptr;
  decltype(&::archive_entry_set_size) archive_entry_set_size = nullptr;
  decltype(&::archive_entry_size) archive_entry_size = nullptr;
  decltype(&::archive_entry_sparse_count) archive_entry_sparse_count = nullptr;
  decltype(&::archive_entry_symlink) archive_entry_symlink = nullptr;
  decltype(&::archive_error_string) archive_error_string = nullptr;
  decltype(&::archive_read_data) archive_read_data = nullptr;
  decltype(&::archive_read_free) archive_read_free = nullptr;
  decltype(&::archive_read_new) archive_read_new = nullptr;
  decltype(&::archive_read_next_header) archive_read_next_header = nullptr;
  decltype(&::archive_read_open_memory) archive_read_open_memory = nullptr;
  decltype(&::archive_read_support_filter_gzip)
      archive_read_support_filter_gzip = nullptr;
  decltype(&::archive_read_support_format_tar) archive_read_support_format_tar =
      nullptr;
  decltype(&::archive_write_add_filter_gzip) archive_write_add_filter_gzip =
      nullptr;
  decltype(&::archive_write_close) archive_write_close = nullptr;
  decltype(&::archive_write_data) archive_write_data = nullptr;
  decltype(&::archive_write_free) archive_write_free = nullptr;
  decltype(&::archive_write_header) archive_write_header = nullptr;
  decltype(&::archive_write_new) archive_write_new = nullptr;
  decltype(&::archive_write_open) archive_write_open = nullptr;
  decltype(&::archive_write_set_bytes_in_last_block)
      archive_write_set_bytes_in_last_block = nullptr;
  decltype(&::archive_write_set_filter_option) archive_write_set_filter_option =
      nullptr;
  decltype(&::archive_write_set_format_pax_restricted)
      archive_write_set_format_pax_restricted = nullptr;
};

/// Null where the library cannot be loaded. Safe to call from any thread.
const libarchive* load_libarchive();

} // namespace rego::bundle
