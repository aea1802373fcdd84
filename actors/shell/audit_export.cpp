// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "actors/shell/audit_export.hpp"

#include "actors/shell/audit_archive.hpp"
#include "actors/shell/audit_rows.hpp"
#include "actors/shell/log_resource.hpp"
#include "actors/shell/output_file.hpp"
#include "actors/shell/progress.hpp"
#include "actors/shell/tile_export.hpp"
#include "runtime/base/json.hpp"
#include "runtime/base/time_text.hpp"

#include <merkle/checkpoint.hpp>
#include <merkle/hasher.hpp>
#include <merkle/tile.hpp>

#include <map>
#include <optional>

namespace acgs::shell {

namespace {

/// Which entries.
struct selection {
  std::uint64_t first = 0;
  std::uint64_t end = 0; ///< exclusive
  std::int64_t since = 0;
  std::int64_t until = 0; ///< exclusive; 0: open

  bool takes(const domain::entry& entry) const {
    return entry.time_nanos >= since
           && (until == 0 || entry.time_nanos < until);
  }
};

/// Where lines go: a file, or the output.
class sink {
public:
  explicit sink(invocation& in) : in_{in} {}

  caf::error open() {
    auto path = in_.value("output");
    if (path.empty())
      return {};
    in_.out().flush(); // it may lead to where the output does
    auto file = output_file::open(path);
    if (!file)
      return std::move(file.error());
    file_.emplace(std::move(*file));
    return {};
  }

  bool is_file() const { return file_.has_value(); }

  caf::error put(const std::string& lines) {
    if (lines.empty())
      return {};
    if (file_)
      return file_->write(lines);
    in_.out().document(lines);
    return {};
  }

