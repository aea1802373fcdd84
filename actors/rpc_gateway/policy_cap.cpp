// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/rpc_gateway/answer.hpp"
#include "actors/rpc_gateway/capabilities.hpp"
#include "actors/rpc_gateway/deciding.hpp"
#include "actors/rpc_gateway/versions.hpp"
#include "runtime/base/json.hpp"
#include "runtime/base/json_patch.hpp"
#include "runtime/domain/policy_id.hpp"

namespace acgs::rpc_gateway {

namespace {

using auth::verb;
using policies = std::map<std::string, domain::policy_module>;

void write(const std::string& id, const domain::policy_module& from,
           const char* origin, schema::PolicyInfo::Builder to) {
  to.setId(text(id));
  to.setBytes(from.text ? from.text->size() : 0);
  to.setRevision(from.revision);
  to.setTimeNanos(from.time_nanos);
  to.setOrigin(origin);
}

const char* origin_of(const domain::policy_module& of) {
  return of.bundle.empty() ? "user" : "bundle";
}

/// What a file of the constitution is called.
std::string shipped_name(const std::string& path) {
  return std::string{domain::constitution_prefix} + path;
}

/// By that name, or by its path in the constitution's folder.
policies::const_iterator find_shipped(const domain::control_state& in,
                                      std::string_view id) {
  constexpr auto prefix = domain::constitution_prefix;
  if (id.starts_with(prefix))
    id.remove_prefix(prefix.size());
  return in.constitution.find(std::string{id});
}

void write(const domain::control_state& in, const domain::archive_id& id,
           const domain::bundle_archive& from, schema::Bundle::Builder to) {
  to.setName(text(id.bundle));
  to.setDigest(text(id.digest));
  to.setBundleRevision(text(from.bundle_revision));
  auto roots = to.initRoots(static_cast<unsigned>(from.roots.size()));
  for (unsigned i = 0; i < roots.size(); ++i)
    roots.set(i, text(from.roots[i]));
  to.setIsDelta(from.is_delta);
  to.setBytes(from.bytes);
  to.setSignedBy(text(from.signed_by));
  to.setRevision(from.revision);
  to.setTimeNanos(from.time_nanos);
  auto active = in.bundles.find(id.bundle);
  if (active == in.bundles.end())
    return;
  for (const auto& each : active->second.digests)
    if (each == id.digest) {
      to.setActive(true);
      to.setActiveNanos(active->second.time_nanos);
    }
}

void write(const domain::identity_view& from, schema::Identity::Builder to) {
  to.setSubject(text(std::string{from.subject}));
  to.setRole(static_cast<std::uint8_t>(from.role_));
  to.setTenant(text(std::string{from.tenant}));
  to.setMethod(static_cast<std::uint8_t>(from.method));
  to.setTokenId(text(std::string{from.token_id}));
  to.setAddress(text(std::string{from.address}));
}

void write(const control::history_item& from, schema::Change::Builder to) {
  auto& command = *from.command;
  to.setRevision(from.revision);
  to.setKind(text(std::string{to_string_view(command.kind)}));
  to.setName(text(std::string{command.name}));
  to.setReason(text(std::string{command.reason}));
  to.setRequestId(text(std::string{command.request_id}));
  to.setTimeNanos(command.time_nanos);
  write(command.caller, to.initBy());
  to.setBytes(command.body.size());
}

/// The part of the base documents at a path.
result<std::string> part_of(const domain::shared_text& document,
                            std::string_view path) {
  if (!document)
    return std::string{"{}"};
  if (path.empty())
    return *document;
  auto way = json::parse_data_path(path);
  if (!way)
    return std::move(way.error());
  auto whole = json::parse(*document);
  if (!whole)
    return std::move(whole.error());
  auto found = json::find(*whole, *way);
  if (!found)
    return std::move(found.error());
  return json::to_text(**found);
}

void write(const domain::candidate& from, schema::Candidate::Builder to) {
  to.setName(text(from.name));
  to.setShare(from.share);
  to.setRevision(from.revision);
  to.setTimeNanos(from.time_nanos);
  to.setBy(text(from.by));
  auto modules = to.initModules(static_cast<unsigned>(from.modules.size()));
  unsigned i = 0;
  for (auto& [id, each] : from.modules)
    write(id, each, "candidate", modules[i++]);
}

class policy_cap final : public schema::Policy::Server {
public:
  explicit policy_cap(kj::Own<session> who) : who_{kj::mv(who)} {}

