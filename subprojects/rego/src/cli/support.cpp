// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// Options, reading of files and errors of the command line.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "cli/cli.hpp"
#include "cli/text.hpp"
#include "cli/yaml_json.hpp"

namespace rego::cli {

namespace fs = std::filesystem;

bool parsed_options::has(std::string_view name) const {
  if (std::find(off.begin(), off.end(), name) != off.end())
    return false;
  return std::any_of(options.begin(), options.end(),
                     [&](auto& o) { return o.first == name; });
}

std::string parsed_options::last(std::string_view name,
                                 std::string otherwise) const {
  for (auto& o : options)
    if (o.first == name)
      otherwise = o.second;
  return otherwise;
}

std::vector<std::string> parsed_options::all(std::string_view name,
                                             std::string_view other) const {
  std::vector<std::string> out;
  for (auto& o : options)
    if (o.first == name || o.first == other)
      out.push_back(o.second);
  return out;
}

namespace {

bool in(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

// What Go's flags take for true and false.
std::string truth_of(const std::string& name, const std::string& text) {
  for (auto* yes : {"1", "t", "T", "true", "TRUE", "True"})
    if (text == yes)
      return "true";
  for (auto* no : {"0", "f", "F", "false", "FALSE", "False"})
    if (text == no)
      return "false";
  throw usage_error{"option " + name + ": '" + text
                    + "' is neither true nor false"};
}

// "-cv" is "-c" "-v", and "-fjson" is "-f" "json".
arguments apart(const std::string& word, const std::vector<std::string>& valued,
                const std::vector<std::string>& flags) {
  arguments out;
  for (size_t i = 1; i < word.size(); ++i) {
    std::string name{'-', word[i]};
    bool takes = in(valued, name);
    if (!takes && !in(flags, name))
      return {word};
    out.push_back(name);
    if (takes && i + 1 < word.size()) {
      out.push_back(word.substr(i + 1));
      break;
    }
  }
  return out;
}

} // namespace

parsed_options parse(const arguments& args,
                     const std::vector<std::string>& valued,
                     const std::vector<std::string>& flags) {
  parsed_options out;
  arguments words(args.rbegin(), args.rend()); // the next one last
  auto take = [&] {
    auto word = words.back();
    words.pop_back();
    return word;
  };
  while (!words.empty()) {
    auto a = take();
    if (a.size() < 2 || a[0] != '-') {
      out.rest.push_back(a);
      continue;
    }
    if (a == "--") {
      out.rest.insert(out.rest.end(), words.rbegin(), words.rend());
      break;
    }
    auto eq = a.find('=');
    auto name = a.substr(0, eq);
    if (a[1] != '-' && name.size() > 2)
      if (auto parts = apart(a, valued, flags); parts.size() > 1) {
        words.insert(words.end(), parts.rbegin(), parts.rend());
        continue;
      }
    if (in(flags, name)) {
      auto truth = eq == a.npos ? "true" : truth_of(name, a.substr(eq + 1));
      std::erase(out.off, name);
      if (truth == "false")
        out.off.push_back(name);
      out.options.emplace_back(name, truth);
    } else if (!in(valued, name)) {
      throw usage_error{"unknown option " + name};
    } else if (eq != a.npos) {
      out.options.emplace_back(name, a.substr(eq + 1));
    } else if (!words.empty()) {
      out.options.emplace_back(name, take());
    } else {
      throw usage_error{"option " + name + " needs a value"};
    }
  }
  return out;
}

namespace {

// Some devices never end.
constexpr size_t input_bytes_max = size_t{1} << 30;

result<std::string> read_all(std::istream& in, const std::string& name) {
  std::string out;
  std::error_code unknown;
  // One allocation where the size is known, as it is of a large file.
  if (auto size = fs::file_size(name, unknown); !unknown)
    out.reserve(std::min<uintmax_t>(size, input_bytes_max));
  char part[64 * 1024];
  while (in.read(part, sizeof part) || in.gcount() > 0) {
    out.append(part, static_cast<size_t>(in.gcount()));
    if (out.size() > input_bytes_max)
      return error{"load_error", "longer than 1 GiB", name, 0, 0};
  }
  if (!in.eof())
    return error{"load_error", "cannot read the file", name, 0, 0};
  return out;
}

} // namespace

result<std::string> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return read_all(in, path);
}

result<std::string> read_input(const std::string& file) {
  auto text = file == "-" ? read_all(std::cin, "<stdin>") : read_file(file);
  if (text)
    text = without_mark(std::move(*text));
  if (text && (file.ends_with(".yaml") || file.ends_with(".yml")))
    return yaml_to_json(file, std::move(*text));
  return text;
}

std::string without_mark(std::string document) {
  if (document.starts_with("\xEF\xBB\xBF"))
    document.erase(0, 3);
  return document;
}

void print_errors(const rego::errors& list) {
  for (auto& e : list)
    std::fprintf(stderr, "%s\n", to_string(e).c_str());
}

void check_target(const parsed_options& o, const std::string& command) {
  auto target = o.last("-t", o.last("--target", "rego"));
  if (target != "rego")
    throw usage_error{command + ": --target: '" + target
                      + "' is unknown; expected rego"};
}

std::vector<std::string> ignored_of(const parsed_options& o) {
  std::vector<std::string> out;
  for (auto& list : o.all("--ignore"))
    for (size_t from = 0; from <= list.size();) {
      auto end = std::min(list.find(',', from), list.size());
      out.push_back(list.substr(from, end - from));
      from = end + 1;
    }
  return out;
}

int refusal_code(const rego::errors& list) {
  return list[0].code == "load_error" ? 2 : 1;
}

size_t errors_max_of(const parsed_options& o) {
  auto text = o.last("-m", o.last("--max-errors"));
  return text.empty() ? compile_options().errors_max
                      : parse_count("--max-errors", text);
}

} // namespace rego::cli
