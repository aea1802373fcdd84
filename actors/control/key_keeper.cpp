// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/control/key_keeper.hpp"

#include "actors/control/apply.hpp"
#include "actors/control/log.hpp"

#include <caf/typed_event_based_actor.hpp>

namespace acgs::control {

namespace {

/// A change may need the records of two keys.
constexpr std::size_t records_of_a_change = 2;

} // namespace

void key_keeper::learn() {
  if (!cfg_.signer)
    return;
  self_->request(cfg_.signer.get(), caf::infinite, signer::list_keys{})
      .then(
          [this](const signer::key_list& keys) {
            order by;
            by.caller.subject = cfg_.node;
            by.caller.role_ = domain::role::admin;
            by.caller.method = domain::auth_method::internal;
            // What is refused is tried again at the next start, since the
            // record has not changed.
            record(keys, by, {});
          },
          [](const caf::error& why) {
            logger.warning(
                "the signing keys are not known",
                {{"event", "keys_unknown"}, {"reason", sentence_of(why)}});
          });
}

void key_keeper::record(
    const signer::key_list& listed, const order& by,
    std::function<void(const caf::error&, const applied&)> done) {
  auto events = key_events(*head_(), listed);
  if (events.empty() && done)
    done({}, {});
  auto left = std::make_shared<std::size_t>(events.size());
  for (const auto& event : events) {
    domain::command what;
    what.kind = domain::command_kind::key_event;
    what.name = event.name;
    what.body = event.body;
    what.reason = by.reason.empty() ? event.reason : by.reason;
    what.request_id = by.request_id;
    what.caller = by.caller;
    self_
        ->request(caf::actor_cast<control_actor>(self_), caf::infinite,
                  wire::command{what})
        .then(
            [left, done](const applied& where) {
              if (--*left == 0 && done)
                done({}, where);
            },
            [left, done](const caf::error& why) {
              logger.warning(
                  "a signing key could not be put on record",
                  {{"event", "key_unrecorded"}, {"reason", sentence_of(why)}});
              if (done)
                done(why, {});
            });
  }
}

caf::error key_keeper::check_room() const {
  if (!cfg_.signer)
    return make_error(ec::unavailable, "this node has no signer");
  if (changing_)
    return make_error(ec::conflict,
                      "another change of keys is under way; try again");
  if (head_()->keys.size() + records_of_a_change > bounds::keys)
    return make_error(ec::too_large, "there are " + std::to_string(bounds::keys)
                                         + " keys on record, which is the most "
                                           "there may be");
  return {};
}

template <class Request, class Make>
caf::result<key_changed> key_keeper::begin(const Request& what, Make make) {
  if (auto bad = check_room())
    return bad;
  changing_ = true;
  promise<key_changed> later{self_};
  order by{what.caller, what.request_id, what.reason};
  auto failed = [this, later](const caf::error& why) {
    changing_ = false;
    later.fail(why);
  };
  auto changed = [this, by, later](const signer::keys_changed& done) {
    changing_ = false;
    record(done.now, by,
           [later, key = done.key, successor = done.successor](
               const caf::error& why, const applied& where) {
             if (why)
               later.fail(make_error(code_of(why),
                                     "the keys have changed, but it is not on "
                                     "record before the next start: "
                                         + sentence_of(why)));
             else
               later.deliver({key, successor, where.revision, where.index});
           });
  };
  auto with_head = [this, make = std::move(make), changed,
                    failed](const ledger::head& head) {
    self_->request(cfg_.signer.get(), caf::infinite, make(head.checkpoint))
        .then(changed, failed);
  };
  self_->request(cfg_.ledger.get(), caf::infinite, ledger::get_head{})
      .then(with_head, failed);
  return later;
}

caf::result<key_changed> key_keeper::change(rotate_key what) {
  return begin(what, [what](const std::string& head) {
    return signer::rotate{what.serves, head, what.reason};
  });
}

caf::result<key_changed> key_keeper::change(revoke_key what) {
  return begin(what, [what](const std::string& head) {
    return signer::revoke{what.key, head, what.reason};
  });
}

} // namespace acgs::control
