// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/simulation/breaking_call.hpp"

#include <boost/test/unit_test.hpp>

#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace acgs::test {

namespace {

constexpr std::array fault_names{"nothing", "a kill before", "a kill after",
                                 "EIO",     "ENOSPC",        "half a write"};

bool kills(fault how) {
  return how == fault::killed_before || how == fault::killed_after;
}

} // namespace

breaking_call::breaking_call(std::string folder, fault how, std::uint64_t at,
                             std::uint64_t& counted)
    : folder_{std::move(folder)}, how_{how}, at_{at}, counted_{counted} {
  // Watches from `watch` on.
}

faults::outcome breaking_call::before(const faults::disk_call& what) {
  chosen_ = (how_ != fault::halved || what.writes())
            && faults::path_of(what).starts_with(folder_) && ++counted_ == at_;
  if (!chosen_)
    return {};
  if (how_ == fault::killed_before)
    ::kill(::getpid(), SIGKILL);
  return {how_ == fault::eio      ? EIO
          : how_ == fault::enospc ? ENOSPC
                                  : 0,
          how_ == fault::halved};
}

void breaking_call::after(const faults::disk_call&, long) {
  if (chosen_ && how_ == fault::killed_after)
    ::kill(::getpid(), SIGKILL);
}

std::string check_broken(fault how, const ending& of, const shared_book& book) {
  auto killed = kills(how) && of.signal == SIGKILL;
  return killed ? std::string{} : check_ending(of, book);
}

void break_at_every_call(const broken_life& run, const std::uint64_t& counted,
                         std::uint64_t calls_min, std::uint64_t writes_min) {
  for (auto how : {fault::killed_before, fault::killed_after, fault::eio,
                   fault::enospc, fault::halved}) {
    BOOST_TEST(run(how, 0) == "");
    auto calls = counted;
    BOOST_TEST(calls >= (how == fault::halved ? writes_min : calls_min));
    for (std::uint64_t at = 1; at <= calls; ++at)
      BOOST_TEST(run(how, at) == "", fault_names[static_cast<std::size_t>(how)]
                                         << " at call " << at << " of "
                                         << calls);
    BOOST_TEST_MESSAGE(fault_names[static_cast<std::size_t>(how)]
                       << ": " << calls << " calls");
  }
}

} // namespace acgs::test
