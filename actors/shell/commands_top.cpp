// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// top: what the node does at the moment, again and again.

#include "actors/shell/admin_rows.hpp"
#include "actors/shell/environment.hpp"
#include "actors/shell/live_screen.hpp"
#include "actors/shell/pause.hpp"

#include <algorithm>
#include <iterator>
#include <sstream>

namespace acgs::shell {

namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

/// What one look finds; what the caller may not see is not there.
struct look {
  client::health health;
  client::load load;
  std::optional<client::ledger_stats> ledger;
  std::optional<client::cache_stats> cache;
  std::optional<std::vector<client::actor>> actors;
  std::optional<std::vector<client::breaker>> breakers;
};

/// The questions of one look, which all of them together may take no longer
/// than it: the first that fails, or for which no time is left, ends it.
class questions {
public:
  questions(client::connection& node, steady::time_point until)
      : node_{node}, until_{until} {
    // Nothing is asked yet.
  }

  template <class Ask, class To>
  void ask(Ask how, To& into) {
    if (wrong_)
      return;
    auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        until_ - steady::now());
    node_.set_timeout(std::max(left, 1ms));
    auto got = how();
    if (got)
      into = std::move(*got);
    else
      wrong_ = std::move(got.error());
  }

  /// The same, where not being allowed is an answer too: there is nothing.
  template <class Ask, class To>
  void ask_if_allowed(Ask how, To& into) {
    ask(how, into);
    if (code_of(wrong_) == ec::forbidden)
      wrong_ = {};
  }

  const caf::error& wrong() const { return wrong_; }

private:
  client::connection& node_;
  steady::time_point until_;
  caf::error wrong_;
};

result<look> look_at(client::connection& node, steady::time_point until) {
  look out;
  questions all{node, until};
  all.ask([&] { return node.health(); }, out.health);
  all.ask([&] { return node.load(); }, out.load);
  all.ask_if_allowed([&] { return node.ledger().stats(); }, out.ledger);
  all.ask_if_allowed([&] { return node.admin().cache(); }, out.cache);
  all.ask_if_allowed([&] { return node.admin().actors(); }, out.actors);
  all.ask_if_allowed([&] { return node.admin().breakers(); }, out.breakers);
  if (all.wrong())
    return all.wrong();
  return out;
}

/// A look beside the one before. Without one, and where the node was started
/// anew in between, the figures are those since its start.
class comparison {
public:
  comparison(const look& now, const look* before) : now_{now} {
    if (before && now.load.uptime_nanos > before->load.uptime_nanos
        && now.load.decisions >= before->load.decisions)
      before_ = before;
  }

  row rates() const {
    auto nanos =
        now_.load.uptime_nanos - (before_ ? before_->load.uptime_nanos : 0);
    return {{"decisions_per_second", per_second(&client::load::decisions)},
            {"refusals_per_second", per_second(&client::load::refusals)},
            {"measured_ns", duration(nanos)},
            {"p50_ns", duration(now_.load.latency.p50)},
            {"p99_ns", duration(now_.load.latency.p99)},
            {"disk_p50_ns", duration(now_.load.durable.p50)},
            {"disk_p99_ns", duration(now_.load.durable.p99)}};
  }

  row stock() const {
    row out;
    if (now_.actors) {
      auto has = std::find_if(now_.actors->begin(), now_.actors->end(),
                              [](auto& each) { return each.queue_max > 0; });
      if (has != now_.actors->end()) {
        out.emplace_back("queue", queue_of(*has));
        out.emplace_back("queue_max", number(has->queue_max));
        out.back().second.shown.clear(); // the queue shows it
      }
    }
    if (now_.cache)
      out.emplace_back("cache_hit_rate", hit_rate());
    if (now_.ledger) {
      out.emplace_back("ledger_entries", number(now_.ledger->entries));
      out.emplace_back("ledger_bytes", size(now_.ledger->bytes_used));
      out.emplace_back("ledger_map_bytes", size(now_.ledger->map_bytes));
    }
    return out;
  }

private:
  cell per_second(std::uint64_t client::load::*count) const {
    auto nanos =
        now_.load.uptime_nanos - (before_ ? before_->load.uptime_nanos : 0);
    auto counted = now_.load.*count - (before_ ? before_->load.*count : 0);
    return rate(counted, nanos);
  }

  /// Of the decisions since the look before, where there were any.
  cell hit_rate() const {
    auto hits = now_.cache->l1_hits + now_.cache->l2_hits;
    auto asked = now_.cache->l1_hits + now_.cache->l1_misses;
    if (before_ && before_->cache) {
      auto hits_before = before_->cache->l1_hits + before_->cache->l2_hits;
      auto asked_before = before_->cache->l1_hits + before_->cache->l1_misses;
      if (asked > asked_before && hits >= hits_before)
        return share(hits - hits_before, asked - asked_before);
    }
    return share(hits, asked);
  }

