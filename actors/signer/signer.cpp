// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/signer/signer.hpp"

#include "actors/signer/key_files.hpp"
#include "runtime/base/log.hpp"

#include <caf/typed_event_based_actor.hpp>

namespace acgs::signer {

namespace {

const log::logger out{"signer"};

} // namespace

signer_actor::behavior_type signer(signer_actor::pointer self, config cfg) {
  auto keys = open_keys(cfg);
  if (!keys) {
    out.error(
        "the signing keys cannot be opened",
        {{"event", "keys_refused"}, {"reason", sentence_of(keys.error())}});
    self->quit(keys.error());
    return signer_actor::behavior_type::make_empty_behavior();
  }
  auto core = std::make_shared<state>(std::move(*keys));
  return {
      [core](const sign& what) { return core->sign(what); },
      [core](list_keys) { return core->list(); },
      [core](probe) {
        probe_result found;
        found.facts = "{\"fingerprint\":\"" + core->fingerprint() + "\"}";
        return found;
      },
  };
}

} // namespace acgs::signer