  kj::Promise<void> decide(DecideContext context) override {
    auto question = context.getParams().getQuestion();
    auto what = question.getAsks() == schema::Question::Asks::QUERY
                    ? verb::query
                    : verb::decide;
    return serve(*who_, what, context, [&]() -> kj::Promise<caf::error> {
      auto request = read_question(*who_, question);
      if (!request)
        return std::move(request.error());
      context.releaseParams();
      return ask<ledger::released>(
          *who_, who_->with().others().policy.get(), *request,
          [this, context,
           asked = *request](const ledger::released& done) mutable {
            write_decided(who_->with(), done,
                          context.getResults().initResult().initValue());
            released(who_->with(), asked, done);
          });
    });
  }

  kj::Promise<void> decideMany(DecideManyContext context) override {
    return serve(
        *who_, verb::decide, context, [&]() -> kj::Promise<caf::error> {
          auto batch = read_batch(*who_, context.getParams().getBatch());
          if (!batch)
            return std::move(batch.error());
          if (auto refused = who_->take_batch(batch->each.size()))
            return refused;
          context.releaseParams();
          return ask<ledger::released_many>(
              *who_, who_->with().others().policy.get(), *batch,
              [this, context,
               asked = *batch](const ledger::released_many& done) mutable {
                write_decided(who_->with(), done,
                              context.getResults().initResult().initValue(
                                  static_cast<unsigned>(done.each.size())));
                for (std::size_t i = 0; i < done.each.size(); ++i)
                  if (done.each[i])
                    released(who_->with(), asked.each[i], *done.each[i]);
              });
        });
  }

  kj::Promise<void> candidate(CandidateContext context) override {
    return serve(*who_, verb::read_policies, context, [&]() -> caf::error {
      auto state = who_->with().now.state();
      if (!state)
        return no_state();
      auto to = context.getResults().initResult().initValue();
      if (state->trial)
        write(*state->trial, to);
      return {};
    });
  }

  kj::Promise<void> list(ListContext context) override {
    return serve(*who_, verb::read_policies, context, [&]() -> caf::error {
      auto state = who_->with().now.state();
      if (!state)
        return no_state();
      auto to =
          context.getResults().initResult().initValue(static_cast<unsigned>(
              state->policies.size() + state->constitution.size()));
      unsigned i = 0;
      for (auto& [id, each] : state->policies)
        write(id, each, origin_of(each), to[i++]);
      for (auto& [id, each] : state->constitution)
        write(shipped_name(id), each, "constitution", to[i++]);
      return {};
    });
  }

  kj::Promise<void> get(GetContext context) override {
    return serve(*who_, verb::read_policies, context, [&]() -> caf::error {
      auto id = copy(context.getParams().getId());
      auto state = who_->with().now.state();
      if (!state)
        return no_state();
      auto found = state->policies.find(id);
      auto own = found != state->policies.end();
      if (!own
          && (found = find_shipped(*state, id)) == state->constitution.end())
        return make_error(ec::not_found, "there is no policy '" + id + "'",
                          "id");
      auto to = context.getResults().initResult().initValue();
      write(own ? id : shipped_name(found->first), found->second,
            own ? origin_of(found->second) : "constitution", to.initInfo());
      if (found->second.text)
        to.setText(text(*found->second.text));
      return {};
    });
  }

  kj::Promise<void> history(HistoryContext context) override {
    return serve(*who_, verb::read_policies, context, [&] {
      auto filter = context.getParams().getFilter();
      control::get_history question;
      question.name = copy(filter.getName());
      question.before = filter.getBefore();
      question.limit = std::min<std::uint32_t>(
          filter.getLimit() == 0 ? 100 : filter.getLimit(), 1000);
      return ask<control::history>(
          *who_, who_->with().others().control.get(), std::move(question),
          [context](const control::history& got) mutable {
            auto to = context.getResults().initResult().initValue(
                static_cast<unsigned>(got.items.size()));
            for (unsigned i = 0; i < to.size(); ++i)
              write(got.items[i], to[i]);
          });
    });
  }

