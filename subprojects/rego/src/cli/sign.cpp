// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
//
// rego sign: the .signatures.json of a bundle.

#include <cstdio>
#include <filesystem>

#include "cli/bundle_files.hpp"

namespace rego::cli {

namespace {

constexpr const char* sign_help =
    "usage: rego sign -b --signing-key KEY [OPTION]... PATH\n"
    "\n"
    "Signs a bundle, a folder or a tar.gz: writes a .signatures.json, which\n"
    "belongs at the root of the bundle. rego build --signing-key puts it "
    "there.\n"
    "\n"
    "  -b, --bundle           the path is a bundle; always given\n"
    "      --signing-key KEY  a private key in PEM, or a secret; a file or "
    "the\n"
    "                         text itself\n"
    "      --signing-alg NAME how to sign (RS256)\n"
    "      --claims-file FILE further members of what is signed, JSON, such "
    "as\n"
    "                         keyid and scope\n"
    "  -o, --output-file-path FOLDER\n"
    "                         where to write it (.)\n"
    "\n"
    "Exit codes: 0 done, 2 usage, or what cannot be read, signed or written.\n"
    "\n"
    "example: rego sign -b --signing-key release.pem -o policies policies\n";

} // namespace

int sign(const arguments& args) {
  auto valued = signing_valued;
  valued.insert(valued.end(), {"-o", "--output-file-path"});
  auto o = parse(args, valued, {"-b", "--bundle", "-h", "--help"});
  if (o.has("-h") || o.has("--help")) {
    std::fputs(sign_help, stdout);
    return 0;
  }
  if (o.rest.size() != 1 || !(o.has("-b") || o.has("--bundle")))
    throw usage_error{"sign: expected --bundle and one folder or tar.gz"};
  if (o.last("--signing-key").empty())
    throw usage_error{"sign: expected --signing-key with a private key in PEM "
                      "or a secret"};
  auto files = bundle_files(o.rest[0]);
  auto with = read_signing(o);
  if (!files || !with) {
    print_errors(files ? with.error_list() : files.error_list());
    return 2;
  }
  auto text = bundle::sign(*files, *with);
  std::filesystem::path to = o.last("-o", o.last("--output-file-path", "."));
  auto written = text ? write_file((to / ".signatures.json").string(), *text)
                      : result<bool>(text.error_list());
  if (written)
    return 0;
  print_errors(written.error_list());
  return 2;
}

} // namespace rego::cli
