// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/session.hpp"

#include <algorithm>
#include <cstdio>
#include <set>
#include <utility>

#include "builtins/builtin.hpp"
#include "cli/eval_output.hpp"
#include "parser/parse.hpp"
#include "rego/build.hpp"

namespace rego::cli {

namespace {

constexpr const char* session_help =
    "A query is answered, a rule is kept: x := 1, p contains v if { ... }\n"
    "What is open in brackets goes on in the next line; an empty line gives "
    "it\n"
    "up. The words below may have a colon before them.\n"
    "\n"
    "  package NAME     go on in that package\n"
    "  import PATH      an import for it\n"
    "  show             the package as typed so far\n"
    "  unset NAME       forget a rule\n"
    "  input JSON       the input document; without JSON: none\n"
    "  trace [MODE]     off, notes, fails, full (where none is named), debug\n"
    "  json, pretty     how answers are written\n"
    "  help             this\n"
    "  exit             leave; so does the end of input\n"
    "\n"
    "example: allow if input.user == \"ann\"\n";

constexpr const char* words[] = {"exit", "help",    "import", "input",
                                 "json", "package", "pretty", "quit",
                                 "show", "trace",   "unset"};

bool is_command(const std::string& name) {
  return std::find(std::begin(words), std::end(words), name) != std::end(words);
}

std::string trimmed(const std::string& s) {
  auto from = s.find_first_not_of(" \t\r\n");
  if (from == s.npos)
    return "";
  return s.substr(from, s.find_last_not_of(" \t\r\n") - from + 1);
}

void say(const std::string& text) {
  std::printf("%s\n", text.c_str());
}

void complain(const rego::errors& list) {
  for (auto& e : list)
    say(e.file.empty() ? std::to_string(e.row) + ":" + std::to_string(e.col)
                             + ": " + e.code + ": " + e.message
                       : to_string(e));
}

// `x := 1` and `f(x) := 1` define; `data.a := 1` cannot.
bool is_definition(const query& q) {
  if (q.literals.size() != 1 || q.literals[0].kind != expr_kind::term)
    return false;
  auto& t = q.literals[0].terms[0];
  if (!t.is_call("assign") || t.args.size() != 3)
    return false;
  auto& left = t.args[1];
  return left.kind == term_kind::var || left.kind == term_kind::call;
}

std::string rule_name(const rule& r) {
  auto& ref = r.head.ref;
  return ref.kind == term_kind::ref ? ref.args[0].text : ref.text;
}

} // namespace

// Looks at brackets, strings and comments only.
bool wants_more(std::string_view text) {
  int depth = 0;
  bool raw = false;
  std::string_view last;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '`')
      raw = !raw;
    if (raw || c == ' ' || c == '\t' || c == '\n')
      continue;
    if (c == '#') {
      i = std::min(text.find('\n', i), text.size());
      continue;
    }
    if (c == '"')
      for (++i; i < text.size() && text[i] != '"' && text[i] != '\n'; ++i)
        i += text[i] == '\\';
    depth += (c == '{' || c == '[' || c == '(');
    depth -= (c == '}' || c == ']' || c == ')');
    last = text.substr(0, std::min(i + 1, text.size()));
  }
  if (raw || depth > 0)
    return true;
  for (auto end : {":=", "=", ",", "|", "&", "+", " if", " with", " as"})
    if (last.ends_with(end))
      return true;
  return false;
}

session::session(loaded files, compile_options compiling, environment world)
    : files_(std::move(files)), compiling_(std::move(compiling)),
      evaluator_(std::move(world)) {
  compiling_.instrument = true;
}

rego::errors session::start() {
  return compile_all();
}

rego::errors session::reload(loaded files) {
  std::swap(files_, files);
  auto bad = compile_all();
  if (!bad.empty())
    std::swap(files_, files);
  return bad;
}

std::string session::module_text(const std::string& package,
                                 const typed& t) const {
  auto out = "package " + package + "\n\n";
  for (auto& i : t.imports)
    out += i + "\n";
  if (!t.imports.empty() && !t.rules.empty())
    out += "\n";
  for (auto& [name, text] : t.rules)
    out += text + "\n";
  return out;
}

rego::errors session::compile_all() {
  auto modules = files_.modules;
  for (auto& [package, t] : typed_)
    modules.push_back({package, module_text(package, t)});
  auto p = compile(modules, compiling_);
  if (!p)
    return p.error_list();
  policy_ = *p;
  return {};
}

void session::restore(const std::map<std::string, typed>& before,
                      const rego::errors& why) {
  complain(why);
  typed_ = before;
  compile_all();
}

session::step session::line(const std::string& text) {
  auto whole = pending_ + (pending_.empty() ? "" : "\n") + text;
  bool gave_up = trimmed(text).empty();
  pending_.clear();
  if (trimmed(whole).empty())
    return step::done;
  if (!gave_up && wants_more(whole)) {
    pending_ = whole;
    return step::more;
  }
  auto plain = trimmed(whole);
  if (plain[0] == ':')
    plain.erase(0, 1);
  if (plain == "exit" || plain == "quit")
    return step::exit;
  obey(trimmed(whole));
  return step::done;
}

