// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/signer/signer.hpp"

#include "actors/signer/key_files.hpp"
#include "actors/signer/log.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <utility>

namespace acgs::signer {

namespace {

/// What the handlers share: the core and the folder that it stands for.
class shell {
public:
  shell(signer_actor::pointer self, config cfg, state core)
      : self_{self}, cfg_{std::move(cfg)}, core_{std::move(core)} {
    publish();
  }

  state& core() { return core_; }

  result<keys_changed> carry_out(const rotate& what) {
    auto planned =
        core_.plan(what, crypto::signing_key::generate(), cfg_.time->now());
    return planned ? make_it_so(std::move(*planned), "key_rotated")
                   : result<keys_changed>{planned.error()};
  }

  result<keys_changed> carry_out(revoke what) {
    keys_changed done;
    if (auto serves = core_.active_purpose(what.key)) {
      auto rotated = carry_out(rotate{*serves, what.head, what.reason});
      if (!rotated)
        return rotated;
      done = std::move(*rotated);
      what.key = done.key;
    }
    auto planned = core_.plan(what, cfg_.time->now());
    if (!planned)
      return planned.error();
    auto revoked = make_it_so(std::move(*planned), "key_revoked");
    if (revoked)
      revoked->successor = done.successor;
    return revoked;
  }

private:
  result<keys_changed> make_it_so(planned_change what, std::string_view event) {
    bool unknown = false;
    auto bad = store_change(cfg_, what, unknown);
    keys_changed done{what.key, what.successor, {}};
    if (!bad) {
      unknown = true;
      bad = core_.adopt(std::move(what));
    }
    if (bad) {
      logger.error(
          "the keys could not be changed",
          {{"event", "key_change_failed"}, {"reason", sentence_of(bad)}});
      if (!unknown)
        return bad;
      // What the folder holds now is what counts.
      self_->quit(bad);
      return make_error(ec::unavailable,
                        "whether the keys were changed is not known until they "
                        "are read again: "
                            + sentence_of(bad));
    }
    publish();
    logger.info(
        "the node's keys have changed",
        {{"event", event}, {"key", done.key}, {"successor", done.successor}});
    done.now = core_.list();
    return done;
  }

  /// Before anything is signed by a key, all who verify know of it.
  void publish() {
    if (cfg_.published)
      cfg_.published(core_.history());
  }

  signer_actor::pointer self_;
  config cfg_;
  state core_;
};

} // namespace

signer_actor::behavior_type signer(signer_actor::pointer self, config cfg) {
  auto keys = open_keys(cfg);
  auto core = keys ? state::open(std::move(*keys))
                   : result<state>{std::move(keys.error())};
  if (!core) {
    logger.error(
        "the signing keys cannot be opened",
        {{"event", "keys_refused"}, {"reason", sentence_of(core.error())}});
    self->quit(core.error());
    return signer_actor::behavior_type::make_empty_behavior();
  }
  auto kept = std::make_shared<shell>(self, std::move(cfg), std::move(*core));
  return {
      [kept](const sign& what) { return kept->core().sign(what); },
      [kept](list_keys) { return kept->core().list(); },
      [kept](const rotate& what) { return kept->carry_out(what); },
      [kept](const revoke& what) { return kept->carry_out(what); },
      [kept](probe) {
        probe_result found;
        found.facts =
            "{\"fingerprint\":\"" + kept->core().fingerprint() + "\"}";
        return found;
      },
  };
}

} // namespace acgs::signer
