// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/test_run.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <re2/re2.h>
#include <thread>

#include "core/json_members.hpp"
#include "parser/ast.hpp"
#include "rego/build.hpp"

namespace rego::cli {

namespace {

using outcome = test_result::outcome_type;

bool is_skipped(const std::string& name) {
  return name.starts_with("todo_test_");
}

// How many elements of the name make the test's, or 0 where it is none.
size_t test_depth(const rule_info& r) {
  for (size_t i = 0; i < r.name.size(); ++i)
    if (r.name[i].starts_with("test_") || is_skipped(r.name[i]))
      return i + 1;
  return 0;
}

std::string element_text(const std::string& s) {
  return is_plain_key(s) ? "." + s : "[" + json_string(s) + "]";
}

// What the test's document says of its cases.
bool read_cases(const value& v, sub_results& into) {
  bool fail = false;
  if (!v.is_object())
    return fail;
  for (uint32_t i = 0; i < v.size(); ++i) {
    auto name = json_name(v.keys()[i]);
    auto& r = into[name];
    r.name = name;
    auto& x = v.values()[i];
    r.fail = x.is_object() ? read_cases(x, r.below) : !x.is_true();
    fail |= r.fail;
  }
  return fail;
}

// A case that was begun: it failed unless the document says otherwise.
bool begin_case(sub_results& into, const std::vector<shown_local>& path,
                size_t i, const kept_trace& trace) {
  arena a;
  auto key = parse_json(a, path[i].text);
  auto name = key ? json_name(*key) : path[i].text;
  auto [at, fresh] = into.try_emplace(name);
  auto& r = at->second;
  if (fresh) {
    r.name = name;
    r.fail = true;
  }
  if (i + 1 == path.size()) {
    r.trace = trace;
    return r.fail;
  }
  bool fail = begin_case(r.below, path, i + 1, trace);
  r.fail |= fail;
  return fail;
}

bool cases_from_trace(const kept_trace& all, sub_results& into) {
  bool fail = false;
  const kept_event* current = nullptr;
  auto close = [&](size_t end) {
    if (current)
      fail |= begin_case(into, current->locals, 0,
                         {all.begin(), all.begin() + static_cast<long>(end)});
  };
  for (size_t i = 0; i < all.size(); ++i)
    if (all[i].op == trace_op::test_case && !all[i].locals.empty()) {
      close(i);
      current = &all[i];
    }
  close(all.size());
  return fail;
}

compile_options options_for(const test_options& o, bool instrument) {
  auto out = o.compiling;
  out.separate_tests = true;
  out.instrument = instrument;
  return out;
}

class runner {
public:
  runner(const loaded& files, const test_options& o, policy_ptr plain)
      : files_(files), o_(o), plain_(std::move(plain)) {}

  std::vector<test_result> find(const re2::RE2& pattern) const {
    std::vector<test_result> out;
    for (auto& r : plain_->rules()) {
      auto depth = test_depth(r);
      if (depth == 0)
        continue;
      test_result t;
      t.rule = r;
      for (size_t i = 0; i < depth; ++i)
        t.name += i ? element_text(r.name[i]) : r.name[0];
      t.rule.path = r.package;
      for (size_t i = 0; i < depth; ++i)
        t.rule.path += element_text(r.name[i]);
      if (is_skipped(r.name[depth - 1]))
        t.outcome = outcome::skip;
      if (re2::RE2::PartialMatch(t.rule.path, pattern))
        out.push_back(std::move(t));
    }
    return out;
  }

  void run(test_result& t, evaluator& e, coverage& covered) {
    if (t.is(outcome::skip))
      return;
    bool instrument = o_.coverage || t.rule.is_partial_object;
    evaluate(t, e, instrument, covered);
    if (t.is(outcome::fail) && o_.keep_traces && !instrument) {
      auto time = t.nanoseconds;
      auto prints = t.prints;
      evaluate(t, e, true, covered);
      t.nanoseconds = time;
      t.prints = prints;
    }
    if (!t.is(outcome::fail) || !o_.keep_traces)
      t.trace.clear();
    if (o_.bench && t.is(outcome::pass))
      repeat(t, e);
  }

  policy_ptr instrumented() {
    std::call_once(once_, [&] {
      auto p = compile(files_.modules, options_for(o_, true));
      if (p)
        instrumented_ = *p;
    });
    return instrumented_;
  }

