// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/rpc_gateway/answer.hpp"
#include "actors/rpc_gateway/capabilities.hpp"
#include "runtime/backup/tally.hpp"

#include <algorithm>

namespace acgs::rpc_gateway {

namespace {

using auth::verb;

/// What one call answers at most, so that it fits into a message.
constexpr std::size_t part_bytes_max = std::size_t{4} << 20;

/// A backup as one stream of bytes: the magic line, block after block as
/// ARCHIVER gives them, the signed manifest.
class backup_cap final : public schema::Backup::Server {
public:
  backup_cap(kj::Own<session> who, std::shared_ptr<const backup::plan> of)
      : who_{kj::mv(who)}, of_{std::move(of)} {
    auto first = as_byte_view(backup::magic);
    ready_.assign(first.begin(), first.end());
  }

  kj::Promise<void> read(ReadContext context) override {
    return serve(
        *who_, verb::back_up, context, [&]() -> kj::Promise<caf::error> {
          if (busy_)
            return make_error(ec::conflict,
                              "a backup is read by one call at a time");
          busy_ = true;
          return fill().then([this, context](caf::error wrong) mutable {
            busy_ = false;
            if (!wrong)
              give(context.getResults().initResult().initValue());
            return wrong;
          });
        });
  }

private:
  /// Goes on until there are bytes to give, or nothing is left.
  kj::Promise<caf::error> fill() {
    if (given_ < ready_.size() || ended_)
      return caf::error{};
    if (at_.at_end())
      return sign();
    auto block = ask<archiver::block>(
        *who_, archiver(), archiver::read_block{of_, at_},
        [this](const archiver::block& got) {
          at_ = got.what.next;
          if (got.what.block.empty())
            return;
          auto header = backup::read_header(
              byte_view{got.what.block}.first(backup::header_size));
          if (header && header->kind == backup::block_kind::entries)
            entries_ += header->records;
          sum_.add(got.what.block);
          put(got.what.block);
        });
    return and_then(kj::mv(block), [this] { return fill(); });
  }

  kj::Promise<caf::error> sign() {
    auto now = to_nanos(who_->with().settings.time->now());
    return ask<archiver::signed_manifest>(
        *who_, archiver(),
        archiver::sign_manifest{sum_.finish(*of_, now), sum_.ring()},
        [this](const archiver::signed_manifest& got) -> caf::error {
          auto block = backup::make_block(backup::block_kind::manifest, 1,
                                          as_byte_view(got.note));
          if (!block)
            return block.error();
          put(*block);
          ended_ = true;
          return {};
        });
  }

  void put(const bytes& what) {
    ready_ = what;
    given_ = 0;
  }

  void give(schema::BackupPart::Builder to) {
    auto size = std::min(part_bytes_max, ready_.size() - given_);
    to.setBytes(
        {reinterpret_cast<const kj::byte*>(ready_.data()) + given_, size});
    given_ += size;
    to.setLast(ended_ && given_ == ready_.size());
    to.setEntries(entries_);
    to.setTotal(of_->of.size - of_->of.size_base);
  }

  archiver_actor archiver() { return who_->with().others().archiver.get(); }

  kj::Own<session> who_;
  std::shared_ptr<const backup::plan> of_;
  backup::place at_;
  backup::tally sum_;
  bytes ready_; ///< read, and given up to `given_`
  std::size_t given_ = 0;
  std::uint64_t entries_ = 0;
  bool ended_ = false; ///< the manifest is in `ready_`
  bool busy_ = false;
};

} // namespace

schema::Backup::Client make_backup(kj::Own<session> who,
                                   std::shared_ptr<const backup::plan> of) {
  return kj::heap<backup_cap>(kj::mv(who), std::move(of));
}

} // namespace acgs::rpc_gateway
