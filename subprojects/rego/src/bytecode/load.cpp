// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "bytecode/describe.hpp"
#include "machine/verify.hpp"
#include "rego/build.hpp"
#include "rego/bytecode.hpp"

namespace rego {

namespace {

// Thrown where what was read is not what the machine may run.
struct not_verified_code {
  std::string why;
};

void read_head(form_reader& f) {
  auto wrong = [&] {
    f.refuse(0, "this is no bytecode; expected the text REGOCODE");
  };
  if (f.left() < sizeof form::magic)
    wrong();
  for (auto expected : form::magic) {
    char c = 0;
    f.number(c);
    if (c != expected)
      wrong();
  }
  auto from = f.at();
  uint32_t version = 0;
  f.number(version);
  if (version != form::version)
    f.refuse(from, "the form has version " + std::to_string(version)
                       + "; expected " + std::to_string(uint32_t{form::version})
                       + ": build it with this engine");
}

void read_builtins(form_reader& f) {
  auto& table = builtin_table::instance();
  for (auto n = f.size(4); n > 0; --n) {
    auto from = f.at();
    auto name = f.text("a built-in's name");
    auto index = table.index_of(name);
    if (index < 0)
      f.refuse(from, "built-in '" + std::string(name)
                         + "' is not known; expected one of this engine");
    f.builtins.push_back(index);
  }
}

// Lists of children, from their parents, which come before them.
void link_children(form_reader& f, program& p) {
  for (size_t n = 1; n < p.nodes.size(); ++n) {
    auto parent = p.nodes[n].parent;
    if (parent < 0 || static_cast<size_t>(parent) >= n)
      f.refuse("node " + std::to_string(n) + " of the tree has parent "
               + std::to_string(parent) + "; expected one before it");
    p.nodes[static_cast<size_t>(parent)].children.push_back(
        static_cast<int>(n));
  }
  for (auto& node : p.nodes) {
    object_builder index(p.memory, node.children.size());
    for (auto c : node.children)
      index.add(p.nodes[static_cast<size_t>(c)].key, value::integer(c));
    node.child_index = index.finish();
  }
}

std::shared_ptr<const program> read_program(form_reader& f) {
  auto p = std::make_shared<program>();
  f.into(p->memory);
  form::describe(f, *p);
  link_children(f, *p);
  if (auto why = refusal_of(*p))
    throw not_verified_code{std::move(*why)};
  return p;
}

bytecode_entry read_entry(form_reader& f,
                          const std::shared_ptr<const program>& p) {
  auto q = std::make_shared<compiled_query>();
  bytecode_entry out;
  f.text(out.path);
  f.into(q->memory);
  form::describe(f, *q);
  q->owner = p;
  q->prog = p.get();
  q->entry = true;
  q->shown.push_back({out.path, 1, 1});
  if (auto why = refusal_of(*p, q->unit, q->registers, true))
    throw not_verified_code{out.path + ": " + *why};
  out.query = std::move(q);
  return out;
}

error bytecode_error(std::string what) {
  return {"bytecode_error", std::move(what), "", 0, 0};
}

void check_documents(const program& p, size_t at, const value& v,
                     const std::string& path, errors& out) {
  auto& n = p.nodes[at];
  if (n.slot >= 0) {
    out.push_back({"rego_compile_error",
                   "conflicting rule for data path " + path + " found", "", 0,
                   0});
    return;
  }
  for (auto c : n.children) {
    auto& key = p.nodes[static_cast<size_t>(c)].key;
    auto there = v.is_object() ? lookup(v, key) : v;
    if (key.is_string() && there.defined())
      check_documents(
          p, static_cast<size_t>(c), there,
          (path.empty() ? "" : path + "/") + std::string(key.as_string()), out);
  }
}

} // namespace

result<bytecode> load_bytecode(std::string_view bytes) {
  form_reader f(bytes);
  try {
    read_head(f);
    read_builtins(f);
    auto p = read_program(f);
    bytecode out;
    for (auto n = f.size(28); n > 0; --n)
      out.entries.push_back(read_entry(f, p));
    if (f.left())
      f.refuse("the form ends here; expected no more, "
               + std::to_string(f.left()) + " bytes are left");
    return out;
  } catch (const form_refused& r) {
    return bytecode_error("byte " + std::to_string(r.at) + ": " + r.why);
  } catch (const not_verified_code& r) {
    return bytecode_error("the code is not what this engine may run: " + r.why);
  } catch (const bound_reached& b) {
    return bytecode_error("byte " + std::to_string(f.at()) + ": "
                          + std::string(bound_message(b.which)));
  }
}

prepared_ptr bytecode::query(std::string_view path) const {
  auto wanted = entry_path(path);
  for (auto& e : entries)
    if (e.path == wanted)
      return e.query;
  return nullptr;
}

errors path_conflicts(const bytecode& b, const value& data) {
  errors out;
  if (!b.entries.empty())
    check_documents(
        *static_cast<const compiled_query&>(*b.entries[0].query).prog, 0, data,
        "", out);
  return out;
}

} // namespace rego