  std::vector<prepared_ptr> take_queries() { return std::move(queries_); }

private:
  void evaluate(test_result& t, evaluator& e, bool instrument,
                coverage& covered) {
    auto p = instrument ? instrumented() : plain_;
    auto q = prepare(p, t.rule.path,
                     {.entry = true,
                      .v0_compatible = o_.compiling.v0_compatible,
                      .instrument = instrument});
    if (!q) {
      t.outcome = outcome::error;
      t.errors = q.error_list();
      return;
    }
    trace_fan fan;
    trace_keeper keeper;
    if (o_.keep_traces || t.rule.is_partial_object)
      fan.add(&keeper);
    if (o_.coverage)
      fan.add(&covered);
    evaluate_options eo;
    eo.limits.wall = o_.timeout;
    eo.trace = instrument && !fan.empty() ? &fan : nullptr;
    auto start = std::chrono::steady_clock::now();
    auto a = e.evaluate(**q, *files_.data, value(), eo);
    t.nanoseconds = (std::chrono::steady_clock::now() - start).count();
    t.prints = a.prints;
    judge(t, a, keeper.take());
    if (instrument)
      queries_kept(*q);
  }

  void repeat(test_result& t, evaluator& e) {
    auto q =
        prepare(plain_, t.rule.path,
                {.entry = true, .v0_compatible = o_.compiling.v0_compatible});
    if (!q)
      return;
    auto start = std::chrono::steady_clock::now();
    t.iterations = 0;
    auto before = allocated();
    do {
      e.evaluate(**q, *files_.data, value());
      t.nanoseconds = (std::chrono::steady_clock::now() - start).count();
      ++t.iterations;
    } while (t.nanoseconds < 1000000000);
    auto after = allocated();
    t.taken = {after.count - before.count, after.bytes - before.bytes};
  }

  static void judge(test_result& t, const answer& a, kept_trace trace) {
    t.cases.clear();
    t.outcome = outcome::pass;
    if (!a.errors.empty()) {
      t.outcome = outcome::error;
      t.errors = a.errors;
    } else if (!a.defined()) {
      t.outcome = outcome::fail;
    } else if (t.rule.is_partial_object) {
      bool fail = read_cases(a.result, t.cases);
      fail |= cases_from_trace(trace, t.cases);
      if (fail)
        t.outcome = outcome::fail;
    } else if (!a.result.is_true()) {
      t.outcome = outcome::fail;
    }
    t.trace = std::move(trace);
  }

  // Traces point into the queries as well.
  void queries_kept(prepared_ptr q) {
    std::lock_guard lock(mutex_);
    queries_.push_back(std::move(q));
  }

  const loaded& files_;
  const test_options& o_;
  policy_ptr plain_;
  std::once_flag once_;
  policy_ptr instrumented_;
  std::mutex mutex_;
  std::vector<prepared_ptr> queries_;
};

} // namespace

result<test_report> run_tests(const loaded& files, const test_options& o) {
  re2::RE2::Options quiet;
  quiet.set_log_errors(false);
  re2::RE2 pattern(o.pattern, quiet);
  if (!pattern.ok())
    throw usage_error{"test: --run: '" + o.pattern
                      + "' is no regular expression: " + pattern.error()};
  auto plain = compile(files.modules, options_for(o, false));
  if (!plain)
    return plain.error_list();
  if (auto bad = path_conflicts(**plain, files.data->root()); !bad.empty())
    return bad;
  runner r(files, o, *plain);
  test_report out;
  out.results = r.find(pattern);
  std::atomic<size_t> next{0};
  std::mutex mutex;
  auto work = [&] {
    evaluator e(o.world);
    coverage covered;
    for (size_t i; (i = next++) < out.results.size();)
      r.run(out.results[i], e, covered);
    std::lock_guard lock(mutex);
    out.covered.add(covered);
  };
  std::vector<std::jthread> threads;
  auto n = o.bench ? 1 : std::min(o.parallel, out.results.size());
  for (size_t i = 1; i < n; ++i)
    threads.emplace_back(work);
  work();
  threads.clear();
  if (o.coverage)
    out.instrumented = r.instrumented();
  out.queries = r.take_queries();
  return out;
}

} // namespace rego::cli