  const look& now_;
  const look* before_ = nullptr;
};

void show_json(output& out, const look& now, const comparison& figures) {
  row all{{"status", text(now.health.status)},
          {"time", time(now.health.time_nanos)},
          {"uptime_ns", duration(now.load.uptime_nanos)},
          {"decisions", number(now.load.decisions)},
          {"refusals", number(now.load.refusals)}};
  for (const auto& more : {figures.rates(), figures.stock()})
    std::copy(more.begin(), more.end(), std::back_inserter(all));
  if (now.cache)
    all.emplace_back("cache", array(cache_rows(*now.cache)));
  if (now.breakers)
    all.emplace_back("breakers", array(breaker_rows(*now.breakers)));
  if (now.actors)
    all.emplace_back("actors", array(actor_rows(*now.actors, true)));
  out.record(all);
}

void show_text(output& out, const look& now, const comparison& figures) {
  out.note(now.health.service + " " + now.health.version + ": "
           + now.health.status + ", up " + duration(now.load.uptime_nanos).shown
           + ", " + time(now.health.time_nanos).shown);
  for (const auto& each : now.health.components)
    if (!each.reason.empty())
      out.note(harmless(each.name + " is " + each.status + ": " + each.reason));
  out.note("");
  out.list({figures.rates()});
  if (auto stock = figures.stock(); !stock.empty()) {
    out.note("");
    out.list({stock});
  }
  if (now.breakers) {
    auto shown = *now.breakers;
    std::erase_if(shown, [](auto& each) { return each.state == "closed"; });
    out.note("");
    if (shown.empty())
      out.note("all " + std::to_string(now.breakers->size())
               + " breakers are closed");
    else
      out.list(breaker_rows(shown));
  }
  if (now.actors) {
    out.note("");
    out.list(actor_rows(*now.actors, false));
  }
}

void show_look(output& out, const look& now, const look* before) {
  comparison figures{now, before};
  if (out.is_json())
    show_json(out, now, figures);
  else
    show_text(out, now, figures);
}

/// One look, which ends within the time whatever hangs.
result<look> ask(invocation& in, std::chrono::milliseconds at_most) {
  auto how = in.global().connect;
  how.timeout = std::min(how.timeout, at_most);
  auto until = steady::now() + how.timeout;
  auto node = in.env().connect(how);
  if (!node)
    return std::move(node.error());
  return look_at(**node, until);
}

/// One look after the other, for files, pipes and programs.
int top_in_lines(invocation& in, std::uint64_t count,
                 std::chrono::seconds interval) {
  std::optional<look> before;
  pauses between;
  for (std::uint64_t i = 1;; ++i) {
    auto now = ask(in, in.global().connect.timeout);
    if (!now)
      return in.fail(now.error());
    if (before && !in.out().is_json())
      in.out().note("");
    show_look(in.out(), *now, before ? &*before : nullptr);
    before = std::move(*now);
    if (i == count || !between.wait_after(in.out(), interval))
      return 0;
  }
}

/// On a terminal, in its place. A node that is away is waited for.
int top_on_screen(invocation& in, std::chrono::seconds interval) {
  std::optional<look> before;
  live_screen screen;
  for (;;) {
    std::ostringstream lines;
    output to{lines, lines};
    to.note("every " + std::to_string(interval.count()) + " s, q ends it");
    auto now = ask(in, 3s); // keys wait as long
    if (now) {
      show_look(to, *now, before ? &*before : nullptr);
      before = std::move(*now);
    } else {
      in.env().disconnect();
      to.error(now.error());
    }
    screen.draw(lines.str());
    if (!screen.wait(interval))
      return 0;
  }
}

int top(invocation& in) {
  auto count = in.has("once") ? 1 : in.number("count");
  std::chrono::seconds interval{in.number("interval", 2)};
  if (in.env().interactive && !in.out().is_json() && count == 0)
    return top_on_screen(in, interval);
  return top_in_lines(in, count, interval);
}

} // namespace

std::vector<command> top_commands() {
  return {
      {"top",
       "Shows what the node does at the moment, live: rates, latencies, "
       "the queue, the cache, the ledger, breakers and actors",
       "acgs top --interval 5",
       {{"--once", "one look: figures since the node's start", kind::free,
         false, true},
        number_option("--interval", "seconds between two looks, 2 where absent",
                      1, 3600),
        number_option("--count", "so many looks; for ever where absent", 1)},
       false,
       top}};
}

} // namespace acgs::shell
