// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/client/link.hpp"

namespace acgs::client {

namespace {

/// Below the bound of a message, and few calls for a large archive.
constexpr std::size_t part_bytes = 4u << 20;

std::vector<std::string> texts(capnp::List<capnp::Text>::Reader from) {
  std::vector<std::string> out;
  for (auto each : from)
    out.push_back(copy(each));
  return out;
}

bundle read(schema::Bundle::Reader from) {
  bundle out;
  out.name = copy(from.getName());
  out.digest = copy(from.getDigest());
  out.bundle_revision = copy(from.getBundleRevision());
  out.roots = texts(from.getRoots());
  out.is_delta = from.getIsDelta();
  out.bytes = from.getBytes();
  out.signed_by = copy(from.getSignedBy());
  out.revision = from.getRevision();
  out.time_nanos = from.getTimeNanos();
  out.active = from.getActive();
  out.active_nanos = from.getActiveNanos();
  return out;
}

} // namespace

result<std::vector<bundle>> bundle_calls::list() {
  auto policy = link_.policy();
  if (!policy)
    return std::move(policy.error());
  return link_.ask((*policy)->bundlesRequest(), [](auto from) {
    std::vector<bundle> out;
    for (auto each : from)
      out.push_back(read(each));
    return out;
  });
}

result<bundle_put> bundle_calls::put(std::string_view name,
                                     std::string_view archive,
                                     const change_options& how) {
  auto authoring = link_.authoring();
  if (!authoring)
    return std::move(authoring.error());
  auto begin = (*authoring)->putBundleRequest();
  begin.setName(terminated(std::string{name}));
  begin.setBytes(archive.size());
  write(how, begin.initChange());
  std::optional<schema::Upload::Client> upload;
  auto opened = link_.ask(kj::mv(begin), [&](schema::Upload::Client to) {
    upload.emplace(kj::mv(to));
    return true;
  });
  if (!opened)
    return std::move(opened.error());
  for (std::size_t at = 0; at < archive.size(); at += part_bytes) {
    auto part = archive.substr(at, part_bytes);
    auto request = upload->writeRequest();
    request.setPart(
        {reinterpret_cast<const kj::byte*>(part.data()), part.size()});
    if (auto error = link_.ask_for_nothing(kj::mv(request)))
      return error;
  }
  return link_.ask(upload->finishRequest(), [](auto from) {
    return bundle_put{copy(from.getDigest()), read_applied(from.getApplied())};
  });
}

result<applied> bundle_calls::activate(std::string_view name,
                                       const std::vector<std::string>& digests,
                                       const change_options& how) {
  auto authoring = link_.authoring();
  if (!authoring)
    return std::move(authoring.error());
  auto request = (*authoring)->activateBundleRequest();
  request.setName(terminated(std::string{name}));
  auto list = request.initDigests(static_cast<unsigned>(digests.size()));
  for (unsigned i = 0; i < list.size(); ++i)
    list.set(i, terminated(digests[i]));
  write(how, request.initChange());
  return link_.ask(kj::mv(request), read_applied);
}

result<std::vector<std::string>>
bundle_calls::active_at(std::string_view name, std::uint64_t revision) {
  auto policy = link_.policy();
  if (!policy)
    return std::move(policy.error());
  auto request = (*policy)->bundleAtRequest();
  request.setName(terminated(std::string{name}));
  request.setRevision(revision);
  return link_.ask(kj::mv(request),
                   [](auto from) { return texts(from.getDigests()); });
}

} // namespace acgs::client
