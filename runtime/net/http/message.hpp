// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// One HTTP request as it was received and one response to be sent. A
// request's texts are views into the connection's buffers: they stand still
// until the response was handed in. Nothing in here knows what ACGS is for.

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace acgs::http {

/// The methods that are served; any other is refused with 501.
enum class method : std::uint8_t {
  get,
  head,
  post,
  put,
  patch,
  delete_,
  options
};

inline constexpr std::array<std::string_view, 7> method_names{
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
static_assert(method_names.size()
              == static_cast<std::size_t>(method::options) + 1);

constexpr std::string_view to_string_view(method value) {
  return method_names[static_cast<std::size_t>(value)];
}

/// One header field. Names are compared without regard to case.
struct field {
  std::string_view name;
  std::string_view value;
};

/// Compares ASCII texts without regard to case.
constexpr bool equal_nocase(std::string_view a, std::string_view b) {
  auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

/// Where a connection comes from.
struct peer {
  std::string address; ///< "127.0.0.1" or "::1", without the port
  bool loopback = false;
  bool encrypted = false;
  /// Common name of the client certificate that TLS verified, empty where it
  /// has none; nothing where no certificate was shown.
  std::optional<std::string> certificate_name;
};

struct request {
  method verb = method::get;
  std::string_view path;  ///< still percent-encoded, begins with '/' (or "*")
  std::string_view query; ///< what follows '?', still encoded
  std::string_view host;  ///< of the Host field or of an absolute target
  std::vector<field> fields;
  std::string_view body; ///< decoded: neither chunked nor compressed
  bool keep_alive = true;
  std::int64_t received_nanos = 0; ///< steady clock, when it was complete

  /// The field's value, or nothing. Of several, the first.
  std::optional<std::string_view> find(std::string_view name) const {
    for (const auto& at : fields)
      if (equal_nocase(at.name, name))
        return at.value;
    return std::nullopt;
  }
};

inline constexpr std::string_view json_type = "application/json";

struct response {
  unsigned status = 200;
  std::string body{};
  std::string_view content_type = json_type; ///< a literal
  /// Further fields. Names are literals; values hold no control characters
  /// (those would be replaced by '?').
  std::vector<std::pair<std::string_view, std::string>> fields{};
  bool close = false; ///< end the connection afterwards
};

/// Why a request was refused before anybody looked at its meaning.
struct refusal {
  unsigned status = 400;
  std::string sentence; ///< what was wrong, where, and what was expected
};

/// The reason phrase of a status, "Not Found".
std::string_view reason_phrase(unsigned status);

} // namespace acgs::http
