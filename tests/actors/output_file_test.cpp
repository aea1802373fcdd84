// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// What a command writes to: files that appear whole, and what is written into
// as it stands. The device here is a terminal, which nothing can replace.

#include "actors/shell/output_file.hpp"
#include "runtime/base/exit_code.hpp"
#include "tests/support/must.hpp"
#include "tests/support/scratch.hpp"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstring>

BOOST_AUTO_TEST_SUITE(output_file_test)

using namespace acgs;
using namespace acgs::shell;
using test::must;
namespace fs = std::filesystem;

namespace {

struct in_a_folder {
  test::scratch_folder folder;
  fs::path file = folder.path() / "out";
  fs::path part = folder.path() / "out.part";

  std::string content() const { return test::read_file(file); }

  std::size_t names() const {
    return static_cast<std::size_t>(std::distance(
        fs::directory_iterator{folder.path()}, fs::directory_iterator{}));
  }
};

unsigned mode_of(const fs::path& file) {
  struct ::stat found {};
  BOOST_REQUIRE(::stat(file.c_str(), &found) == 0);
  return found.st_mode & 0777;
}

std::string read_some(int from) {
  std::array<char, 256> buffer{};
  auto count = ::read(from, buffer.data(), buffer.size());
  return {buffer.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
}

/// Lets no file grow beyond a size while it lives.
class limited_files {
public:
  explicit limited_files(::rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    BOOST_REQUIRE(::getrlimit(RLIMIT_FSIZE, &before_) == 0);
    ::rlimit now{bytes, before_.rlim_max};
    BOOST_REQUIRE(::setrlimit(RLIMIT_FSIZE, &now) == 0);
  }
  ~limited_files() { ::setrlimit(RLIMIT_FSIZE, &before_); }

private:
  ::rlimit before_{};
};

/// Has another descriptor stand for a while where the output goes.
class output_to {
public:
  explicit output_to(int file) : kept_{::dup(STDOUT_FILENO)} {
    ::dup2(file, STDOUT_FILENO);
  }
  ~output_to() {
    ::dup2(kept_, STDOUT_FILENO);
    ::close(kept_);
  }

private:
  int kept_;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(regular_files, in_a_folder)

BOOST_AUTO_TEST_CASE(a_file_appears_when_it_is_whole) {
  auto to = must(output_file::open(file));
  BOOST_TEST(!to.write("one "));
  BOOST_TEST(!to.write("two"));
  BOOST_TEST(!fs::exists(file));
  BOOST_TEST(!to.finish());
  BOOST_TEST(content() == "one two");
  BOOST_TEST(names() == 1u);
}

BOOST_AUTO_TEST_CASE(what_is_not_finished_leaves_what_was_there) {
  test::write_file(file, "old");
  {
    auto to = must(output_file::open(file));
    BOOST_TEST(!to.write("new"));
    BOOST_TEST(test::read_file(part) == "new");
  }
  BOOST_TEST(content() == "old");
  BOOST_TEST(names() == 1u);
}

BOOST_AUTO_TEST_CASE(what_an_end_left_beside_it_is_no_obstacle) {
  test::write_file(folder.path() / "else", "kept");
  fs::create_symlink("else", part);
  BOOST_TEST(!write_output(file, "new"));
  BOOST_TEST(content() == "new");
  BOOST_TEST(test::read_file(folder.path() / "else") == "kept");
  BOOST_TEST(names() == 2u);
}

BOOST_AUTO_TEST_CASE(of_two_that_write_it_one_is_refused) {
  auto first = must(output_file::open(file));
  auto second = must(output_file::open(file));
  BOOST_TEST(!first.write("first"));
  BOOST_TEST(!second.write("second"));
  BOOST_TEST(sentence_of(first.finish())
             == "cannot write '" + file.string()
                    + "': another program writes it as well");
  BOOST_TEST(!second.finish());
  BOOST_TEST(content() == "second");
}

BOOST_AUTO_TEST_CASE(a_file_keeps_its_mode_as_far_as_it_may) {
  test::write_file(file, "old");
  fs::permissions(file, fs::perms{0640});
  BOOST_TEST(!write_output(file, "new"));
  BOOST_TEST(mode_of(file) == 0640u);
  BOOST_TEST(!write_output(file, "secret", 0600));
  BOOST_TEST(mode_of(file) == 0600u);
  fs::remove(file);
  BOOST_TEST(!write_output(file, "secret", 0600));
  BOOST_TEST(mode_of(file) == 0600u);
}

BOOST_AUTO_TEST_CASE(a_disk_that_takes_no_more_is_an_error) {
  test::write_file(file, "old");
  limited_files none{3};
  auto bad = write_output(file, "too much");
  BOOST_TEST((code_of(bad) == ec::store_io));
  BOOST_TEST(exit_code_of(code_of(bad)) == 4);
  BOOST_TEST(sentence_of(bad)
             == "cannot write '" + file.string()
                    + "': " + std::strerror(EFBIG));
  BOOST_TEST(content() == "old");
  BOOST_TEST(names() == 1u);
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_missing_is_named) {
  auto bad = write_output(folder.path() / "none" / "out", "x");
  BOOST_TEST((code_of(bad) == ec::store_io));
  BOOST_TEST(sentence_of(bad).ends_with("out': No such file or directory"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(links, in_a_folder)

BOOST_AUTO_TEST_CASE(what_a_link_leads_to_is_written) {
  fs::create_directory(folder.path() / "sub");
  auto there = folder.path() / "sub" / "there";
  fs::create_symlink("out2", file);
  fs::create_symlink("sub/there", folder.path() / "out2");
  for (std::string text : {"new", "again"}) { // made, then replaced
    BOOST_TEST(!write_output(file, text));
    BOOST_TEST(fs::read_symlink(file) == "out2");
    BOOST_TEST(!fs::is_symlink(there));
    BOOST_TEST(test::read_file(there) == text);
  }
  BOOST_TEST(names() == 3u);
}

BOOST_AUTO_TEST_CASE(links_in_a_circle_are_refused) {
  fs::create_symlink("out", file);
  auto bad = write_output(file, "x");
  BOOST_TEST((code_of(bad) == ec::store_io));
  BOOST_TEST(fs::is_symlink(file));
}

BOOST_AUTO_TEST_CASE(a_file_without_a_name_is_written_by_its_descriptor) {
  auto open = ::open(file.c_str(), O_RDWR | O_CREAT, 0600);
  fs::remove(file);
  auto bad = write_output("/proc/self/fd/" + std::to_string(open), "text");
  BOOST_TEST(!bad);
  BOOST_TEST(read_some(open) == "text");
  ::close(open);
  BOOST_TEST(names() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(no_regular_files, in_a_folder)

BOOST_AUTO_TEST_CASE(a_fifo_is_written_into) {
  BOOST_REQUIRE(::mkfifo(file.c_str(), 0600) == 0);
  auto reader = ::open(file.c_str(), O_RDONLY | O_NONBLOCK);
  auto link = folder.path() / "link";
  fs::create_symlink("out", link);
  for (const auto& path : {file, link}) {
    BOOST_TEST(!write_output(path, "text"));
    BOOST_TEST(read_some(reader) == "text");
    BOOST_TEST(fs::is_fifo(file));
  }
  BOOST_TEST(names() == 2u);
  ::close(reader);
}

BOOST_AUTO_TEST_CASE(a_reader_that_leaves_is_an_error) {
  std::signal(SIGPIPE, SIG_IGN);
  BOOST_REQUIRE(::mkfifo(file.c_str(), 0600) == 0);
  auto reader = ::open(file.c_str(), O_RDONLY | O_NONBLOCK);
  auto to = must(output_file::open(file));
  ::close(reader);
  auto bad = to.write("text");
  BOOST_TEST((code_of(bad) == ec::store_io));
  BOOST_TEST(sentence_of(bad).ends_with(std::strerror(EPIPE)));
}

BOOST_AUTO_TEST_CASE(a_device_is_written_into) {
  auto master = ::posix_openpt(O_RDWR | O_NOCTTY);
  BOOST_REQUIRE(master >= 0);
  BOOST_REQUIRE(::grantpt(master) == 0);
  BOOST_REQUIRE(::unlockpt(master) == 0);
  fs::path name = ::ptsname(master);
  auto kept = ::open(name.c_str(), O_RDWR | O_NOCTTY); // or it hangs up
  BOOST_TEST(!write_output(name, "text"));
  BOOST_TEST(read_some(master) == "text");
  BOOST_TEST(fs::is_character_file(name));
  ::close(kept);
  ::close(master);
}

BOOST_AUTO_TEST_CASE(folders_and_sockets_are_refused) {
  auto bad = write_output(folder.path(), "x");
  BOOST_TEST((code_of(bad) == ec::invalid_argument));
  BOOST_TEST(sentence_of(bad)
             == "'" + folder.path().string()
                    + "' is a folder; expected a file");
  auto socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  ::sockaddr_un at{};
  at.sun_family = AF_UNIX;
  std::strncpy(at.sun_path, file.c_str(), sizeof(at.sun_path) - 1);
  BOOST_REQUIRE(::bind(socket, reinterpret_cast<::sockaddr*>(&at), sizeof(at))
                == 0);
  BOOST_TEST(sentence_of(write_output(file, "x"))
             == "'" + file.string() + "' is a socket; expected a file");
  BOOST_TEST(fs::is_socket(file));
  ::close(socket);
}

BOOST_AUTO_TEST_CASE(what_the_output_leads_to_is_written_where_it_stands) {
  auto open = ::open(file.c_str(), O_RDWR | O_CREAT | O_APPEND, 0600);
  BOOST_REQUIRE(::write(open, "before ", 7) == 7);
  {
    output_to it{open};
    BOOST_TEST(!write_output("/dev/stdout", "text"));
    BOOST_TEST(!write_output(file, " more"));
  }
  BOOST_TEST(content() == "before text more");
  BOOST_TEST(names() == 1u);
  ::close(open);
}

BOOST_AUTO_TEST_CASE(a_socket_that_is_the_output_takes_it) {
  std::array<int, 2> ends{};
  BOOST_REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0);
  {
    output_to it{ends[0]};
    BOOST_TEST(!write_output("/dev/stdout", "text"));
  }
  BOOST_TEST(read_some(ends[1]) == "text");
  ::close(ends[0]);
  ::close(ends[1]);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
