// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/store/wal_environment.hpp"

#include "runtime/base/log.hpp"
#include "runtime/crypto/random.hpp"
#include "runtime/store/tables/meta.hpp"

#include <utility>

namespace acgs::store {

namespace {

digest new_salt() {
  digest out{};
  crypto::random_fill(out);
  return out;
}

caf::error lost_log() {
  return make_error(ec::store_corrupt,
                    "its write-ahead log is gone or of another store: "
                    "what it held was acknowledged and cannot be shown; "
                    "put the file \"wal\" back, or go on without by "
                    "acgsd --new-epoch REASON");
}

} // namespace

/// Puts a record together while it writes to the transaction beneath.
class wal_environment::transaction final : public write_transaction {
public:
  explicit transaction(wal_environment& in) : in_{in} {
    // The transaction beneath is open.
  }
  ~transaction() override {
    if (touched_)
      in_.give_up();
    in_.drop_idle();
  }

  result<std::optional<byte_view>> get(table from, byte_view key) override {
    return in_.open_->get(from, key);
  }
  result<std::unique_ptr<cursor>> walk(table in) override {
    return in_.open_->walk(in);
  }
  caf::error put(table to, byte_view key, byte_view value) override {
    touched_ = true;
    if (large_)
      return in_.open_->put(to, key, value);
    auto old = in_.open_->get(to, key);
    if (!old)
      return old.error();
    auto known = *old ? (*old)->size() : 0;
    bool grows = known > 0 && known < value.size()
                 && std::ranges::equal(**old, value.first(known));
    auto bad = in_.open_->put(to, key, value);
    if (bad)
      return bad;
    return grows
               ? note(wal_change_kind::extended, to, key, value.subspan(known))
               : note(wal_change_kind::set, to, key, value);
  }
  caf::error append(table to, byte_view key, byte_view value) override {
    touched_ = true;
    auto bad = in_.open_->append(to, key, value);
    return bad ? bad : note(wal_change_kind::set, to, key, value);
  }
  caf::error erase(table from, byte_view key) override {
    touched_ = true;
    auto bad = in_.open_->erase(from, key);
    return bad ? bad : note(wal_change_kind::erased, from, key, {});
  }
  caf::error commit() override {
    caf::error bad;
    if (large_)
      bad = in_.commit_beneath();
    else if (touched_)
      bad = in_.commit(body_);
    if (!bad)
      touched_ = false;
    return bad;
  }

private:
  caf::error note(wal_change_kind kind, table in, byte_view key,
                  byte_view value) {
    auto name = in_.names_.find(in.id);
    if (name == in_.names_.end())
      return make_error(ec::internal, "a table that was not opened here");
    if (large_)
      return {};
    add_change(body_, {kind, name->second, key, value});
    large_ = body_.size() > logged_max;
    return {};
  }

