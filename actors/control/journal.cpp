// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "actors/control/journal.hpp"

#include "actors/control/apply.hpp"
#include "runtime/crypto/sha256.hpp"
#include "runtime/store/tables.hpp"
#include "runtime/wire/control_state.hpp"

#include <algorithm>

namespace acgs::control {

namespace {

/// A stored state is renewed when a start would have to apply this much.
constexpr std::uint64_t commands_max = 256;
constexpr std::uint64_t bytes_max = 64u << 20;

constexpr std::uint32_t history_limit_max = 1000;

/// Of the commands in one answer; the first may be larger.
constexpr std::size_t history_bytes_max = 8u << 20;

const byte_view state_key = as_byte_view("state");
using store::state::head_key;
using store::state::recorded_key;

caf::error corrupt(const std::string& what) {
  return make_error(ec::store_corrupt, "state/: " + what
                                           + "; it was left as it is: restore "
                                             "a backup");
}

/// Roughly the bytes that applying the command takes in hand.
std::uint64_t cost_of(const domain::command& what,
                      const domain::control_state& led_to) {
  switch (what.kind) {
  case domain::command_kind::put_data:
  case domain::command_kind::patch_data:
  case domain::command_kind::delete_data:
  case domain::command_kind::activate_bundle:
    return what.body.size() + led_to.data->size();
  default:
    return what.body.size();
  }
}

/// The stored state, or the initial one where none is stored yet.
result<domain::control_state_ptr> read_state(store::read_transaction& in,
                                             store::table applied) {
  auto value = in.get(applied, state_key);
  if (!value)
    return value.error();
  if (!*value)
    return initial_state();
  constexpr auto digest_bytes = std::tuple_size_v<digest>;
  auto stored = **value;
  if (stored.size() < digest_bytes
      || !std::ranges::equal(stored.first(digest_bytes),
                             crypto::sha256_of(stored.subspan(digest_bytes))))
    return corrupt("the kept control state is damaged");
  auto state = wire::decode_control_state(stored.subspan(digest_bytes));
  if (!state)
    return corrupt("the kept control state cannot be read: "
                   + sentence_of(state.error()));
  return state;
}

/// A revision that is kept under a name, 0 where there is none.
result<std::uint64_t> read_mark(store::read_transaction& in,
                                store::table applied, byte_view name) {
  auto value = in.get(applied, name);
  if (!value)
    return value.error();
  if (*value && (*value)->size() != sizeof(std::uint64_t))
    return corrupt("the mark \"" + std::string{as_text(name)}
                   + "\" is damaged");
  return *value ? store::to_number(**value) : 0;
}

result<std::uint64_t> last_revision(store::cursor& at) {
  auto found = at.last();
  if (!found)
    return found.error();
  return *found ? store::to_number(at.key()) : 0;
}

/// A command of the history, without what must not leave CONTROL.
wire::command without_secrets(const wire::command& from) {
  if (from->kind != domain::command_kind::put_user)
    return from;
  auto shown = *from;
  std::string body = "{}";
  if (auto members = json::parse(from->body); members && members->if_object()) {
    auto kept = *members->if_object();
    kept.erase("password_hash");
    body = json::to_text(json::value{std::move(kept)});
  }
  shown.body = body;
  return wire::command{shown};
}

/// What is answered of the history, command by command.
class page {
public:
  explicit page(const get_history& which)
      : name_{which.name}, wanted_{std::min(which.limit, history_limit_max)} {
    // Filled by `add`.
  }

  /// Whether more is wanted. Fails where the command cannot be read.
  result<bool> add(std::uint64_t revision, byte_view encoded) {
    bytes_ += encoded.size();
    if (out_.items.size() >= wanted_
        || (bytes_ > history_bytes_max && !out_.items.empty()))
      return false;
    auto command = wire::command::decode(encoded);
    if (!command)
      return corrupt("the command of revision " + std::to_string(revision)
                     + " cannot be read: " + sentence_of(command.error()));
    if (name_.empty() || (*command)->name == name_)
      out_.items.push_back({revision, without_secrets(*command)});
    return out_.items.size() < wanted_;
  }

