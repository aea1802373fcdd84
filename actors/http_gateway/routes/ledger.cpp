// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// The log as strangers read it (C2SP tlog-tiles), and receipts. READER makes
// all of it; here only the resource's name and the right to it are judged.

#include "actors/http_gateway/call.hpp"
#include "actors/http_gateway/routes/routes.hpp"

#include <algorithm>

namespace acgs::http_gateway {

namespace {

using http::method;

/// Tiles and bundles never change under their path. Not everybody may read
/// them, so only the reader's own cache keeps them. The rest is of now.
constexpr std::string_view for_ever = "private, max-age=31536000, immutable";
constexpr std::string_view of_now = "no-store";

void answer_text(const call_ptr& who, std::string text,
                 std::string_view content_type, std::string_view cached) {
  http::response out;
  out.content_type = content_type;
  out.fields.emplace_back("Cache-Control", cached);
  out.body = std::move(text);
  who->answer(std::move(out));
}

constexpr std::string_view plain = "text/plain; charset=utf-8";
constexpr std::string_view binary = "application/octet-stream";

std::string join(std::vector<std::string>::const_iterator from,
                 std::vector<std::string>::const_iterator to) {
  std::string out;
  for (; from != to; ++from) {
    out += out.empty() ? "" : "/";
    out += *from;
  }
  return out;
}

/// Steps are an origin's, which may be none, and a resource's.
void resource(const call_ptr& who) {
  const auto& steps = who->matched.captures;
  auto begins = [](const std::string& step) {
    return step == "checkpoint" || step == "vkey" || step == "keys"
           || step == "tile";
  };
  auto at = std::find_if(steps.begin(), steps.end(), begins);
  if (at == steps.end())
    return who->fail(make_error(
        ec::not_found,
        "the ledger has no such resource; expected checkpoint, "
        "checkpoint/SIZE, vkey, keys, tile/L/N, tile/entries/N or receipt/ID"));
  bool is_tile = *at == "tile";
  // Entries are in the tiles; who may read those is not everybody.
  bool is_older = *at == "checkpoint" && std::next(at) != steps.end();
  if (is_tile || is_older)
    if (auto refused = auth::authorise(who->who, auth::verb::read_ledger))
      return who->fail(refused);
  who->ask(who->with.others().reader.get(),
           reader::get_resource{join(steps.begin(), at), join(at, steps.end())},
           [who, is_tile](const reader::text_result& found) {
             answer_text(who, found.text, is_tile ? binary : plain,
                         is_tile ? for_ever : of_now);
           });
}

void give_receipt(const call_ptr& who) {
  who->ask(who->with.others().reader.get(),
           reader::get_receipt{0, who->capture(0)},
           [who](const reader::text_result& found) {
             answer_text(who, found.text, plain, of_now);
           });
}

void receipt(const call_ptr& who) {
  if (auth::may(who->who.role_, auth::verb::read_ledger))
    return give_receipt(who);
  who->ask(who->with.others().reader.get(),
           reader::get_entry{0, who->capture(0), false},
           [who](const reader::entry_result& found) {
             if (found.found.entry->caller.subject == who->who.subject)
               return give_receipt(who);
             who->fail(make_error(ec::not_found, "there is no decision '"
                                                     + who->capture(0)
                                                     + "' that you asked for"));
           });
}

} // namespace

void add_ledger_routes(std::vector<route>& to) {
  constexpr auto style = error_style::runbook;
  to.push_back({method::get, "/ledger/receipt/{id}",
                auth::verb::read_own_entries, style, "acgs audit proof ID",
                receipt});
  to.push_back({method::get, "/ledger/{resource*}", auth::verb::read_checkpoint,
                style, "acgs audit show", resource});
}

} // namespace acgs::http_gateway
