// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// A store whose file was cut: it is refused by name, or nothing that is in use
// is missing. Each is opened in a process of its own, since LMDB's reading of
// what is not there would end this one.
#include "runtime/store/keys.hpp"
#include "runtime/store/lmdb.hpp"
#include "runtime/store/lmdb_copy.hpp"
#include "runtime/store/store.hpp"
#include "tests/support/must.hpp"
#include "tests/support/scratch.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <map>
#include <random>

BOOST_AUTO_TEST_SUITE(store_cut_test)

using namespace acgs;
using namespace acgs::store;
using test::must;
namespace fs = std::filesystem;

namespace {

const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));

using records = std::map<std::string, bytes>;

bytes value_of(std::size_t number, std::size_t size) {
  return bytes(size, static_cast<std::byte>(number % 251));
}

records read_all(environment& in, const std::string& name) {
  records out;
  auto found = must(in.find_table(name));
  if (!found)
    return out;
  auto reading = must(in.read());
  auto at = must(reading->walk(*found));
  for (auto more = must(at->first()); more; more = must(at->next()))
    out.emplace(as_text(at->key()),
                bytes(at->value().begin(), at->value().end()));
  return out;
}

/// Not synced: no power is lost here.
lmdb_options options_of(const fs::path& folder) {
  lmdb_options out;
  out.folder = folder;
  out.synced = false;
  return out;
}

/// What a process ends with that opened a store.
enum outcome : int { whole = 0, refused = 1, wrong = 2 };

struct fixture : test::scratch_folder {
  fs::path folder = path() / "s";
  fs::path file = folder / "data.mdb";
  fs::path cut = path() / "cut";
  int outcome_before = whole;
  records expected;

  std::unique_ptr<environment> open() {
    return must(open_lmdb(options_of(folder)));
  }

  /// One transaction.
  template <class Change>
  void change(environment& in, const Change& what) {
    auto t = must(in.open_table("t"));
    auto writing = must(in.write());
    what(*writing, t);
    BOOST_REQUIRE(!writing->commit());
  }
  void put(environment& in, std::size_t number, std::size_t size) {
    change(in, [&](auto& to, table t) {
      BOOST_REQUIRE(!to.put(t, to_key(number), value_of(number, size)));
    });
  }

  /// Values within pages, and some that have pages of their own.
  void make_small() {
    auto env = open();
    for (std::size_t i = 0; i < 20; ++i)
      put(*env, i, i % 5 == 4 ? 3 * page : 200);
  }

  /// The list of free pages is a tree itself, some of it in pages of their own.
  void make_free_list_large() {
    auto env = open();
    change(*env, [&](auto& to, table t) {
      for (std::size_t i = 1000; i < 1070; ++i)
        BOOST_REQUIRE(!to.put(t, to_key(i), value_of(i, 4 * page)));
    });
    auto sees_all = must(env->read()); // nothing is used again meanwhile
    change(*env, [&](auto& to, table t) {
      for (std::size_t i = 1000; i < 1070; ++i)
        BOOST_REQUIRE(!to.erase(t, to_key(i)));
    });
    for (std::size_t i = 0; i < 100; ++i)
      put(*env, i, 200);
  }

  /// Pages at the end are taken and freed within a transaction. LMDB counts
  /// them and does not write them.
  void leave_pages_unwritten(std::size_t count) {
    auto env = open();
    put(*env, 1, 300); // so that some are free, which LMDB has then looked at
    change(*env, [&](auto& to, table t) {
      BOOST_REQUIRE(!to.put(t, to_key(1), value_of(1, 200)));
      BOOST_REQUIRE(!to.put(t, to_key(9999), bytes(count * page)));
      BOOST_REQUIRE(!to.erase(t, to_key(9999)));
    });
    auto counted = must(env->measure(0)).used_bytes;
    BOOST_REQUIRE(fs::file_size(file) + count * page <= counted);
  }