  history finish() { return std::move(out_); }

private:
  std::string_view name_;
  std::size_t wanted_;
  std::size_t bytes_ = 0;
  history out_;
};

} // namespace

journal::journal(std::shared_ptr<store::environment> in,
                 std::shared_ptr<store::environment> ledger)
    : in_{std::move(in)}, archives_{in_, std::move(ledger)} {
  // Tables are opened by `recover`.
}

caf::error journal::open() {
  if (auto wrong = store::ensure_schema(*in_, store::state_schema()))
    return wrong;
  auto commands = in_->open_table(store::state::commands_name);
  if (!commands)
    return commands.error();
  commands_ = *commands;
  auto applied = in_->open_table(store::state::applied_name);
  if (!applied)
    return applied.error();
  applied_ = *applied;
  auto bundles = in_->open_table(store::state::bundles_name);
  if (!bundles)
    return bundles.error();
  bundles_ = *bundles;
  return {};
}

result<recovered> journal::recover(const bundle_source& bundles) {
  if (auto wrong = open())
    return wrong;
  auto in = in_->read();
  if (!in)
    return in.error();
  auto state = read_state(**in, applied_);
  if (!state)
    return state.error();
  auto recorded = read_mark(**in, applied_, recorded_key);
  if (!recorded)
    return recorded.error();
  auto head = read_mark(**in, applied_, head_key);
  if (!head)
    return head.error();
  auto at = (*in)->walk(commands_);
  if (!at)
    return at.error();
  auto last = last_revision(**at);
  if (!last)
    return last.error();
  if (*head != *last || (*state)->revision > *last || *recorded > *last)
    return corrupt("the history ends at revision " + std::to_string(*last)
                   + ", but revision " + std::to_string(*head)
                   + " is said to have been applied");
  recovered out{std::move(*state), *recorded, {}};
  if (auto wrong = replay(**at, *last, bundles, out))
    return wrong;
  at->reset();
  in->reset(); // before the index is written
  if (auto wrong = names_.open(*in_, commands_, applied_, *last))
    return wrong;
  return out;
}

caf::error journal::hold_to(const store::told_history& told) const {
  auto in = in_->read();
  if (!in)
    return in.error();
  auto last = read_mark(**in, applied_, head_key);
  if (!last)
    return last.error();
  if (told.last() > *last)
    return corrupt("the log tells of revision " + std::to_string(told.last())
                   + " of control state, the history ends at "
                   + std::to_string(*last));
  for (const auto& [revision, digest] : told.commands()) {
    auto command = (*in)->get(commands_, store::to_key(revision));
    if (!command)
      return command.error();
    if (!*command || !told.is(revision, **command))
      return corrupt("revision " + std::to_string(revision)
                     + " of the history is not the command that the log tells "
                       "of");
  }
  return {};
}

/// Of a `put_bundle`, what it brought; null for others.
result<domain::shared_text>
journal::archive_of(const wire::command& what) const {
  if (what->kind != domain::command_kind::put_bundle)
    return domain::shared_text{};
  auto body = json::parse(what->body);
  auto digest = body ? body->find("digest") : nullptr;
  if (!digest || !digest->if_string())
    return corrupt("a bundle's command names no archive");
  return archive(*digest->if_string());
}

caf::error journal::forget_bundles(store::write_transaction& to,
                                   const domain::control_state& state) {
  std::vector<std::string> gone;
  {
    auto at = to.walk(bundles_);
    if (!at)
      return at.error();
    auto found = (*at)->first();
    for (; found && *found; found = (*at)->next()) {
      std::string digest{as_text((*at)->key())};
      auto known = state.archives.lower_bound({digest, {}});
      if (known == state.archives.end() || known->first.digest != digest)
        gone.push_back(std::move(digest));
    }
    if (!found)
      return found.error();
  }
  for (const auto& digest : gone)
    if (auto wrong = to.erase(bundles_, as_byte_view(digest)))
      return wrong;
  return {};
}

caf::error journal::replay(store::cursor& at, std::uint64_t last,
                           const bundle_source& bundles, recovered& into) {
  commands_since_ = bytes_since_ = 0;
  auto first = std::min(into.state->revision, into.recorded) + 1;
  if (first > last)
    return {};
  auto found = at.seek(store::to_key(first));
  for (auto revision = first; revision <= last; ++revision) {
    if (!found)
      return found.error();
    if (!*found || store::to_number(at.key()) != revision)
      return corrupt("the history lacks revision " + std::to_string(revision));
    auto command = wire::command::decode(at.value());
    if (!command)
      return corrupt("the command of revision " + std::to_string(revision)
                     + " cannot be read: " + sentence_of(command.error()));
    if (revision > into.state->revision) {
      auto next = apply(*into.state, **command, bundles);
      if (!next)
        return corrupt("the command of revision " + std::to_string(revision)
                       + " cannot be applied: " + sentence_of(next.error()));
      into.state = *next;
      ++commands_since_;
      bytes_since_ += cost_of(**command, *into.state);
    }
    if (revision > into.recorded) {
      auto archive = archive_of(*command);
      if (!archive)
        return archive.error();
      into.unrecorded.push_back({revision, *command, std::move(*archive)});
    }
    found = at.next();
  }
  return {};
}

caf::error journal::put_state(store::write_transaction& to,
                              const domain::control_state& state) {
  auto encoded = wire::encode_control_state(state);
  auto stored = crypto::sha256_of(encoded);
  bytes value(stored.begin(), stored.end());
  value.insert(value.end(), encoded.begin(), encoded.end());
  if (auto wrong = forget_bundles(to, state))
    return wrong;
  return to.put(applied_, state_key, value);
}

caf::error journal::append(const wire::command& what,
                           const domain::control_state& led_to,
                           std::uint64_t recorded, const std::string* archive) {
  auto to = in_->write();
  if (!to)
    return to.error();
  if (auto wrong = (*to)->append(commands_, store::to_key(led_to.revision),
                                 what.encoded()))
    return wrong;
  if (auto wrong = names_.put(**to, what->name, led_to.revision))
    return wrong;
  if (archive) {
    auto key = to_hex(crypto::sha256_of(as_byte_view(*archive)));
    if (auto wrong =
            (*to)->put(bundles_, as_byte_view(key), as_byte_view(*archive)))
      return wrong;
  }
  auto commands = commands_since_ + 1;
  auto cost =
      bytes_since_ + cost_of(*what, led_to) + (archive ? archive->size() : 0);
  if (commands >= commands_max || cost >= bytes_max) {
    if (auto wrong = put_state(**to, led_to))
      return wrong;
    commands = cost = 0;
  }
  if (auto wrong =
          (*to)->put(applied_, head_key, store::to_key(led_to.revision)))
    return wrong;
  if (auto wrong = (*to)->put(applied_, recorded_key, store::to_key(recorded)))
    return wrong;
  if (auto wrong = (*to)->commit())
    return wrong;
  commands_since_ = commands;
  bytes_since_ = cost;
  return {};
}

caf::error journal::note_recorded(std::uint64_t recorded) {
  auto to = in_->write();
  if (!to)
    return to.error();
  if (auto wrong = (*to)->put(applied_, recorded_key, store::to_key(recorded)))
    return wrong;
  return (*to)->commit();
}

result<history> journal::list(const get_history& which) const {
  auto in = in_->read();
  if (!in)
    return in.error();
  page to{which};
  auto below = which.before == 0 ? ~std::uint64_t{0} : which.before;
  if (!which.name.empty()) {
    auto visit = [&](std::uint64_t revision) -> result<bool> {
      auto found = (*in)->get(commands_, store::to_key(revision));
      if (!found)
        return found.error();
      return *found ? to.add(revision, **found) : true;
    };
    if (auto wrong = names_.walk(**in, which.name, below, visit))
      return wrong;
    return to.finish();
  }
  auto at = (*in)->walk(commands_);
  if (!at)
    return at.error();
  // The first that is not below, and then one back.
  auto found = (*at)->seek(store::to_key(below));
  if (found)
    found = *found ? (*at)->previous() : (*at)->last();
  for (; found && *found; found = (*at)->previous()) {
    auto more = to.add(store::to_number((*at)->key()), (*at)->value());
    if (!more)
      return more.error();
    if (!*more)
      return to.finish();
  }
  return found ? to.finish() : result<history>{found.error()};
}

} // namespace acgs::control
