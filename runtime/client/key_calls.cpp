// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/client/link.hpp"

namespace acgs::client {

namespace {

key_change read(schema::KeyChange::Reader from) {
  return {copy(from.getKey()), copy(from.getSuccessor()), from.getRevision(),
          from.getIndex()};
}

} // namespace

result<key_change> key_calls::rotate(std::string_view purpose,
                                     const change_options& how) {
  auto keys = link_.keys();
  if (!keys)
    return std::move(keys.error());
  auto request = (*keys)->rotateRequest();
  request.setPurpose(terminated(std::string{purpose}));
  write(how, request.initChange());
  return link_.ask(kj::mv(request), [](auto from) { return read(from); });
}

result<key_change> key_calls::revoke(std::string_view key,
                                     const change_options& how) {
  auto keys = link_.keys();
  if (!keys)
    return std::move(keys.error());
  auto request = (*keys)->revokeRequest();
  request.setKey(terminated(std::string{key}));
  write(how, request.initChange());
  return link_.ask(kj::mv(request), [](auto from) { return read(from); });
}

result<std::string> key_calls::document() {
  auto keys = link_.keys();
  if (!keys)
    return std::move(keys.error());
  return link_.ask((*keys)->exportRequest(),
                   [](auto from) { return copy(from.getText()); });
}

} // namespace acgs::client
