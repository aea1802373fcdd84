// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Searching the log, with the index behind it by any amount: the same answers
// as looking at every entry.
#include "actors/reader/query.hpp"
#include "runtime/store/index_key.hpp"
#include "tests/support/sample_log.hpp"

#include <boost/test/unit_test.hpp>

#include <random>

BOOST_AUTO_TEST_SUITE(reader_query_test)

using namespace acgs;
using namespace acgs::reader;
using test::must;
using test::sample;

namespace {

constexpr std::int64_t second = 1'000'000'000;

/// Entries with few different texts, whose time now and then steps back.
std::vector<sample> make_samples(std::size_t count) {
  std::mt19937 dice{7};
  auto pick = [&](const char* what, unsigned of) {
    return what + std::to_string(dice() % of);
  };
  std::vector<sample> out;
  std::int64_t now = 1'771'156'800 * second;
  for (std::size_t i = 0; i < count; ++i) {
    sample one;
    now += second * static_cast<std::int64_t>(dice() % 10);
    if (dice() % 50 == 0)
      now -= 60 * second;
    one.time_nanos = now;
    one.request = pick("request-", 200);
    one.decision_id = "decision-" + std::to_string(i);
    one.agent = pick("agent-", 5);
    one.path = pick("path/", 3);
    one.type = pick("type-", 3);
    one.subject = pick("subject-", 4);
    one.kind = dice() % 10 == 0 ? domain::entry_kind::control
                                : domain::entry_kind::decision;
    one.input.clear();
    out.push_back(one);
  }
  return out;
}

struct fixture : test::sample_log {
  std::vector<sample> samples = make_samples(1500);

  fixture() { write(samples); }

  /// What looking at every entry gives.
  std::vector<std::uint64_t> expected(const query& what) {
    std::vector<std::uint64_t> out;
    auto log = view();
    auto visit = [&](std::uint64_t at, byte_view encoded) {
      if (matches(what, *must(wire::entry::decode(encoded))))
        out.push_back(at);
      return true;
    };
    BOOST_REQUIRE(!log.for_each_entry(0, log.head().size, visit));
    if (!what.oldest_first)
      std::reverse(out.begin(), out.end());
    return out;
  }

  static std::vector<std::uint64_t> places(const query_result& from) {
    std::vector<std::uint64_t> out;
    for (const auto& each : from.entries)
      out.push_back(each.index);
    return out;
  }

  /// At once, and in many steps.
  void compare(const query& what) {
    auto all = expected(what);
    compare(what, all, must(reader().find(what)));
    compare(what, all, must(reader(37).find(what)));
  }

