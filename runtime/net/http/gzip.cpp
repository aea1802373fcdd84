// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/net/http/gzip.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include <zlib.h>

namespace acgs::http {

namespace {

// zlib's own way of saying "gzip only" and "write gzip".
constexpr int window_bits = 15 + 16;

/// Ends the stream that it was given when it goes.
template <int (*End)(z_stream*)>
struct stream : z_stream {
  stream() : z_stream{} {}
  stream(const stream&) = delete;
  stream& operator=(const stream&) = delete;
  ~stream() { End(this); }
};

void give_input(z_stream& to, std::string_view from) {
  // zlib does not write through next_in, it only is not const.
  to.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(from.data()));
  to.avail_in = static_cast<uInt>(from.size());
}

caf::error damaged(const char* what) {
  return make_error(ec::invalid_argument,
                    std::string{"the gzip body is "} + what);
}

} // namespace

result<std::string> gunzip(std::string_view packed, std::size_t bytes_max) {
  stream<inflateEnd> in;
  if (inflateInit2(&in, window_bits) != Z_OK)
    return make_error(ec::internal, "zlib does not start");
  give_input(in, packed);
  std::string out;
  std::array<char, 16384> part;
  for (;;) {
    in.next_out = reinterpret_cast<Bytef*>(part.data());
    in.avail_out = part.size();
    auto code = inflate(&in, Z_NO_FLUSH);
    auto made = part.size() - in.avail_out;
    if (made > bytes_max - out.size())
      return make_error(ec::too_large, "the unpacked body is longer than "
                                           + std::to_string(bytes_max)
                                           + " bytes (http.body_bytes_max)");
    out.append(part.data(), made);
    if (code == Z_STREAM_END) {
      if (in.avail_in == 0)
        return out;
      inflateReset(&in); // another member follows
    } else if (code != Z_OK) {
      return damaged(code == Z_BUF_ERROR ? "cut off" : "damaged");
    }
  }
}

std::string gzip(std::string_view plain) {
  stream<deflateEnd> to;
  deflateInit2(&to, Z_BEST_SPEED, Z_DEFLATED, window_bits, 8,
               Z_DEFAULT_STRATEGY);
  give_input(to, plain);
  std::string out(deflateBound(&to, plain.size()), '\0');
  to.next_out = reinterpret_cast<Bytef*>(out.data());
  to.avail_out = static_cast<uInt>(out.size());
  deflate(&to, Z_FINISH);
  out.resize(out.size() - to.avail_out);
  return out;
}

} // namespace acgs::http
