// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// strings.render_template: runs a template over an object.

#include <algorithm>

#include "builtins/families.hpp"
#include "builtins/go_format.hpp"
#include "builtins/support.hpp"
#include "builtins/template_parser.hpp"
#include "builtins/urlquery.hpp"
#include "builtins/written_size.hpp"
#include "core/outside_memory.hpp"
#include "rego/json.hpp"

namespace rego::text_template {

namespace {

// A value as Go's fmt prints a decoded JSON document.
std::string shown(const value& v) {
  if (!v.defined())
    return "<no value>";
  if (v.is_string())
    return std::string(v.as_string());
  if (v.is_null())
    return "<nil>";
  if (v.is_number() || v.is_boolean())
    return to_json(v);
  std::string out = v.is_object() ? "map[" : "[";
  auto start = out.size();
  for (size_t i = 0; i < v.size(); ++i) {
    if (out.size() > start)
      out += ' ';
    if (v.is_object())
      out += shown(v.keys()[i]) + ":" + shown(v.values()[i]);
    else
      out += shown(elements(v)[i]);
  }
  return out + "]";
}

// OPA hands documents to the template with their numbers as json.Number, which
// is a string to Go's operations; the template's own numbers are numbers.
value with_textual_numbers(call_context& c, const value& v) {
  c.tick(1);
  if (v.is_number())
    return c.string(to_json(v));
  if (v.is_object()) {
    object_builder o(c.memory());
    for (size_t i = 0; i < v.size(); ++i)
      o.add(v.keys()[i], with_textual_numbers(c, v.values()[i]));
    return o.finish();
  }
  if (!v.is_collection())
    return v;
  // Sets are arrays in JSON.
  array_builder out(c.memory(), v.size());
  for (auto& x : elements(v))
    out.push(with_textual_numbers(c, x));
  return out.array();
}

bool is_true(const value& v) {
  if (!v.defined() || v.is_null() || v.is_false())
    return false;
  if (v.is_string())
    return !v.as_string().empty();
  if (v.is_number())
    return compare(v, value::integer(0)) != 0;
  return v.is_true() || v.size() > 0;
}

enum class flow { next, break_loop, continue_loop, stop };

class runner {
public:
  runner(call_context& c, const tree& t, const value& root)
      : c_(c), tree_(t), out_(c) {
    variables_.emplace_back("$", root);
  }
  bool run(const value& root) {
    run_list(tree_.main, root, 0);
    return error.empty();
  }
  value result() { return out_.finish(); }
  std::string error;

private:
  static constexpr int depth_max = 200;

  value fail(const std::string& what) {
    if (error.empty())
      error = "template: template: executing \"template\": " + what;
    return {};
  }
  bool failed() const { return !error.empty(); }
  std::string checked(const value& v) {
    check_written_size(c_, v);
    return shown(v);
  }
  flow run_list(const nodes& list, const value& dot, int depth);
  flow run_node(const node& n, const value& dot, int depth);
  flow run_range(const node& n, const value& dot, int depth);
  void call(const node& n, const value& dot, int depth);
  value evaluate(const pipeline& p, const value& dot);
  value evaluate(const command& cmd, const value& dot, const value* last);
  value evaluate(const operand& o, const value& dot);
  value field(value v, const std::vector<std::string>& names, size_t from);
  value variable(const std::string& name);
  value function(const std::string& name, const std::vector<value>& a);
  value compare_all(const std::string& name, const std::vector<value>& a);
  value index(const std::vector<value>& a);
  value slice(const std::vector<value>& a);
  value print(const std::string& name, const std::vector<value>& a);
  value escape(const std::string& name, const std::vector<value>& a);

