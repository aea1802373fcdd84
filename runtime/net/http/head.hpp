// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The head of a request (RFC 9112), read strictly. Whatever two programs
// could understand differently is refused, because that is what request
// smuggling lives on: bare CR or LF, folded lines, space before a colon,
// Content-Length beside Transfer-Encoding, twice, signed or in a list, any
// transfer coding but "chunked", more than one Host. A pure function.

#include "runtime/net/http/message.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

namespace acgs::http {

/// Bounds of one request.
struct limits {
  std::size_t head_bytes = 16 * 1024;
  std::size_t target_bytes = 8 * 1024;
  std::size_t fields = 100;
  std::size_t body_bytes = 8u << 20; ///< also after decompression
};

/// What the head says. The views point into the text that was read.
struct head {
  request parsed;
  std::string_view content_encoding; ///< empty: identity
  std::optional<std::uint64_t> content_length;
  bool chunked = false;
  bool expects_continue = false;
};

/// Whether a head may begin with this byte: with a method (RFC 9112, 3), or the
/// end of an empty line. Else the peer speaks another protocol, and an end of
/// its head may never come.
bool may_begin_head(char first);

/// Where the head ends: the number of bytes up to and with the empty line, or
/// nothing where it is not complete yet. `from` may name a byte before which
/// no end was found by an earlier call.
std::optional<std::size_t> find_head_end(std::string_view text,
                                         std::size_t from = 0);

/// Reads one complete head, with its empty line.
std::variant<head, refusal> read_head(std::string_view text,
                                      const limits& bounds);

} // namespace acgs::http
