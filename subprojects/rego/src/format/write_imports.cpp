// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// The package and the imports, sorted within the groups that blank lines make.

#include "format/imports.hpp"
#include "format/writer.hpp"

namespace rego::formatting {

void writer::write_package() {
  insert_notes(module_.package.at.row);
  begin_line();
  put("package ");
  auto& parts = module_.package.args;
  std::vector<term> path(parts.begin() + 1, parts.end());
  path[0].kind = term_kind::var;
  put(path[0].text);
  for (size_t i = 1; i < path.size(); ++i)
    write_name_part(path[i]);
  blank_line();
}

void writer::write_imports(std::vector<placed_import> list) {
  std::vector<std::pair<const import_decl*, const note*>> behind;
  for (auto& i : list)
    if (auto n = i.added ? nullptr : notes_.take_of_row(i.row))
      behind.emplace_back(i.decl, n);
  for (size_t from = 0; from < list.size();) {
    auto to = from + 1;
    while (to < list.size() && list[to].row - list[to - 1].row <= 1)
      ++to;
    insert_notes(list[from].row);
    std::stable_sort(list.begin() + static_cast<long>(from),
                     list.begin() + static_cast<long>(to),
                     [](auto& a, auto& b) { return before(*a.decl, *b.decl); });
    for (; from < to; ++from) {
      begin_line();
      write_import(*list[from].decl);
      for (auto& [decl, n] : behind)
        if (decl == list[from].decl)
          put(" " + n->text);
      end_line();
    }
    blank_line();
  }
}

void writer::write_import(const import_decl& d) {
  put("import ");
  auto& path = d.path;
  bool keyword = !future_keyword(d).empty();
  if (path.is(term_kind::ref)) {
    put(path.args[0].text);
    for (size_t i = 1; i < path.args.size(); ++i)
      if (keyword && is_word(path.args[i].text))
        put("." + path.args[i].text);
      else
        write_name_part(path.args[i]);
  } else {
    put(path.text);
  }
  if (!d.alias.empty())
    put(" as " + d.alias);
}

} // namespace rego::formatting
