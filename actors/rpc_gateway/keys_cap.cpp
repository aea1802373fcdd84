// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/rpc_gateway/capabilities.hpp"
#include "actors/rpc_gateway/gate.hpp"

#include <algorithm>

namespace acgs::rpc_gateway {

namespace {

using auth::verb;

result<signer::purpose> read_purpose(const std::string& name) {
  const auto& names = signer::purpose_names;
  auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end())
    return static_cast<signer::purpose>(found - names.begin());
  return make_error(ec::invalid_argument,
                    "'" + name
                        + "' is no purpose of a key; expected checkpoint, "
                          "token or bundle",
                    "purpose");
}

class keys_cap final : public schema::Keys::Server {
public:
  explicit keys_cap(kj::Own<session> who) : who_{kj::mv(who)} {}

  kj::Promise<void> list(ListContext context) override {
    return serve(*who_, verb::read_checkpoint, context, [&] {
      // A reason may name people.
      bool all = auth::may(who_->who().role_, verb::manage_keys);
      return ask<signer::key_list>(
          *who_, who_->with().others().signer.get(), signer::list_keys{},
          [context, all](const signer::key_list& got) mutable {
            auto to = context.getResults().initResult().initValue(
                static_cast<unsigned>(got.keys.size()));
            for (unsigned i = 0; i < to.size(); ++i)
              write(got.keys[i], all, to[i]);
          });
    });
  }

  kj::Promise<void> rotate(RotateContext context) override {
    auto name = copy(context.getParams().getPurpose());
    return serve(*who_, verb::manage_keys, name, context,
                 [&]() -> kj::Promise<caf::error> {
                   auto serves = read_purpose(name);
                   if (!serves)
                     return std::move(serves.error());
                   auto what = make_deed(*who_, verb::manage_keys, "rotate_key",
                                         name, context.getParams().getChange());
                   if (!what)
                     return std::move(what.error());
                   control::rotate_key message{*serves, what->reason,
                                               what->request_id, who_->who()};
                   return change(*what, std::move(message), context);
                 });
  }

  kj::Promise<void> revoke(RevokeContext context) override {
    auto key = copy(context.getParams().getKey());
    return serve(*who_, verb::manage_keys, key, context,
                 [&]() -> kj::Promise<caf::error> {
                   if (auto error = check_name(key, "key"))
                     return error;
                   auto what = make_deed(*who_, verb::manage_keys, "revoke_key",
                                         key, context.getParams().getChange());
                   if (!what)
                     return std::move(what.error());
                   if (what->reason.empty())
                     return make_error(
                         ec::invalid_argument,
                         "a key is revoked for a reason, which is put on "
                         "record",
                         "reason");
                   control::revoke_key message{key, what->reason,
                                               what->request_id, who_->who()};
                   return change(*what, std::move(message), context);
                 });
  }

  kj::Promise<void> export_(ExportContext context) override {
    return serve(*who_, verb::read_checkpoint, context, [&] {
      return ask<reader::text_result>(
          *who_, who_->with().others().reader.get(),
          reader::get_resource{{}, "keys"},
          [context](const reader::text_result& got) mutable {
            context.getResults().initResult().initValue().setText(
                text(got.text));
          });
    });
  }

private:
  template <class Message, class Context>
  kj::Promise<caf::error> change(const deed& what, Message message,
                                 Context context) {
    return and_then(permit(*who_, what), [this, message = std::move(message),
                                          context]() mutable {
      return ask<control::key_changed>(
          *who_, who_->with().others().control.get(), std::move(message),
          [context](const control::key_changed& done) mutable {
            auto to = context.getResults().initResult().initValue();
            to.setKey(text(done.key));
            to.setSuccessor(text(done.successor));
            to.setRevision(done.revision);
            to.setIndex(done.index);
          });
    });
  }

  static void write(const signer::public_key& from, bool all,
                    schema::Key::Builder to) {
    to.setPurpose(text(std::string{
        signer::purpose_names[static_cast<std::size_t>(from.serves)]}));
    to.setName(text(from.name));
    to.setPublicKey({reinterpret_cast<const kj::byte*>(from.value.data()),
                     from.value.size()});
    to.setVerifierKey(text(from.verifier_key));
    to.setCreatedNanos(from.created_nanos);
    to.setActive(from.active);
    to.setRevoked(from.revoked);
    to.setLastSize(from.last_size);
    to.setEndedNanos(from.ended_nanos);
    if (all)
      to.setReason(text(from.reason));
  }

  kj::Own<session> who_;
};

} // namespace

schema::Keys::Client make_keys(kj::Own<session> who) {
  return kj::heap<keys_cap>(kj::mv(who));
}

} // namespace acgs::rpc_gateway
