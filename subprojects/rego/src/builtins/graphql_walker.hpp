// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The state of one query's validation; its parts are in graphql_query.cpp (the
// walk) and graphql_values.cpp (fields, arguments, directives, values).

#include <map>
#include <set>
#include <string>
#include <vector>

#include "builtins/graphql_schema.hpp"

namespace rego::graphql {

class walker {
public:
  walker(call_context& c, const schema& s, const value& query,
         const positions& where)
      : c_(c), s_(s), query_(query), where_(where) {}
  void run();
  const std::string& error() const { return error_; }

private:
  static constexpr size_t depth_max = 200;

  bool failed() const { return !error_.empty(); }
  void fail(const value& node, const std::string& message);
  void unique(std::span<const value> nodes, std::string_view key,
              std::string_view what, std::string_view sigil);
  void operation(const value& o);
  void cycle(const value& f, std::vector<std::string_view> path);
  static bool is_spread(const value& s);
  void selections(std::span<const value> set, const definition* parent,
                  size_t depth);
  void inline_fragment(const value& s, const definition* parent, size_t depth);
  void spread(const value& s, const definition* parent, size_t depth);
  void possible_spread(const value& node, const std::string& what,
                       const definition* on, const definition* parent);
  void overlaps(std::span<const value> set);

  void field(const value& f, const definition* parent, size_t depth);
  const value* field_definition(std::string_view name,
                                const definition* parent);
  void arguments(const value& node, std::span<const value> defined,
                 const std::string& what, const std::string& of);
  void directives(std::span<const value> dirs, std::string_view location);
  void literal(const value& v, const value& type, bool has_default,
               size_t depth);
  void variable(const value& v, const value& type, bool has_default);
  void scalar(const value& v, const value& type, const definition& d);
  void input_object(const value& v, const definition& d, size_t depth);

  call_context& c_;
  const schema& s_;
  const value& query_;
  const positions& where_;
  std::string error_;
  value operation_; // undefined within a fragment by itself
  std::map<std::string_view, value> fragments_;
  std::set<std::string_view> spread_, used_variables_, used_fragments_,
      checked_fragments_;
};

} // namespace rego::graphql
