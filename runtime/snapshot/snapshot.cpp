// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/snapshot/snapshot.hpp"

#include "runtime/crypto/sha256.hpp"
#include "runtime/snapshot/policy_errors.hpp"

#include <rego/build.hpp>
#include <rego/json.hpp>

#include <algorithm>
#include <cassert>

namespace acgs {

namespace {

using module_map = std::map<std::string, domain::policy_module>;

void add_sources(const module_map& modules, std::string_view prefix,
                 std::vector<rego::module_source>& to) {
  for (const auto& [path, module] : modules)
    to.push_back({std::string{prefix} + path, *module.text, module.v0});
}

bool same_modules(const module_map& a, const module_map& b) {
  return a.size() == b.size()
         && std::equal(
             a.begin(), a.end(), b.begin(), [](const auto& x, const auto& y) {
               return x.first == y.first && x.second.text == y.second.text
                      && x.second.v0 == y.second.v0;
             });
}

/// The documents that the node adds below `data.acgs`.
rego::value own_documents(rego::arena& to, const domain::control_state& state,
                          const domain::constitution_names& names) {
  rego::object_builder mode{to};
  mode.add("strict", rego::value::boolean(state.strict.on));
  mode.add("lockdown", rego::value::boolean(state.lockdown.on));
  rego::object_builder known{to};
  for (const auto& name : names.all())
    known.add(name, rego::value::boolean(true));
  rego::object_builder constitution{to};
  constitution.add("hash", rego::make_string(to, names.digits));
  constitution.add("names", known.finish());
  rego::object_builder own{to};
  own.add("mode", mode.finish());
  own.add("constitution", constitution.finish());
  return own.finish();
}

/// `base` with the entries of `over`, which win.
rego::value overlaid(rego::arena& to, const rego::value& base,
                     const rego::value& over) {
  rego::object_builder out{to};
  if (base.is_object())
    for (std::size_t i = 0; i < base.size(); ++i)
      out.add(base.keys()[i], base.values()[i]);
  for (std::size_t i = 0; i < over.size(); ++i)
    out.add(over.keys()[i], over.values()[i]);
  return out.finish();
}

} // namespace

result<snapshot_ptr> snapshot::build(domain::control_state_ptr state,
                                     const constitution_aliases& aliases,
                                     const snapshot* previous,
                                     const rego::compile_limits& limits) {
  std::shared_ptr<snapshot> out{new snapshot};
  out->state_ = std::move(state);
  out->names_ = {out->state_->constitution_digest,
                 out->state_->aliases.value_or(aliases)};
  if (auto error = out->compile(previous, limits))
    return error;
  if (auto error = out->load(previous))
    return error;
  if (auto error = out->try_candidate(previous, limits))
    return error;
  return snapshot_ptr{std::move(out)};
}

namespace {

std::vector<rego::module_source>
sources_of(const domain::control_state& state) {
  std::vector<rego::module_source> out;
  add_sources(state.constitution, "constitution/", out);
  add_sources(state.policies, "", out);
  return out;
}

} // namespace

rego::policy_ptr snapshot::instrumented() const {
  auto compiled = rego::compile(sources_of(*state_), {.instrument = true});
  assert(compiled && "they compiled before");
  return *compiled;
}

caf::error snapshot::compile(const snapshot* previous,
                             const rego::compile_limits& limits) {
  if (previous != nullptr
      && same_modules(state_->policies, previous->state_->policies)
      && same_modules(state_->constitution, previous->state_->constitution)) {
    policies_ = previous->policies_;
    policy_digest_ = previous->policy_digest_;
    return {};
  }
  auto compiled = rego::compile(sources_of(*state_), {.limits = limits});
  if (!compiled)
    return make_error(ec::policy_invalid, compiled.error_list());
  policies_ = *compiled;
  module_map all;
  for (const auto& [path, module] : state_->constitution)
    all.emplace("constitution/" + path, module);
  // What is read by the old version's rules means something else.
  for (const auto& [id, module] : state_->policies)
    all.emplace("policies/" + id + (module.v0 ? "?v0" : ""), module);
  policy_digest_ = digest_of_modules(all);
  return {};
}

/// The base documents as they are stored; read anew only where they changed.
caf::error snapshot::read_base(const snapshot* previous) {
  if (previous != nullptr && previous->state_->data == state_->data) {
    base_ = previous->base_;
    base_digest_ = previous->base_digest_;
    return {};
  }
  base_digest_ = crypto::sha256_of(as_byte_view(*state_->data));
  auto arena = std::make_unique<rego::arena>();
  auto root = rego::parse_json(*arena, *state_->data);
  if (!root || !root->is_object())
    return make_error(ec::invalid_argument,
                      "the base documents are not a JSON object: "
                          + (root ? std::string{rego::type_name(*root)}
                                  : rego::to_string(root.error_list())));
  base_ = std::make_shared<const rego::snapshot>(std::move(arena), *root);
  return {};
}

caf::error snapshot::load(const snapshot* previous) {
  if (auto wrong = read_base(previous))
    return wrong;
  auto described = to_hex(base_digest_);
  described += strict() ? " strict" : "";
  described += lockdown() ? " lockdown" : "";
  for (const auto& name : names_.all())
    described += ' ' + name;
  data_digest_ = crypto::sha256_of(as_byte_view(described));
  if (previous != nullptr && previous->data_digest_ == data_digest_) {
    data_ = previous->data_;
    return {};
  }
  auto arena = std::make_unique<rego::arena>();
  const auto& root = base_->root();
  auto acgs = rego::lookup(root, rego::make_string(*arena, "acgs"));
  rego::object_builder over{*arena};
  over.add("acgs",
           overlaid(*arena, acgs, own_documents(*arena, *state_, names_)));
  auto merged = overlaid(*arena, root, over.finish());
  data_ =
      std::make_shared<const rego::snapshot>(std::move(arena), merged, base_);
  return {};
}

} // namespace acgs
