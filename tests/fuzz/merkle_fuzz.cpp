// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Everything that strangers may hand in as text of a log: notes, checkpoints,
// keys, receipts, paths, bundles. What is accepted must read back the same.
#include "tests/fuzz/target.hpp"

#include <merkle/cosignature.hpp>
#include <merkle/receipt.hpp>
#include <merkle/tile.hpp>

namespace {

void require(bool fine) {
  if (!fine)
    acgs::test::contradiction();
}

} // namespace

void acgs::test::try_input(std::string_view text) {
  if (auto note = merkle::parse_note(text))
    require(*merkle::format_note(*note) == text);
  if (auto head = merkle::parse_checkpoint(text))
    require(merkle::format_checkpoint(*head) == text);
  if (auto key = merkle::parse_verifier_key(text))
    require(merkle::format_verifier_key(*key) == text);
  if (auto receipt = merkle::parse_receipt(text))
    require(merkle::format_receipt(*receipt) == text);
  if (auto tile = merkle::parse_tile_path(text))
    require(merkle::tile_path(*tile) == text);
  if (auto bundle = merkle::parse_bundle_path(text))
    require(merkle::bundle_path(*bundle) == text);
  if (auto by = merkle::parse_cosignature(merkle::as_bytes(text)))
    require(merkle::format_cosignature(*by).size() == text.size());
  if (auto entries = merkle::parse_bundle(merkle::as_bytes(text))) {
    merkle::bytes again;
    for (auto entry : *entries)
      require(static_cast<bool>(merkle::append_to_bundle(again, entry)));
    require(again.size() == text.size());
  }
}
