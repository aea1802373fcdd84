// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Lets a plain struct be an actor message inside this process. A struct says
// so with one line, `using local_message = void;`, and stays an aggregate.
// Such a message never crosses a process: what does is a `wire::message`.

#include <caf/allowed_unsafe_message_type.hpp>

#include <type_traits>

namespace acgs {

template <class T>
concept local_message = requires {
  typename T::local_message;
};

} // namespace acgs

namespace caf {

template <acgs::local_message T>
struct allowed_unsafe_message_type<T> : std::true_type {};

} // namespace caf
