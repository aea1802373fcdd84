// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A promise to answer a request later, which keeps it: when the last copy is
// destroyed without an answer (the actor crashed, a callback was dropped), the
// asker gets `ec::unavailable`. CAF's own promise leaves the asker waiting.
// Belongs to the actor that made it, and is used on that actor's thread only.

#include "runtime/base/error.hpp"

#include <caf/delegated.hpp>
#include <caf/result.hpp>
#include <caf/typed_response_promise.hpp>

#include <memory>
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
template <class T>
class promise {
public:
  /// Takes over the duty to answer the request that `self` is handling.
  template <class Self>
  explicit promise(Self* self)
      : kept_{std::make_shared<keeper>(self->template make_response_promise<
                                       caf::typed_response_promise<T>>())} {
    // From here on the answer is ours to give.
  }

  /// Answers with a value; nothing happens after the first answer.
  void deliver(T value) const {
    if (kept_->inner.pending())
      kept_->inner.deliver(std::move(value));
  }

  /// Answers with an error.
  void fail(caf::error error) const {
    if (kept_->inner.pending())
      kept_->inner.deliver(std::move(error));
  }

  /// Answers with either.
  void settle(result<T> outcome) const {
    if (outcome)
      deliver(std::move(*outcome));
    else
      fail(std::move(outcome.error()));
  }

  /// Whether the asker still waits.
  bool pending() const { return kept_->inner.pending(); }

  /// What the handler returns: "the answer comes later".
  operator caf::result<T>() const { return caf::delegated<T>{}; }

private:
  struct keeper {
    explicit keeper(caf::typed_response_promise<T> from)
        : inner{std::move(from)} {
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
    caf::typed_response_promise<T> inner;
  };
  std::shared_ptr<keeper> kept_;
};

} // namespace acgs
