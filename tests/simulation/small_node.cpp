// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/small_node.hpp"

#include "actors/control/apply.hpp"
#include "actors/reader/state.hpp"
#include "runtime/crypto/sha256.hpp"

#include <numeric>

namespace acgs::test {

namespace {

constexpr std::uint64_t map_bytes = std::uint64_t{1} << 28;
/// Small, so that its end is reached.
constexpr std::uint64_t wal_bytes = 16 * store::wal_page;

/// Some requests come with an idempotency key.
constexpr std::uint32_t every_keyed = 3;

std::string decision_id(std::uint32_t request) {
  return "decision-" + std::to_string(request);
}

ledger::pending decision_of(std::uint32_t request) {
  auto name = std::to_string(request);
  sample about;
  about.request = "request-" + name;
  about.decision_id = decision_id(request);
  about.input = "{\"action\":\"read\",\"number\":" + name + "}";
  if (request % every_keyed == 0)
    about.key = "key-" + name;
  return make_pending(about);
}

ledger::pending change_of(std::uint32_t request) {
  sample about;
  about.kind = domain::entry_kind::control;
  about.type = "put_data";
  about.decision_id = decision_id(request);
  about.input.clear();
  return {make_append(about), {}};
}

ledger::put_blob blob_of(std::uint32_t request) {
  auto text = "bundle " + std::to_string(request) + std::string(9000, '.');
  auto view = as_byte_view(text);
  return {crypto::sha256_of(view), {view.begin(), view.end()}};
}

/// An error that leaves the store as it was, so that the process goes on.
bool may_go_on(const caf::error& why) {
  return code_of(why) == ec::store_full || code_of(why) == ec::unavailable;
}

} // namespace

result<std::unique_ptr<small_node>>
small_node::start(const std::filesystem::path& folder,
                  const sample_signer& signer, promises& book) {
  auto out = std::unique_ptr<small_node>{new small_node{signer, book}};
  auto opened = store::open_stores({folder, map_bytes, false, wal_bytes});
  if (!opened)
    return opened.error();
  out->stores_.emplace(std::move(*opened));
  if (auto bad = out->restart())
    return bad;
  return out;
}

caf::error small_node::restart() {
  indexer_.reset();
  journal_.reset();
  ledger_.reset();
  auto log = ledger::state::open(
      *stores_->ledger, {sample_origin, {signer_.key}, 0, stores_->wal.get()});
  if (!log)
    return log.error();
  ledger_.emplace(std::move(*log));
  journal_.emplace(stores_->state);
  auto found = journal_->recover();
  if (!found)
    return found.error();
  control_ = found->state;
  next_request_ = static_cast<std::uint32_t>(ledger_->head().size + 1);
  sign();
  return {};
}

caf::error small_node::write(const ledger::batch& what,
                             std::span<const std::uint32_t> requests) {
  constexpr int tries = 4; // of which the later ones find a sound disk
  caf::error last;
  for (int i = 0; i < tries; ++i) {
    auto done = ledger_->write(what);
    if (!done)
      return done.error();
    for (std::size_t at = 0; at < requests.size(); ++at) {
      const auto& one = done->entries[at];
      if (!one)
        last = one.error();
      else
        book_.requests.at(one->index) = requests[at];
    }
    if (done->entries.empty() || done->entries.front()) {
      book_.entries = ledger_->head().size;
      if (acknowledged)
        acknowledged();
      sign();
      return {};
    }
    if (!may_go_on(last))
      return last;
  }
  return last;
}

void small_node::sign() {
  if (auto text = ledger_->unsigned_checkpoint())
    ledger_->sign(*text, signer_.sign(*text));
}

caf::error small_node::decide(std::size_t count) {
  std::vector<std::uint32_t> requests(count);
  std::iota(requests.begin(), requests.end(), next_request_);
  next_request_ += static_cast<std::uint32_t>(count);
  ledger::batch what;
  for (auto each : requests)
    what.entries.push_back(decision_of(each));
  return write(what, requests);
}

caf::error small_node::change() {
  auto number = std::to_string(control_->revision + 1);
  domain::command command;
  command.kind = domain::command_kind::put_data;
  command.name = "n";
  command.body = number;
  auto next = control::apply(*control_, command);
  if (!next)
    return next.error();
  caf::error wrong;
  for (int i = 0; i < 4; ++i) {
    wrong =
        journal_->append(wire::command{command}, **next, control_->revision);
    if (!wrong || !may_go_on(wrong))
      break;
  }
  if (wrong)
    return wrong;
  control_ = *next;
  auto request = next_request_++;
  ledger::batch what;
  what.entries.push_back(change_of(request));
  what.blobs.push_back(blob_of(request));
  if (auto bad = write(what, {&request, 1}))
    return bad;
  book_.revision = control_->revision;
  if (acknowledged)
    acknowledged();
  return {};
}

void small_node::index() {
  if (!indexer_) {
    auto opened =
        indexer::state::open(*stores_->index, *stores_->ledger, sample_origin);
    if (!opened)
      return;
    indexer_.emplace(std::move(*opened));
  }
  if (!indexer_->advance(1000))
    indexer_.reset();
}

caf::error small_node::stop() {
  if (auto bad = ledger_->store_checkpoint())
    return bad;
  return journal_->note_recorded(control_->revision);
}

caf::error run_node(const std::filesystem::path& folder,
                    const sample_signer& signer, promises& book,
                    const run_length& how_long,
                    const std::function<void()>& acknowledged) {
  auto node = small_node::start(folder, signer, book);
  if (!node)
    return node.error();
  (*node)->acknowledged = acknowledged;
  auto between = how_long.changes == 0 ? how_long.batches + 1
                                       : how_long.batches / how_long.changes;
  for (std::size_t i = 0; i < how_long.batches; ++i) {
    if (auto bad = (*node)->decide(1 + i % 4))
      return bad;
    if ((i + 1) % between == 0)
      if (auto bad = (*node)->change())
        return bad;
    if (i % 3 == 0)
      (*node)->index();
  }
  return (*node)->stop();
}

} // namespace acgs::test