  caf::error finish() { return file_ ? file_->finish() : caf::error{}; }

private:
  invocation& in_;
  std::optional<output_file> file_;
};

result<std::uint64_t> size_of(client::connection& node) {
  auto signed_head = node.ledger().resource({}, "checkpoint");
  if (!signed_head)
    return signed_head.error();
  auto note = merkle::parse_note(*signed_head);
  if (!note)
    return make_error(ec::store_corrupt, "the checkpoint: " + note.error());
  auto head = merkle::parse_checkpoint(note->text);
  if (!head)
    return make_error(ec::store_corrupt, "the checkpoint: " + head.error());
  return head->size;
}

/// Narrows the selection to where entries of its time are. The index does not
/// lead to archived ones, which may be of any time.
caf::error narrow(client::connection& node, selection& to) {
  for (auto oldest : {true, false}) {
    client::ledger_query query;
    query.from_nanos = to.since;
    query.to_nanos = to.until;
    query.limit = 1;
    query.oldest_first = oldest;
    auto found = node.ledger().query(query);
    if (!found)
      return found.error();
    bool none = found->entries.empty();
    auto index = none ? 0 : found->entries.front().index;
    if (!oldest)
      to.end = std::min(to.end, none ? found->archived : index + 1);
    else if (found->archived == 0 && !none)
      to.first = std::max(to.first, index);
  }
  return {};
}

/// What the node cannot show is left out, and said so; where it was asked for
/// by its index that is an error.
caf::error skip_archived(invocation& in, client::connection& node,
                         selection& to) {
  if (to.first >= to.end)
    return {};
  auto shown = first_shown(node, to.first);
  if (!shown)
    return shown.error();
  if (*shown == to.first)
    return {};
  auto why = "the entries before " + std::to_string(*shown)
             + " are archived and cannot be exported";
  if (in.has("first"))
    return make_error(ec::not_found, why, "first");
  in.out().progress(why); // the output is the entries
  to.first = std::min(*shown, to.end);
  return {};
}

result<selection> select(invocation& in, client::connection& node) {
  selection out;
  if (auto error = read_time(in, "since", out.since))
    return error;
  if (auto error = read_time(in, "until", out.until))
    return error;
  if (in.has("since") && in.has("until") && out.since >= out.until)
    return make_error(ec::invalid_argument, "there is no time in between",
                      "until");
  auto size = size_of(node);
  if (!size)
    return size.error();
  out.first = in.number("first");
  out.end = *size;
  if (in.has("last") && in.number("last") < out.first)
    return make_error(ec::invalid_argument, "there is no entry in between",
                      "last");
  if (in.has("last"))
    out.end = std::min(out.end, in.number("last") + 1);
  if (out.since != 0 || out.until != 0)
    if (auto error = narrow(node, out))
      return error;
  if (auto error = skip_archived(in, node, out))
    return error;
  return out;
}

using shreddings = std::map<std::uint64_t, client::shredding>;

/// Notes what an entry tells of, if it is about a shredding.
void note_shredding(std::uint64_t index, const domain::entry& entry,
                    shreddings& to) {
  if (entry.kind != domain::entry_kind::shred)
    return;
  auto detail = json::parse(entry.detail);
  const auto* of = detail ? detail->find("entry") : nullptr;
  const auto* reason = detail ? detail->find("reason") : nullptr;
  if (of && reason && of->as_int() && reason->if_string())
    to[static_cast<std::uint64_t>(*of->as_int())] = {
        index, entry.time_nanos, std::string{entry.caller.subject},
        *reason->if_string()};
}

/// Archived entries are found by no query: those are read that may be about
/// what is exported.
caf::error find_archived_shreddings(invocation& in, client::connection& node,
                                    std::uint64_t first, std::uint64_t archived,
                                    shreddings& to) {
  for (auto n = first / merkle::tile_width; n * merkle::tile_width < archived;
       ++n) {
    auto content = log_resource(node, merkle::bundle_path({n}));
    if (!content && code_of(content.error()) == ec::not_found) {
      in.out().progress(
          "what entries from " + std::to_string(n * merkle::tile_width) + " to "
          + std::to_string(archived - 1)
          + " may tell of shreddings is not shown: they are archived");
      return {};
    }
    if (!content)
      return content.error();
    auto entries = merkle::parse_bundle(as_byte_view(*content));
    for (std::size_t i = 0; entries && i < entries->size(); ++i)
      if (auto entry = wire::entry::decode((*entries)[i]))
        note_shredding(n * merkle::tile_width + i, **entry, to);
  }
  return {};
}

/// What was shredded of the entries from `first` on, by the entries that tell
/// of it.
result<shreddings> find_shreddings(invocation& in, client::connection& node,
                                   std::uint64_t first) {
  shreddings out;
  client::ledger_query query;
  query.event_type = to_string_view(domain::entry_kind::shred);
  query.limit = 1000;
  for (;;) {
    auto page = node.ledger().query(query);
    if (!page)
      return page.error();
    for (const auto& each : page->entries)
      note_shredding(each.index, *each.entry, out);
    query.before = page->next;
    if (page->next)
      continue;
    if (auto bad =
            find_archived_shreddings(in, node, first, page->archived, out))
      return bad;
    return out;
  }
}

/// A line's cells: the entry, and whether its payloads were shredded.
row exported(const client::located_entry& from, const shreddings& gone) {
  auto out = whole(from);
  auto found = gone.find(from.index);
  auto cells = shredding_cells(
      found == gone.end() ? std::nullopt : std::optional{found->second});
  out.insert(out.end(), cells.begin(), cells.end());
  return out;
}

/// The entries of one bundle that are wanted, as lines.
result<std::string> lines_of(client::connection& node, const selection& which,
                             const shreddings& gone, std::uint64_t n, bool csv,
                             std::uint64_t& count) {
  auto first = n * merkle::tile_width;
  auto width = static_cast<unsigned>(
      std::min<std::uint64_t>(merkle::tile_width, which.end - first));
  auto path = merkle::bundle_path({n, width});
  auto content = log_resource(node, path);
  if (!content)
    return content.error();
  auto entries = merkle::parse_bundle(as_byte_view(*content));
  if (!entries || entries->size() != width)
    return make_error(ec::store_corrupt,
                      path + " is not a bundle of " + std::to_string(width));
  merkle::hasher with;
  std::string out;
  for (unsigned i = 0; i < width; ++i) {
    auto encoded = (*entries)[i];
    auto entry = wire::entry::decode(encoded);
    if (!entry)
      return make_error(ec::store_corrupt, "entry " + std::to_string(first + i)
                                               + ": "
                                               + sentence_of(entry.error()));
    if (first + i < which.first || !which.takes(**entry))
      continue;
    auto leaf = with.leaf(encoded);
    auto shown = exported(
        {first + i, {leaf.begin(), leaf.end()}, std::move(*entry)}, gone);
    out += csv ? csv_line(shown) : to_json(shown) + '\n';
    ++count;
  }
  return out;
}

int export_lines(invocation& in, client::connection& node, bool csv) {
  auto which = select(in, node);
  if (!which)
    return in.fail(which.error());
  auto gone = find_shreddings(in, node, which->first);
  if (!gone)
    return in.fail(gone.error());
  sink to{in};
  std::uint64_t count = 0;
  client::located_entry nothing{0, {}, wire::entry{domain::entry{}}};
  auto failed = to.open();
  if (csv && !failed)
    failed = to.put(csv_names(exported(nothing, {})));
  progress shown{in.out(), "exported",
                 which->end - std::min(which->end, which->first)};
  for (auto n = which->first / merkle::tile_width;
       !failed && n * merkle::tile_width < which->end; ++n) {
    auto lines = lines_of(node, *which, *gone, n, csv, count);
    failed = lines ? to.put(*lines) : lines.error();
    if (to.is_file())
      shown.at(count);
    else if (!in.out().flush())
      return 0; // nobody reads on
  }
  if (!failed)
    failed = to.finish();
  if (failed)
    return in.fail(failed);
  if (to.is_file())
    in.out().record(
        {{"exported", number(count)}, {"output", text(in.value("output"))}});
  return 0;
}

int export_tree(invocation& in, client::connection& node) {
  for (auto name : {"since", "until", "first", "last"})
    if (in.has(name))
      return in.fail(make_error(ec::invalid_argument,
                                "a tree of tiles is of the whole log", name));
  if (!in.has("output"))
    return in.fail(make_error(ec::invalid_argument,
                              "a tree of tiles needs a folder", "output"));
  auto first = first_shown(node, 0);
  if (!first)
    return in.fail(first.error());
  if (*first > 0)
    in.out().note("of the entries before " + std::to_string(*first)
                  + " only hashes are exported: they are archived");
  progress shown{in.out(), "exported", 0};
  auto done = export_tiles(
      in.value("output"),
      [&](const std::string& path) { return log_resource(node, path); },
      [&](std::uint64_t entries, std::uint64_t all) { shown.at(entries, all); },
      *first);
  return show(in, std::move(done), [&](const exported_tree& got) {
    in.out().record({{"origin", text(got.origin)},
                     {"tree_size", number(got.size)},
                     {"fetched", number(got.fetched)},
                     {"output", text(in.value("output"))}});
    return 0;
  });
}

/// What a JSON value is in a cell: a string without its quotes, the rest as it
/// is, null as nothing.
std::string csv_value(const cell& of) {
  auto value = of.json;
  if (value == "null")
    return {};
  if (value.starts_with('"'))
    if (auto parsed = json::parse(value); parsed && parsed->if_string()) {
      value = *parsed->if_string();
      if (!value.empty()
          && std::string_view{"=+-@\t\r"}.find(value[0])
                 != std::string_view::npos)
        value.insert(0, 1, '\'');
    }
  if (value.find_first_of(",\"\r\n") == std::string::npos)
    return value;
  std::string out{'"'};
  for (auto c : value) {
    out += c;
    if (c == '"')
      out += c;
  }
  return out + '"';
}

} // namespace

caf::error read_time(invocation& in, const char* key, std::int64_t& to) {
  if (!in.has(key))
    return {};
  auto when = parse_rfc3339(in.value(key));
  if (!when)
    return make_error(ec::invalid_argument, sentence_of(when.error()), key);
  to = bound_nanos(*when);
  return {};
}

std::string csv_line(const row& of) {
  std::string out;
  for (auto& [name, value] : of)
    out += csv_value(value) + ',';
  out.back() = '\n';
  return out;
}

std::string csv_names(const row& of) {
  std::string out;
  for (auto& [name, value] : of)
    out += name + ',';
  out.back() = '\n';
  return out;
}

std::vector<parameter> export_parameters() {
  return {
      {"--format",
       "how, jsonl where absent",
       kind::choice,
       false,
       false,
       false,
       {"jsonl", "csv", "tiles"}},
      {"--since", "not before, RFC 3339"},
      {"--until", "before, RFC 3339"},
      number_option("--first", "from this entry on"),
      number_option("--last", "up to this entry"),
      {"-o,--output", "file, or for tiles a folder, to write to", kind::file}};
}

int audit_export(invocation& in, client::connection& node) {
  auto format = in.value("format");
  return format == "tiles" ? export_tree(in, node)
                           : export_lines(in, node, format == "csv");
}

} // namespace acgs::shell
