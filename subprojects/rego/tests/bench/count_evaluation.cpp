// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// count_evaluation CASE_DIR TIMES: evaluates a benchmark case (policy.rego,
// data.json, input.json, query.txt) for `check-instructions`, which has
// callgrind count what happens inside counted(), and only there. The first
// evaluation, which fills buffers, stands outside.

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "rego/engine.hpp"

namespace {

std::string text_of(const std::string& path) {
  std::ifstream in(path);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

int fail(const rego::errors& list) {
  std::fputs((to_string(list[0]) + "\n").c_str(), stderr);
  return 1;
}

} // namespace

extern "C" [[gnu::noinline]] void counted(rego::evaluator& e,
                                          const rego::prepared& q,
                                          const rego::snapshot& d,
                                          const rego::value& input) {
  e.evaluate(q, d, input);
}

int main(int count, char** args) {
  if (count != 3) {
    std::fputs("usage: count_evaluation CASE_DIR TIMES\n", stderr);
    return 2;
  }
  auto dir = std::string(args[1]) + "/";
  auto p = rego::compile({{"policy.rego", text_of(dir + "policy.rego")}});
  if (!p)
    return fail(p.error_list());
  auto q = rego::prepare(*p, text_of(dir + "query.txt"));
  if (!q)
    return fail(q.error_list());
  auto d = rego::load_data(text_of(dir + "data.json"));
  if (!d)
    return fail(d.error_list());
  rego::arena memory;
  auto input = rego::parse_json(memory, text_of(dir + "input.json"));
  if (!input)
    return fail(input.error_list());
  rego::evaluator e;
  auto first = e.evaluate(**q, **d, *input);
  if (!first.defined())
    return first.errors.empty() ? 1 : fail(first.errors);
  for (int i = std::atoi(args[2]); i > 0; --i)
    counted(e, **q, **d, *input);
  return 0;
}
