// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The engine in a page. Compile modules into a `policy`, load data into a
// `snapshot`, `prepare` a query on the policy, and let an `evaluator` answer it
// for an input. policy, snapshot and prepared are immutable and shared freely
// between threads; each thread keeps an evaluator of its own and reuses it, so
// that a warm evaluation allocates nothing.
//
//   auto p = rego::compile({{"main.rego", text}});
//   auto d = rego::load_data(R"({"users": {}})");
//   auto q = rego::prepare(*p, "data.acgs.main.decision", {.entry = true});
//   rego::evaluator e;
//   auto a = e.evaluate(**q, **d, rego::json_input{body});
//   if (a.errors.empty() && a.defined()) send(rego::to_json(a.result));

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rego/arena.hpp"
#include "rego/capabilities.hpp"
#include "rego/error.hpp"
#include "rego/http.hpp"
#include "rego/json.hpp"
#include "rego/trace.hpp"
#include "rego/value.hpp"

namespace rego {

struct module_source {
  std::string name; // file name for error positions
  std::string text;
  std::optional<bool> v0 = {}; // else as compile_options has it
};

/// Bounds of a compilation. Work is counted in steps that depend on the texts
/// alone, those of schemas included: fewer than 200 a byte unless something
/// repeats within itself, such as a head of thousands of terms with thousands
/// of bodies. A second has some 100 million. Beyond the bound there is one
/// error, a rego_compile_error.
struct compile_limits {
  uint64_t steps = UINT64_MAX;
  uint64_t steps_per_byte = 0; // of the texts, in addition to `steps`
  /// Set from any thread to end the compilation with an error.
  const std::atomic<bool>* cancel = nullptr;
};

/// A JSON Schema for the type checks, by the name that annotations have for it:
/// {"acl"} is `schema.acl`. One without a name is that of the input of all
/// rules and queries. It may refer to itself, not to others.
struct schema_source {
  std::vector<std::string> path;
  std::string text; // JSON
};

struct compile_options {
  bool v0_compatible = false; // modules are v0 unless they import rego.v1
  bool v0_v1 = false;         // v0 modules have to be right as v1 as well
  bool strict = false;        // OPA's --strict checks
  /// Compile without index, joins, early exit or memo of comprehensions, and
  /// with all calls taken apart: slow, for comparing answers in tests.
  bool reference = false;
  bool index = true;      // of rules, by what their bodies compare
  bool early_exit = true; // of rules whose further clauses give the same
  /// Write events into the code, see rego/trace.hpp; no joins and no memo of
  /// comprehensions, so that each step shows.
  bool instrument = false;
  /// Test rules (test_...) of one name stay apart: the second is called
  /// "name#01", as in `opa test`.
  bool separate_tests = false;
  /// Check types by the `schemas` of metadata, as OPA's commands do; its server
  /// does not.
  bool schema_annotations = false;
  /// The schemas there are. Without a list annotations that name one say
  /// nothing; with one, those that name another are refused.
  std::optional<std::vector<schema_source>> schemas = {};
  /// So many errors are told, first those of the first file, and a last one
  /// says "error limit reached" as soon as there are as many; 0: all. What
  /// cannot be parsed does not count.
  size_t errors_max = 10;
  /// What modules, and queries of the policy, may use: built-in functions that
  /// are not listed are undefined, features that are not are refused. Without
  /// any, whatever the engine has. What hosts it names is the embedder's to
  /// keep (http_access).
  std::shared_ptr<const rego::capabilities> capabilities = {};
  compile_limits limits = {};
};

/// A rule of a policy, for listings and completion.
struct rule_info {
  std::string path;    // "data.acgs.main.decision"; functions without arguments
  std::string package; // "data.acgs.main"
  std::vector<std::string> name;  // ground elements behind it: "decision"
  bool is_partial_object = false; // one of those that make an object: p[x]
  bool is_function = false;
  bool is_default = false;
  std::string file;
  int row = 0;
  int col = 0;
};

/// Compiled modules; data is not part of it.
class policy {
public:
  virtual ~policy() = default;
  /// Package paths ("data.acgs.main"), sorted, each once.
  virtual std::vector<std::string> packages() const = 0;
  /// Rules in order of modules and rows.
  virtual std::vector<rule_info> rules() const = 0;
  /// What events can be about: rules and literals. Empty unless compiled with
  /// `instrument`; good as long as the policy.
  virtual std::span<const trace_node> trace_nodes() const = 0;
};

/// Base documents, frozen.
class snapshot {
public:
  /// `below` is kept alive where `root` refers to values of it.
  explicit snapshot(std::unique_ptr<arena> a, value root,
                    std::shared_ptr<const snapshot> below = nullptr)
      : below_(std::move(below)), arena_(std::move(a)), root_(root) {}
  const value& root() const { return root_; }
  size_t bytes() const {
    return arena_->used() + (below_ ? below_->bytes() : 0);
  }

private:
  std::shared_ptr<const snapshot> below_;
  std::unique_ptr<arena> arena_;
  value root_;
};

/// A literal of a query, as written, for showing its value.
struct query_expression {
  std::string text;
  int row = 0;
  int col = 0;
};

/// A query compiled against one policy, which it keeps alive.
class prepared {
public:
  virtual ~prepared() = default;
  /// The literals, in the order of the values in an answer's "expressions".
  virtual std::vector<query_expression> expressions() const = 0;
};

using policy_ptr = std::shared_ptr<const policy>;
using snapshot_ptr = std::shared_ptr<const snapshot>;
using prepared_ptr = std::shared_ptr<const prepared>;

/// Compiles modules together; the errors found are returned, in OPA's words:
/// all of the first kind that there is, see errors_max.
result<policy_ptr> compile(const std::vector<module_source>& modules,
                           const compile_options& options = {});

/// Base documents from a JSON object.
result<snapshot_ptr> load_data(std::string_view json);

/// Rules whose path has a base document too, which they would hide: what OPA's
/// programs refuse (rego_compile_error); as many as the policy's errors_max.
errors path_conflicts(const policy& p, const value& data);

struct prepare_options {
  /// The query is one reference to a document such as
  /// `data.acgs.main.decision`, and the answer is that document.
  bool entry = false;
  bool v0_compatible = false;
  /// Imports in force, e.g. "data.foo" or "input.x as y".
  std::vector<std::string> imports = {};
  /// The package that names in the query are looked up in: "data.acgs.main".
  std::string package = {};
  bool instrument = false; // events for the query's own literals
  /// False: what cannot hold by its types is no error, it does not hold.
  bool check_types = true;
  compile_limits limits = {};
};

/// Compiles a query. Without `entry` the answer is OPA's result set.
result<prepared_ptr> prepare(policy_ptr p, std::string_view query,
                             const prepare_options& options = {});

/// Bounds of one evaluation; reaching one ends it with eval_cancel_error.
struct limits {
  uint64_t instructions = UINT64_MAX;
  std::chrono::nanoseconds wall = std::chrono::nanoseconds::max();
  size_t memory_bytes = size_t{1} << 30;
  uint32_t depth = 1000; // nested rule and function calls
  /// Of the result's text, whose parts may be shared, so that a small value
  /// stands for a text of any size: four bytes for each part, and what strings
  /// have. SIZE_MAX where it is written by append_json_within alone.
  size_t output_bytes = size_t{256} << 20;
};

/// What an evaluation may learn about the world. Unset functions use the
/// system's clocks and random source.
struct environment {
  std::function<int64_t()> now_ns;       // time.now_ns, once an evaluation
  std::function<int64_t()> monotonic_ns; // for limits::wall
  std::function<void()> during;          // now and then in a long evaluation
  std::function<void(void*, size_t)> random;
  std::string runtime_json = "{}"; // opa.runtime()
  http_access http = {};           // http.send; off unless handed in
};

struct evaluate_options {
  rego::limits limits = {};
  bool strict_builtin_errors = false;
  /// Keep errors of built-ins that leave something undefined, see answer.
  bool keep_builtin_errors = false;
  /// Set from any thread to end the evaluation.
  const std::atomic<bool>* cancel = nullptr;
  /// Gets the events of code compiled with `instrument`.
  tracer* trace = nullptr;
};

/// Input as JSON text; it need not outlive the call.
struct json_input {
  std::string_view text;
};

/// The answer to one evaluation. `result` is good until the evaluator's next
/// one, and as long as the query, the data and the input are.
struct answer {
  /// entry: the document. Otherwise an array of
  /// {"bindings": {...}, "expressions": [...]}, one a solution.
  value result;
  rego::errors errors;
  /// Of built-ins, where they are to be kept: at most 10,000. What a rule or
  /// function remembers does not fail again.
  rego::errors builtin_errors;
  /// The clock, randomness or the network was used: do not cache.
  bool nondeterministic = false;
  /// What print() wrote, at most 10,000 lines.
  std::vector<std::string> prints;
  uint64_t instructions = 0;
  bool defined() const { return errors.empty() && result.defined(); }
};

/// Evaluates prepared queries, one at a time; one thread at a time.
class evaluator {
public:
  explicit evaluator(environment env = {});
  ~evaluator();
  evaluator(evaluator&&) noexcept;

  /// With an input in JSON.
  answer evaluate(const prepared& q, const snapshot& data, json_input input,
                  const evaluate_options& options = {});
  /// With an input as a value (undefined for none) that outlives the answer.
  answer evaluate(const prepared& q, const snapshot& data, const value& input,
                  const evaluate_options& options = {});

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace rego
