// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// READER's core: answers questions about the log from one moment of the store
// each. Keeps nothing but the newest signed checkpoint that it has seen.
// Belongs to one READER's thread; several may read at once.

#include "actors/reader/protocol.hpp"
#include "actors/reader/query.hpp"
#include "actors/reader/verify.hpp"
#include "runtime/crypto/log_keys.hpp"
#include "runtime/store/log_view.hpp"

#include <functional>

namespace acgs::reader {

/// By origin and path. Fails with `not_found`; any thread may call it.
using older_keys_reader = std::function<result<std::string>(
    const std::string& origin, const std::string& path)>;

struct state_options {
  std::shared_ptr<store::environment> ledger;
  std::shared_ptr<store::environment> index;
  std::string origin;
  /// Every key that may have signed this origin's checkpoints; the active one
  /// is shown to strangers.
  crypto::log_keys keys;
  /// Entries that a search looks at in one step: some milliseconds.
  std::uint64_t search_step = 2048;
  /// Where archived entries are read; may be none.
  std::shared_ptr<const store::archived_log> archive{};
  /// Gives "keys" or "vkey" of a log that this node wrote before.
  older_keys_reader older_keys{};
};

class state {
public:
  static result<state> open(state_options options);

  result<query_result> find(const query& what) const;

  /// The same in steps, each from one moment of the store.
  result<search> begin_find(const query& what) const;
  result<bool> go_on(search& with) const;

  result<entry_result> show(const get_entry& what) const;
  result<verify_result> check(const verify& what) const;

  /// The same in steps; must not outlive this.
  result<verification> begin_check(const verify& what) const;
  result<stats> measure() const;

  /// A tile, a bundle, the verifier key, the list of keys, or an older origin's
  /// checkpoint.
  result<std::string> resource(const get_resource& what) const;

  /// The index of the entry that a receipt is asked for.
  result<std::uint64_t> place_of(const get_receipt& what) const;

  /// The newest signed checkpoint of at least that size, or nothing: then the
  /// text of `unsigned_checkpoint` is to be signed and handed to `keep`. One
  /// that a key signed which was revoked since is nothing: a stranger would
  /// not believe a receipt under it.
  std::optional<std::string> checkpoint_of(std::uint64_t size) const;

  /// A piece of at most about `sealed_piece` bytes.
  result<sealed_result> sealed(const get_sealed& what) const;

  /// The text of a checkpoint of the log as it was at a size.
  result<std::string> older_checkpoint(std::uint64_t size) const;

  /// The note of such a text and its signature.
  result<std::string> note_of(const std::string& text,
                              const merkle::ed25519_signature& by) const {
    return options_.keys.now()->attach(text, by);
  }

  /// The text of a checkpoint of the committed head.
  result<std::string> unsigned_checkpoint() const;

  /// Takes the signature of such a text; false where it does not verify.
  bool keep(const std::string& text, const merkle::ed25519_signature& by);

  result<std::string> receipt(std::uint64_t index,
                              const std::string& checkpoint) const;

  /// How many entries are committed.
  result<std::uint64_t> size() const;

  const std::string& origin() const noexcept { return tables_.origin; }

private:
  state(state_options options, const store::log_tables& tables)
      : options_{std::move(options)}, tables_{tables} {
    // Reads when asked.
  }

  bool is_believed(const std::string& checkpoint) const;
  result<store::log_view> view() const {
    return store::log_view::open(*options_.ledger, tables_);
  }
  result<index_view> look_up() const;
  /// Of the decision where one is named, else the index that is given.
  result<std::uint64_t> index_of(const std::string& decision_id,
                                 std::uint64_t given) const;
  result<std::vector<located>> outcomes_of(std::string_view decision_id) const;
  result<std::string> resource_of_older(const get_resource& what) const;

  state_options options_;
  store::log_tables tables_;
  std::string kept_; // the newest signed checkpoint
  std::uint64_t kept_size_ = 0;
};

} // namespace acgs::reader
