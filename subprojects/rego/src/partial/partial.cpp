// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "rego/partial.hpp"

#include <set>
#include <tuple>

#include "compiler/captures.hpp"
#include "compiler/code_writer.hpp"
#include "compiler/compile.hpp"
#include "compiler/query_scope.hpp"
#include "compiler/resolve.hpp"
#include "compiler/safety.hpp"
#include "compiler/types/check_rules.hpp"
#include "compiler/types/checker.hpp"
#include "compiler/within.hpp"
#include "core/walk_watch.hpp"
#include "parser/parse.hpp"
#include "partial/evaluation.hpp"
#include "partial/node_memory.hpp"
#include "partial/residual_trees.hpp"
#include "partial/source_text.hpp"

namespace rego {

namespace {

struct by_file {
  bool operator()(const module* a, const module* b) const {
    return std::tie(a->file, a->source) < std::tie(b->file, b->source);
  }
};

// The literals of a query, resolved and in an order that is safe.
result<query> resolve_all(const compiled_policy& p, std::string_view text,
                          const partial_options& o) {
  auto* allowed = p.options.capabilities.get();
  auto q = parse_query(text, {!o.v0_compatible, allowed});
  if (!q)
    return q.error_list();
  errors out;
  resolver r("", out, false);
  if (auto wrong = set_scope(r, o.imports, o.package, p.tree); !wrong.empty())
    return wrong;
  r.resolve_query(*q);
  auto arity = arity_in(p.tree);
  if (out.empty())
    out = check_captures(*q, text, arity, std::move(r.later));
  if (out.empty())
    types::check_arities(p.tree, *q, allowed, out);
  if (out.empty())
    out = check_safety(*q, arity);
  if (out.empty())
    types::checker(p.tree, p.document_types, p.base_types, "", out).check(*q);
  if (!out.empty())
    return out;
  return std::move(*q);
}

result<query> resolved(const compiled_policy& p, std::string_view text,
                       const partial_options& o) {
  return within(o.compiling, text.size(),
                [&] { return resolve_all(p, text, o); });
}

/// References as terms; `what` names them in an error.
result<std::vector<term>> references(const std::vector<std::string>& texts,
                                     const char* what) {
  std::vector<term> out;
  for (auto& u : texts) {
    auto bad = error{"rego_parse_error",
                     what + (" '" + u)
                         + "': a reference such as input.user or data.roles "
                           "was expected",
                     "", 1, 1};
    auto q = parse_query(u, {});
    if (!q)
      return bad;
    if (q->literals.size() != 1 || q->literals[0].kind != expr_kind::term)
      return bad;
    auto t = q->literals[0].terms[0];
    auto& root = t.kind == term_kind::ref ? t.args[0] : t;
    if (root.kind != term_kind::var
        || (root.text != "input" && root.text != "data"))
      return bad;
    out.push_back(std::move(t));
  }
  return out;
}

// The names that what is left of a query may tell values of.
partial::names names_of(const partial::literals& query,
                        const std::vector<term>& unknowns, bool live) {
  partial::names out;
  for (auto& l : query)
    partial::vars_of(l, true, out);
  if (!live)
    return out;
  std::erase_if(out, [](auto& n) { return n.starts_with("__local"); });
  for (auto& u : unknowns)
    out.insert(u.is(term_kind::ref) ? u.args[0].text : u.text);
  return out;
}

partial_result run(std::shared_ptr<const compiled_policy> p,
                   const snapshot& data, const value& known,
                   const partial_options& o, const query& q,
                   std::vector<term> unknowns, std::vector<term> apart) {
  budget left(o);
  walk_watching bounded({&left, [](void* who, uint64_t steps) {
                           static_cast<budget*>(who)->walk(steps);
                         }});
  partial::node_memory terms(o.total.memory_bytes);
  arena memory(o.total.memory_bytes);
  partial::steps told(o.trace, p->trace_nodes(), left);
  known_parts parts(p, data, known, o, left, memory, told);
  dependence depends(p->tree, std::move(unknowns), std::move(apart), left);
  auto body = partial::flat(memory, q, arity_in(p->tree));
  auto live = names_of(body, depends.unknowns(), true);
  partial::evaluation e(p->tree, depends, parts, o, left, memory,
                        names_of(body, {}, false), told);
  partial_result out;
  out.told = told.nodes();
  auto trees = std::make_shared<residual_trees>();
  e.run(body, [&] {
    auto body = e.left_of(e.left_now(), &live, {}, false);
    if (!body)
      return;
    auto now = partial::named_wildcards(memory, *body);
    out.queries.push_back(now.empty() ? ""
                                      : source_text(partial::to_query(now)));
    left.write(out.queries.back().size());
    trees->queries.push_back(partial::to_query(*body));
  });
  auto support = e.support.finish(left);
  trees->support = std::move(support.trees);
  out.trees = std::move(trees);
  for (auto& [package, text] : support.texts)
    out.support.push_back(
        {package + ".rego", "package " + package + "\n" + text});
  std::set<const module*, by_file> modules(e.originals.begin(),
                                           e.originals.end());
  for (auto* m : modules)
    out.originals.push_back({m->file, m->source, !m->v1});
  return out;
}

} // namespace

result<partial_result> partially(policy_ptr p, std::string_view text,
                                 const snapshot& data, const value& known,
                                 const partial_options& o) {
  auto compiled = std::static_pointer_cast<const compiled_policy>(p);
  auto unknowns = references(o.unknowns, "unknown");
  if (!unknowns)
    return unknowns.error_list();
  auto apart = references(o.not_inlined, "not to be inlined");
  if (!apart)
    return apart.error_list();
  auto q = resolved(*compiled, text, o);
  if (!q)
    return q.error_list();
  try {
    return run(compiled, data, known, o, *q, std::move(*unknowns),
               std::move(*apart));
  } catch (const bound_reached& b) {
    return bound_error(b.which);
  } catch (const evaluation_failed& f) {
    return f.what;
  } catch (const no_source_text& e) {
    return error{"rego_compile_error",
                 "partial evaluation cannot write " + e.what
                     + ": use sprintf, and rules instead of `and` and `or`",
                 "", 1, 1};
  }
}

} // namespace rego
