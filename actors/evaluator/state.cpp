// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/evaluator/state.hpp"

#include "actors/evaluator/failed.hpp"
#include "actors/evaluator/input.hpp"
#include "actors/evaluator/reference.hpp"
#include "runtime/domain/own_decisions.hpp"

#include <rego/build.hpp>

#include <algorithm>
#include <utility>

namespace acgs::evaluator {

namespace {

constexpr std::size_t prepared_max = 1024;
constexpr std::size_t remembered_max = 64;
constexpr std::size_t remembered_bytes_max = 16384;

/// A Boolean, or an object with one called `allow`, is a verdict.
domain::verdict verdict_of(const rego::value& result) {
  auto allowed = result.is_object() ? member(result, "allow") : result;
  if (allowed.is_true())
    return domain::verdict::allow;
  if (allowed.is_false())
    return domain::verdict::deny;
  return domain::verdict::value;
}

std::optional<double> score_of(const rego::value& result) {
  auto found = member(result, "compliance_score");
  if (!found.is_number())
    return std::nullopt;
  return static_cast<double>(rego::to_real(found));
}

/// Bounded by what the constitution knows: it becomes a metric's label.
std::string type_of(const rego::value& input) {
  auto found = member(input, "type");
  if (!found.defined())
    return std::string{request_types.front()};
  for (auto known : request_types)
    if (found.is_string() && found.as_string() == known)
      return std::string{known};
  return std::string{request_types.back()};
}

/// In lockdown the constitution still speaks (and refuses), and the policy on
/// admins' own commands still counts; nothing else is evaluated.
bool is_open_in_lockdown(const domain::decide_request& request) {
  return domain::is_own_decision(request.path)
         || (request.path.starts_with("acgs/admin/")
             && request.caller.role_ == domain::role::admin);
}

/// Whether the caller is not told why a document's path does not compile. The
/// errors list what the policies hold where the path leads into a rule's value,
/// and whoever shows no credential may ask for paths by patterns. A bound that
/// was reached says nothing of them.
bool is_kept_from(const domain::decide_request& request,
                  const rego::errors& why) {
  return request.asks == domain::question::document
         && request.caller.method == domain::auth_method::anonymous
         && why.front().reached == rego::bound::none;
}

} // namespace

state::state(config cfg)
    : config_{std::move(cfg)}, within_{config_.time_max},
      outside_{*config_.time, config_.random, config_.network},
      first_tier_{config_.first_tier} {
  counts_.l1_max = config_.first_tier.entries;
}

outcome state::decide(const wire::decide_request& request,
                      const snapshot_ptr& with) {
  if (request->asks == domain::question::document)
    outside_.begin();
  else
    outside_.begin(sight{});
  return decide_in_world(request, with);
}

outcome state::decide_in_world(const wire::decide_request& request,
                               const snapshot_ptr& with) {
  use(with);
  outcome out;
  out.input = effective_input(*request);
  // Strict mode switches the cache off: every verdict is computed anew.
  // So does an explanation, which shows how.
  bool may_cache = has_cache() && !with->strict()
                   && request->explain == domain::explanation::off;
  digest key{};
  if (may_cache) {
    key = key_of(*request, out.input, *with);
    out.found = cached(key, out.tier);
    if (out.found)
      return out;
  }
  auto value = std::make_shared<const answer>(evaluate(*request, out.input));
  if (may_cache && value->error == ec::none && !value->nondeterministic) {
    keep(key, value);
    remember(request);
  }
  out.found = std::move(value);
  return out;
}

answer state::replay(const domain::decide_request& request,
                     std::string_view input, const sight& earlier,
                     const snapshot_ptr& with) {
  use(with);
  outside_.begin(earlier);
  return evaluate(request, input);
}

outcome state::decide(const wire::decide_request& request,
                      const snapshot_ptr& with,
                      std::chrono::nanoseconds within) {
  within_ = std::min(within, config_.time_max);
  auto out = decide(request, with);
  within_ = config_.time_max;
  return out;
}

answer state::look(const domain::decide_request& request, const sight& earlier,
                   const snapshot_ptr& with) {
  use(with);
  outside_.begin(earlier);
  return evaluate(request, effective_input(request));
}

outcome state::refuse(const wire::decide_request& request,
                      std::string why) const {
  return {std::make_shared<const answer>(
              failed(ec::limit_exceeded, std::move(why))),
          effective_input(*request), 0};
}

rego::environment state::world() {
  auto out = outside_.environment();
  out.during = config_.during;
  return out;
}

rego::evaluator& state::machine() {
  auto& out = machines_[outside_.recalls() ? 1 : 0];
  if (!out)
    out.emplace(world());
  return *out;
}

rego::compile_limits state::query_limits() const {
  return {.steps = config_.query_steps_max, .cancel = config_.cancel};
}

rego::limits state::limits() const {
  rego::limits out;
  out.instructions = config_.instructions_max;
  out.wall = within_;
  out.memory_bytes = config_.memory_max;
  out.output_bytes = SIZE_MAX; // texts are bounded where they are written
  return out;
}

bool state::has_cache() const {
  const auto& shared = config_.second_tier;
  return first_tier_.entries_max() > 0 || (shared && shared->entries_max() > 0);
}

digest state::key_of(const domain::decide_request& request,
                     std::string_view input, const snapshot& with) {
  // Both digests have a fixed length, and neither the path nor what is left
  // open holds a zero byte, so that no two different requests give the same
  // text. The caller stands in the input, the modes in the digest of the data.
  // An input that is no object has no caller in it, so that `is_kept_from` has
  // a flag.
  bool unknown = request.caller.method == domain::auth_method::anonymous;
  const std::byte flags[]{static_cast<std::byte>(request.asks),
                          static_cast<std::byte>(request.strict_builtin_errors),
                          static_cast<std::byte>(unknown), std::byte{0}};
  return hasher_.add(with.policy_digest())
      .add(with.data_digest())
      .add(flags)
      .add(as_byte_view(request.path))
      .add(byte_view{flags}.last(1))
      .add(as_byte_view(request.partial))
      .add(byte_view{flags}.last(1))
      .add(as_byte_view(input))
      .finish();
}

answer_ptr state::cached(const digest& key, unsigned& tier) {
  if (auto found = first_tier_.find(key)) {
    ++counts_.l1_hits;
    tier = 1;
    return found;
  }
  ++counts_.l1_misses;
  if (!config_.second_tier)
    return nullptr;
  auto found = config_.second_tier->find(key);
  if (!found) {
    ++counts_.l2_misses;
    return nullptr;
  }
  ++counts_.l2_hits;
  tier = 2;
  first_tier_.put(key, found);
  return found;
}

void state::keep(const digest& key, const answer_ptr& value) {
  first_tier_.put(key, value);
  if (config_.second_tier)
    config_.second_tier->put(key, value);
}

void state::remember(const wire::decide_request& request) {
  if (request->input.size() > remembered_bytes_max)
    return;
  remembered_.push_back(request);
  if (remembered_.size() > remembered_max)
    remembered_.pop_front();
}

void state::use(const snapshot_ptr& with) {
  if (present_ == with)
    return;
  if (!present_ || present_->policies() != with->policies())
    prepared_.clear();
  present_ = with;
}

rego::result<rego::prepared_ptr>
state::prepared(const domain::decide_request& request) {
  bool is_query = request.asks == domain::question::query;
  auto text = is_query ? std::string{request.path} : reference_of(request.path);
  auto key = (is_query ? 'q' : 'd') + text;
  if (auto found = prepared_.find(key); found != prepared_.end())
    return found->second;
  rego::prepare_options options;
  options.entry = !is_query;
  options.limits = query_limits();
  auto made = rego::prepare(present_->policies(), text, options);
  if (!made)
    return made;
  if (prepared_.size() >= prepared_max)
    prepared_.clear();
  prepared_.emplace(std::move(key), *made);
  return made;
}

rego::result<rego::prepared_ptr>
state::compiled(const domain::decide_request& request) {
  return request.explain == domain::explanation::off ? prepared(request)
                                                     : explainable(request);
}

rego::result<rego::prepared_ptr>
state::compiled_nowhere(const domain::decide_request& request) {
  using namespace std::string_view_literals;
  // No path of a request has a step of that name.
  auto path = std::string{"\0/"sv}.append(request.path);
  auto nowhere = request;
  nowhere.path = path;
  return compiled(nowhere);
}

answer state::evaluate(const domain::decide_request& request,
                       std::string_view input) {
  if (present_->lockdown() && !is_open_in_lockdown(request))
    return failed(ec::forbidden,
                  "the node is in lockdown: only the constitution answers, "
                  "with a refusal, until an admin lifts it");
  if (within_ <= within_.zero())
    return failed(ec::limit_exceeded,
                  "policy.time_max: the decisions of this batch took all the "
                  "time that they may take together");
  if (request.path.find('\0') != std::string_view::npos)
    return failed(ec::invalid_argument,
                  "the path holds a zero byte; expected names joined by '/'");
  if (input.size() > config_.input_bytes_max)
    return failed(ec::too_large,
                  "the input has " + std::to_string(input.size())
                      + " bytes with the caller; at most "
                      + std::to_string(config_.input_bytes_max)
                      + " are evaluated (policy.input_bytes_max)");
  auto start = config_.time->steady_now();
  if (request.asks == domain::question::compile) {
    auto out = compile(request, input);
    out.recorded = to_json(outside_.seen());
    out.nanos = (config_.time->steady_now() - start).count();
    return out;
  }
  auto query = compiled(request);
  if (!query && is_kept_from(request, query.error_list()))
    query = compiled_nowhere(request);
  if (!query)
    return failed(ec::invalid_argument, query.error_list());
  auto begin = config_.time->steady_now();
  auto out = run(request, **query, input);
  out.nanos = (config_.time->steady_now() - begin).count();
  out.prepare_nanos = (begin - start).count();
  return out;
}

answer state::run(const domain::decide_request& request,
                  const rego::prepared& query, std::string_view input) {
  auto start = config_.time->steady_now();
  input_arena_.reset();
  auto parsed = reader_.read(input_arena_, input);
  if (!parsed)
    return failed(ec::invalid_argument,
                  "input: " + rego::to_string(parsed.error_list().front()));
  auto parse_nanos = (config_.time->steady_now() - start).count();
  rego::trace_keeper events{explanation_events_max, config_.result_bytes_max};
  rego::evaluate_options options;
  if (request.explain != domain::explanation::off)
    options.trace = &events;
  options.limits = limits();
  options.cancel = config_.cancel;
  options.strict_builtin_errors = request.strict_builtin_errors;
  auto got = machine().evaluate(query, *present_->data(), *parsed, options);
  answer out;
  if (!got.errors.empty())
    out = failed(got.errors);
  else if (got.result.defined()) {
    out.outcome = request.asks == domain::question::query
                      ? domain::verdict::value
                      : verdict_of(got.result);
    out.score = score_of(got.result);
    if (!rego::append_json_within(out.result, got.result,
                                  config_.result_bytes_max))
      out = failed(ec::limit_exceeded,
                   "the result is over "
                       + std::to_string(config_.result_bytes_max)
                       + " bytes long");
  }
  if (!outside_.objection().empty() && out.error != ec::limit_exceeded)
    out = failed(ec::evaluation_failed, outside_.objection());
  if (options.trace != nullptr && out.error == ec::none)
    explain(out, request, events);
  out.input_parse_nanos = parse_nanos;
  out.instructions = got.instructions;
  out.nondeterministic = got.nondeterministic;
  out.recorded = to_json(outside_.seen());
  out.agent = agent_of(*parsed, request.caller);
  out.request_type = type_of(*parsed);
  return out;
}

policy::warmed state::warm(const snapshot_ptr& with) {
  auto start = config_.time->steady_now();
  policy::warmed out;
  auto again = std::exchange(remembered_, {});
  out.scenarios = again.size();
  for (const auto& request : again) {
    // Decisions wait meanwhile: no longer than one of them may take.
    if (config_.time->steady_now() - start >= config_.time_max) {
      remember(request);
      continue;
    }
    auto before = first_tier_.size();
    outside_.begin(sight{});
    auto made = decide_in_world(request, with);
    if (made.tier == 0)
      ++out.evaluated;
    else
      remember(request); // `decide` remembers only what it evaluates
    out.added += first_tier_.size() > before ? 1 : 0;
  }
  out.nanos = (config_.time->steady_now() - start).count();
  return out;
}

policy::cache_stats state::stats() const {
  auto out = counts_;
  out.l1_entries = first_tier_.size();
  return out;
}

} // namespace acgs::evaluator