  /// Opens a copy, cut to so many bytes, reads all and writes. One that was
  /// refused is as it was, and only cut further.
  int open_cut(std::uint64_t size) {
    auto copy = cut / "data.mdb";
    if (outcome_before != refused || fs::file_size(copy) < size) {
      fs::remove_all(cut);
      fs::create_directory(cut);
      fs::copy_file(file, copy);
    }
    fs::resize_file(copy, size);
    auto child = ::fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0) {
      // Boost's handlers would go on with the tests here.
      for (auto each : {SIGBUS, SIGSEGV, SIGABRT, SIGFPE, SIGILL})
        std::signal(each, SIG_DFL);
      try {
        ::_exit(use());
      } catch (...) { // a failed requirement, too
        ::_exit(wrong);
      }
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    BOOST_REQUIRE_MESSAGE(WIFEXITED(status),
                          size << " bytes end by signal " << WTERMSIG(status));
    outcome_before = WEXITSTATUS(status);
    if (outcome_before == refused)
      BOOST_TEST(fs::file_size(copy) == size);
    return outcome_before;
  }

  /// In the child, where an exception is an error: all there is to do.
  int use() {
    auto opened = open_lmdb(options_of(cut));
    if (!opened)
      return is_named(opened.error()) && is_named(copy_of_cut()) ? refused
                                                                 : wrong;
    auto env = std::move(*opened);
    if (read_all(*env, "t") != expected)
      return wrong;
    auto now = expected;
    auto t = must(env->open_table("t"));
    for (std::size_t i = 2000; i < 2010; ++i) {
      auto writing = must(env->write());
      auto value = value_of(i, i % 2 * 20 * page + 100);
      auto key = to_key(i);
      if (writing->put(t, key, value) || writing->commit())
        return wrong;
      now[std::string{as_text(key)}] = value;
    }
    if (read_all(*env, "t") != now)
      return wrong;
    env.reset();
    if (copy_of_cut())
      return wrong;
    auto again = must(open_lmdb(options_of(cut)));
    return read_all(*again, "t") == now ? whole : wrong;
  }

  caf::error copy_of_cut() const { return copy_lmdb(cut, cut / "copy"); }

  bool is_named(const caf::error& why) const {
    auto text = sentence_of(why);
    return code_of(why) == ec::store_corrupt
           && text.starts_with((cut / "data.mdb").string() + " is cut: it has ")
           && text.find("expected at least ") != std::string::npos;
  }

  /// At each page, and where `odd` beside it. What is refused once is refused
  /// of a file that is shorter still.
  void cut_everywhere(bool odd) {
    expected = read_all(*open(), "t");
    auto size = fs::file_size(file);
    BOOST_TEST(open_cut(size) == whole);
    int last = whole;
    for (auto at = size; at > 0;) {
      at -= page;
      for (auto beside :
           {page - 1, page / 2, std::uint64_t{1}, std::uint64_t{0}}) {
        if (beside != 0 && !odd)
          continue;
        auto got = open_cut(at + beside);
        BOOST_TEST((got == whole || got == refused),
                   at + beside << " bytes of " << size);
        BOOST_TEST(got >= last, at + beside << " bytes of " << size);
        last = got;
      }
    }
    BOOST_TEST(last == refused); // of 0 bytes
    // Nothing is written to what is refused.
    BOOST_TEST(open_cut(size - size / page / 4 * page - 1) == refused);
    auto left = test::read_file(cut / "data.mdb");
    BOOST_TEST(test::read_file(file).starts_with(left));
  }
};

} // namespace

BOOST_FIXTURE_TEST_CASE(refuses_a_small_store_wherever_it_is_cut, fixture) {
  make_small();
  cut_everywhere(true);
  // Its last page is in use.
  BOOST_TEST(open_cut(fs::file_size(file) - 1) == refused);
}

BOOST_FIXTURE_TEST_CASE(refuses_an_empty_store_that_was_cut, fixture) {
  open();
  cut_everywhere(true);
}