  kj::Promise<void> getAt(GetAtContext context) override {
    return serve(*who_, verb::read_policies, context, [&] {
      auto id = copy(context.getParams().getId());
      auto revision = context.getParams().getRevision();
      return and_then(
          check_reached(*who_, revision), [this, context, id, revision] {
            return ask<control::history>(
                *who_, who_->with().others().control.get(),
                history_up_to(id, revision),
                [context, id, revision](const control::history& got) {
                  return write_version(got, id, revision, context);
                });
          });
    });
  }

  kj::Promise<void> bundles(BundlesContext context) override {
    return serve(*who_, verb::read_policies, context, [&]() -> caf::error {
      auto state = who_->with().now.state();
      if (!state)
        return no_state();
      auto to = context.getResults().initResult().initValue(
          static_cast<unsigned>(state->archives.size()));
      unsigned i = 0;
      for (auto& [id, each] : state->archives)
        write(*state, id, each, to[i++]);
      return {};
    });
  }

  kj::Promise<void> bundleAt(BundleAtContext context) override {
    return serve(
        *who_, verb::read_policies, context, [&]() -> kj::Promise<caf::error> {
          auto state = who_->with().now.state();
          if (!state)
            return no_state();
          auto revision = context.getParams().getRevision();
          auto question =
              history_up_to(copy(context.getParams().getName()), revision);
          return and_then(
              check_reached(*who_, revision), [this, context, state, question] {
                return ask<control::history>(
                    *who_, who_->with().others().control.get(), question,
                    [context, state](const control::history& got) {
                      return write_active(got, *state, context);
                    });
              });
        });
  }

  kj::Promise<void> getData(GetDataContext context) override {
    return serve(*who_, verb::read_data, context, [&]() -> caf::error {
      auto state = who_->with().now.state();
      if (!state)
        return no_state();
      auto part = part_of(state->data, copy(context.getParams().getPath()));
      if (!part)
        return std::move(part.error());
      auto to = context.getResults().initResult().initValue();
      to.setJson(text(*part));
      to.setRevision(state->data_revision);
      return {};
    });
  }

  kj::Promise<void> authoring(AuthoringContext context) override {
    // Given to every session, as `Session` gives its own.
    return serve(*who_, verb::info, context, [&]() -> caf::error {
      context.getResults().initResult().setValue(
          make_authoring(kj::addRef(*who_)));
      return {};
    });
  }

private:
  static caf::error no_state() {
    return make_error(ec::unavailable, "no control state is known yet");
  }

  static caf::error write_version(const control::history& from,
                                  const std::string& id, std::uint64_t revision,
                                  GetAtContext context) {
    auto found = policy_in(from);
    if (!found)
      return make_error(ec::not_found,
                        revision == ~std::uint64_t{0}
                            ? "there is no policy '" + id + "'"
                            : "there was no policy '" + id + "' at revision "
                                  + std::to_string(revision),
                        "id");
    auto& command = *found->command;
    auto to = context.getResults().initResult().initValue();
    auto info = to.initInfo();
    info.setId(text(id));
    info.setBytes(command.body.size());
    info.setRevision(found->revision);
    info.setTimeNanos(command.time_nanos);
    info.setOrigin("user");
    to.setText(text(std::string{command.body}));
    return {};
  }

  static caf::error write_active(const control::history& from,
                                 const domain::control_state& now,
                                 BundleAtContext context) {
    auto found = bundle_in(from, now);
    if (!found)
      return std::move(found.error());
    auto to = context.getResults().initResult().initValue().initDigests(
        static_cast<unsigned>(found->size()));
    for (unsigned i = 0; i < to.size(); ++i)
      to.set(i, text((*found)[i]));
    return {};
  }

  kj::Own<session> who_;
};

} // namespace

schema::Policy::Client make_policy(kj::Own<session> who) {
  return kj::heap<policy_cap>(kj::mv(who));
}

} // namespace acgs::rpc_gateway
