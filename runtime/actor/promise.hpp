// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A promise to answer a request later, which keeps it: when the last copy is
// destroyed without an answer (the actor crashed, a callback was dropped), the
// asker gets `ec::unavailable`. CAF's own promise leaves the asker waiting.
// Belongs to the actor that made it, and is used on that actor's thread only.

#include "runtime/base/error.hpp"

#include <caf/delegated.hpp>
#include <caf/response_promise.hpp>
#include <caf/result.hpp>
#include <caf/unit.hpp>

#include <memory>
#include <type_traits>
#include <utility>

namespace acgs {

/// A handler answers later by returning one:
///
///   [self](get_atom) -> caf::result<std::string> {
///     auto later = promise<std::string>{self};
///     self->request(...).then(
///         [later](std::string& x) { later.deliver(std::move(x)); },
///         [later](caf::error& e) { later.fail(std::move(e)); });
///     return later;
///   }
///
/// `promise<void>` answers requests whose reply has no value. (Interfaces say
/// `with<void>` there: with `caf::unit_t` the asker never gets a match.)
template <class T>
class promise {
public:
  using value_type = std::conditional_t<std::is_void_v<T>, caf::unit_t, T>;

  /// Takes over the duty to answer the request that `self` is handling.
  template <class Self>
  explicit promise(Self* self)
      : kept_{std::make_shared<keeper>(self->make_response_promise())} {
    // From here on the answer is ours to give.
  }

  /// Answers with a value; nothing happens after the first answer.
  void deliver(value_type value) const {
    if (kept_->inner.pending())
      kept_->inner.deliver(std::move(value));
  }

  /// Answers with an error.
  void fail(caf::error error) const {
    if (kept_->inner.pending())
      kept_->inner.deliver(std::move(error));
  }

  /// The same where there is no value.
  void deliver() const requires std::is_void_v<T> { deliver(caf::unit); }

  /// Answers with either.
  void settle(result<T> outcome) const {
    if (!outcome)
      fail(outcome.error());
    else if constexpr (std::is_void_v<T>)
      deliver();
    else
      deliver(std::move(*outcome));
  }

  /// Whether the asker still waits.
  bool pending() const { return kept_->inner.pending(); }

  /// What the handler returns: "the answer comes later".
  operator caf::result<T>() const { return caf::delegated<T>{}; }

private:
  struct keeper {
    explicit keeper(caf::response_promise from) : inner{std::move(from)} {
      // Not copied: one duty, one keeper.
    }
    keeper(const keeper&) = delete;
    keeper& operator=(const keeper&) = delete;
    ~keeper() {
      if (inner.pending())
        inner.deliver(make_error(ec::unavailable,
                                 "the actor ended before it answered this "
                                 "request; the effect is unknown"));
    }
    caf::response_promise inner;
  };
  std::shared_ptr<keeper> kept_;
};

} // namespace acgs
