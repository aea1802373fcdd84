// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// backup, verify-backup, restore

#include "actors/shell/audit_offline.hpp"
#include "actors/shell/environment.hpp"
#include "actors/shell/log_trust.hpp"
#include "actors/shell/pause.hpp"
#include "actors/shell/progress.hpp"
#include "runtime/backup/restore.hpp"
#include "runtime/backup/ring_file.hpp"
#include "runtime/base/number_text.hpp"
#include "runtime/base/time_text.hpp"
#include "runtime/crypto/private_file.hpp"

#include <sstream>

namespace acgs::shell {

namespace {

namespace fs = std::filesystem;

/// Shows why a backup or a restore is not good: exit code 1 where that is the
/// answer and not a failure of ours.
int refused(invocation& in, const caf::error& why) {
  auto code = code_of(why);
  auto ended = in.fail(why);
  return code == ec::store_corrupt || code == ec::conflict ? 1 : ended;
}

/// Those of --vkey; a file may hold several, a line each.
result<std::vector<merkle::verifier_key>> keys_of(invocation& in) {
  std::vector<merkle::verifier_key> out;
  for (const auto& word : in.all("vkey")) {
    std::error_code ignored;
    auto content =
        fs::exists(word, ignored) ? read_file(word) : result<std::string>{word};
    if (!content)
      return content.error();
    std::istringstream lines{*content};
    for (std::string line; std::getline(lines, line);) {
      auto key = verifier_key_of(line);
      if (!key)
        return key.error();
      out.push_back(std::move(*key));
    }
  }
  return out;
}

std::vector<fs::path> paths_of(const std::vector<std::string>& words) {
  return {words.begin(), words.end()};
}

/// What a backup holds, or some that follow one another.
row describe(const backup::extent& of, std::uint64_t from) {
  from = std::max(from, of.archived.size); // of those before, the hashes
  return {{"origin", text(of.origin)},
          {"from", number(from)},
          {"entries", number(of.size)},
          {"root", hex(byte_view{of.root})},
          {"revision", number(of.revision)}};
}

/// The first line of --passphrase-file; empty without one. Fails with
/// `invalid_argument` where it is empty or others may read the file, and as
/// `read_private_file` does.
result<std::string> passphrase_of(invocation& in) {
  if (!in.has("passphrase-file"))
    return std::string{};
  auto read = crypto::read_private_file(in.value("passphrase-file"));
  if (!read) // a file that others may read is a wrong word of this command
    return code_of(read.error()) == ec::forbidden
               ? make_error(ec::invalid_argument, sentence_of(read.error()),
                            "passphrase-file")
               : read.error();
  auto line = read->read([](byte_view raw) {
    auto text = as_text(raw);
    return std::string{text.substr(0, text.find('\n'))};
  });
  if (line.empty())
    return make_error(ec::invalid_argument, "the passphrase is empty",
                      "passphrase-file");
  return line;
}

// ---- backup

/// Where the backup goes on from, and what it is to hold.
caf::error add_sealing(invocation& in, client::backup_base& to) {
  auto passphrase = passphrase_of(in);
  if (!passphrase)
    return passphrase.error();
  if (passphrase->empty())
    return {};
  auto with = backup::new_sealing(*passphrase);
  if (!with)
    return with.error();
  to.salt = std::move(with->salt);
  to.seal_key = std::move(with->key);
  return {};
}

/// Where the backup goes on from. Fails with `invalid_argument`.
result<client::backup_base> base_of(invocation& in) {
  client::backup_base out;
  out.size = in.number("since-size");
  if (!in.has("base"))
    return out;
  if (in.has("since-size"))
    return make_error(ec::invalid_argument,
                      "--base says since when; leave --since-size out",
                      "since-size");
  auto file = backup::file_reader::open(in.value("base"));
  if (!file)
    return file.error();
  const auto& of = file->what().of;
  out.size = of.size;
  out.root.assign(of.root.begin(), of.root.end());
  out.revision = of.revision;
  return out;
}

/// The next part; waits where the node says that it is too soon.
result<client::backup_part> next_part(client::backup_stream& from) {
  pauses between;
  for (;;) {
    auto part = from.next();
    if (part || code_of(part.error()) != ec::rate_limited)
      return part;
    if (!between.wait(std::chrono::seconds{1}))
      return make_error(ec::cancelled, "the backup was given up");
  }
}

caf::error receive(invocation& in, client::backup_stream& from,
                   backup::file_writer& to) {
  progress shown{in.out(), "copied", 0};
  for (;;) {
    auto part = next_part(from);
    if (!part)
      return part.error();
    if (auto bad = to.write(part->content))
      return bad;
    shown.at(part->entries, part->total);
    if (part->last)
      return to.sync();
  }
}

/// Reads back what was written.
result<backup::extent> read_back(invocation& in, const fs::path& path,
                                 std::vector<merkle::verifier_key> keys) {
  auto file = backup::file_reader::open(path);
  if (!file)
    return file.error();
  backup::checker with{std::move(keys)};
  progress shown{in.out(), "verified", 0};
  with.progress = [&](auto done, auto total) { shown.at(done, total); };
  if (auto bad = with.check(*file, nullptr))
    return bad;
  return with.holds();
}

/// The keys by which the node says that its log is signed.
result<std::vector<merkle::verifier_key>>
keys_of_node(client::connection& node) {
  auto all = node.keys();
  if (!all)
    return all.error();
  std::vector<merkle::verifier_key> out;
  for (const auto& each : *all)
    if (each.purpose == "checkpoint")
      if (auto key = merkle::parse_verifier_key(each.verifier_key))
        out.push_back(std::move(*key));
  return out;
}

int take_backup(invocation& in) {
  auto base = base_of(in);
  if (!base)
    return in.fail(base.error());
  if (auto bad = add_sealing(in, *base))
    return in.fail(bad);
  auto* node = in.node();
  if (!node)
    return in.failed();
  auto keys = keys_of_node(*node);
  if (!keys)
    return in.fail(keys.error());
  fs::path path = in.value("file");
  auto to = backup::file_writer::create(path);
  if (!to)
    return in.fail(to.error());
  auto from = node->admin().begin_backup(*base, in.change());
  if (!from)
    return in.fail(from.error());
  if (auto bad = receive(in, *from, *to))
    return in.fail(bad);
  auto holds = read_back(in, to->unfinished(), std::move(*keys));
  if (!holds)
    return refused(in, holds.error());
  if (auto bad = to->keep())
    return in.fail(bad);
  std::error_code ignored;
  auto shown = describe(*holds, base->size);
  shown.insert(shown.begin(), {"file", text(path.string())});
  shown.emplace_back("bytes", size(fs::file_size(path, ignored)));
  in.out().record(shown);
  return 0;
}

// ---- verify-backup

int verify_backup(invocation& in) {
  auto keys = keys_of(in);
  if (!keys)
    return in.fail(keys.error());
  auto list = list_given(in);
  if (!list)
    return in.fail(list.error());
  backup::checker with{*keys};
  with.list = std::move(*list);
  auto files = paths_of(in.all("file"));
  with.ring = backup::newest_ring(files);
  progress said{in.out(), "verified", 0};
  with.progress = [&](auto done, auto total) { said.at(done, total); };
  std::int64_t taken = 0;
  for (const auto& path : files) {
    auto file = backup::file_reader::open(path);
    auto bad = file ? with.check(*file, nullptr) : file.error();
    if (bad && code_of(bad) == ec::invalid_argument)
      return in.fail(bad);
    if (bad)
      return not_verified(in, sentence_of(bad));
    taken = file->what().time_nanos;
  }
  auto shown = describe(with.holds(), with.holds().size_base);
  shown.insert(shown.begin(), {"verified", boolean(true)});
  shown.emplace_back("taken", time(taken));
  shown.emplace_back("signed_by",
                     text(with.signer() ? with.signer()->name : ""));
  in.out().record(shown);
  if (!with.signer())
    in.out().note("the signature was not checked: give --vkey, the log's key "
                  "as you know it from elsewhere");
  return 0;
}

// ---- restore

/// SIGNER's ring, where --keys-dir names a folder of keys that lacks it. What
/// else is wrong there, the node says when it starts.
void restore_ring(invocation& in, const std::string& ring) {
  auto folder = in.value("keys-dir");
  if (folder.empty() || ring.empty())
    return;
  auto done = backup::put_back_ring(folder, ring);
  if (!done)
    in.out().note("the ring of keys was not restored: "
                  + sentence_of(done.error()));
  else if (*done)
    in.out().note("the ring of keys is in " + folder + " again");
}

/// "1234" is a size, anything else a time. Fails with `invalid_argument`.
result<backup::moment> moment_of(const std::string& word) {
  backup::moment out;
  if (word.empty())
    return out;
  if (auto entries = parse_number<std::uint64_t>(word)) {
    out.size = *entries;
    return out;
  }
  auto time = parse_rfc3339(word);
  if (!time)
    return make_error(ec::invalid_argument,
                      "--until takes a number of entries or a time; "
                          + sentence_of(time.error()),
                      "until");
  out.time_nanos = bound_nanos(*time);
  return out;
}

/// "20260215T120000Z" of the present.
std::string stamp() {
  std::string out;
  for (char c : to_rfc3339(system_clock().now()).substr(0, 19))
    if (c != '-' && c != ':')
      out += c;
  return out + 'Z';
}

int restore(invocation& in) {
  auto keys = keys_of(in);
  if (!keys)
    return in.fail(keys.error());
  auto until = moment_of(in.value("until"));
  if (!until)
    return in.fail(until.error());
  auto list = list_given(in);
  if (!list)
    return in.fail(list.error());
  backup::restore_options how;
  how.list = std::move(*list);
  how.files = paths_of(in.all("file"));
  how.to = fs::path{in.has("to") ? in.value("to") : "./data"} / "store";
  how.keys = std::move(*keys);
  how.until = *until;
  how.replace = in.has("replace");
  auto passphrase = passphrase_of(in);
  if (!passphrase)
    return in.fail(passphrase.error());
  how.passphrase = std::move(*passphrase);
  how.aside = ".replaced-" + stamp();
  progress shown{in.out(), "restored", 0};
  how.progress = [&](auto done, auto total) { shown.at(done, total); };
  auto done = backup::restore(how);
  if (!done)
    return refused(in, done.error());
  in.out().record({{"origin", text(done->origin)},
                   {"entries", number(done->size)},
                   {"revision", number(done->revision)},
                   {"folder", text(how.to.string())},
                   {"set_aside", text(done->aside.string())}});
  restore_ring(in, done->ring);
  if (in.has("passphrase-file") && !done->keys_opened)
    in.out().note("no backup of these holds keys of payloads: what was stored "
                  "beside the log cannot be opened");
  if (done->size < done->size_signed)
    in.out().note("the log of " + done->origin + " was signed with "
                  + std::to_string(done->size_signed)
                  + " entries already: no node goes on with a shorter one "
                    "under that name");
  return 0;
}

} // namespace

std::vector<command> backup_commands() {
  const parameter files{
      "file",     "a backup, and its increments in their order",
      kind::file, true,
      false,      true};
  const parameter keys{
      "--vkey",   "the log's verifier key, known from elsewhere, or a file",
      kind::file, false,
      false,      true};
  const parameter list{
      "--keys", "the log's list of keys, where it is not the backup's own",
      kind::file};
  return {
      {"backup",
       "Takes a signed backup of log, policies, data and users while the node "
       "works",
       "acgs backup monday.acgs",
       {{"file", "the new file", kind::file, true},
        {"--base", "only what came after this backup", kind::file},
        number_option("--since-size", "only entries from this one on", 1),
        {"--passphrase-file",
         "with what opens payloads, encrypted; a file of mode 0600",
         kind::file},
        reason_option()},
       false,
       take_backup},
      {"verify-backup",
       "Verifies backups: signature, digests, and the tree of all entries",
       "acgs verify-backup monday.acgs tuesday.acgs --vkey log.vkey",
       {files, keys, list},
       false,
       verify_backup},
      {"restore",
       "Makes the stores of a node that does not run from backups",
       "acgs restore monday.acgs tuesday.acgs --to ./data",
       {files,
        {"--to", "the node's data folder, ./data where absent", kind::file},
        {"--until", "so many entries, or those up to a time (RFC 3339)"},
        {"--replace",
         "set aside the stores that are there, where their log is a part of "
         "the backup's",
         kind::free, false, true},
        {"--passphrase-file",
         "the passphrase of a backup that was taken with one", kind::file},
        {"--keys-dir",
         "the node's folder of private keys, for the ring that says which of "
         "them follow which, where that is missing there",
         kind::file},
        keys,
        list},
       false,
       restore},
  };
}

} // namespace acgs::shell
