// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/rpc_gateway/gated_stream.hpp"

#include <algorithm>

namespace acgs::rpc_gateway {

gated_stream::gated_stream(kj::Own<kj::AsyncIoStream> inner, std::size_t bytes)
    : inner_{kj::mv(inner)}, left_{bytes}, opened_{nullptr} {
  auto gate = kj::newPromiseAndFulfiller<void>();
  opens_ = kj::mv(gate.fulfiller);
  opened_ = gate.promise.fork();
}

void gated_stream::open() {
  is_open_ = true;
  opens_->fulfill();
}

kj::Promise<std::size_t> gated_stream::tryRead(void* buffer, std::size_t least,
                                               std::size_t most) {
  if (is_open_)
    return inner_->tryRead(buffer, least, most);
  if (left_ > 0)
    return read_within(buffer, least, most);
  return opened_.addBranch().then(
      [=, this] { return inner_->tryRead(buffer, least, most); });
}

// What is left at most, and then the rest when the gate is open.
kj::Promise<std::size_t>
gated_stream::read_within(void* buffer, std::size_t least, std::size_t most) {
  auto wanted = std::min(least, left_);
  return inner_->tryRead(buffer, wanted, std::min(most, left_))
      .then([=, this](std::size_t got) -> kj::Promise<std::size_t> {
        left_ -= std::min(got, left_);
        if (got >= least || got < wanted) // enough, or the end
          return got;
        return tryRead(static_cast<kj::byte*>(buffer) + got, least - got,
                       most - got)
            .then([got](std::size_t more) { return got + more; });
      });
}

kj::Promise<void> gated_stream::write(const void* from, std::size_t size) {
  return inner_->write(from, size);
}

kj::Promise<void>
gated_stream::write(kj::ArrayPtr<const kj::ArrayPtr<const kj::byte>> pieces) {
  return inner_->write(pieces);
}

kj::Promise<void> gated_stream::whenWriteDisconnected() {
  return inner_->whenWriteDisconnected();
}

void gated_stream::shutdownWrite() {
  inner_->shutdownWrite();
}

void gated_stream::abortRead() {
  inner_->abortRead();
}

} // namespace acgs::rpc_gateway
