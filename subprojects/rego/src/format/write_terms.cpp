// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Terms, references and calls.

#include "builtins/builtin.hpp"
#include "format/writer.hpp"

namespace rego::formatting {

const builtin* infix_of(const term& call) {
  if (!call.is(term_kind::call))
    return nullptr;
  auto b = builtin_table::instance().find(ref_text(call.args[0]));
  return b && !b->infix.empty() ? b : nullptr;
}

bool is_membership(const term& t) {
  auto infix = infix_of(t);
  return infix && infix->infix == "in" && t.args.size() == 3;
}

bool is_union(const term& t) {
  return t.is_call("or");
}

bool is_word(std::string_view s) {
  auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !s.empty() && letter(s[0])
         && std::all_of(s.begin(), s.end(), [&](char c) {
              return letter(c) || (c >= '0' && c <= '9');
            });
}

// Where a comment is in the way, the term is written as it was.
bool writer::write_term(const term& t) {
  if (notes_.empty())
    return write_plain(t, false);
  auto size = out_.size();
  auto level = level_;
  auto position = notes_.position();
  if (write_plain(t, false))
    return true;
  out_.resize(size);
  level_ = level;
  auto p = where_.of(t);
  // Its own comments are part of its text.
  if (line_end_ && !p.text.empty() && line_end_->at.row >= p.row
      && line_end_->at.row <= p.end_row())
    line_end_ = nullptr;
  notes_.move_to(position);
  put_original(p);
  return false;
}

bool writer::write_plain(const term& t, bool parentheses) {
  if (paren_term_ == &t) {
    paren_term_ = nullptr;
    parentheses = true;
  }
  auto p = where_.of(t);
  bool ok = insert_notes(p.row);
  if (!inline_)
    begin_line();
  ok &= write_value(t, parentheses, p);
  if (!inline_)
    begin_line();
  return ok;
}

bool writer::write_value(const term& t, bool parentheses, const place& p) {
  switch (t.kind) {
  case term_kind::ref:
    return write_ref(t.args);
  case term_kind::object:
    return write_object(t, p);
  case term_kind::array: {
    put("[");
    bool ok = write_list(t.args, 0, p, closing_row(p, {'[', ']'}), true);
    put("]");
    return ok;
  }
  case term_kind::set:
    return write_set(t, p);
  case term_kind::array_compr:
  case term_kind::set_compr:
  case term_kind::object_compr:
    return write_comprehension(t, p);
  case term_kind::string:
    return write_string(t);
  case term_kind::template_string:
    return write_template(t);
  case term_kind::call:
    return write_call(t, parentheses);
  case term_kind::var:
    put(t.text[0] == '$' ? "_" : t.text);
    return true;
  default:
    put(term_text(t));
    return true;
  }
}

// As written; a name behind a dot, or what was in parentheses, by its value.
bool writer::write_string(const term& t) {
  auto text = where_.text(t.where);
  bool literal = text.size() > 1
                 && ((text[0] == '"' && text.back() == '"') || text[0] == '`');
  put(literal ? std::string(text) : string_literal(t.text));
  return true;
}

bool writer::write_ref(const std::vector<term>& parts) {
  auto& head = parts[0];
  bool parentheses =
      infix_of(head)
      || (head.is(term_kind::call) && where_.of(head).in_parentheses());
  bool ok = write_plain(head, parentheses);
  for (size_t i = 1; i < parts.size(); ++i) {
    auto& t = parts[i];
    if (t.is(term_kind::string)) {
      write_name_part(t);
    } else if (t.is(term_kind::var)) {
      put(t.text[0] == '$' ? "[_]" : "[" + t.text + "]");
    } else {
      put("[");
      // The bracket must not become part of a comment.
      put(write_term(t) ? "]" : "\n]");
    }
  }
  return ok;
}

// `.name`, or `["a name"]` where a word could not stand.
void writer::write_name_part(const term& t) {
  constexpr std::string_view v0[] = {"not",     "package", "import", "as",
                                     "default", "else",    "with",   "null",
                                     "true",    "false",   "some"};
  constexpr std::string_view v1[] = {"if", "contains", "in", "every"};
  auto in = [&](auto& list) {
    return std::find(std::begin(list), std::end(list), t.text)
           != std::end(list);
  };
  bool keyword = in(v0) || (style_.v1 && in(v1)) || in(style_.keywords);
  auto text = where_.text(t.where);
  bool quotes =
      keyword
      && (!style_.keywords_in_refs || (!text.empty() && text[0] == '"'));
  if (quotes || !is_word(t.text))
    put("[" + string_literal(t.text) + "]");
  else
    put("." + t.text);
}

bool writer::write_call(const term& t, bool parentheses) {
  auto infix = infix_of(t);
  // The operators of literals are none within a term.
  if (!infix || infix->infix == "=" || infix->infix == ":=")
    return write_named_call(t);
  if (infix->infix == "in")
    return write_membership(t.args, 1, true);
  if (t.args.size() != static_cast<size_t>(infix->arity) + 1) {
    arity_mismatch(t);
    return true;
  }
  put(parentheses ? "(" : "");
  bool ok = write_infix_operand(t.args[1]);
  put(" " + infix->infix + " ");
  ok &= write_infix_operand(t.args[2]);
  put(parentheses ? ")" : "");
  return ok;
}

// Membership binds loosest of all.
bool writer::write_infix_operand(const term& t) {
  bool membership = is_membership(t);
  put(membership ? "(" : "");
  bool ok = write_plain(t, true);
  put(membership ? ")" : "");
  return ok;
}

bool writer::write_named_call(const term& call) {
  auto& callee = call.args[0];
  bool ok = callee.is(term_kind::ref) ? write_ref(callee.args)
                                      : write_plain(callee, false);
  put("(");
  ok &= write_list(call.args, 1, where_.of(callee), -1, false);
  put(")");
  return ok;
}

bool writer::write_membership(const std::vector<term>& args, size_t from,
                              bool parentheses) {
  auto operands = args.size() - from;
  if (operands != 2 && operands != 3) {
    errors_.push_back({"rego_type_error", "internal.member_2: arity mismatch",
                       module_.file, args[0].at.row, args[0].at.col});
    return true;
  }
  parentheses &= operands == 3;
  put(parentheses ? "(" : "");
  bool ok = true;
  for (auto i = from; i < args.size(); ++i) {
    if (i > from)
      put(i + 1 == args.size() ? " in " : ", ");
    // x in y in z is (x in y) in z.
    ok &= i == from && operands == 2 ? write_plain(args[i], true)
                                     : write_infix_operand(args[i]);
  }
  put(parentheses ? ")" : "");
  return ok;
}

void writer::arity_mismatch(const term& call) {
  auto infix = infix_of(call);
  std::string have;
  for (size_t i = 1; i < call.args.size(); ++i)
    have += (i > 1 ? "," : "") + std::string(kind_name(call.args[i].kind));
  auto want = infix->arguments;
  for (auto at = want.find(", "); at != want.npos; at = want.find(", ", at))
    want.erase(at + 1, 1);
  errors_.push_back({"rego_type_error",
                     infix->name + ": arity mismatch\n\thave: (" + have
                         + ")\n\twant: (" + want + ")",
                     module_.file, call.args[0].at.row, call.args[0].at.col});
}

} // namespace rego::formatting
