// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Compiled policies as bytes: whatever loads ends within the bounds of an
// evaluation, with an answer or an error. Bytes changed at random seldom get
// past the decoder, so most mutations decode what there is, change the program
// and encode it again: then it is the verifier that has to tell.

#include <random>

#include "builtins/builtin.hpp"
#include "bytecode/describe.hpp"
#include "fuzz/target.hpp"
#include "rego/build.hpp"
#include "rego/bytecode.hpp"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max);

namespace {

using namespace rego;

constexpr size_t head_size = sizeof form::magic + sizeof form::version;

// What a file holds, not verified.
struct decoded {
  program p;
  std::vector<std::string> paths;
  std::vector<std::unique_ptr<compiled_query>> queries;

  explicit decoded(std::string_view bytes) {
    form_reader f(bytes.substr(head_size));
    for (auto n = f.size(4); n > 0; --n) {
      auto index = builtin_table::instance().index_of(f.text("a name"));
      if (index < 0)
        f.refuse("a name that no built-in has");
      f.builtins.push_back(index);
    }
    f.into(p.memory);
    form::describe(f, p);
    for (auto n = f.size(28); n > 0; --n) {
      paths.emplace_back(f.text("a path"));
      queries.push_back(std::make_unique<compiled_query>());
      f.into(queries.back()->memory);
      form::describe(f, *queries.back());
    }
  }

  std::string encoded(std::string_view head) const {
    builtin_numbers builtins;
    form_writer body(builtins);
    form::describe(body, p);
    body.size(queries.size());
    for (size_t i = 0; i < queries.size(); ++i) {
      body.text(paths[i]);
      form::describe(body, *queries[i]);
    }
    form_writer out(builtins);
    out.out = head.substr(0, head_size);
    out.list(builtins.names, 4, [&](auto& n) { out.text(n); });
    return out.out + body.out;
  }
};

class mutator {
public:
  explicit mutator(unsigned seed) : random_(seed) {}

  void change(decoded& d) {
    for (auto n = 1 + pick(3); n > 0; --n) {
      if (pick(8) == 0 && !d.p.slots.empty())
        change(d.p.slots[pick(d.p.slots.size())]);
      else if (pick(16) == 0 && !d.p.nodes.empty())
        change(d.p.nodes[pick(d.p.nodes.size())]);
      else if (pick(4) == 0 && !d.queries.empty())
        change(d.queries[pick(d.queries.size())]->unit);
      else
        change(d.p.unit);
    }
  }

private:
  size_t pick(size_t n) { return random_() % n; }

  // Nearby, or a small register or constant.
  void step(int32_t& n) {
    auto by = static_cast<int32_t>(pick(7)) - 3;
    auto small = static_cast<int32_t>(pick(12));
    n = pick(2) ? n + by : pick(2) ? small : ~small;
  }
  void step(uint32_t& n) {
    n = pick(2) ? n + static_cast<uint32_t>(pick(7)) - 3
                : static_cast<uint32_t>(pick(100));
  }
  void step(bool& b) { b = !b; }

  void change(insn& i) {
    switch (pick(7)) {
    case 0:
      // The encoder asks the table for the names of built-ins.
      if (i.code != op::builtin_call && i.code != op::with_function)
        i.code = static_cast<op>(pick(static_cast<size_t>(op::builtin_call)));
      break;
    case 1:
      if (i.code != op::with_function)
        i.x = static_cast<uint8_t>(pick(8));
      break;
    case 2:
      i.n = static_cast<uint16_t>(pick(5));
      break;
    case 3:
      step(i.a);
      break;
    case 4:
      step(i.target);
      break;
    case 5:
      if (i.code != op::builtin_call && i.code != op::with_function)
        step(i.b);
      break;
    default:
      if (i.code != op::with_function)
        step(i.c);
    }
  }

  void change(code_unit& u) {
    if (u.code.empty())
      return;
    auto& i = u.code[pick(u.code.size())];
    auto other = u.code[pick(u.code.size())];
    switch (pick(6)) {
    case 0:
      i = other;
      break;
    case 1:
      u.code.insert(u.code.begin() + static_cast<long>(pick(u.code.size())),
                    other);
      break;
    case 2:
      if (!u.args.empty())
        step(u.args[pick(u.args.size())]);
      break;
    default:
      change(i);
    }
  }

  void change(rule_slot& s) {
    switch (pick(7)) {
    case 0:
      s.kind = static_cast<rule_kind>(pick(4));
      break;
    case 1:
      step(s.arity);
      break;
    case 2:
      step(s.registers);
      break;
    case 3:
      step(pick(2) ? s.early_exit : pick(2) ? s.has_children : s.has_default);
      break;
    case 4:
      if (!s.clauses.empty())
        step(s.clauses[pick(s.clauses.size())].entry);
      break;
    case 5:
      std::swap(s.clauses, s.keyed);
      break;
    default:
      change(s.index);
    }
  }

  void change(std::shared_ptr<const rule_index>& index) {
    if (!index)
      return;
    auto x = std::make_shared<rule_index>(*index);
    if (!x->nodes.empty()) {
      auto& n = x->nodes[pick(x->nodes.size())];
      auto which = pick(4);
      if (n.leaf && !n.clauses.empty())
        step(n.clauses[pick(n.clauses.size())]);
      else if (which == 0)
        step(n.any);
      else if (which == 1)
        step(n.subject);
      else if (which == 2 && !n.by_value.empty())
        step(n.by_value[pick(n.by_value.size())].second);
      else if (!x->subjects.empty())
        step(x->subjects[pick(x->subjects.size())].argument);
    }
    index = std::move(x);
  }

  void change(tree_node& n) {
    switch (pick(3)) {
    case 0:
      step(n.parent);
      break;
    case 1:
      step(n.slot);
      break;
    default:
      step(n.document);
    }
  }

  std::minstd_rand random_;
};

evaluate_options bounds() {
  evaluate_options o;
  o.limits.instructions = 20000;
  o.limits.memory_bytes = size_t{16} << 20;
  o.limits.depth = 50;
  return o;
}

} // namespace

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size,
                                          size_t max, unsigned int seed) {
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (seed % 8 == 0 || size < head_size)
    return LLVMFuzzerMutate(data, size, max);
  try {
    decoded d(bytes);
    mutator(seed).change(d);
    auto out = d.encoded(bytes);
    if (out.size() > max)
      return LLVMFuzzerMutate(data, size, max);
    std::copy(out.begin(), out.end(), data);
    return out.size();
  } catch (const form_refused&) {
    return LLVMFuzzerMutate(data, size, max);
  } catch (const bound_reached&) {
    return LLVMFuzzerMutate(data, size, max);
  }
}

void rego::fuzz::try_input(std::string_view bytes) {
  auto loaded = load_bytecode(bytes);
  if (!loaded) {
    if (loaded.error_list().empty())
      contradiction("neither a policy nor an error");
    return;
  }
  static const auto data = load_data(R"({"l": [{"id": 1}, {"id": "a"}]})");
  static evaluator e;
  for (auto& entry : loaded->entries) {
    auto a = e.evaluate(*entry.query, **data,
                        json_input{R"({"k": "b", "l": [1, "a", {"id": [2]}]})"},
                        bounds());
    if (a.defined() && to_json(a.result).empty())
      contradiction("an answer without a text");
  }
}
