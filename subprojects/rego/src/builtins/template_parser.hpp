// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The part of Go's text/template language that works on documents: actions
// {{ }}, if, with, range, variables, pipelines, functions, {{define}} and
// {{template}}. One parser a text; the tree owns its parts.

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "builtins/builtin.hpp"

namespace rego::text_template {

struct node;
using nodes = std::vector<std::unique_ptr<node>>;

/// An operand: a constant, `.a.b`, `$x.a`, a function's name or a pipeline in
/// parentheses, each with further fields.
struct operand {
  enum class form { constant, dot, variable, function, pipeline } what;
  value constant;
  std::string name; // of variable or function
  std::vector<std::string> fields;
  std::unique_ptr<struct pipeline> inner;
};

using command = std::vector<operand>;

struct pipeline {
  std::vector<std::string> variables; // declared or assigned
  bool assigns = false;               // `=` instead of `:=`
  std::vector<command> commands;
};

struct node {
  enum class form {
    text,
    action,
    if_,
    with,
    range,
    call,
    break_,
    continue_
  } what;
  std::string text; // or the template's name
  pipeline pipe;
  nodes body, otherwise;
};

struct tree {
  nodes main;
  std::map<std::string, nodes, std::less<>> defined;
};

/// False with Go's message in `error`.
bool parse(call_context& c, std::string_view text, tree& to,
           std::string& error);

} // namespace rego::text_template
