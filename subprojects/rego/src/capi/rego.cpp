// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// The interface for C over the one for C++. Exceptions stop here.

#include "rego/rego.h"

#include <cstdlib>
#include <cstring>
#include <new>

#include "rego/build.hpp"
#include "rego/engine.hpp"

struct rego_policy {
  rego::policy_ptr held;
};

struct rego_data {
  rego::snapshot_ptr held;
};

struct rego_query {
  rego::prepared_ptr held;
};

struct rego_evaluator {
  rego::evaluator engine;
  std::atomic<bool> cancel{false};
  std::string result;
  std::string errors;
};

namespace {

constexpr const char* no_memory =
    R"({"errors": [{"code": "eval_internal_error", "message": "out of memory", )"
    R"("location": {"file": "", "row": 0, "col": 0}}]})";

void hand_out(char** to, const char* text) {
  if (!to)
    return;
  *to = static_cast<char*>(std::malloc(std::strlen(text) + 1));
  if (*to)
    std::strcpy(*to, text);
}

std::string_view view(const char* text, size_t size) {
  return size == REGO_TO_NUL ? std::string_view(text)
                             : std::string_view(text, size);
}

// What `make` gives, in a new H; null and the errors where it gives none.
template <class H, class Make>
H* held(char** errors, Make make) {
  try {
    auto made = make();
    if (made)
      return new H{*made};
    hand_out(errors, rego::errors_json(made.error_list()).c_str());
  } catch (const std::exception& e) {
    try {
      hand_out(errors,
               rego::errors_json({{"eval_internal_error", e.what(), "", 0, 0}})
                   .c_str());
    } catch (const std::exception&) {
      hand_out(errors, no_memory);
    }
  }
  return nullptr;
}

rego::evaluate_options options_of(const rego_evaluate_options* from,
                                  const std::atomic<bool>& cancel) {
  rego::evaluate_options o;
  o.cancel = &cancel;
  if (!from)
    return o;
  if (from->instructions)
    o.limits.instructions = from->instructions;
  if (from->wall_ns && from->wall_ns < INT64_MAX)
    o.limits.wall =
        std::chrono::nanoseconds(static_cast<int64_t>(from->wall_ns));
  if (from->memory_bytes)
    o.limits.memory_bytes = static_cast<size_t>(from->memory_bytes);
  if (from->output_bytes)
    o.limits.output_bytes = static_cast<size_t>(from->output_bytes);
  o.strict_builtin_errors = from->strict_builtin_errors != 0;
  return o;
}

rego_status answer_with(rego_evaluator& e, const rego::answer& a,
                        rego_answer& out) {
  out.nondeterministic = a.nondeterministic;
  out.instructions = a.instructions;
  if (!a.errors.empty()) {
    e.errors = rego::errors_json(a.errors);
    out.errors = e.errors.c_str();
    return REGO_ERROR;
  }
  if (!a.defined())
    return REGO_UNDEFINED;
  e.result.clear();
  rego::append_json(e.result, a.result);
  out.result = e.result.c_str();
  out.result_size = e.result.size();
  return REGO_DEFINED;
}

} // namespace

const char* rego_version(void) {
  return REGO_VERSION;
}

rego_policy* rego_compile(const rego_module* modules, size_t count,
                          const rego_compile_options* options, char** errors) {
  return held<rego_policy>(errors, [&] {
    std::vector<rego::module_source> list;
    for (size_t i = 0; i < count; ++i)
      list.push_back({modules[i].name, modules[i].text});
    rego::compile_options o;
    o.v0_compatible = options && options->v0_compatible;
    o.strict = options && options->strict;
    return rego::compile(list, o);
  });
}

void rego_policy_free(rego_policy* policy) {
  delete policy;
}

rego_data* rego_load_data(const char* json, size_t size, char** errors) {
  return held<rego_data>(errors,
                         [&] { return rego::load_data(view(json, size)); });
}

void rego_data_free(rego_data* data) {
  delete data;
}

rego_query* rego_prepare(const rego_policy* policy, const char* query,
                         const rego_prepare_options* options, char** errors) {
  return held<rego_query>(errors, [&] {
    rego::prepare_options o;
    o.entry = !options || !options->result_set;
    o.v0_compatible = options && options->v0_compatible;
    return rego::prepare(policy->held, query, o);
  });
}

void rego_query_free(rego_query* query) {
  delete query;
}

rego_evaluator* rego_evaluator_new(void) {
  try {
    return new rego_evaluator;
  } catch (const std::exception&) {
    return nullptr;
  }
}

void rego_evaluator_free(rego_evaluator* evaluator) {
  delete evaluator;
}

rego_status rego_evaluate(rego_evaluator* evaluator, const rego_query* query,
                          const rego_data* data, const char* input,
                          size_t input_size,
                          const rego_evaluate_options* options,
                          rego_answer* answer) {
  *answer = {};
  try {
    auto& e = *evaluator;
    e.cancel = false;
    auto o = options_of(options, e.cancel);
    auto& q = *query->held;
    auto& d = *data->held;
    auto a = input ? e.engine.evaluate(
                 q, d, rego::json_input{view(input, input_size)}, o)
                   : e.engine.evaluate(q, d, rego::value(), o);
    return answer_with(e, a, *answer);
  } catch (const std::exception&) {
    answer->result = nullptr;
    answer->result_size = 0;
    answer->errors = no_memory;
    return REGO_ERROR;
  }
}

void rego_cancel(rego_evaluator* evaluator) {
  evaluator->cancel = true;
}

void rego_string_free(char* text) {
  std::free(text);
}
