// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "rego/partial.hpp"

#include <map>
#include <tuple>

#include "compiler/code_writer.hpp"
#include "compiler/compile.hpp"
#include "compiler/resolve.hpp"
#include "compiler/safety.hpp"
#include "compiler/within.hpp"
#include "parser/parse.hpp"
#include "partial/simplify.hpp"
#include "partial/source_text.hpp"
#include "partial/tree_walk.hpp"

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
  auto q = parse_query(text, {!o.v0_compatible, false});
  if (!q)
    return q.error_list();
  errors out;
  resolver r("", out, false);
  for (auto& i : o.imports) {
    auto d = parse_import(i);
    if (!d)
      return d.error_list();
    r.add_import(*d);
  }
  if (!o.package.empty()) {
    auto d = parse_import(o.package.starts_with("data.") ? o.package
                                                         : "data." + o.package);
    if (!d)
      return d.error_list();
    module in;
    in.package = d->path;
    r.set_package(in.package, p.tree.names_in(in));
  }
  r.resolve_query(*q);
  arity_of arity = [&p](const term& callee) {
    return callee_arity(p.tree, callee);
  };
  if (out.empty())
    safety("", arity, out).check(*q);
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

class partial_run {
public:
  partial_run(std::shared_ptr<const compiled_policy> p, const snapshot& data,
              const value& known, const partial_options& o,
              std::vector<term> unknowns, const std::vector<term>& apart)
      : left_(o), policy_(p), depends_(p->tree, std::move(unknowns)),
        known_(p, data, known, o, left_),
        simplifier_(p->tree, depends_, known_, o, left_) {
    for (auto& a : apart)
      simplifier_.keep_apart(a);
  }

  partial_result run(const query& q) {
    partial_result out;
    var_set names;
    for (auto& e : q.literals)
      if (!e.negated)
        vars_in(e, names);
    std::set<std::string> named;
    for (auto& n : names)
      if (n[0] != '$')
        named.insert(n);
    for (auto& way : simplifier_.simplify(q.literals, named)) {
      out.queries.push_back(
          way.kept.empty() ? "" : source_text(query{std::move(way.kept)}));
      left_.write(out.queries.back().size());
    }
    support();
    for (auto& [package, text] : written_)
      out.support.push_back(
          {package + ".rego", "package " + package + "\n" + text});
    for (auto* m : whole_)
      out.support.push_back({m->file, m->source});
    return out;
  }

private:
  // Rules needed by rules needed.
  void support() {
    auto& needed = simplifier_.needed;
    while (!needed.specialised.empty() || !needed.whole.empty()) {
      auto special = std::exchange(needed.specialised, {});
      auto whole = std::exchange(needed.whole, {});
      for (auto* n : special)
        if (done_.insert(n).second)
          specialise(*n);
      for (auto* n : whole)
        for (auto& e : n->rules)
          take_whole(*e.mod);
    }
  }

  void take_whole(const module& m) {
    if (!whole_.insert(&m).second)
      return;
    left_.write(m.source.size());
    for (auto& r : m.rules)
      walk_tree(r, [&](const term& t, bool) {
        if (t.kind == term_kind::ref)
          for (auto* n : rules_meant(policy_->tree, t))
            for (auto& e : n->rules)
              take_whole(*e.mod);
        return true;
      });
  }

  void specialise(const rule_tree_node& n) {
    size_t clauses = 0;
    for (auto& e : n.rules) {
      auto package = e.mod->package;
      package.args.erase(package.args.begin());
      package.args[0].kind = term_kind::var;
      auto key = "partial." + source_text(package);
      std::string& text = written_[key];
      if (e.r->is_default) {
        text += "\ndefault " + source_text(e.r->head.ref)
                + " := " + source_text(e.r->head.value) + "\n";
        continue;
      }
      for (auto& way : simplifier_.simplify(e.r->body.literals, {})) {
        auto written = clause(e.r->head, way);
        left_.write(written.size());
        text += "\n" + written;
        ++clauses;
      }
      // An empty set or object is still one.
      bool last = &e == &n.rules.back();
      if (clauses == 0 && last && (e.r->head.is_set || !e.suffix.empty()))
        text += "\n" + empty_clause(e.r->head);
    }
  }

  static std::string empty_clause(rule_head h) {
    term none;
    if (h.ref.kind == term_kind::ref)
      for (size_t i = 1; i < h.ref.args.size(); ++i)
        if (!is_scalar(h.ref.args[i]))
          h.ref.args[i] = none;
    return source_text(h.ref)
           + (h.is_set ? " contains null if false\n" : " := null if false\n");
  }

  std::string clause(const rule_head& h, const residual_body& way) {
    auto ref = h.ref;
    if (ref.kind == term_kind::ref)
      for (size_t i = 1; i < ref.args.size(); ++i)
        ref.args[i] = simplifier_.finish(ref.args[i], way.values);
    auto out = source_text(ref);
    if (h.is_set)
      out += " contains " + source_text(simplifier_.finish(h.key, way.values));
    else
      out += " := " + source_text(simplifier_.finish(h.value, way.values));
    if (way.kept.empty())
      return out + "\n";
    return out + " if {\n  " + source_text(query{way.kept}, "\n  ") + "\n}\n";
  }

  budget left_;
  std::shared_ptr<const compiled_policy> policy_;
  dependence depends_;
  known_parts known_;
  simplifier simplifier_;
  std::map<std::string, std::string> written_;
  rule_set done_;
  std::set<const module*, by_file> whole_;
};

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
    return partial_run(compiled, data, known, o, std::move(*unknowns), *apart)
        .run(*q);
  } catch (const bound_reached& b) {
    return error{"eval_cancel_error",
                 std::string(bound_message(b.which)),
                 "",
                 0,
                 0,
                 b.which};
  } catch (const builtin_failed& f) {
    return f.what;
  } catch (const no_source_text& e) {
    return error{"rego_compile_error",
                 "partial evaluation cannot write " + e.what
                     + ": use sprintf, and rules instead of `and` and `or`",
                 "", 1, 1};
  }
}

} // namespace rego
