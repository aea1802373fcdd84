// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Base64 as Go's encoding/base64 has it: line breaks within the text are
// skipped, and an error names the byte at which the text went wrong.
// Stateless; any thread.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace rego {

enum class base64_form { standard, url, url_raw };

std::string base64_encode(std::string_view bytes, base64_form form);

struct base64_result {
  std::string bytes;
  std::optional<size_t> bad; // offset of the first byte that cannot be read
};

base64_result base64_decode(std::string_view text, base64_form form);

/// "illegal base64 data at input byte <n>"
std::string base64_error(size_t at);

std::string hex_encode(std::string_view bytes);

} // namespace rego
