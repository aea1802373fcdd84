// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/client/link.hpp"

namespace acgs::client {

namespace {

policy_info read(schema::PolicyInfo::Reader from) {
  return {copy(from.getId()), from.getBytes(), from.getRevision(),
          from.getTimeNanos(), copy(from.getOrigin())};
}

std::vector<policy_info> read(capnp::List<schema::PolicyInfo>::Reader from) {
  std::vector<policy_info> out;
  for (auto each : from)
    out.push_back(read(each));
  return out;
}

std::vector<change> read(capnp::List<schema::Change>::Reader from) {
  std::vector<change> out;
  for (auto each : from) {
    change one;
    one.revision = each.getRevision();
    one.kind = copy(each.getKind());
    one.name = copy(each.getName());
    one.reason = copy(each.getReason());
    one.request_id = copy(each.getRequestId());
    one.time_nanos = each.getTimeNanos();
    one.by = copy(each.getBy());
    one.bytes = each.getBytes();
    out.push_back(std::move(one));
  }
  return out;
}

/// Sends a change that `fill` completes.
template <class Make, class Fill>
result<applied> author(link& over, const change_options& how, Make make,
                       Fill fill) {
  auto authoring = over.authoring();
  if (!authoring)
    return std::move(authoring.error());
  auto request = make(**authoring);
  fill(request);
  write(how, request.initChange());
  return over.ask(kj::mv(request), read_applied);
}

capnp::Text::Reader text(const std::string& from) {
  return {from.c_str(), from.size()};
}

} // namespace

result<std::vector<policy_info>> policy_calls::list() {
  auto policy = link_.policy();
  if (!policy)
    return std::move(policy.error());
  return link_.ask((*policy)->listRequest(),
                   [](auto from) { return read(from); });
}

result<policy_text> policy_calls::get(std::string_view id) {
  auto policy = link_.policy();
  if (!policy)
    return std::move(policy.error());
  auto request = (*policy)->getRequest();
  request.setId(text(std::string{id}));
  return link_.ask(kj::mv(request), [](auto from) {
    return policy_text{read(from.getInfo()), copy(from.getText())};
  });
}

result<policy_text> policy_calls::get_at(std::string_view id,
                                         std::uint64_t revision) {
  auto policy = link_.policy();
  if (!policy)
    return std::move(policy.error());
  auto request = (*policy)->getAtRequest();
  request.setId(text(std::string{id}));
  request.setRevision(revision);
  return link_.ask(kj::mv(request), [](auto from) {
    return policy_text{read(from.getInfo()), copy(from.getText())};
  });
}

result<std::vector<change>>
policy_calls::history(const history_filter& filter) {
  auto policy = link_.policy();
  if (!policy)
    return std::move(policy.error());
  auto request = (*policy)->historyRequest();
  auto to = request.initFilter();
  to.setName(text(filter.name));
  to.setBefore(filter.before);
  to.setLimit(filter.limit);
  return link_.ask(kj::mv(request), [](auto from) { return read(from); });
}

result<applied> policy_calls::put(std::string_view id, std::string_view rego,
                                  const change_options& how) {
  return author(
      link_, how, [](auto& from) { return from.putPolicyRequest(); },
      [&](auto& request) {
        request.setId(text(std::string{id}));
        request.setText(text(std::string{rego}));
      });
}

result<applied> policy_calls::remove(std::string_view id,
                                     const change_options& how) {
  return author(
      link_, how, [](auto& from) { return from.deletePolicyRequest(); },
      [&](auto& request) { request.setId(text(std::string{id})); });
}

result<data_document> policy_calls::get_data(std::string_view path) {
  auto policy = link_.policy();
  if (!policy)
    return std::move(policy.error());
  auto request = (*policy)->getDataRequest();
  request.setPath(text(std::string{path}));
  return link_.ask(kj::mv(request), [](auto from) {
    return data_document{copy(from.getJson()), from.getRevision()};
  });
}

result<applied> policy_calls::put_data(std::string_view path,
                                       std::string_view json,
                                       const change_options& how) {
  return author(
      link_, how, [](auto& from) { return from.putDataRequest(); },
      [&](auto& request) {
        request.setPath(text(std::string{path}));
        request.setJson(text(std::string{json}));
      });
}

result<applied> policy_calls::patch_data(std::string_view path,
                                         std::string_view patch,
                                         const change_options& how) {
  return author(
      link_, how, [](auto& from) { return from.patchDataRequest(); },
      [&](auto& request) {
        request.setPath(text(std::string{path}));
        request.setPatch(text(std::string{patch}));
      });
}

result<applied> policy_calls::remove_data(std::string_view path,
                                          const change_options& how) {
  return author(
      link_, how, [](auto& from) { return from.deleteDataRequest(); },
      [&](auto& request) { request.setPath(text(std::string{path})); });
}

result<candidate> policy_calls::get_candidate() {
  auto policy = link_.policy();
  if (!policy)
    return std::move(policy.error());
  return link_.ask((*policy)->candidateRequest(), [](auto from) {
    candidate out;
    out.name = copy(from.getName());
    out.share = from.getShare();
    out.modules = read(from.getModules());
    out.revision = from.getRevision();
    out.time_nanos = from.getTimeNanos();
    out.by = copy(from.getBy());
    return out;
  });
}

result<applied> policy_calls::put_candidate(const new_candidate& what,
                                            const change_options& how) {
  return author(
      link_, how, [](auto& from) { return from.putCandidateRequest(); },
      [&](auto& request) {
        auto to = request.initCandidate();
        to.setName(text(what.name));
        to.setShare(what.share);
        auto modules =
            to.initModules(static_cast<unsigned>(what.modules.size()));
        unsigned i = 0;
        for (auto& [id, rego] : what.modules) {
          modules[i].setId(text(id));
          modules[i++].setText(text(rego));
        }
      });
}

result<applied> policy_calls::drop_candidate(std::string_view name,
                                             const change_options& how) {
  return author(
      link_, how, [](auto& from) { return from.dropCandidateRequest(); },
      [&](auto& request) { request.setName(text(std::string{name})); });
}

} // namespace acgs::client
