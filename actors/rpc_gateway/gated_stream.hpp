// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A stream of which only so many bytes are read until its gate is opened: a
// stranger's message takes no more memory than a credential needs, whatever
// size it claims. What comes after waits in the kernel, as does the sender; so
// a client need not wait for the answer before it sends a large call.

#include <kj/async-io.h>

namespace acgs::rpc_gateway {

/// The longest token is 4 KiB; with it there is room for calls that do not
/// wait for the answer.
constexpr std::size_t stranger_bytes_max = 64u << 10;

class gated_stream final : public kj::AsyncIoStream {
public:
  gated_stream(kj::Own<kj::AsyncIoStream> inner, std::size_t bytes);

  /// From now on all is read.
  void open();

  kj::Promise<std::size_t> tryRead(void* buffer, std::size_t least,
                                   std::size_t most) override;

  kj::Promise<void> write(const void* from, std::size_t size) override;
  kj::Promise<void>
  write(kj::ArrayPtr<const kj::ArrayPtr<const kj::byte>> pieces) override;
  kj::Promise<void> whenWriteDisconnected() override;
  void shutdownWrite() override;
  void abortRead() override;

private:
  kj::Promise<std::size_t> read_within(void* buffer, std::size_t least,
                                       std::size_t most);

  kj::Own<kj::AsyncIoStream> inner_;
  std::size_t left_;
  bool is_open_ = false;
  kj::Own<kj::PromiseFulfiller<void>> opens_;
  kj::ForkedPromise<void> opened_;
};

} // namespace acgs::rpc_gateway