BOOST_FIXTURE_TEST_CASE(finds_what_is_free_in_a_large_list, fixture) {
  make_small();
  make_free_list_large();
  cut_everywhere(false);
}

BOOST_FIXTURE_TEST_CASE(opens_a_file_that_was_never_longer, fixture) {
  make_small();
  leave_pages_unwritten(3);
  cut_everywhere(true);
}

BOOST_FIXTURE_TEST_CASE(opens_a_file_that_is_far_shorter_than_counted,
                        fixture) {
  make_small();
  leave_pages_unwritten(500);
  cut_everywhere(false);
}

BOOST_FIXTURE_TEST_CASE(reads_a_list_whose_end_was_never_written, fixture) {
  make_small();
  make_free_list_large();
  leave_pages_unwritten(700);
  expected = read_all(*open(), "t");
  BOOST_TEST(open_cut(fs::file_size(file)) == whole);
  BOOST_TEST(open_cut(fs::file_size(file) / 2) == refused);
}

BOOST_FIXTURE_TEST_CASE(opens_whatever_it_wrote_itself, fixture) {
  std::mt19937_64 chance{20260215};
  auto below = [&](std::uint64_t end) { return chance() % end; };
  std::size_t shorter = 0;
  for (std::uint64_t i = 1; i < 120; ++i) {
    if (i % 10 == 0)
      fs::remove_all(folder);
    auto env = open();
    shorter += fs::file_size(file) < must(env->measure(0)).used_bytes;
    std::unique_ptr<read_transaction> sees_all;
    for (auto commits = below(3) + 1; commits > 0; --commits) {
      if (below(3) == 0)
        sees_all = must(env->read());
      change(*env, [&](auto& to, table t) {
        for (auto steps = below(20) + 1; steps > 0; --steps) {
          auto key = to_key(below(30));
          auto size = below(below(2) == 0 ? 1000 : i * page);
          BOOST_REQUIRE(!(below(2) == 0 ? to.erase(t, key)
                                        : to.put(t, key, bytes(size))));
        }
        // What was taken at the end is given back.
        BOOST_REQUIRE(!to.put(t, to_key(30), bytes(i * 2 * page)));
        BOOST_REQUIRE(!to.erase(t, to_key(30)));
      });
    }
  }
  BOOST_TEST(shorter > 0u); // or this says nothing
}

BOOST_FIXTURE_TEST_CASE(is_not_misled_by_a_writer, fixture) {
  make_small();
  leave_pages_unwritten(3);
  auto child = ::fork();
  BOOST_REQUIRE(child >= 0);
  if (child == 0) {
    try {
      for (auto env = open();;) {
        put(*env, 1, 300);
        change(*env, [&](auto& to, table t) {
          (void)to.put(t, to_key(9999), bytes(20 * page));
          (void)to.erase(t, to_key(9999));
        });
      }
    } catch (...) {
      ::_exit(wrong);
    }
  }
  for (int i = 0; i < 300; ++i) {
    auto opened = open_lmdb(options_of(folder));
    BOOST_TEST(static_cast<bool>(opened),
               (opened ? "" : sentence_of(opened.error())));
  }
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  BOOST_TEST(WIFSIGNALED(status));
}

BOOST_FIXTURE_TEST_CASE(says_how_long_a_cut_file_was, fixture) {
  make_small();
  auto size = fs::file_size(file);
  fs::resize_file(file, size - 1);
  auto opened = open_lmdb(options_of(folder));
  BOOST_REQUIRE(!opened);
  BOOST_TEST(sentence_of(opened.error())
             == file.string() + " is cut: it has " + std::to_string(size - 1)
                    + " bytes; page " + std::to_string(size / page - 1)
                    + " is in use, so expected at least " + std::to_string(size)
                    + "; put the whole file back or restore a backup");
}

BOOST_AUTO_TEST_SUITE_END()
