// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A response as bytes. Owned by a server, used on its loop; the only state is
// the Date line, which is made once a second.

#include "runtime/base/clock.hpp"
#include "runtime/net/http/message.hpp"

#include <string>

namespace acgs::http {

/// What the request says about how its response is written.
struct response_form {
  bool head_only = false; ///< HEAD: the length, without the body
  bool keep_alive = true;
  bool gzip = false; ///< the client takes it
};

/// Whether an Accept-Encoding value takes gzip.
bool accepts_gzip(std::string_view accept_encoding);

class response_writer {
public:
  explicit response_writer(const time_source& clock);

  /// Appends status line, fields and body. Bodies from `gzip_from` bytes on
  /// are packed where the client takes it and it makes them shorter.
  void append(std::string& out, const response& from, response_form form);

  static constexpr std::size_t gzip_from = 1024;

private:
  const std::string& date_line();

  const time_source& clock_;
  std::int64_t second_ = -1;
  std::string line_;
};

} // namespace acgs::http
