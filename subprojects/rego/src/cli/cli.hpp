// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// The commands of the program `rego`, one function a command. Each takes its
// arguments behind the command's name and returns the exit code: 0 done, 1 the
// answer is no, 2 usage or bad input, 4 internal failure. What standard output
// does not take is noticed by main, when all is done.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rego/bytecode.hpp"
#include "rego/engine.hpp"

namespace rego::cli {

using arguments = std::vector<std::string>;

int eval(const arguments& args);
int run(const arguments& args);
int test(const arguments& args);
int check(const arguments& args);
int fmt(const arguments& args);
int parse_file(const arguments& args);
int build(const arguments& args);
int sign(const arguments& args);
int exec(const arguments& args);
int inspect(const arguments& args);
int deps(const arguments& args);
int capabilities_command(const arguments& args);
int conformance(const arguments& args);
int bench(const arguments& args);

/// Thrown on wrong usage; main prints it and exits with 2.
struct usage_error {
  std::string what;
};

/// Options in OPA's style: `--name value`, `--name=value`, `-n value`. `valued`
/// are the names that take a value, `flags` those that do not, but may have
/// =true or =false.
struct parsed_options {
  std::vector<std::pair<std::string, std::string>> options;
  std::vector<std::string> rest;
  std::vector<std::string> off; // flags that are false
  /// Whether it is given, and no flag that is false.
  bool has(std::string_view name) const;
  std::string last(std::string_view name, std::string otherwise = "") const;
  /// The values of an option, by one name or two, in their order.
  std::vector<std::string> all(std::string_view name,
                               std::string_view other = {}) const;
};
parsed_options parse(const arguments& args,
                     const std::vector<std::string>& valued,
                     const std::vector<std::string>& flags);

/// Refuses what -t and --target say, but rego.
void check_target(const parsed_options& o, const std::string& command);

/// The patterns of --ignore, each of which may be several with commas between.
std::vector<std::string> ignored_of(const parsed_options& o);

/// What -m and --max-errors say, see compile_options.
size_t errors_max_of(const parsed_options& o);

struct load_options {
  std::vector<std::string> bundles; // archives, and folders of which only
                                    // data.json and data.yaml are data
  bool all_bundles = false;         // the other paths as well
  bool modules_only = false;
  bool bytecode = false;      // a file of bytecode is taken where named
  bool v0_compatible = false; // in bundles, where the manifest does not say
  std::vector<std::string> ignored; // patterns of file and folder names
};

/// Modules and data from files and folders, as OPA loads them: .rego files are
/// modules; JSON and YAML files are data rooted at their folder below the one
/// that is named, or where they are named themselves at data. "a.b:PATH" roots
/// them below data.a.b. Links are followed, and a file of another name that is
/// named itself may be either. A document that is not well formed, no object
/// where it has to be one, or contradicts another one is an error. A bundle
/// with a manifest is read by it, and so is one in a tar.gz; roots of two
/// bundles must not overlap.
struct loaded {
  std::vector<module_source> modules;
  snapshot_ptr data;
  std::optional<rego::bytecode> code; // then there are no modules
};
result<loaded> load(const std::vector<std::string>& paths,
                    const load_options& options = {});

/// A path as `load` takes it, and below which document its data goes: of
/// "a.b:file" that is data.a.b. The file may be a URL, "file:///x". Without a
/// name before the colon, or with one of a scheme, there is no document.
std::pair<std::string, std::vector<std::string>>
split_data_prefix(const std::string& name);

/// A file's text, of at most 1 GiB. Fails with a load_error.
result<std::string> read_file(const std::string& path);

/// The JSON text of an input: a file, YAML by its name, or the standard input
/// where that is "-". Fails with a load_error.
result<std::string> read_input(const std::string& file);

/// A document without the byte order mark that it may begin with.
std::string without_mark(std::string document);

/// One error a line on standard error.
void print_errors(const rego::errors& list);

/// The exit code of what was refused: 2 where something could not be loaded,
/// 1 where that which was loaded is wrong.
int refusal_code(const rego::errors& list);

} // namespace rego::cli
