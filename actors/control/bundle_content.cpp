// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/control/bundle_content.hpp"

#include "actors/control/apply.hpp"
#include "actors/control/bundle_changes.hpp"

#include <rego/build.hpp>
#include <rego/json.hpp>

#include <algorithm>

namespace acgs::control::changes {

namespace {

using path = std::vector<std::string>;

constexpr std::size_t memory_max = std::size_t{2} << 30;

caf::error invalid(const rego::errors& errors) {
  return make_error(ec::policy_invalid, rego::to_string(errors));
}

bool covers_all(const path& roots) {
  return std::find(roots.begin(), roots.end(), "") != roots.end();
}

/// The member `acgs` alone, or nothing.
rego::value own_of(rego::arena& to, const rego::value& root) {
  rego::object_builder out{to};
  auto own = rego::lookup(root, rego::make_string(to, "acgs"));
  if (own.defined())
    out.add("acgs", own);
  return out.finish();
}

/// `data` after the roots are replaced. What is below `acgs` survives the root
/// "" and must not come with it.
result<rego::value> replaced(rego::arena& memory, const rego::value& data,
                             const path& before, const path& roots,
                             const rego::bundle::content* from) {
  auto now = data;
  auto nothing = rego::object_builder{memory}.finish();
  for (const auto* gone : {&before, &roots}) {
    auto what = covers_all(*gone) ? own_of(memory, now) : nothing;
    auto left = rego::bundle::replace_roots(memory, now, *gone, what);
    if (!left)
      return invalid(left.error_list());
    now = *left;
  }
  if (!from)
    return now;
  const auto& brought = from->data->root();
  if (!covers_all(roots)) {
    auto put = rego::bundle::replace_roots(memory, now, roots, brought);
    return put ? result<rego::value>{*put} : invalid(put.error_list());
  }
  if (rego::lookup(brought, rego::make_string(memory, "acgs")).defined())
    return make_error(ec::conflict,
                      "data \"acgs\": what is below it must be named as a "
                      "root of the bundle");
  rego::object_builder both{memory};
  for (std::size_t i = 0; i < now.size(); ++i)
    both.add(now.keys()[i], now.values()[i]);
  for (std::size_t i = 0; i < brought.size(); ++i)
    both.add(brought.keys()[i], brought.values()[i]);
  return both.finish();
}

result<rego::value> patched(rego::arena& memory, const rego::value& data,
                            const std::vector<bundle_ptr>& deltas) {
  auto now = data;
  for (const auto& delta : deltas) {
    for (const auto& each : delta->patch)
      if (std::none_of(delta->about.roots.begin(), delta->about.roots.end(),
                       [&](const auto& root) {
                         return covers(root, each.path) && !each.path.empty();
                       }))
        return make_error(ec::conflict,
                          "a delta changes what its roots do not cover");
    auto after = rego::bundle::apply(memory, now, delta->patch);
    if (!after)
      return invalid(after.error_list());
    now = *after;
  }
  return now;
}

} // namespace

caf::error replace_data(domain::control_state& next, const path& before,
                        const path& roots, const rego::bundle::content* from,
                        const std::vector<bundle_ptr>& deltas) {
  rego::arena memory{memory_max};
  std::string text;
  try {
    auto data = rego::parse_json(memory, *next.data);
    if (!data)
      return make_error(ec::store_corrupt,
                        "the stored data cannot be read: "
                            + rego::to_string(data.error_list()));
    auto now = replaced(memory, *data, before, roots, from);
    if (now)
      now = patched(memory, *now, deltas);
    if (!now)
      return now.error();
    text = rego::to_json(*now);
  } catch (const rego::bound_reached&) {
    return make_error(ec::too_large, "data that nests too deeply or takes too "
                                     "much memory");
  }
  // As every other change writes it, and within the same bounds.
  auto document = json::parse(text, bounds::data);
  if (!document)
    return document.error();
  if (auto wrong = check_own_documents(*document))
    return wrong;
  auto kept = json::to_text(*document);
  if (kept == *next.data)
    return {};
  next.data = std::make_shared<const std::string>(std::move(kept));
  next.data_revision = next.revision;
  return {};
}

} // namespace acgs::control::changes