  static void compare(const query& what, const std::vector<std::uint64_t>& all,
                      const query_result& got) {
    BOOST_TEST(got.total == all.size());
    auto skipped = std::min<std::size_t>(what.offset, all.size());
    auto count = std::min<std::size_t>(what.limit, all.size() - skipped);
    std::vector<std::uint64_t> page(all.begin() + static_cast<long>(skipped),
                                    all.begin()
                                        + static_cast<long>(skipped + count));
    BOOST_TEST(places(got) == page, boost::test_tools::per_element());
    bool more = count > 0 && skipped + count < all.size();
    BOOST_TEST(got.next.has_value() == more);
    if (more)
      BOOST_TEST(*got.next == page.back());
  }
};

query random_query(std::mt19937& dice, const std::vector<sample>& samples) {
  query what;
  const auto& like = samples[dice() % samples.size()];
  auto sometimes = [&](std::string& to, const std::string& from) {
    if (dice() % 4 == 0)
      to = from;
  };
  sometimes(what.agent, like.agent);
  sometimes(what.path, like.path);
  sometimes(what.event_type, dice() % 3 == 0 ? "control" : like.type);
  sometimes(what.caused_by, like.subject);
  sometimes(what.request_id, like.request);
  if (dice() % 8 == 0)
    what.decision_id = like.decision_id;
  if (dice() % 3 == 0)
    what.from_nanos = like.time_nanos;
  if (dice() % 3 == 0)
    what.to_nanos = samples[dice() % samples.size()].time_nanos;
  what.oldest_first = dice() % 2 == 0;
  what.limit = dice() % 40;
  what.offset = dice() % 3 == 0 ? dice() % 100 : 0;
  return what;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(reader_query, fixture)

BOOST_AUTO_TEST_CASE(answers_as_looking_at_every_entry_does_at_any_lag) {
  std::mt19937 dice{11};
  auto index = indexer();
  for (std::uint64_t lag : {0, 1, 255, 256, 500, 700, 1500}) {
    auto wanted = std::min<std::uint64_t>(lag, 1500);
    while (index.indexed() < wanted)
      must(index.advance(wanted - index.indexed()));
    for (int i = 0; i < 60; ++i)
      compare(random_query(dice, samples));
  }
}

BOOST_AUTO_TEST_CASE(goes_on_while_log_and_index_grow) {
  must(indexer().advance(900));
  for (bool oldest_first : {true, false}) {
    query what;
    what.agent = "agent-1";
    what.limit = 1000;
    what.oldest_first = oldest_first;
    auto all = expected(what);
    auto core = reader(50);
    auto run = must(core.begin_find(what));
    while (!must(core.go_on(run))) {
      must(indexer().advance(40));
      sample late;
      late.agent = "agent-1";
      write({late});
    }
    BOOST_TEST(places(run.finish()) == all, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(searches_the_log_where_the_index_cannot_be_read) {
  must(indexer().advance(900));
  for (auto why : {ec::store_io, ec::store_corrupt}) {
    index_disk.fail_reads = why;
    query what;
    what.caused_by = "subject-1";
    auto wanted = expected(what);
    BOOST_TEST(!wanted.empty());
    BOOST_TEST(must(reader().find(what)).total == wanted.size());
    BOOST_TEST(must(reader().measure()).indexed == 0u);
  }
}

BOOST_AUTO_TEST_CASE(an_index_that_began_anew_ends_a_search) {
  must(indexer().advance(900));
  query what;
  what.agent = "agent-1";
  auto core = reader(50);
  auto run = must(core.begin_find(what));
  BOOST_TEST(!must(core.go_on(run)));
  index_disk = {};
  auto next = core.go_on(run);
  BOOST_REQUIRE(!next);
  BOOST_TEST((code_of(next.error()) == ec::unavailable));
}

BOOST_AUTO_TEST_CASE(pages_through_everything_by_cursor) {
  must(indexer().advance(900));
  for (bool oldest_first : {true, false}) {
    query what;
    what.agent = "agent-1";
    what.limit = 7;
    what.oldest_first = oldest_first;
    auto all = expected(what);
    std::vector<std::uint64_t> got;
    for (;;) {
      auto page = must(reader().find(what));
      for (auto at : places(page))
        got.push_back(at);
      if (!page.next)
        break;
      what.before = page.next;
    }
    BOOST_TEST(got == all, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(finds_what_was_written_while_the_index_stood_still) {
  must(indexer().advance(2000));
  sample late;
  late.agent = "agent-late";
  write({late});
  query what;
  what.agent = "agent-late";
  BOOST_TEST(places(must(reader().find(what)))
             == std::vector<std::uint64_t>{1500});
}

BOOST_AUTO_TEST_CASE(takes_paths_as_people_write_them) {
  std::vector<sample> named(2);
  named[0].path = "acgs/main/decision";
  named[1].path = "shop.rego"; // as the entry of a policy's change
  named[0].subject = named[1].subject = "carol";
  write(named);
  sample other;
  other.path = "shop/rego";
  for (std::uint64_t indexed : {0u, 2000u}) {
    must(indexer().advance(indexed));
    auto found = [&](const char* path, const char* subject = "") {
      query what;
      what.path = path;
      what.caused_by = subject;
      return places(must(reader().find(what)));
    };
    using indexes = std::vector<std::uint64_t>;
    for (auto* path : {"acgs/main/decision", "/acgs/main/decision",
                       "acgs.main.decision", "data.acgs.main.decision"}) {
      BOOST_TEST(found(path) == indexes{1500}, path);
      BOOST_TEST(found(path, "carol") == indexes{1500}, path);
    }
    BOOST_TEST(found("shop.rego") == indexes{1501});
    BOOST_TEST(found("shop.rego", "carol") == indexes{1501});
    BOOST_TEST(found("acgs.main") == indexes{});
  }
  write({other});
  query what;
  what.path = "shop.rego";
  BOOST_TEST(places(must(reader().find(what)))
             == std::vector<std::uint64_t>{1501});
  what.path = "/shop/rego";
  BOOST_TEST(places(must(reader().find(what)))
             == std::vector<std::uint64_t>{1502});
}

BOOST_AUTO_TEST_CASE(ignores_index_records_that_point_at_something_else) {
  must(indexer().advance(2000));
  auto table = must(index_env->open_table("by_agent"));
  auto writing = must(index_env->write());
  auto prefix = store::index::prefix_of("agent-forged");
  BOOST_TEST(!writing->put(table, store::index::key_of(prefix, 3), {}));
  BOOST_TEST(!writing->commit());
  query what;
  what.agent = "agent-forged";
  BOOST_TEST(must(reader().find(what)).entries.empty());
}

BOOST_AUTO_TEST_CASE(is_not_misled_by_texts_with_zero_bytes_or_great_length) {
  std::vector<sample> odd(4);
  odd[0].agent = std::string{"agent-1\0hidden", 14};
  odd[1].agent = std::string(300, 'x');
  odd[2].agent = std::string(300, 'x') + 'y';
  odd[3].agent = "agent-1";
  write(odd);
  must(indexer().advance(2000));
  for (const auto& each : odd) {
    query what;
    what.agent = each.agent;
    what.limit = 1000;
    compare(what);
  }
}

BOOST_AUTO_TEST_CASE(refuses_bounds_beyond_its_own) {
  query what;
  what.limit = 1001;
  auto refused = reader().find(what);
  BOOST_REQUIRE(!refused);
  BOOST_TEST((code_of(refused.error()) == ec::invalid_argument));
  BOOST_TEST(sentence_of(refused.error()).starts_with("limit"));
  what.limit = 10;
  what.offset = offset_max + 1;
  refused = reader().find(what);
  BOOST_REQUIRE(!refused);
  BOOST_TEST((code_of(refused.error()) == ec::invalid_argument));
  auto why = sentence_of(refused.error());
  BOOST_TEST(why.find("offset: 10001; expected at most 10000") == 0u, why);
  BOOST_TEST(why.find("cursor") != std::string::npos, why);
}

BOOST_AUTO_TEST_CASE(a_page_is_whole_wherever_its_offset_may_stand) {
  sample deep;
  deep.agent = "agent-deep";
  for (int i = 0; i < 12; ++i)
    write(std::vector<sample>(1000, deep));
  for (std::uint64_t indexed : {0u, 100'000u}) {
    must(indexer().advance(indexed));
    for (bool by_index : {true, false}) {
      query what;
      what.agent = by_index ? "agent-deep" : "";
      what.offset = offset_max;
      what.limit = limit_max;
      auto page = must(reader().find(what));
      BOOST_TEST(page.entries.size() == limit_max);
      BOOST_TEST(page.total == total_max);
      BOOST_TEST(page.beyond_total);
      BOOST_REQUIRE(page.next.has_value());
      BOOST_TEST(*page.next == 13'500u - offset_max - limit_max);
      what.limit = 0;
      BOOST_TEST(must(reader().find(what)).total == total_max);
      // Not beyond it, but up to it: what is counted is all there is.
      what.oldest_first = true;
      for (auto from : {13'500u - total_max, 13'499u - total_max}) {
        what.before = from - 1;
        what.offset = 0;
        auto rest = must(reader().find(what));
        BOOST_TEST(rest.total == total_max);
        BOOST_TEST(rest.beyond_total == (from < 13'500u - total_max));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(goes_on_indexing_after_a_restart) {
  {
    auto index = indexer();
    BOOST_TEST(must(index.advance(700)) == 800u);
  }
  auto index = indexer();
  BOOST_TEST(index.indexed() == 700u);
  BOOST_TEST(must(index.advance(5000)) == 0u);
  BOOST_TEST(must(index.advance(5000)) == 0u);
  auto now = must(reader().measure());
  BOOST_TEST(now.indexed == 1500u);
}

BOOST_AUTO_TEST_CASE(builds_the_index_again_for_a_shorter_log) {
  must(indexer().advance(2000));
  disk = test::memory_disk{};
  write({sample{}});
  auto index = indexer();
  BOOST_TEST(index.indexed() == 0u);
  must(index.advance(10));
  query what;
  what.agent = "agent-1";
  BOOST_TEST(places(must(reader().find(what)))
             == std::vector<std::uint64_t>{0});
}

BOOST_AUTO_TEST_CASE(counts_kinds_with_and_without_the_index) {
  auto before = must(reader().measure());
  must(indexer().advance(1000));
  auto half = must(reader().measure());
  BOOST_TEST(before.by_kind == half.by_kind, boost::test_tools::per_element());
  BOOST_TEST(before.by_kind[0] + before.by_kind[1] == 1500u);
  BOOST_TEST(before.entries == 1500u);
  BOOST_TEST(before.first_nanos == samples.front().time_nanos);
  BOOST_TEST(before.last_nanos == samples.back().time_nanos);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
