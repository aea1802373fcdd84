// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// An archive that comes in parts, as it is larger than a message may be.

#include "actors/rpc_gateway/capabilities.hpp"
#include "runtime/crypto/sha256.hpp"
#include "runtime/domain/archive_desk.hpp"

namespace acgs::rpc_gateway {

namespace {

using auth::verb;

constexpr std::uint64_t archive_bytes_max = 64u << 20;

class upload_cap final : public schema::Upload::Server {
public:
  upload_cap(kj::Own<session> who, std::string name, std::uint64_t bytes,
             deed what, std::uint64_t expected)
      : who_{kj::mv(who)}, name_{std::move(name)}, bytes_{bytes},
        what_{std::move(what)}, expected_{expected} {
    // Room is taken as parts come in, not for what was only announced.
  }

  ~upload_cap() noexcept(false) { who_->with().load.upload_ends(); }

  kj::Promise<void> write(WriteContext context) override {
    return serve(*who_, verb::write_policies, context, [&]() -> caf::error {
      auto part = context.getParams().getPart();
      if (finished_ || part.size() > bytes_ - archive_.size())
        return make_error(ec::invalid_argument,
                          "more bytes than the " + std::to_string(bytes_)
                              + " that were announced",
                          "part");
      archive_.append(reinterpret_cast<const char*>(part.begin()), part.size());
      digest_.add(std::as_bytes(std::span{part.begin(), part.size()}));
      context.getResults().initResult().initValue();
      return {};
    });
  }

  kj::Promise<void> finish(FinishContext context) override {
    return serve(
        *who_, verb::write_policies, context, [&]() -> kj::Promise<caf::error> {
          auto& desk = who_->with().settings.archives;
          if (finished_ || archive_.size() != bytes_ || !desk)
            return make_error(ec::invalid_argument,
                              std::to_string(archive_.size()) + " bytes of "
                                  + std::to_string(bytes_)
                                  + " have come; expected all, once");
          finished_ = true;
          auto digest = to_hex(digest_.finish());
          desk->put(digest, std::make_shared<const std::string>(
                                std::exchange(archive_, {})));
          return carry_out(
              *who_, what_, domain::command_kind::put_bundle, name_,
              "{\"digest\":\"" + digest + "\"}", expected_,
              [context, digest](const control::applied& done) mutable {
                auto to = context.getResults().initResult().initValue();
                to.setDigest(text(digest));
                to.initApplied().setRevision(done.revision);
                to.getApplied().setIndex(done.index);
              });
        });
  }

private:
  kj::Own<session> who_;
  std::string name_;
  std::uint64_t bytes_;
  deed what_;
  std::uint64_t expected_;
  std::string archive_;
  crypto::sha256 digest_;
  bool finished_ = false;
};

} // namespace

result<schema::Upload::Client> make_upload(kj::Own<session> who,
                                           std::string name,
                                           std::uint64_t bytes, deed what,
                                           std::uint64_t expected) {
  if (bytes == 0 || bytes > archive_bytes_max)
    return make_error(bytes == 0 ? ec::invalid_argument : ec::too_large,
                      "an archive of " + std::to_string(bytes)
                          + " bytes; expected 1 to "
                          + std::to_string(archive_bytes_max),
                      "bytes");
  if (auto full = who->with().load.upload_begins())
    return full;
  return schema::Upload::Client{kj::heap<upload_cap>(
      kj::mv(who), std::move(name), bytes, std::move(what), expected)};
}

} // namespace acgs::rpc_gateway