void session::obey(const std::string& text) {
  bool marked = text[0] == ':';
  auto plain = marked ? text.substr(1) : text;
  auto end = std::min(plain.find_first_of(" \t"), plain.size());
  auto name = plain.substr(0, end);
  auto rest = trimmed(plain.substr(end));
  // `input.x` and `show := 1` are no commands.
  bool defines = rest.starts_with(":=") || rest.starts_with("=")
                 || rest.starts_with("if ") || rest.starts_with("contains ");
  if (is_command(name) && !defines)
    return command(name, rest);
  if (marked)
    return say("no command ':" + name + "'; try help");
  if (!define(text))
    ask(text);
}

void session::command(const std::string& name, const std::string& rest) {
  if (name == "help") {
    std::fputs(session_help, stdout);
  } else if (name == "show") {
    show();
  } else if (name == "package") {
    set_package(rest);
  } else if (name == "import") {
    add_import(rest);
  } else if (name == "unset") {
    unset(rest);
  } else if (name == "input") {
    set_input(rest);
  } else if (name == "trace") {
    try {
      explain_ = parse_explain(rest.empty() ? "full" : rest);
    } catch (const usage_error&) {
      say("trace: '" + rest + "' is none of off, notes, fails, full, debug");
    }
  } else {
    format_ = name;
  }
}

void session::show() const {
  auto at = typed_.find(package_);
  std::fputs(
      module_text(package_, at == typed_.end() ? typed{} : at->second).c_str(),
      stdout);
}

void session::set_package(const std::string& name) {
  auto m = parse_module("", "package " + name, {});
  if (!m)
    return complain(m.error_list());
  package_ = name;
}

void session::add_import(const std::string& path) {
  auto before = typed_;
  typed_[package_].imports.push_back("import " + path);
  if (auto bad = compile_all(); !bad.empty())
    restore(before, bad);
}

void session::unset(const std::string& name) {
  auto before = typed_;
  auto& rules = typed_[package_].rules;
  auto n = std::erase_if(rules, [&](auto& r) { return r.first == name; });
  if (n == 0)
    return say("no rule '" + name + "' was typed in package " + package_);
  if (auto bad = compile_all(); !bad.empty())
    restore(before, bad);
}

void session::set_input(const std::string& text) {
  arena a;
  if (!text.empty())
    if (auto v = parse_json(a, text); !v)
      return complain(v.error_list());
  input_ = text;
}

// Kept where it is a rule; false where it is something else.
bool session::define(const std::string& text) {
  auto q = parse_query(text, {!compiling_.v0_compatible});
  if (q && !is_definition(*q))
    return false;
  auto m = parse_module("", "package " + package_ + "\n" + text,
                        {!compiling_.v0_compatible});
  if (!m || m->rules.empty())
    return false;
  auto before = typed_;
  auto& rules = typed_[package_].rules;
  auto& r = m->rules[0];
  auto name = rule_name(r);
  // A constant takes the place of the one before.
  bool constant = r.no_body && !r.is_default && !r.head.is_function
                  && !r.head.is_set && r.head.ref.kind == term_kind::var;
  size_t replaced = 0;
  if (constant)
    replaced = std::erase_if(rules, [&](auto& x) { return x.first == name; });
  rules.emplace_back(name, text);
  if (auto bad = compile_all(); !bad.empty()) {
    restore(before, bad);
    return true;
  }
  say("Rule '" + name + "' " + (replaced ? "re-defined" : "defined")
      + " in package " + package_ + ". Type 'show' to see rules.");
  return true;
}

void session::ask(const std::string& text) {
  prepare_options po;
  po.v0_compatible = compiling_.v0_compatible;
  po.package = package_;
  po.instrument = true;
  for (auto& i : typed_[package_].imports)
    po.imports.push_back(i.substr(std::string_view("import ").size()));
  auto q = prepare(policy_, text, po);
  if (!q)
    return complain(q.error_list());
  trace_keeper keeper;
  evaluate_options eo;
  eo.cancel = cancel_;
  if (explain_ != explain_mode::off)
    eo.trace = &keeper;
  auto a = input_.empty()
               ? evaluator_.evaluate(**q, *files_.data, value(), eo)
               : evaluator_.evaluate(**q, *files_.data, json_input{input_}, eo);
  for (auto& p : a.prints)
    say(p);
  arena memory;
  eval_output out;
  out.explanation = chosen(keeper.take(), explain_);
  out.show_explanation = true;
  out.result = result_set(memory, **q, a.result);
  if (!a.errors.empty())
    return complain(a.errors);
  print_output(out, {.format = format_});
}

std::vector<std::string> session::completions(std::string_view word) const {
  std::set<std::string> out;
  auto add = [&](const std::string& name) {
    if (name.starts_with(word))
      out.insert(name);
  };
  for (auto* w : words) {
    add(w);
    add(std::string(":") + w);
  }
  auto& table = builtin_table::instance();
  for (size_t i = 0; i < table.size(); ++i)
    add(std::string(table.at(i).name));
  if (policy_)
    for (auto& r : policy_->rules()) {
      add(r.path);
      if (r.package == "data." + package_ && !r.name.empty())
        add(r.name[0]);
    }
  return {out.begin(), out.end()};
}

} // namespace rego::cli
