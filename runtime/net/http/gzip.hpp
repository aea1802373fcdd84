// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The gzip content coding (RFC 1952) over zlib, bounded: a small body that
// would become a large one is refused while it is unpacked.

#include "runtime/base/error.hpp"

#include <string>
#include <string_view>

namespace acgs::http {

/// Unpacks one gzip member or several. Fails with `too_large` beyond
/// `bytes_max`, with `invalid_argument` where it is damaged or cut off.
result<std::string> gunzip(std::string_view packed, std::size_t bytes_max);

/// Packs a text.
std::string gzip(std::string_view plain);

} // namespace acgs::http
