// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/process/process_id.hpp"

#include <charconv>
#include <fstream>
#include <iterator>
#include <sstream>
#include <unistd.h>

namespace acgs::process {

process_id self() {
  return find_process(::getpid()).value_or(process_id{::getpid(), 0});
}

std::optional<process_id> find_process(std::int64_t pid) {
  std::ifstream in{"/proc/" + std::to_string(pid) + "/stat"};
  std::string line{std::istreambuf_iterator<char>{in}, {}};
  // The second field is the command in parentheses, which may hold anything.
  auto close = line.rfind(')');
  if (close == std::string::npos)
    return std::nullopt;
  std::istringstream rest{line.substr(close + 1)};
  std::string state;
  rest >> state;
  std::string skipped;
  for (int field = 4; field < 22; ++field)
    rest >> skipped;
  process_id found{pid, 0};
  if (!(rest >> found.start_ticks) || state == "Z" || state == "X")
    return std::nullopt;
  return found;
}

bool is_alive(const process_id& which) {
  return find_process(which.pid) == which;
}

std::string to_text(const process_id& which) {
  return std::to_string(which.pid) + " " + std::to_string(which.start_ticks)
         + "\n";
}

std::optional<process_id> parse_process_id(std::string_view text) {
  process_id out;
  auto end = text.data() + text.size();
  auto first = std::from_chars(text.data(), end, out.pid);
  if (first.ec != std::errc{} || first.ptr == end || *first.ptr != ' '
      || out.pid <= 0)
    return std::nullopt;
  auto second = std::from_chars(first.ptr + 1, end, out.start_ticks);
  if (second.ec != std::errc{} || second.ptr == end || *second.ptr != '\n')
    return std::nullopt;
  return out;
}

} // namespace acgs::process