  wal_environment& in_;
  bytes body_;
  bool touched_ = false;
  bool large_ = false; ///< it is not to be logged, and noted no further
};

/// Reads what is not published yet.
class wal_environment::view final : public read_transaction {
public:
  explicit view(wal_environment& in) : in_{in} {
    // The transaction beneath is open.
  }
  result<std::optional<byte_view>> get(table from, byte_view key) override {
    return in_.open_->get(from, key);
  }
  result<std::unique_ptr<cursor>> walk(table in) override {
    return in_.open_->walk(in);
  }

private:
  wal_environment& in_;
};

wal_environment::wal_environment(environment& beneath, wal_file& file)
    : beneath_{&beneath}, log_{file, new_salt()} {
  // `open` takes up.
}

wal_environment::~wal_environment() = default;

result<std::unique_ptr<wal_environment>>
wal_environment::open(environment& beneath, wal_file& file) {
  auto out =
      std::unique_ptr<wal_environment>{new wal_environment{beneath, file}};
  if (auto bad = out->take_up())
    return bad;
  return out;
}

caf::error wal_environment::take_up() {
  auto meta = open_table(meta::name);
  if (!meta)
    return meta.error();
  meta_ = *meta;
  if (auto bad = log_.open())
    return bad;
  {
    auto reading = beneath_->read();
    if (!reading)
      return reading.error();
    auto mark = (*reading)->get(meta_, as_byte_view(meta::wal_key));
    if (!mark)
      return mark.error();
    marked_ = mark->has_value();
    if (*mark) {
      applied_ = to_number(**mark);
      auto salt = to_key(applied_).size();
      if ((*mark)->size() != salt + log_.salt().size()
          || !std::ranges::equal((*mark)->subspan(salt), log_.salt()))
        return lost_log();
    }
  }
  // The tables first: none can be opened while the transaction is.
  return log_.replay(applied_, [this](byte_view body) {
    waiting_ += body.size();
    return for_each_change(body, [this](const wal_change& what) {
      auto made = open_table(std::string{what.table});
      return made ? caf::error{} : made.error();
    });
  });
}

result<table> wal_environment::open_table(const std::string& name) {
  if (auto known = tables_.find(name); known != tables_.end())
    return known->second;
  if (open_)
    if (auto bad = publish())
      return bad;
  auto made = beneath_->open_table(name);
  if (made) {
    tables_[name] = *made;
    names_[made->id] = name;
  }
  return made;
}

result<std::optional<table>>
wal_environment::find_table(const std::string& name) {
  if (auto known = tables_.find(name); known != tables_.end())
    return std::optional{known->second};
  if (open_)
    if (auto bad = publish())
      return bad;
  auto found = beneath_->find_table(name);
  if (!found || !*found)
    return found;
  tables_[name] = **found;
  names_[(*found)->id] = name;
  return found;
}

caf::error wal_environment::ensure_begun() {
  if (open_)
    return {};
  auto begun = beneath_->write();
  if (!begun)
    return begun.error();
  open_ = std::move(*begun);
  if (log_.empty())
    return {};
  auto bad = log_.repeat(applied_, [this](byte_view body) {
    return for_each_change(
        body, [this](const wal_change& what) { return apply(what); });
  });
  if (bad)
    open_.reset();
  return bad;
}

caf::error wal_environment::apply(const wal_change& what) {
  auto to = tables_.find(what.table);
  if (to == tables_.end())
    return make_error(ec::internal, "a change to a table that is not open");
  if (what.kind == wal_change_kind::erased)
    return open_->erase(to->second, what.key);
  if (what.kind == wal_change_kind::set)
    return open_->put(to->second, what.key, what.value);
  auto old = open_->get(to->second, what.key);
  if (!old)
    return old.error();
  if (!*old)
    return make_error(ec::store_corrupt,
                      "a record of the write-ahead log extends a value that "
                      "is not there");
  bytes whole{(*old)->begin(), (*old)->end()};
  whole.insert(whole.end(), what.value.begin(), what.value.end());
  return open_->put(to->second, what.key, whole);
}

result<std::unique_ptr<read_transaction>> wal_environment::read() {
  if (published())
    return beneath_->read();
  if (auto bad = ensure_begun())
    return bad;
  return std::unique_ptr<read_transaction>{std::make_unique<view>(*this)};
}

result<std::unique_ptr<write_transaction>> wal_environment::write() {
  if (auto bad = ensure_begun())
    return bad;
  return std::unique_ptr<write_transaction>{
      std::make_unique<transaction>(*this)};
}

caf::error wal_environment::commit(byte_view body) {
  if (waiting_ + body.size() > unpublished_max || !log_.has_room(body.size()))
    return commit_beneath();
  if (auto bad = log_.add(body))
    return bad;
  waiting_ += body.size();
  return {};
}

caf::error wal_environment::commit_beneath() {
  auto last = log_.last_written();
  auto mark = to_key(last);
  bytes value{mark.begin(), mark.end()};
  value.insert(value.end(), log_.salt().begin(), log_.salt().end());
  auto bad = open_->put(meta_, as_byte_view(meta::wal_key), value);
  if (!bad)
    bad = open_->commit();
  // It is over whatever came of it; what is in the log is applied anew.
  open_.reset();
  if (bad)
    return bad;
  applied_ = last;
  marked_ = true;
  waiting_ = 0;
  log_.rewind();
  return {};
}

caf::error wal_environment::publish() {
  if (published())
    return {};
  auto bad = ensure_begun();
  return bad ? bad : commit_beneath();
}

caf::error wal_environment::settle() {
  if (marked_)
    return publish();
  auto bad = ensure_begun();
  return bad ? bad : commit_beneath();
}

void wal_environment::give_up() {
  open_.reset();
}

/// Whoever else wants to write beneath need not wait for nothing.
void wal_environment::drop_idle() {
  if (published())
    open_.reset();
}

void warn_of_unfinished(const unfinished_record& dropped) {
  const log::logger out{"store"};
  out.warning("an unfinished record at the end of the write-ahead log was "
              "dropped; nothing in it was acknowledged, unless the disk "
              "changed it afterwards",
              {{"event", "wal_record_dropped"},
               {"offset", dropped.at},
               {"length", dropped.size}});
}

caf::error take_up_wal(environment& beneath, wal_file& file,
                       const tell_unfinished& tell) {
  auto opened = wal_environment::open(beneath, file);
  if (!opened)
    return opened.error();
  if (auto dropped = (*opened)->unfinished())
    tell(*dropped);
  return (*opened)->settle();
}

caf::error check_without_wal(environment& beneath) {
  auto meta = beneath.find_table(meta::name);
  if (!meta)
    return meta.error();
  if (!*meta)
    return {};
  auto reading = beneath.read();
  if (!reading)
    return reading.error();
  auto mark = (*reading)->get(**meta, as_byte_view(meta::wal_key));
  if (!mark)
    return mark.error();
  return *mark ? lost_log() : caf::error{};
}

caf::error forget_wal(environment& beneath) {
  auto meta = beneath.open_table(meta::name);
  if (!meta)
    return meta.error();
  auto writing = beneath.write();
  if (!writing)
    return writing.error();
  if (auto bad = (*writing)->erase(*meta, as_byte_view(meta::wal_key)))
    return bad;
  return (*writing)->commit();
}

} // namespace acgs::store
