// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/store/schema.hpp"

#include "runtime/store/tables/meta.hpp"

#include <charconv>

namespace acgs::store {

namespace {

caf::error write_version(environment& in, const schema& what, unsigned from) {
  auto meta = in.open_table(meta::name);
  if (!meta)
    return meta.error();
  auto writing = in.write();
  if (!writing)
    return writing.error();
  for (auto version = from; version != 0 && version < what.version; ++version)
    if (auto bad = what.migrations.at(version - 1)(in, **writing))
      return bad;
  auto text = what.kind + '/' + std::to_string(what.version);
  if (auto bad = (*writing)->put(*meta, as_byte_view(meta::schema_key),
                                 as_byte_view(text)))
    return bad;
  return (*writing)->commit();
}

} // namespace

result<unsigned> stored_version(environment& in, const schema& expected) {
  if (in.fresh())
    return 0u;
  auto meta = in.find_table(meta::name);
  if (!meta)
    return meta.error();
  if (!*meta)
    return make_error(ec::store_corrupt,
                      "the store has no table 'meta': it is not one of ours");
  auto reading = in.read();
  if (!reading)
    return reading.error();
  auto found = (*reading)->get(**meta, as_byte_view(meta::schema_key));
  if (!found)
    return found.error();
  auto at = (*reading)->walk(**meta);
  if (!at)
    return at.error();
  auto any = (*at)->first();
  if (!any)
    return any.error();
  if (!*any)
    return 0u; // a first start that was cut off before its first commit
  std::string text{*found ? as_text(**found) : std::string_view{}};
  auto slash = text.find('/');
  unsigned version = 0;
  if (slash != text.npos)
    std::from_chars(text.data() + slash + 1, text.data() + text.size(),
                    version);
  if (version == 0 || text != expected.kind + '/' + std::to_string(version))
    return make_error(ec::store_corrupt,
                      "the store says that it is '" + text + "'; expected '"
                          + expected.kind + "/1' to '" + expected.kind + '/'
                          + std::to_string(expected.version) + "'");
  return version;
}

caf::error check_known(unsigned version, const schema& expected) {
  if (version <= expected.version)
    return {};
  return make_error(ec::conflict, "the store '" + expected.kind
                                      + "' has schema version "
                                      + std::to_string(version)
                                      + "; this program knows versions up to "
                                      + std::to_string(expected.version));
}

caf::error ensure_schema(environment& in, const schema& expected) {
  auto version = stored_version(in, expected);
  if (!version)
    return version.error();
  if (*version == expected.version)
    return {};
  if (auto newer = check_known(*version, expected))
    return newer;
  return write_version(in, expected, *version);
}

} // namespace acgs::store
