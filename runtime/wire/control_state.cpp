// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/wire/control_state.hpp"

#include "schemas/control_state.capnp.h"

#include <capnp/message.h>
#include <capnp/serialize.h>
#include <kj/exception.h>

#include <algorithm>
#include <cstring>

namespace acgs::wire {

namespace {

using schema::ControlState;

/// A copy that ends in a zero, as `Text` wants it.
capnp::Text::Reader reader_of(const std::string& from) {
  return {from.c_str(), from.size()};
}

std::string string_of(capnp::Text::Reader from) {
  return {from.begin(), from.size()};
}

domain::shared_text shared(capnp::Text::Reader from) {
  return std::make_shared<const std::string>(string_of(from));
}

template <class Enum>
Enum read_enum(std::uint8_t value, std::size_t count, const char* what) {
  // A value that this version does not know must not be taken for another.
  KJ_REQUIRE(value < count, "a number that this version does not know", what);
  return static_cast<Enum>(value);
}

void write(const domain::policy_module& from,
           ControlState::Module::Builder to) {
  to.setText(reader_of(*from.text));
  to.setRevision(from.revision);
  to.setTimeNanos(from.time_nanos);
  to.setBundle(reader_of(from.bundle));
  to.setV0(from.v0);
}

domain::policy_module read(ControlState::Module::Reader from) {
  return {shared(from.getText()), from.getRevision(), from.getTimeNanos(),
          string_of(from.getBundle()), from.getV0()};
}

void write_texts(const std::vector<std::string>& from,
                 capnp::List<capnp::Text>::Builder to) {
  for (unsigned i = 0; i < to.size(); ++i)
    to.set(i, reader_of(from[i]));
}

std::vector<std::string> texts(capnp::List<capnp::Text>::Reader from) {
  std::vector<std::string> out;
  for (auto each : from)
    out.push_back(string_of(each));
  return out;
}

void write(const domain::bundle_archive& from,
           ControlState::Archive::Builder to) {
  to.setBundleRevision(reader_of(from.bundle_revision));
  write_texts(from.roots,
              to.initRoots(static_cast<unsigned>(from.roots.size())));
  to.setIsDelta(from.is_delta);
  to.setBytes(from.bytes);
  to.setSignedBy(reader_of(from.signed_by));
  to.setRevision(from.revision);
  to.setTimeNanos(from.time_nanos);
}

domain::bundle_archive read(ControlState::Archive::Reader from) {
  domain::bundle_archive out;
  out.bundle_revision = string_of(from.getBundleRevision());
  out.roots = texts(from.getRoots());
  out.is_delta = from.getIsDelta();
  out.bytes = from.getBytes();
  out.signed_by = string_of(from.getSignedBy());
  out.revision = from.getRevision();
  out.time_nanos = from.getTimeNanos();
  return out;
}

void write(const domain::active_bundle& from,
           ControlState::Bundle::Builder to) {
  write_texts(from.digests,
              to.initDigests(static_cast<unsigned>(from.digests.size())));
  to.setBundleRevision(reader_of(from.bundle_revision));
  write_texts(from.roots,
              to.initRoots(static_cast<unsigned>(from.roots.size())));
  to.setRevision(from.revision);
  to.setTimeNanos(from.time_nanos);
}

domain::active_bundle read(ControlState::Bundle::Reader from) {
  domain::active_bundle out;
  out.digests = texts(from.getDigests());
  out.bundle_revision = string_of(from.getBundleRevision());
  out.roots = texts(from.getRoots());
  out.revision = from.getRevision();
  out.time_nanos = from.getTimeNanos();
  return out;
}

void write(const domain::user& from, ControlState::User::Builder to) {
  to.setRole(static_cast<std::uint8_t>(from.role_));
  to.setTenant(reader_of(from.tenant));
  to.setPasswordHash(reader_of(from.password_hash));
  to.setRevoked(from.revoked);
  to.setCreatedNanos(from.created_nanos);
}

domain::user read(ControlState::User::Reader from) {
  domain::user out;
  out.role_ = read_enum<domain::role>(from.getRole(), domain::role_names.size(),
                                      "role");
  out.tenant = string_of(from.getTenant());
  out.password_hash = string_of(from.getPasswordHash());
  out.revoked = from.getRevoked();
  out.created_nanos = from.getCreatedNanos();
  return out;
}

void write(const domain::token& from, ControlState::Token::Builder to) {
  to.setSubject(reader_of(from.subject));
  to.setRole(static_cast<std::uint8_t>(from.role_));
  to.setTenant(reader_of(from.tenant));
  to.setKind(static_cast<std::uint8_t>(from.kind));
  to.setFamily(reader_of(from.family));
  to.setIssuedNanos(from.issued_nanos);
  to.setExpiresNanos(from.expires_nanos);
  to.setRevoked(from.revoked);
}

domain::token read(ControlState::Token::Reader from) {
  domain::token out;
  out.subject = string_of(from.getSubject());
  out.role_ = read_enum<domain::role>(from.getRole(), domain::role_names.size(),
                                      "role");
  out.tenant = string_of(from.getTenant());
  out.kind = read_enum<domain::token_kind>(
      from.getKind(), domain::token_kind_names.size(), "kind of token");
  out.family = string_of(from.getFamily());
  out.issued_nanos = from.getIssuedNanos();
  out.expires_nanos = from.getExpiresNanos();
  out.revoked = from.getRevoked();
  return out;
}

void write(const domain::rate_limit& from, ControlState::Limit::Builder to) {
  to.setRequestsPerSecond(from.requests_per_second);
  to.setBurst(from.burst);
}

domain::rate_limit read(ControlState::Limit::Reader from) {
  return {from.getRequestsPerSecond(), from.getBurst()};
}

void write(const domain::key_record& from, ControlState::Key::Builder to) {
  to.setPurpose(reader_of(from.purpose));
  to.setVerifierKey(reader_of(from.verifier_key));
  to.setActive(from.active);
  to.setRevoked(from.revoked);
  to.setTimeNanos(from.time_nanos);
}

domain::key_record read(ControlState::Key::Reader from) {
  return {string_of(from.getPurpose()), string_of(from.getVerifierKey()),
          from.getActive(), from.getRevoked(), from.getTimeNanos()};
}

void write(const std::string& from, ControlState::Alias::Builder to) {
  to.setAlias(reader_of(from));
}

std::string read(ControlState::Alias::Reader from) {
  return string_of(from.getAlias());
}

void write(const domain::mode& from, ControlState::Mode::Builder to) {
  to.setOn(from.on);
  to.setBy(reader_of(from.by));
  to.setReason(reader_of(from.reason));
  to.setSinceNanos(from.since_nanos);
}

domain::mode read(ControlState::Mode::Reader from) {
  return {from.getOn(), string_of(from.getBy()), string_of(from.getReason()),
          from.getSinceNanos()};
}

template <class Item>
void write_key(const std::string& name, Item to) {
  if constexpr (requires { to.setId(capnp::Text::Reader{}); })
    to.setId(reader_of(name));
  else
    to.setName(reader_of(name));
}

void write_key(const domain::archive_id& id,
               ControlState::Archive::Builder to) {
  to.setId(reader_of(id.digest));
  to.setBundle(reader_of(id.bundle));
}

template <class Item>
void read_key(Item from, std::string& name) {
  if constexpr (requires { from.getId(); })
    name = string_of(from.getId());
  else
    name = string_of(from.getName());
}

void read_key(ControlState::Archive::Reader from, domain::archive_id& id) {
  id = {string_of(from.getId()), string_of(from.getBundle())};
}

template <class Map, class List>
void write_map(const Map& from, List to) {
  unsigned i = 0;
  for (const auto& [key, value] : from) {
    auto item = to[i++];
    write_key(key, item);
    write(value, item);
  }
}

template <class Map, class List>
void read_map(List from, Map& to) {
  for (auto item : from) {
    typename Map::key_type key;
    read_key(item, key);
    KJ_REQUIRE(to.empty() || to.rbegin()->first < key,
               "names that are not in order");
    to.emplace_hint(to.end(), std::move(key), read(item));
  }
}

unsigned count(std::size_t of) {
  return static_cast<unsigned>(of);
}

void write(const domain::candidate& from, ControlState::Candidate::Builder to) {
  to.setName(reader_of(from.name));
  to.setShare(from.share);
  write_map(from.modules, to.initModules(count(from.modules.size())));
  to.setRevision(from.revision);
  to.setTimeNanos(from.time_nanos);
  to.setBy(reader_of(from.by));
}

std::shared_ptr<const domain::candidate>
read(ControlState::Candidate::Reader from) {
  auto out = std::make_shared<domain::candidate>();
  out->name = string_of(from.getName());
  if (out->name.empty())
    return nullptr;
  out->share = from.getShare();
  KJ_REQUIRE(out->share >= 0 && out->share <= 1, "a share beyond 0 to 1");
  read_map(from.getModules(), out->modules);
  out->revision = from.getRevision();
  out->time_nanos = from.getTimeNanos();
  out->by = string_of(from.getBy());
  return out;
}

void write(const domain::control_state& from, ControlState::Builder to) {
  to.setRevision(from.revision);
  to.setTimeNanos(from.time_nanos);
  to.setConstitutionDigest(
      {reinterpret_cast<const kj::byte*>(from.constitution_digest.data()),
       from.constitution_digest.size()});
  write_map(from.constitution,
            to.initConstitution(count(from.constitution.size())));
  write_map(from.policies, to.initPolicies(count(from.policies.size())));
  to.setData(reader_of(*from.data));
  to.setDataRevision(from.data_revision);
  write_map(from.users, to.initUsers(count(from.users.size())));
  write_map(from.tokens, to.initTokens(count(from.tokens.size())));
  write_map(from.limits, to.initLimits(count(from.limits.size())));
  write_map(from.keys, to.initKeys(count(from.keys.size())));
  to.setLogLevel(reader_of(from.log_level));
  write(from.strict, to.initStrict());
  write(from.lockdown, to.initLockdown());
  if (from.trial)
    write(*from.trial, to.initCandidate());
  write_map(from.archives, to.initArchives(count(from.archives.size())));
  write_map(from.bundles, to.initBundles(count(from.bundles.size())));
  if (from.aliases)
    write_map(*from.aliases,
              to.initAliases().initEntries(count(from.aliases->size())));
}

domain::control_state_ptr read(ControlState::Reader from) {
  auto out = std::make_shared<domain::control_state>();
  out->revision = from.getRevision();
  out->time_nanos = from.getTimeNanos();
  auto digest = from.getConstitutionDigest();
  KJ_REQUIRE(digest.size() == out->constitution_digest.size(),
             "a digest of a wrong length");
  std::memcpy(out->constitution_digest.data(), digest.begin(), digest.size());
  read_map(from.getConstitution(), out->constitution);
  read_map(from.getPolicies(), out->policies);
  out->data = shared(from.getData());
  out->data_revision = from.getDataRevision();
  read_map(from.getUsers(), out->users);
  read_map(from.getTokens(), out->tokens);
  read_map(from.getLimits(), out->limits);
  read_map(from.getKeys(), out->keys);
  out->log_level = string_of(from.getLogLevel());
  out->strict = read(from.getStrict());
  out->lockdown = read(from.getLockdown());
  out->trial = read(from.getCandidate());
  read_map(from.getArchives(), out->archives);
  read_map(from.getBundles(), out->bundles);
  if (from.hasAliases())
    read_map(from.getAliases().getEntries(), out->aliases.emplace());
  return out;
}

} // namespace

bytes encode_control_state(const domain::control_state& from) {
  capnp::MallocMessageBuilder builder;
  write(from, builder.initRoot<ControlState>());
  auto words = capnp::messageToFlatArray(builder);
  auto raw =
      std::as_bytes(std::span{words.asBytes().begin(), words.asBytes().size()});
  return {raw.begin(), raw.end()};
}

result<domain::control_state_ptr> decode_control_state(byte_view from) {
  if (from.size() > control_state_bytes_max)
    return make_error(ec::too_large, "a control state of "
                                         + std::to_string(from.size())
                                         + " bytes");
  if (from.empty() || from.size() % sizeof(capnp::word) != 0)
    return make_error(ec::invalid_argument,
                      "a control state of " + std::to_string(from.size())
                          + " bytes; expected whole words of 8 bytes");
  try {
    // A copy, for the alignment of words.
    auto words = kj::heapArray<capnp::word>(from.size() / sizeof(capnp::word));
    std::memcpy(words.begin(), from.data(), from.size());
    capnp::ReaderOptions options;
    options.traversalLimitInWords = words.size() * 2 + 1024;
    capnp::FlatArrayMessageReader reader{words, options};
    return read(reader.getRoot<ControlState>());
  } catch (const kj::Exception& error) {
    return make_error(ec::invalid_argument,
                      "not a control state: "
                          + std::string{error.getDescription().cStr()});
  }
}

} // namespace acgs::wire
