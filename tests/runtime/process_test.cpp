// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/process/deadline.hpp"
#include "runtime/process/in_child.hpp"
#include "runtime/process/memory.hpp"
#include "runtime/process/process_id.hpp"
#include "runtime/process/run_files.hpp"
#include "runtime/process/signals.hpp"
#include "runtime/process/standard_descriptors.hpp"
#include "runtime/process/usage.hpp"
#include "tests/support/scratch.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <csignal>
#include <fcntl.h>
#include <future>
#include <optional>
#include <sys/wait.h>
#include <unistd.h>

BOOST_AUTO_TEST_SUITE(process_test)

using namespace acgs;
using namespace acgs::process;
using test::read_file;
using test::write_file;

namespace {

const std::array<std::uint16_t, 1> one_port{8181};

/// The identity of a process that has ended and was waited for.
process_id dead_process() {
  auto pid = ::fork();
  if (pid == 0)
    ::_exit(0);
  ::waitpid(pid, nullptr, 0);
  return {pid, 1};
}

/// What is mapped from files, in KiB.
std::size_t mapped_from_files() {
  auto status = read_file("/proc/self/status");
  auto at = status.find("RssFile:");
  BOOST_REQUIRE(at != status.npos);
  return std::stoul(status.substr(at + 8));
}

} // namespace

BOOST_AUTO_TEST_CASE(code_that_was_given_back_runs_on) {
  auto before = mapped_from_files();
  give_back_code();
  BOOST_TEST(mapped_from_files() < before);
  BOOST_CHECK_THROW(throw 1, int); // its tables, too
}

BOOST_AUTO_TEST_CASE(work_in_a_child_ends_that_alone) {
  auto done = in_child([] { return 7; });
  BOOST_REQUIRE(done);
  BOOST_TEST(done->code == 7);
  BOOST_TEST(done->signal == 0);
  auto killed = in_child([] { return ::raise(SIGKILL); });
  BOOST_REQUIRE(killed);
  BOOST_TEST(killed->signal == SIGKILL);
}

BOOST_AUTO_TEST_CASE(a_process_is_known_by_pid_and_start_time) {
  auto me = self();
  BOOST_TEST(me.pid == ::getpid());
  BOOST_TEST(me.start_ticks > 0u);
  BOOST_TEST(is_alive(me));
  BOOST_TEST(!is_alive({me.pid, me.start_ticks + 1}));
  BOOST_TEST(!is_alive(dead_process()));
}

