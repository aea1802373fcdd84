// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include <algorithm>

#include "builtins/annotation_json.hpp"
#include "cli/inspect.hpp"
#include "cli/text.hpp"
#include "rego/build.hpp"

namespace rego::cli {

namespace {

constexpr size_t cell_max = 50, line_max = 80; // as opa has them

std::string cut(const std::string& text, size_t most) {
  return text.size() < most ? text : text.substr(0, most - 3) + "...";
}

value parsed_value(arena& a, const std::string& json) {
  auto v = parse_json(a, json);
  return v ? *v : object_builder(a).finish();
}

value term_json(arena& a, const char* type, const std::string& text) {
  object_builder o(a);
  o.add("type", make_string(a, type));
  o.add("value", make_string(a, text));
  return o.finish();
}

value placed_json(arena& a, const placed_annotation& p) {
  object_builder o(a), at(a);
  at.add("file", make_string(a, p.file));
  at.add("row", value::integer(p.at.row));
  at.add("col", value::integer(p.at.col));
  array_builder path(a);
  path.push(term_json(a, "var", "data"));
  for (auto& step : p.path)
    path.push(term_json(a, "string", step));
  o.add("annotations", tree_of(a, {p.about}, p.file, {}).items()[0]);
  o.add("location", at.finish());
  o.add("path", path.array());
  return o.finish();
}

using rows = std::vector<std::vector<std::string>>;

// Cells that repeat what is above them are empty.
std::string merged_table(const std::vector<std::string>& header, rows all) {
  for (size_t i = all.size(); i-- > 1;)
    if (all[i][0] == all[i - 1][0])
      all[i][0].clear();
  return table_text(header, all);
}

std::string manifest_text(const bundle::manifest& m) {
  rows all;
  if (m.rego_version)
    all.push_back({"Rego Version", std::to_string(*m.rego_version)});
  if (!m.revision.empty())
    all.push_back({"Revision", cut(m.revision, cell_max)});
  auto roots = m.roots;
  std::sort(roots.begin(), roots.end());
  for (auto& root : roots)
    if (roots.size() > 1 || !root.empty())
      all.push_back({"Roots", root});
  arena a;
  if (!m.metadata.empty())
    all.push_back(
        {"Metadata", cut(to_json(parsed_value(a, m.metadata)), cell_max)});
  return all.empty()
             ? ""
             : "MANIFEST:\n" + merged_table({"FIELD", "VALUE"}, std::move(all));
}

std::string namespaces_text(const inspected& x) {
  rows all;
  for (auto& [name, files] : x.namespaces)
    for (auto& file : files)
      all.push_back({name, file});
  return all.empty()
             ? ""
             : "NAMESPACES:\n"
                   + merged_table({"NAMESPACE", "FILE"}, std::move(all));
}

using entries = std::vector<std::pair<std::string, std::string>>;

std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

// A heading and a line for each entry, values below one another.
std::string list_text(const char* heading, const entries& list,
                      const std::string& separator) {
  if (list.empty())
    return "";
  size_t width = 0;
  for (auto& [key, text] : list)
    width = std::max(width, key.size());
  std::string out = std::string(heading) + ":\n";
  for (auto& [key, text] : list) {
    auto line = " " + key;
    if (!text.empty())
      line += separator + std::string(width - key.size(), ' ') + text;
    out += cut(line, line_max) + "\n";
  }
  return out + "\n";
}

std::string lists_text(const annotation& a) {
  entries organizations, authors, schemas, resources, custom;
  for (auto& each : a.organizations)
    organizations.emplace_back(one_line(each), "");
  for (auto& each : a.authors)
    authors.emplace_back(
        one_line(each.name
                 + (each.email.empty()
                        ? ""
                        : (each.name.empty() ? "<" : " <") + each.email + ">")),
        "");
  for (auto& each : a.schemas)
    schemas.emplace_back(each.path.source, each.definition.defined()
                                               ? to_json(each.definition)
                                               : each.schema.source);
  for (auto& each : a.related_resources)
    resources.emplace_back(one_line(each.ref), each.description);
  if (a.custom.defined())
    for (size_t i = 0; i < a.custom.size(); ++i)
      custom.emplace_back(std::string(a.custom.keys()[i].as_string()),
                          to_json(a.custom.values()[i]));
  return list_text("Organizations", organizations, "")
         + list_text("Authors", authors, "")
         + list_text("Schemas", schemas, ": ")
         + list_text("Related Resources", resources, " ")
         + list_text("Custom", custom, ": ");
}

std::string placed_text(const placed_annotation& p) {
  auto& a = *p.about;
  auto title = a.title;
  if (title.empty()) {
    for (auto& step : p.path)
      title += (title.empty() ? "" : ".") + step;
  }
  auto out = title + "\n" + std::string(std::min(title.size(), line_max), '=')
             + "\n\n";
  if (!a.description.empty())
    out += a.description + "\n\n";
  out += "Package:  " + p.package + "\n";
  if (!p.rule.empty())
    out += "Rule:     " + p.rule + "\n";
  out += "Location: " + p.file + ":" + std::to_string(p.at.row) + "\n";
  if (!a.scope.empty())
    out += "Scope: " + a.scope + "\n";
  if (a.entrypoint)
    out += "Entrypoint: true\n";
  return out + "\n" + lists_text(a);
}

} // namespace

std::string inspected_json(inspected& x, bool annotations) {
  auto& a = x.memory;
  object_builder o(a), names(a);
  if (x.about)
    o.add("manifest", parsed_value(a, bundle::to_text(*x.about)));
  o.add("signatures_config", parsed_value(a, x.signatures));
  for (auto& [name, files] : x.namespaces) {
    array_builder list(a);
    for (auto& file : files)
      list.push(make_string(a, file));
    names.add(name, list.array());
  }
  o.add("namespaces", names.finish());
  array_builder all(a);
  for (auto& p : x.annotations)
    all.push(placed_json(a, p));
  if (annotations && all.size())
    o.add("annotations", all.array());
  o.add("capabilities", parsed_value(a, to_text(x.needed)));
  return to_json(o.finish(), {.indent = 2}) + "\n";
}

std::string inspected_text(const inspected& x, bool annotations) {
  auto out = x.about ? manifest_text(*x.about) : std::string();
  out += namespaces_text(x);
  if (!annotations || x.annotations.empty())
    return out;
  out += "ANNOTATIONS:\n";
  for (auto& p : x.annotations)
    out += placed_text(p);
  return out;
}

} // namespace rego::cli
