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

#include <array>
#include <cstdint>
#include <cstring>
#include <string>

namespace acgs::wire::detail {

/// Where messages are built before each is copied to words of its own size:
/// zeros, as the builder wants and leaves them. By itself it would take as much
/// from the heap for each message and fill it with zeros.
inline kj::ArrayPtr<capnp::word> first_segment() {
  static thread_local std::array<std::uint64_t, 1024> words{};
  return {reinterpret_cast<capnp::word*>(words.data()), words.size()};
}

/// Owns the words and the reader that the views in `frame` point through.
template <class Frame>
struct storage {
  kj::Array<capnp::word> words;
  capnp::FlatArrayMessageReader reader;
  Frame frame;

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

/// Keeps the words, and with them what `read` makes of their root.
template <class Frame, class Schema, class Read>
std::shared_ptr<const Frame> keep(kj::Array<capnp::word> words, Read read) {
  auto raw = words.asBytes();
  auto kept = std::make_shared<storage<Frame>>(kj::mv(words));
  kept->frame.view = read(kept->reader.template getRoot<Schema>());
  kept->frame.encoded = std::as_bytes(std::span{raw.begin(), raw.size()});
  return {kept, &kept->frame};
}

} // namespace acgs::wire::detail

#define ACGS_WIRE_MESSAGE(Domain, Schema)                                      \
  template <>                                                                  \
  message<Domain>::message(const Domain& value) {                              \
    capnp::MallocMessageBuilder builder{detail::first_segment()};              \
    write(value, builder.initRoot<Schema>());                                  \
    frame_ = detail::keep<frame, Schema>(                                      \
        capnp::messageToFlatArray(builder),                                    \
        [](Schema::Reader from) { return read(from); });                       \
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
      message out;                                                             \
      out.frame_ = detail::keep<frame, Schema>(                                \
          kj::mv(words), [](Schema::Reader from) { return read(from); });      \
      return out;                                                              \
    } catch (const kj::Exception& error) {                                     \
      return make_error(ec::invalid_argument,                                  \
                        "not a " #Schema                                       \
                        ": " + std::string{error.getDescription().cStr()});    \
    }                                                                          \
  }