BOOST_AUTO_TEST_CASE(its_text_goes_there_and_back) {
  BOOST_TEST(to_text({12, 34}) == "12 34\n");
  BOOST_TEST((parse_process_id("12 34\n") == process_id{12, 34}));
  for (auto text : {"", "12", "12 34", "-1 3\n", "a b\n", "12\n34\n"})
    BOOST_TEST(!parse_process_id(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(the_files_stand_while_it_is_held_and_go_with_it) {
  test::scratch_folder folder;
  auto dir = folder.path() / "new" / "pids";
  {
    auto mine = run_files::claim(dir);
    BOOST_REQUIRE(mine);
    BOOST_REQUIRE(!mine->put_ports("http", one_port));
    BOOST_TEST(read_file(dir / "acgs.lock") == to_text(self()));
    BOOST_TEST(read_file(dir / "acgsd.pid")
               == std::to_string(::getpid()) + "\n");
    BOOST_TEST(read_file(dir / "http.port") == "8181\n");
    BOOST_TEST(!mine->replaced_stale());
  }
  BOOST_TEST(std::filesystem::is_empty(dir));
}

BOOST_AUTO_TEST_CASE(a_second_claim_is_refused_and_names_the_holder) {
  test::scratch_folder folder;
  auto mine = run_files::claim(folder.path());
  BOOST_REQUIRE(mine);
  auto other = run_files::claim(folder.path());
  BOOST_REQUIRE(!other);
  BOOST_TEST((code_of(other.error()) == ec::unavailable));
  BOOST_TEST(sentence_of(other.error())
                 .find("already running as PID " + std::to_string(::getpid()))
             != std::string::npos);
  BOOST_TEST(read_file(folder.path() / "acgs.lock") == to_text(self()));
}

BOOST_AUTO_TEST_CASE(what_a_dead_process_left_is_replaced) {
  test::scratch_folder folder;
  write_file(folder.path() / "acgs.lock", to_text(dead_process()));
  write_file(folder.path() / "rpc.port", "1\n");
  auto mine = run_files::claim(folder.path());
  BOOST_REQUIRE(mine);
  BOOST_TEST(mine->replaced_stale());
  BOOST_TEST(read_file(folder.path() / "acgs.lock") == to_text(self()));
  BOOST_TEST(!std::filesystem::exists(folder.path() / "rpc.port"));
}

BOOST_AUTO_TEST_CASE(a_lock_that_holds_nonsense_is_replaced) {
  test::scratch_folder folder;
  write_file(folder.path() / "acgs.lock", std::string(1000, '\xff'));
  auto mine = run_files::claim(folder.path());
  BOOST_REQUIRE(mine);
  BOOST_TEST(read_file(folder.path() / "acgs.lock") == to_text(self()));
}

BOOST_AUTO_TEST_CASE(the_lock_ends_with_a_process_that_is_killed) {
  test::scratch_folder folder;
  int ready[2];
  BOOST_REQUIRE(::pipe(ready) == 0);
  auto child = ::fork();
  if (child == 0) {
    auto theirs = run_files::claim(folder.path());
    char told = theirs ? 'y' : 'n';
    if (::write(ready[1], &told, 1) == 1)
      ::pause();
    ::_exit(0);
  }
  char told = 0;
  BOOST_REQUIRE(::read(ready[0], &told, 1) == 1);
  BOOST_TEST(told == 'y');
  auto refused = run_files::claim(folder.path());
  BOOST_TEST(!refused);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  auto mine = run_files::claim(folder.path());
  BOOST_REQUIRE(mine);
  BOOST_TEST(mine->replaced_stale());
  ::close(ready[0]);
  ::close(ready[1]);
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_made_is_an_error_naming_it) {
  test::scratch_folder folder;
  write_file(folder.path() / "file", "");
  auto refused = run_files::claim(folder.path() / "file" / "pids");
  BOOST_REQUIRE(!refused);
  BOOST_TEST((code_of(refused.error()) == ec::invalid_argument));
  BOOST_TEST(sentence_of(refused.error()).find("file/pids")
             != std::string::npos);
}

BOOST_AUTO_TEST_CASE(signals_become_requests) {
  block_signals();
  ::kill(::getpid(), SIGHUP);
  BOOST_TEST((wait_for_request() == request::reopen));
  request_stop();
  BOOST_TEST((wait_for_request() == request::stop));
  ::kill(::getpid(), SIGINT);
  BOOST_TEST((wait_for_request() == request::stop));
}

BOOST_AUTO_TEST_CASE(a_deadline_that_is_met_does_nothing) {
  bool expired = false;
  {
    deadline limit{std::chrono::hours{1}, [&] { expired = true; }};
  }
  BOOST_TEST(!expired);
}

BOOST_AUTO_TEST_CASE(a_deadline_ends_a_process_that_hangs) {
  test::scratch_folder folder;
  auto child = ::fork();
  if (child == 0) {
    auto files = run_files::claim(folder.path());
    deadline limit{std::chrono::milliseconds{1}, [&] {
                     files->remove();
                     ::_exit(5);
                   }};
    std::promise<void> never;
    never.get_future().wait();
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  BOOST_TEST(WIFEXITED(status));
  BOOST_TEST(WEXITSTATUS(status) == 5);
  BOOST_TEST(std::filesystem::is_empty(folder.path()));
}

BOOST_AUTO_TEST_CASE(no_file_is_taken_for_stderr) {
  auto child = ::fork();
  if (child == 0) {
    for (int fd : {0, 2})
      ::close(fd);
    fill_standard_descriptors();
    int next = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    ::_exit(::write(2, "x", 1) == 1 && next > 2 ? 0 : 1);
  }
  int status = 1;
  BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
  BOOST_TEST(status == 0);
}

BOOST_AUTO_TEST_CASE(usage_is_read_from_the_machine) {
  auto before = current_usage();
  BOOST_TEST(before.resident_bytes > 100'000u);
  BOOST_TEST(before.threads >= 1u);
  int fd = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  BOOST_TEST(current_usage().descriptors == before.descriptors + 1);
  ::close(fd);
}

BOOST_AUTO_TEST_SUITE_END()
