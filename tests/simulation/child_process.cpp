// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/child_process.hpp"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <stdexcept>

namespace acgs::test {

shared_memory::shared_memory() {
  auto* at = ::mmap(nullptr, sizeof(shared_book), PROT_READ | PROT_WRITE,
                    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (at == MAP_FAILED)
    throw std::runtime_error{"no memory to share with a child"};
  book_ = new (at) shared_book;
}

shared_memory::~shared_memory() {
  ::munmap(book_, sizeof(shared_book));
}

ending run_child(shared_book& book, const std::function<caf::error()>& what) {
  auto child = ::fork();
  if (child < 0)
    throw std::runtime_error{"cannot fork"};
  if (child == 0) {
    auto wrong = what();
    if (!wrong)
      ::_exit(0);
    auto why = sentence_of(wrong);
    std::strncpy(book.said, why.c_str(), sizeof book.said - 1);
    ::_exit(gave_up);
  }
  int status = 0;
  if (::waitpid(child, &status, 0) != child)
    throw std::runtime_error{"lost a child"};
  if (WIFSIGNALED(status))
    return {0, WTERMSIG(status)};
  return {WEXITSTATUS(status), 0};
}

std::string check_ending(const ending& how, const shared_book& book) {
  if (how.signal != 0)
    return "it was killed by signal " + std::to_string(how.signal);
  if (how.code == gave_up && book.said[0] == '\0')
    return "it gave up without a word";
  if (how.code != 0 && how.code != gave_up)
    return "it ended with " + std::to_string(how.code);
  return {};
}

} // namespace acgs::test
