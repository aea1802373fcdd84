// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What commands show: for people as tables and records, with --json as one
// object a line. A command makes rows of cells, each of which knows both of
// its forms, so that the two never drift apart. Text that came from elsewhere
// is made harmless for terminals.

#include "runtime/base/bytes.hpp"
#include "runtime/base/exit_code.hpp"

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace acgs::shell {

/// One value in both of its forms.
struct cell {
  std::string json;
  std::string shown;
};

cell text(std::string_view value);
cell number(std::uint64_t value);
cell number(std::int64_t value);
cell boolean(bool value);
/// RFC 3339; null and "-" where it is 0.
cell time(std::int64_t nanos);
/// Nanoseconds; shown as "1.5 ms", "2 h 10 min", under the name without its
/// "_ns".
cell duration(std::int64_t nanos);
/// Bytes; shown as "1.5 KiB".
cell size(std::uint64_t bytes);
cell hex(byte_view value);
/// JSON text as it is, which must be JSON, and for people in words; an empty
/// one is null.
cell json(std::string_view value);
/// A share of a whole, 0 to 1; shown as "12.5 %".
cell share(std::uint64_t part, std::uint64_t whole);
/// How many a second, with one digit behind the point.
cell rate(std::uint64_t count, std::int64_t nanos);

using row = std::vector<std::pair<std::string, cell>>;

/// The row as one JSON object, without a newline.
std::string to_json(const row& of);

/// Rows as one JSON array, for programs alone.
cell array(const std::vector<row>& rows);

/// 'one', 'two'
std::string quoted_list(const std::vector<std::string>& list);

/// Replaces what could steer a terminal, and bytes that are not UTF-8.
std::string harmless(std::string_view text);

/// The same for a text of lines, such as a policy's errors with their carets:
/// its line ends and tabs stay, and lines after the first are indented, so that
/// none can be taken for one of ours.
std::string harmless_lines(std::string_view text);

class output {
public:
  output(std::ostream& out, std::ostream& err) : out_{out}, err_{err} {}

  void set_json(bool on) { json_ = on; }
  bool is_json() const { return json_; }

  /// A table with the names of the first row as headings, without columns in
  /// which nothing stands; with JSON an object a line.
  void list(const std::vector<row>& rows);

  /// One thing, a line a field; with JSON one object.
  void record(const row& of);

  /// Text for people, which --json leaves out.
  void note(std::string_view line);

  /// How far something is: text for people, on the other stream.
  void progress(std::string_view line);

  /// A document as it is: a policy, a receipt.
  void document(std::string_view content);

  /// Lets what was shown be seen, though more will come. False where it cannot
  /// be, and nothing that follows: what goes on by itself ends then.
  bool flush();

  /// Why a part of what was shown is lost, as errno says it; 0 where none is.
  int lost() const { return lost_; }

  /// An error: "error: ...", or {"code","message","field"}, on the other
  /// stream.
  void error(const caf::error& what);

private:
  /// To be called behind each write, before anything else can fail.
  void note_loss();

  std::ostream& out_;
  std::ostream& err_;
  bool json_ = false;
  int lost_ = 0;
};

} // namespace acgs::shell
