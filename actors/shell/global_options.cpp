// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/shell/global_options.hpp"

namespace acgs::shell {

namespace {

using to = global_options&;
using word = const std::string&;

parameter flag(std::string name, std::string help) {
  return {std::move(name), std::move(help), kind::free, false, true};
}

std::vector<global_option> make_table() {
  return {
      {flag("-h,--help", "Print this help message and exit"), ""},
      {flag("--version", "Show the version of this program"), ""},
      {flag("--json", "One JSON object a line"), "",
       [](to out, word) { out.json = true; }},
      {{"--addr", "Node: unix:PATH or HOST:PORT"},
       "ADDR",
       [](to out, word value) {
         out.connect.address = value;
         out.addr_given = true;
       }},
      {{"--cert", "Client certificate, PEM", kind::file},
       "FILE",
       [](to out, word value) { out.connect.certificate = value; }},
      {{"--key", "Its key, PEM", kind::file},
       "FILE",
       [](to out, word value) { out.connect.key = value; }},
      {{"--ca", "The node's authority, PEM", kind::file},
       "FILE",
       [](to out, word value) { out.connect.authority = value; }},
      {{"--token", "Token to show instead of oneself"},
       "TOKEN",
       [](to out, word value) { out.connect.token = value; }},
      {{"--context", "Named context to use", kind::context},
       "NAME",
       [](to out, word value) { out.context = value; }},
      {number_option("--timeout", "Seconds to wait for an answer", 1, 86400),
       "N",
       [](to out, word value) {
         out.connect.timeout = std::chrono::seconds{std::stoll(value)};
       }},
      {flag("--yes", "Do not ask before dangerous commands"), "",
       [](to out, word) { out.yes = true; }},
      {{"-f", "Run the commands in a file; - is standard input", kind::file},
       "SCRIPT",
       [](to out, word value) { out.script = value; },
       false},
  };
}

} // namespace

std::span<const global_option> all_global_options() {
  static const std::vector<global_option> all = make_table();
  return all;
}

} // namespace acgs::shell
