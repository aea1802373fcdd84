// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What turns a Cap'n Proto struct and its two conversion functions into a
// `wire::message`. Included only by the codecs (`runtime/wire/*.cpp`), each of
// which defines, for its Domain and Schema,
//   void write(const Domain&, Schema::Builder);
//   Domain read(Schema::Reader);   // views into the reader's bytes
// and instantiates the template with ACGS_WIRE_MESSAGE.

#include "runtime/wire/message.hpp"

#include <capnp/message.h>
#include <capnp/serialize.h>
#include <kj/exception.h>

#include <cstring>
#include <string>

namespace acgs::wire::detail {

/// Owns the words and the reader that the views point through.
struct storage {
  kj::Array<capnp::word> words;
  capnp::FlatArrayMessageReader reader;

  explicit storage(kj::Array<capnp::word> from)
      : words{kj::mv(from)}, reader{words.asPtr(), options(words.size())} {
    // The reader refers to the words, which do not move any more.
  }

  static capnp::ReaderOptions options(std::size_t words) {
    capnp::ReaderOptions out;
    // Each word may be visited a few times: the views are read out once.
    out.traversalLimitInWords = words * 4 + 1024;
    out.nestingLimit = nesting_max;
    return out;
  }
};

inline std::string_view text(capnp::Text::Reader from) {
  return {from.begin(), from.size()};
}

inline byte_view data(capnp::Data::Reader from) {
  return std::as_bytes(std::span{from.begin(), from.size()});
}

/// Only for texts that a zero follows, such as those of std::string:
/// Text::Reader wants one. `put_text` takes any view.
inline capnp::Text::Reader text(std::string_view from) {
  return {from.data(), from.size()};
}

inline capnp::Data::Reader data(byte_view from) {
  return {reinterpret_cast<const kj::byte*>(from.data()), from.size()};
}

/// Copies a view into a text field that `init` makes room for.
template <class Init>
void put_text(std::string_view from, Init init) {
  if (from.empty())
    return;
  auto to = init(static_cast<unsigned>(from.size()));
  std::memcpy(to.begin(), from.data(), from.size());
}

inline byte_view as_view(const kj::Array<capnp::word>& words) {
  auto raw = words.asBytes();
  return std::as_bytes(std::span{raw.begin(), raw.size()});
}

} // namespace acgs::wire::detail

#define ACGS_WIRE_MESSAGE(Domain, Schema)                                      \
  template <>                                                                  \
  message<Domain>::message(const Domain& value) {                              \
    capnp::MallocMessageBuilder builder;                                       \
    write(value, builder.initRoot<Schema>());                                  \
    auto kept =                                                                \
        std::make_shared<detail::storage>(capnp::messageToFlatArray(builder)); \
    auto view = read(kept->reader.getRoot<Schema>());                          \
    frame_ = std::make_shared<const frame>(                                    \
        frame{std::move(view), detail::as_view(kept->words), kept});           \
  }                                                                            \
  template <>                                                                  \
  result<message<Domain>> message<Domain>::decode(byte_view encoded) {         \
    if (encoded.size() > message_bytes_max)                                    \
      return make_error(ec::too_large, "a " #Schema " of "                     \
                                           + std::to_string(encoded.size())    \
                                           + " bytes; at most "                \
                                           + std::to_string(message_bytes_max) \
                                           + " are taken");                    \
    if (encoded.empty() || encoded.size() % sizeof(capnp::word) != 0)          \
      return make_error(ec::invalid_argument,                                  \
                        "a " #Schema " of " + std::to_string(encoded.size())   \
                            + " bytes; expected whole words of 8 bytes");      \
    try {                                                                      \
      auto words =                                                             \
          kj::heapArray<capnp::word>(encoded.size() / sizeof(capnp::word));    \
      std::memcpy(words.begin(), encoded.data(), encoded.size());              \
      auto kept = std::make_shared<detail::storage>(kj::mv(words));            \
      auto view = read(kept->reader.getRoot<Schema>());                        \
      message out;                                                             \
      out.frame_ = std::make_shared<const frame>(                              \
          frame{std::move(view), detail::as_view(kept->words), kept});         \
      return out;                                                              \
    } catch (const kj::Exception& error) {                                     \
      return make_error(ec::invalid_argument,                                  \
                        "not a " #Schema                                       \
                        ": " + std::string{error.getDescription().cStr()});    \
    }                                                                          \
  }
