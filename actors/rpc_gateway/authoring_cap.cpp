// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/rpc_gateway/capabilities.hpp"
#include "actors/rpc_gateway/gate.hpp"
#include "runtime/base/json.hpp"
#include "runtime/base/json_text.hpp"
#include "runtime/domain/policy_id.hpp"

#include <charconv>
#include <utility>

namespace acgs::rpc_gateway {

namespace {

using auth::verb;
using domain::command_kind;

caf::error check_policy_id(std::string_view id) {
  if (domain::is_policy_id(id))
    return {};
  return make_error(ec::invalid_argument,
                    "'" + std::string{id.substr(0, 100)}
                        + "' is no policy id; expected "
                        + std::string{domain::policy_id_form},
                    "id");
}

/// What is to be deleted may have been put under the rules of an earlier day.
caf::error check_some_id(std::string_view id) {
  return check_name(id, "id");
}

/// An empty path is the root.
caf::error check_path(std::string_view path) {
  return path.empty() ? caf::error{} : check_name(path, "path");
}

/// The candidate as its command has it.
std::string body_of(schema::NewCandidate::Reader from) {
  std::string out = "{\"modules\":{";
  bool first = true;
  for (auto module : from.getModules()) {
    if (!std::exchange(first, false))
      out += ',';
    append_json_string(out, copy(module.getId()));
    out += ':';
    append_json_string(out, copy(module.getText()));
  }
  char share[32];
  auto end = std::to_chars(share, share + sizeof share, from.getShare()).ptr;
  out.append("},\"share\":").append(share, end);
  return out += '}';
}

caf::error check_bundle_name(std::string_view name) {
  return check_name(name, "name");
}

class authoring_cap final : public schema::Authoring::Server {
public:
  explicit authoring_cap(kj::Own<session> who) : who_{kj::mv(who)} {}

  kj::Promise<void> putPolicy(PutPolicyContext context) override {
    return change(context, verb::write_policies, command_kind::put_policy,
                  check_policy_id, context.getParams().getId(),
                  context.getParams().getText());
  }

  kj::Promise<void> deletePolicy(DeletePolicyContext context) override {
    return change(context, verb::write_policies, command_kind::delete_policy,
                  check_some_id, context.getParams().getId(), {});
  }

  kj::Promise<void> putData(PutDataContext context) override {
    return change(context, verb::write_data, command_kind::put_data, check_path,
                  context.getParams().getPath(), context.getParams().getJson());
  }

  kj::Promise<void> patchData(PatchDataContext context) override {
    return change(context, verb::write_data, command_kind::patch_data,
                  check_path, context.getParams().getPath(),
                  context.getParams().getPatch());
  }

  kj::Promise<void> putBundle(PutBundleContext context) override {
    auto params = context.getParams();
    auto name = copy(params.getName());
    constexpr auto right = verb::write_policies;
    return serve(*who_, right, name, context, [&]() -> caf::error {
      if (auto error = check_name(name, "name"))
        return error;
      auto deed = make_deed(*who_, verb::write_policies, "put_bundle", name,
                            params.getChange());
      if (!deed)
        return std::move(deed.error());
      auto made = make_upload(kj::addRef(*who_), name, params.getBytes(), *deed,
                              params.getChange().getExpectedRevision());
      if (!made)
        return std::move(made.error());
      context.getResults().initResult().setValue(kj::mv(*made));
      return {};
    });
  }

  kj::Promise<void> activateBundle(ActivateBundleContext context) override {
    auto digests = context.getParams().getDigests();
    json::array list;
    for (auto each : digests)
      list.push_back(json::value{copy(each)});
    json::object members;
    members.emplace("digests", json::value{std::move(list)});
    auto body = json::to_text(json::value{std::move(members)});
    return change(context, verb::write_policies, command_kind::activate_bundle,
                  check_bundle_name, context.getParams().getName(), text(body));
  }

  kj::Promise<void> deleteData(DeleteDataContext context) override {
    return change(context, verb::write_data, command_kind::delete_data,
                  check_path, context.getParams().getPath(), {});
  }

  kj::Promise<void> putCandidate(PutCandidateContext context) override {
    auto from = context.getParams().getCandidate();
    auto body = body_of(from);
    return change(context, verb::write_policies, command_kind::put_candidate,
                  check_some_id, from.getName(), {body.c_str(), body.size()});
  }

  kj::Promise<void> dropCandidate(DropCandidateContext context) override {
    return change(context, verb::write_policies, command_kind::drop_candidate,
                  check_some_id, context.getParams().getName(), {});
  }

private:
  /// `carry_out` copies the texts before this returns.
  template <class Context>
  kj::Promise<void> change(Context context, verb what, command_kind kind,
                           caf::error (*check)(std::string_view),
                           capnp::Text::Reader subject,
                           capnp::Text::Reader body) {
    auto name = copy(subject);
    return serve(*who_, what, name, context, [&]() -> kj::Promise<caf::error> {
      if (auto error = check(name))
        return error;
      auto options = context.getParams().getChange();
      auto deed = make_deed(*who_, what, std::string{to_string_view(kind)},
                            name, options);
      if (!deed)
        return std::move(deed.error());
      return carry_out(*who_, *deed, kind, name,
                       std::string_view{body.begin(), body.size()},
                       options.getExpectedRevision(), fill_applied(context));
    });
  }

  kj::Own<session> who_;
};

} // namespace

schema::Authoring::Client make_authoring(kj::Own<session> who) {
  return kj::heap<authoring_cap>(kj::mv(who));
}

} // namespace acgs::rpc_gateway
