// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// Metadata annotations of all modules: the chains that rego.metadata.chain()
// and rego.metadata.rule() give. Read once per compilation; the values lie in
// the policy's arena.

#include <list>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "compiler/rule_tree.hpp"
#include "parser/annotation.hpp"
#include "rego/build.hpp"

namespace rego {

class annotation_set {
public:
  explicit annotation_set(arena& memory) : memory_(memory) {}

  /// Takes a module's blocks. The module stays where it is.
  void take(const module& m, std::vector<annotation> list);
  /// Once all are read: two blocks for one document or package are a
  /// rego_type_error.
  void join(errors& out);

  /// Whether rules of the module, which was read, may ask for annotations.
  bool asked_for(const module& m) const { return asked_.count(&m) > 0; }

  /// For a rule of a module: innermost first, the rule itself always. What
  /// stands behind an else has no annotations of its own.
  value chain(const module& m, const rule& r, bool of_else);
  /// The rule's own annotations, the nearest block's, or an empty object.
  value own(const rule& r, bool of_else);

  /// The schemas that annotations give for a rule of a module, those of what
  /// surrounds it first.
  std::vector<const schema_note*> schemas(const module& m, const rule& r,
                                          bool of_else) const;

private:
  using path = std::vector<std::string>;
  struct source {
    const module* from;
    std::vector<annotation> list;
  };
  struct place {
    const module* from;
    const annotation* what;
  };

  void add(const source& s, const annotation& a, errors& out);
  value entry(const annotation* a, const path& at);
  value object(const annotation& a);

  arena& memory_;
  std::list<source> sources_;
  std::set<const module*> asked_;
  bool any_schemas_ = false;
  std::map<const rule*, std::vector<const annotation*>> rules_;
  std::map<path, place> packages_;
  std::map<path, place> paths_; // of documents and subpackages
};

} // namespace rego
