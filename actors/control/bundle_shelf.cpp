// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/control/bundle_shelf.hpp"

#include "runtime/base/json.hpp"
#include "runtime/crypto/sha256.hpp"

namespace acgs::control {

namespace {

caf::error no_bundle(const rego::errors& errors) {
  constexpr std::size_t shown_max = 20;
  std::string text;
  for (std::size_t i = 0; i < errors.size() && i < shown_max; ++i) {
    const auto& each = errors[i];
    text += text.empty() ? "" : "\n";
    if (each.row > 0)
      text += rego::to_string(each);
    else
      text += (each.file.empty() ? "" : each.file + ": ") + each.message;
  }
  return make_error(ec::policy_invalid, "the bundle is refused: " + text);
}

} // namespace

bundle_shelf::bundle_shelf(rego::bundle::verification by, reader kept)
    : by_{std::move(by)}, kept_{std::move(kept)} {
  // Nothing is in hand yet.
}

result<std::string>
bundle_shelf::signer_of(const rego::bundle::file_list& files) const {
  if (by_.keys.empty()) {
    if (!rego::bundle::is_signed(files))
      return std::string{};
    return make_error(ec::policy_invalid,
                      "the bundle is refused: it is signed, but "
                      "policy.bundle_keys names no key to verify it with");
  }
  auto signer = rego::bundle::verify(files, by_);
  return signer ? result<std::string>{*signer} : no_bundle(signer.error_list());
}

result<wire::command> bundle_shelf::offer(const domain::shared_text& archive,
                                          const domain::command& what) {
  auto files = rego::bundle::unpack(*archive);
  if (!files)
    return no_bundle(files.error_list());
  auto signer = signer_of(*files);
  if (!signer)
    return signer.error();
  auto content = rego::bundle::read(*files);
  if (!content)
    return no_bundle(content.error_list());
  offered_digest_ = to_hex(crypto::sha256_of(as_byte_view(*archive)));
  offered_ = archive;
  opened_digest_ = offered_digest_;
  opened_ = std::make_shared<const rego::bundle::content>(std::move(*content));
  json::object found;
  found.emplace("digest", json::value{offered_digest_});
  found.emplace("signed_by", json::value{*signer});
  found.emplace("bytes",
                json::value{static_cast<std::int64_t>(archive->size())});
  auto body = json::to_text(json::value{std::move(found)});
  auto described = what;
  described.body = body;
  return wire::command{described};
}

result<domain::shared_text> bundle_shelf::find(std::string_view digest) const {
  if (offered_ && digest == offered_digest_)
    return offered_;
  return kept_(digest);
}

result<bundle_ptr> bundle_shelf::open(std::string_view digest) {
  if (opened_ && digest == opened_digest_)
    return opened_;
  auto archive = find(digest);
  if (!archive)
    return archive.error();
  auto files = rego::bundle::unpack(**archive);
  if (!files)
    return no_bundle(files.error_list());
  auto content = rego::bundle::read(*files);
  if (!content)
    return no_bundle(content.error_list());
  opened_digest_ = digest;
  opened_ = std::make_shared<const rego::bundle::content>(std::move(*content));
  return opened_;
}

caf::error bundle_shelf::check(std::string_view digest) {
  auto archive = find(digest);
  if (!archive)
    return archive.error();
  auto files = rego::bundle::unpack(**archive);
  if (!files)
    return no_bundle(files.error_list());
  auto signer = signer_of(*files);
  return signer ? caf::error{} : signer.error();
}

} // namespace acgs::control
