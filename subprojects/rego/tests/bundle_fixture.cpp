// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "bundle_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <zlib.h>

#include <cstdio>

namespace rego::test {

std::string tar_entry(const std::string& name, const std::string& content,
                      char type, const std::string& link) {
  std::string head(512, '\0');
  auto put = [&](size_t at, const std::string& text) {
    head.replace(at, text.size(), text);
  };
  char size[13];
  std::snprintf(size, sizeof size, "%011zo", content.size());
  put(0, name);
  put(100, "0000644");
  put(108, "0000000");
  put(116, "0000000");
  put(124, size);
  put(136, "00000000000");
  put(148, "        ");
  head[156] = type;
  put(157, link);
  put(257, std::string("ustar\0"
                       "00",
                       8));
  unsigned sum = 0;
  for (auto c : head)
    sum += static_cast<unsigned char>(c);
  char text[8];
  std::snprintf(text, sizeof text, "%06o", sum);
  put(148, std::string(text, 7));
  auto padding = (512 - content.size() % 512) % 512;
  return head + content + std::string(padding, '\0');
}

std::string tar_end() {
  return std::string(1024, '\0');
}

std::string gzipped(const std::string& bytes) {
  z_stream s{};
  if (deflateInit2(&s, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    return {};
  std::string out(deflateBound(&s, bytes.size()) + 64, '\0');
  s.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  s.avail_in = static_cast<uInt>(bytes.size());
  s.next_out = reinterpret_cast<Bytef*>(out.data());
  s.avail_out = static_cast<uInt>(out.size());
  deflate(&s, Z_FINISH);
  out.resize(s.total_out);
  deflateEnd(&s);
  return out;
}

} // namespace rego::test
