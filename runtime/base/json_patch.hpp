// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Changes of a JSON document: JSON Pointer (RFC 6901), JSON Patch (RFC 6902)
// and the put, patch and delete of OPA's data API. Each takes a document and
// gives a new one; the old one is untouched, whatever went wrong.

#include "runtime/base/json.hpp"

#include <span>

namespace acgs::json {

/// The way from a document's root to a value in it, keys and indexes.
using path = std::vector<std::string>;

/// Reads a JSON Pointer, "" or "/a/b~1c". Fails with `invalid_argument`, or
/// `too_large` beyond 64 steps.
result<path> parse_pointer(std::string_view text);

/// Reads a data path, "a/b~1c": a pointer without its first slash. Empty: the
/// root. Empty steps are refused.
result<path> parse_data_path(std::string_view text);

/// The data path of these steps, slashes and tildes in them as "~1" and "~0".
std::string to_data_path(std::span<const std::string> steps);

/// The value there. Fails with `not_found`.
result<const value*> find(const value& in, const path& at);

/// Puts a value at a path, making the objects that lead there; in an array it
/// is inserted, "-" appends (OPA's PUT). The root must stay an object. Fails
/// with `conflict` where the path leads through something else, or an array has
/// no such place.
result<value> put(value in, const path& at, value what, const limits& within);

/// Takes out what is at the path. Fails with `not_found`, or
/// `invalid_argument` for the root.
result<value> remove(value in, const path& at);

/// The most operations in one patch.
inline constexpr std::size_t patch_operations_max = 10000;

/// The most items of arrays that its operations may stand beside, counted for
/// each of them: what is put into an array or taken out moves all behind it.
inline constexpr std::size_t patch_items_max = 32'000'000;

/// Carries out all operations of a JSON Patch below a path, or none. Fails with
/// `invalid_argument` (the patch is malformed), `not_found` (a value that an
/// operation needs is missing), `conflict` (a test does not hold) or
/// `too_large` (beyond one of the bounds), naming the operation.
result<value> patch(value in, const path& below, const value& operations,
                    const limits& within);

} // namespace acgs::json