  call_context& c_;
  const tree& tree_;
  text_sink out_;
  std::vector<std::pair<std::string, value>> variables_;
};

// A missing key gives "<undefined>" where it is printed.
value runner::field(value v, const std::vector<std::string>& names,
                    size_t from) {
  for (auto i = from; i < names.size(); ++i) {
    if (!v.defined() || v.is_null())
      return fail("nil data; no entry for key " + go_quote(names[i]));
    if (!v.is_object())
      return fail("can't evaluate field " + names[i] + " in type "
                  + std::string(type_name(v)));
    v = lookup(v, c_.string(names[i]));
  }
  return v;
}

value runner::variable(const std::string& name) {
  for (auto i = variables_.rbegin(); i != variables_.rend(); ++i)
    if (i->first == name)
      return i->second;
  return fail("undefined variable " + go_quote(name));
}

value runner::evaluate(const operand& o, const value& dot) {
  switch (o.what) {
  case operand::form::constant:
    return field(o.constant, o.fields, 0);
  case operand::form::dot:
    return field(dot, o.fields, 0);
  case operand::form::variable:
    return field(variable(o.name), o.fields, 0);
  case operand::form::pipeline:
    return field(evaluate(*o.inner, dot), o.fields, 0);
  default:
    return field(function(o.name, {}), o.fields, 0);
  }
}

value runner::evaluate(const command& cmd, const value& dot,
                       const value* last) {
  c_.tick(1 + cmd.size());
  if (cmd[0].what != operand::form::function) {
    if (cmd.size() > 1 || last)
      return fail("can't give argument to non-function");
    if (cmd[0].what == operand::form::constant && cmd[0].constant.is_null())
      return fail("nil is not a command");
    return evaluate(cmd[0], dot);
  }
  std::vector<value> a;
  auto& name = cmd[0].name;
  for (size_t i = 1; i < cmd.size() && !failed(); ++i) {
    a.push_back(evaluate(cmd[i], dot));
    // `and` and `or` stop at the first operand that settles them.
    if ((name == "and" && !is_true(a.back()))
        || (name == "or" && is_true(a.back())))
      return a.back();
  }
  if (last)
    a.push_back(*last);
  return failed() ? value() : function(name, a);
}

value runner::evaluate(const pipeline& p, const value& dot) {
  value v;
  bool first = true;
  for (auto& cmd : p.commands) {
    v = evaluate(cmd, dot, first ? nullptr : &v);
    first = false;
    if (failed())
      return {};
  }
  return v;
}

// Go compares what is of one kind, and anything with nil.
bool same_kind(const value& a, const value& b) {
  if (!a.defined() || !b.defined())
    return false;
  if (a.is_null() || b.is_null())
    return true;
  return a.type() == b.type() && a.is_integer() == b.is_integer();
}

value runner::compare_all(const std::string& name,
                          const std::vector<value>& a) {
  if (a.size() < 2)
    return fail("error calling " + name + ": missing argument for comparison");
  bool comparable = true;
  for (size_t i = 1; i < a.size(); ++i)
    comparable = comparable && same_kind(a[0], a[i]);
  if (!comparable)
    return fail("error calling " + name
                + ": incompatible types for comparison");
  if (name == "eq")
    return truth(std::any_of(a.begin() + 1, a.end(),
                             [&](auto& v) { return equal(a[0], v); }));
  auto order = compare(a[0], a[1]);
  return truth(name == "ne"   ? order != 0
               : name == "lt" ? order < 0
               : name == "le" ? order <= 0
               : name == "gt" ? order > 0
                              : order >= 0);
}

value runner::index(const std::vector<value>& a) {
  if (a.empty())
    return fail("error calling index: missing argument");
  auto v = a[0];
  for (size_t i = 1; i < a.size(); ++i) {
    if (!v.is_array() && !v.is_object())
      return fail("error calling index: can't index item of type "
                  + std::string(v.defined() ? type_name(v) : "nil"));
    bool array = v.is_array();
    v = lookup(v, a[i]);
    if (!v.defined() && array)
      return fail("error calling index: index out of range: " + shown(a[i]));
  }
  return v;
}

value runner::slice(const std::vector<value>& a) {
  if (a.empty() || a.size() > 3 || (!a[0].is_string() && !a[0].is_array()))
    return fail("error calling slice: can't slice item");
  auto size = static_cast<int64_t>(a[0].is_string() ? a[0].as_string().size()
                                                    : a[0].size());
  int64_t at[2] = {0, size};
  for (size_t i = 1; i < a.size(); ++i) {
    if (!a[i].is_integer())
      return fail("error calling slice: cannot index slice/array with type "
                  + std::string(type_name(a[i])));
    at[i - 1] = a[i].as_integer();
  }
  if (at[0] < 0 || at[1] > size || at[0] > at[1])
    return fail("error calling slice: index out of range");
  auto from = static_cast<size_t>(at[0]);
  auto n = static_cast<size_t>(at[1] - at[0]);
  return a[0].is_string()
             ? c_.string(a[0].as_string().substr(from, n))
             : make_array(c_.memory(), a[0].items().subspan(from, n));
}

value runner::print(const std::string& name, const std::vector<value>& a) {
  text_sink to(c_);
  if (name == "printf") {
    if (a.empty() || !a[0].is_string())
      return fail("error calling printf: wrong type for format");
    std::vector<format_arg> list;
    for (size_t i = 1; i < a.size(); ++i)
      list.push_back(a[i].is_string() || a[i].is_number()
                         ? make_format_arg(a[i])
                         : format_arg(checked(a[i])));
    go_sprintf(to, a[0].as_string(), list);
    return to.finish();
  }
  for (size_t i = 0; i < a.size(); ++i) {
    // print puts a space between operands of which none is a string.
    if (i
        && (name == "println" || (!a[i].is_string() && !a[i - 1].is_string())))
      to.put(' ');
    to.put(checked(a[i]));
  }
  if (name == "println")
    to.put('\n');
  return to.finish();
}

std::string html_escaped(char ch) {
  switch (ch) {
  case '\'':
    return "&#39;";
  case '"':
    return "&#34;";
  case '&':
    return "&amp;";
  case '<':
    return "&lt;";
  case '>':
    return "&gt;";
  case '\0':
    return "\uFFFD";
  default:
    return {ch};
  }
}

std::string js_escaped(char ch) {
  if (std::string_view("\\'\"").find(ch) != std::string_view::npos)
    return {'\\', ch};
  auto byte = static_cast<unsigned char>(ch);
  if (byte >= 0x20 && std::string_view("<>&=").find(ch) == std::string::npos)
    return {ch};
  constexpr char hex[] = "0123456789ABCDEF";
  return {'\\', 'u', '0', '0', hex[byte >> 4], hex[byte & 15]};
}

value runner::escape(const std::string& name, const std::vector<value>& a) {
  std::string s;
  for (auto& v : a)
    s += checked(v);
  if (name == "urlquery")
    return c_.string(query_escape(s));
  text_sink to(c_);
  for (auto ch : s)
    to.put(name == "html" ? html_escaped(ch) : js_escaped(ch));
  return to.finish();
}

value runner::function(const std::string& name, const std::vector<value>& a) {
  auto one_of = [&](std::initializer_list<std::string_view> names) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  if (one_of({"eq", "ne", "lt", "le", "gt", "ge"}))
    return compare_all(name, a);
  if (one_of({"print", "println", "printf"}))
    return print(name, a);
  if (one_of({"html", "js", "urlquery"}))
    return escape(name, a);
  if (one_of({"and", "or"}) && !a.empty())
    return a.back();
  if (name == "not" && a.size() == 1)
    return truth(!is_true(a[0]));
  if (name == "index")
    return index(a);
  if (name == "slice")
    return slice(a);
  if (name == "len" && a.size() == 1) {
    if (a[0].is_string())
      return whole(a[0].as_string().size());
    if (a[0].is_collection())
      return whole(a[0].size());
    return fail("error calling len: len of type "
                + std::string(a[0].defined() ? type_name(a[0]) : "nil"));
  }
  if (one_of({"and", "or", "not", "len"}))
    return fail("wrong number of args for " + name);
  return fail("function " + go_quote(name) + " not defined");
}

void runner::call(const node& n, const value& dot, int depth) {
  auto t = tree_.defined.find(n.text);
  if (t == tree_.defined.end()) {
    fail("template " + go_quote(n.text) + " not defined");
    return;
  }
  auto data = n.pipe.commands.empty() ? value::null() : evaluate(n.pipe, dot);
  auto kept = std::move(variables_);
  variables_ = {{"$", data}};
  if (!failed())
    run_list(t->second, data, depth + 1);
  variables_ = std::move(kept);
}

flow runner::run_range(const node& n, const value& dot, int depth) {
  auto v = evaluate(n.pipe, dot);
  if (failed())
    return flow::stop;
  bool count = v.is_integer();
  auto size = count ? std::max<int64_t>(v.as_integer(), 0)
                    : static_cast<int64_t>(v.size());
  if (v.defined() && !v.is_null() && !count && !v.is_collection()) {
    fail("range can't iterate over " + shown(v));
    return flow::stop;
  }
  if (size == 0)
    return run_list(n.otherwise, dot, depth + 1);
  for (int64_t i = 0; i < size && !failed(); ++i) {
    c_.tick(1);
    auto at = static_cast<size_t>(i);
    auto element = count           ? value::integer(i)
                   : v.is_object() ? v.values()[at]
                                   : elements(v)[at];
    auto key = v.is_object() ? v.keys()[at] : value::integer(i);
    auto mark = variables_.size();
    auto& names = n.pipe.variables;
    if (names.size() == 2)
      variables_.emplace_back(names[0], key);
    if (!names.empty())
      variables_.emplace_back(names.back(), element);
    auto f = run_list(n.body, element, depth + 1);
    variables_.resize(mark);
    if (f == flow::break_loop)
      break;
    if (f == flow::stop)
      return f;
  }
  return flow::next;
}

flow runner::run_node(const node& n, const value& dot, int depth) {
  switch (n.what) {
  case node::form::text:
    out_.put(n.text);
    return flow::next;
  case node::form::break_:
    return flow::break_loop;
  case node::form::continue_:
    return flow::continue_loop;
  case node::form::call:
    call(n, dot, depth);
    return failed() ? flow::stop : flow::next;
  case node::form::range:
    return run_range(n, dot, depth);
  default:
    break;
  }
  auto v = evaluate(n.pipe, dot);
  if (failed())
    return flow::stop;
  auto mark = variables_.size();
  for (auto& name : n.pipe.variables) {
    auto at = variables_.end();
    for (auto i = variables_.begin(); n.pipe.assigns && i != variables_.end();
         ++i)
      if (i->first == name)
        at = i;
    if (at == variables_.end())
      variables_.emplace_back(name, v);
    else
      at->second = v;
  }
  if (n.what == node::form::action) {
    if (n.pipe.variables.empty())
      out_.put(!v.defined()  ? "<undefined>"
               : v.is_null() ? "<no value>"
                             : checked(v));
    return flow::next;
  }
  bool yes = is_true(v);
  bool with = n.what == node::form::with && yes;
  auto f = run_list(yes ? n.body : n.otherwise, with ? v : dot, depth + 1);
  variables_.resize(mark);
  return f;
}

flow runner::run_list(const nodes& list, const value& dot, int depth) {
  if (depth > depth_max) {
    fail("exceeded maximum template depth (" + std::to_string(depth_max) + ")");
    return flow::stop;
  }
  auto mark = variables_.size();
  auto f = flow::next;
  for (auto& n : list) {
    c_.tick(1);
    f = run_node(*n, dot, depth);
    if (f != flow::next)
      break;
  }
  if (variables_.size() > mark)
    variables_.resize(mark);
  return f;
}

value render(call_context& c, args a) {
  if (!need(c, a, {kind::string, kind::object}))
    return {};
  outside_memory counted(c.memory());
  tree t;
  std::string error;
  c.tick(a[0].as_string().size() / 16);
  if (!parse(c, a[0].as_string(), t, error))
    return c.fail(error);
  auto root = with_textual_numbers(c, a[1]);
  runner r(c, t, root);
  return r.run(root) ? r.result() : c.fail(r.error);
}

} // namespace

} // namespace rego::text_template

namespace rego {

void register_template(builtin_table& t) {
  t.add("strings.render_template", text_template::render);
}

} // namespace rego
