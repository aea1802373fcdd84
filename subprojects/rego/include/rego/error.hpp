// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// What went wrong and where: OPA's codes, messages and positions. Plain values,
// owned by whoever holds them. result<T> carries a T or at least one error.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace rego {

/// The bound of an evaluation that was reached. The caller set it (or asked to
/// cancel) and the policy, data or input went beyond: no fault of the engine.
enum class bound : uint8_t {
  none,
  instructions, // limits::instructions
  time,         // limits::wall
  memory,       // limits::memory_bytes
  depth,        // limits::depth, or values and `with` nested too deeply
  output,       // limits::output_bytes
  number,       // a number in arithmetic beyond 10^±30103
  pattern,      // one regular expression or glob that may take too long
  cancelled     // evaluate_options::cancel
};

/// How OPA would say that the bound is reached.
std::string_view bound_message(bound b);

/// Thrown inside the engine where a bound is reached; what an evaluator runs
/// ends with an error that says so, and it never leaves evaluate().
struct bound_reached {
  bound which;
};

/// The line of a text that an error is about, and the byte in it.
struct shown_line {
  std::string text;
  size_t index = 0;
};

/// What OPA tells of a type error beside its message.
struct error_details {
  std::vector<std::string> lines; // below the message
  std::string json;               // the object `details` of its JSON
};

/// One error. `code` is one of OPA's: rego_parse_error, rego_compile_error,
/// rego_type_error, rego_unsafe_var_error, rego_recursion_error,
/// eval_conflict_error, eval_builtin_error, eval_type_error,
/// eval_cancel_error, eval_internal_error; `row` and `col` count from 1, 0 is
/// unknown. A bound was reached where `reached` is not none; the code is then
/// always eval_cancel_error, and no other error has that code.
struct error {
  std::string code;
  std::string message;
  std::string file;
  int row = 0;
  int col = 0;
  bound reached = bound::none;
  std::optional<shown_line> line = {};       // of a parse error
  std::optional<error_details> details = {}; // of a type error
};

using errors = std::vector<error>;

/// The error of what a bound ended.
error bound_error(bound b);

/// `file:row: code: message`, as OPA prints an error; without a file
/// `row:col: `. The lines of its details follow, or the line that it is about
/// with a caret below.
std::string to_string(const error& e);
/// "1 error occurred: ..." or their number and a line for each.
std::string to_string(const errors& list);

/// A T or the errors that kept it from coming about.
template <class T>
class result {
public:
  result(T v) : state_(std::move(v)) {}
  result(errors e) : state_(std::move(e)) {}
  result(error e) : state_(errors{std::move(e)}) {}

  explicit operator bool() const { return state_.index() == 0; }
  T& operator*() { return std::get<0>(state_); }
  const T& operator*() const { return std::get<0>(state_); }
  T* operator->() { return &std::get<0>(state_); }
  const errors& error_list() const { return std::get<1>(state_); }

private:
  std::variant<T, errors> state_;
};

} // namespace rego
