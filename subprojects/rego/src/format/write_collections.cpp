// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Arrays, sets, objects, arguments and comprehensions: what stood on one line
// stays on one line.

#include <utility>

#include "format/writer.hpp"

namespace rego::formatting {

namespace {

// Names that the compiler makes have no place to be laid out by.
bool generated_name(const term& t) {
  if (t.is(term_kind::var) && t.text.starts_with("__local"))
    return true;
  return std::any_of(t.args.begin(), t.args.end(), generated_name);
}

} // namespace

bool writer::write_list(const std::vector<term>& args, size_t from,
                        const place& around, int close_row, bool collection) {
  std::vector<element> list;
  for (size_t i = from; i < args.size(); ++i)
    list.push_back({&args[i], nullptr});
  return write_elements(
      std::move(list), around, close_row, [&](const element& x) {
        auto& t = *x.key;
        bool keep = collection || where_.of(t).in_parentheses();
        return write_in_union_parentheses(t, keep);
      });
}

bool writer::write_in_union_parentheses(const term& t, bool parentheses) {
  parentheses &= is_union(t);
  put(parentheses ? "(" : "");
  bool ok = write_term(t);
  put(parentheses ? ")" : "");
  return ok;
}

bool writer::write_object(const term& t, const place& p) {
  std::vector<element> list;
  for (size_t i = 0; i + 1 < t.args.size(); i += 2)
    list.push_back({&t.args[i], &t.args[i + 1]});
  put("{");
  bool ok = write_elements(
      std::move(list), p, closing_row(p, {'{', '}'}), [&](const element& x) {
        bool plain = write_in_union_parentheses(*x.key, true);
        put(": ");
        return write_in_union_parentheses(*x.value, true) && plain;
      });
  put("}");
  return ok;
}

bool writer::write_set(const term& t, const place& p) {
  if (t.args.empty()) {
    put("set()");
    return insert_notes(closing_row(p, {'(', ')'}));
  }
  put("{");
  bool ok = write_list(t.args, 0, p, closing_row(p, {'{', '}'}), true);
  put("}");
  return ok;
}

bool writer::write_elements(std::vector<element> list, const place& around,
                            int close_row, const element_writer& write) {
  bool head = std::exchange(head_, false);
  bool generated = std::any_of(list.begin(), list.end(), [](auto& x) {
    return generated_name(*x.key) || (x.value && generated_name(*x.value));
  });
  auto breaks_before = [&](size_t i) {
    return !generated && i > 0 && list[i].key->at.row > list[i - 1].key->at.row;
  };
  bool lines = false;
  for (size_t i = 1; i < list.size(); ++i)
    lines |= breaks_before(i);
  if (!lines && notes_.between(around.row, close_row)) {
    if (!head)
      return false;
    lines = true;
  }
  // The first one's text is looked for in the text around it.
  if (!lines && !list.empty() && list[0].key->at.offset != around.offset) {
    auto at = around.text.find(where_.of(*list[0].key).text);
    auto line = around.text.find('\n');
    lines = at != around.text.npos && line > 0 && line < at;
  }
  if (lines)
    begin_sequence();
  bool ok = true;
  for (size_t i = 0; i < list.size(); ++i) {
    if (breaks_before(i)) {
      put(",");
      end_line();
      begin_line();
    } else if (i > 0) {
      put(", ");
    }
    ok &= write(list[i]);
  }
  if (!lines)
    return ok;
  put(",");
  end_line();
  ok &= insert_notes(close_row);
  --level_;
  begin_line();
  return ok;
}

bool writer::write_comprehension(const term& t, const place& p) {
  bool object = t.is(term_kind::object_compr);
  brackets b =
      t.is(term_kind::array_compr) ? brackets{'[', ']'} : brackets{'{', '}'};
  put(std::string(1, b.open));
  bool ok = true;
  if (object) {
    ok &= write_in_union_parentheses(t.args[0], true);
    put(": ");
  }
  // An object's value stays on its key's line.
  auto& value = t.args.back();
  auto at = where_.of(value);
  if (object)
    at.row = p.row;
  if (at.row > p.row) {
    end_line();
    begin_line();
  }
  bool parentheses =
      value.is(term_kind::call) && (infix_of(value) || at.in_parentheses());
  // Before the bar stands a term without operators.
  if (is_membership(value))
    put("(");
  if (object) {
    term moved = value;
    moved.at.row = p.row;
    ok &= write_plain(moved, parentheses);
  } else {
    ok &= write_plain(value, parentheses);
  }
  put(is_membership(value) ? ") |" : " |");
  ok &= write_braced(*t.body, p, b, at);
  put(std::string(1, b.close));
  return ok;
}

} // namespace rego::formatting
