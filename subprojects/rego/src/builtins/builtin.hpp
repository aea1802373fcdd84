// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The interface of built-in functions. A family is one file with a function
// `register_<family>(builtin_table&)` that adds its functions by name; names,
// types and the non-deterministic flag come from declarations.cpp (OPA's
// capabilities), so a family only writes the code. A function runs on the
// evaluator's thread, keeps no state of its own and builds its result in
// ctx.memory().
//
// A function is called with as many arguments as its declaration has, all
// defined, of any type: the compiler's type checks are not relied on. It
// returns a value, `value()` for undefined, or what ctx.fail() and friends
// return for an error. Long loops call ctx.tick().

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "rego/arena.hpp"
#include "rego/build.hpp"
#include "rego/value.hpp"

namespace rego {

struct http_access;

/// What one evaluation lends to the built-ins that it calls.
class call_context {
public:
  virtual ~call_context() = default;
  explicit call_context(arena& a) : arena_(&a) {}

  arena& memory() { return *arena_; }
  value string(std::string_view s) { return make_string(memory(), s); }

  /// Wall clock in ns since 1970, the same all through an evaluation.
  virtual int64_t now_ns() = 0;
  virtual void random(void* bytes, size_t size) = 0;
  virtual const std::string& runtime_json() = 0;
  /// Addresses of a host name, where the embedder hands in a resolver; false
  /// with what went wrong otherwise.
  virtual bool resolve(const std::string& host, std::vector<std::string>& to,
                       std::string& error) {
    static_cast<void>(host);
    static_cast<void>(to);
    error = "no resolver";
    return false;
  }
  /// The network, where the embedder hands it in; null otherwise.
  virtual const http_access* network() { return nullptr; }
  /// Set from another thread to end the evaluation; may be null.
  virtual const std::atomic<bool>* cancel() { return nullptr; }
  /// Nanoseconds until the evaluation's time is over; INT64_MAX without bound.
  virtual int64_t time_left_ns() { return INT64_MAX; }
  /// The clock of that time, in nanoseconds since some point.
  virtual int64_t monotonic_ns() { return 0; }
  /// Looks at all bounds at once, and throws as tick() does.
  virtual void check_bounds() {}
  /// Counts work against the instruction limit, the deadline and the
  /// cancellation; throws the machine's own exception when one is reached.
  virtual void tick(uint64_t work) = 0;

  /// eval_builtin_error "<name>: <message>".
  value fail(std::string message) {
    return fail("eval_builtin_error", std::move(message));
  }
  value fail(std::string_view code, std::string message) {
    failed_ = true;
    code_ = code;
    message_ = std::move(message);
    return {};
  }
  /// eval_type_error "operand <n> must be number but got string", or with
  /// several types "must be one of {array, set} but got string". n from 1.
  value operand_error(int n, const value& got, std::string_view expected);
  value operand_error(int n, const value& got,
                      std::initializer_list<std::string_view> expected);
  /// "operand <n> must be array of numbers but got array containing string".
  value element_error(int n, const value& collection, const value& element,
                      std::string_view expected);

  bool failed() const { return failed_; }
  const std::string& error_code() const { return code_; }
  const std::string& error_message() const { return message_; }
  void clear_failure() { failed_ = false; }

  /// Something costly made from a policy's or input's text (a compiled regex),
  /// kept across evaluations: the entry for `key`, made by `make()` (a pointer
  /// to own) when missing. Keys carry their family's prefix. All that is kept
  /// takes at most `kept_bytes_max` bytes, as T::footprint() tells of each.
  template <class T, class Make>
  std::shared_ptr<T> cached(const std::string& key, Make make) {
    if (auto* entry = kept(key))
      return std::static_pointer_cast<T>(*entry);
    std::shared_ptr<T> made(make());
    keep(key, made, made->footprint());
    return made;
  }
  static constexpr size_t kept_bytes_max = size_t{64} << 20;

  /// Values kept for the rest of this evaluation (rand.intn, uuid.rfc4122).
  std::unordered_map<std::string, value>& evaluation_cache() {
    return evaluation_cache_;
  }

protected:
  void new_evaluation() {
    failed_ = false;
    if (!evaluation_cache_.empty())
      evaluation_cache_.clear();
  }

private:
  struct kept_entry {
    std::shared_ptr<void> what;
    size_t bytes;
  };
  const std::shared_ptr<void>* kept(const std::string& key) const;
  void forget_some();
  void keep(const std::string& key, std::shared_ptr<void> what, size_t bytes);

  arena* arena_;
  bool failed_ = false;
  std::string code_;
  std::string message_;
  std::unordered_map<std::string, kept_entry> cache_;
  std::vector<const std::string*> kept_keys_; // in the order of their coming
  size_t kept_bytes_ = 0;
  std::unordered_map<std::string, value> evaluation_cache_;
};

using builtin_function = value (*)(call_context&, std::span<const value>);

/// A built-in's declaration: OPA's name, its types in the compact notation of
/// declarations.cpp, its number of arguments.
struct builtin {
  std::string name;
  std::string arguments; // "string, array[; any]"
  std::string result;    // "boolean"; empty for none (print)
  std::string infix;
  std::vector<std::string> names; // of the arguments, then of the result
  int arity = 0;
  bool variadic = false;
  bool nondeterministic = false;
  bool relation = false; // yields an array of results: walk
  bool deprecated = false;
  bool walks = false; // its operands and result, without counting that itself
  builtin_function call = nullptr; // null: declared, implemented elsewhere
};

/// All built-ins by name; filled once, then read by every thread.
class builtin_table {
public:
  builtin_table();
  static const builtin_table& instance();

  /// Gives a declared built-in its function; the name must be declared.
  void add(std::string_view name, builtin_function f);
  /// Null where there is none of that name.
  const builtin* find(std::string_view name) const;
  /// Stable numbers for the machine.
  int index_of(std::string_view name) const;
  const builtin& at(size_t index) const { return list_[index]; }
  size_t size() const { return list_.size(); }

private:
  void declare_all();
  std::vector<builtin> list_;
  std::unordered_map<std::string, size_t> by_name_;
};

/// One line of OPA's capabilities; arguments and result may have names.
struct builtin_declaration {
  std::string_view name;
  std::string_view arguments;
  std::string_view result;
  std::string_view infix;
  std::string_view
      flags; // n nondeterministic, r relation, d deprecated, v variadic,
             // w walks what it is given, which the machine counts
};
std::span<const builtin_declaration> builtin_declarations();

} // namespace rego
