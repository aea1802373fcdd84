// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0
#pragma once
// JSON in and out. Reading goes through simdjson straight into an arena;
// numbers keep their text. Writing follows Go's encoder: sets become arrays,
// keys that are no strings become their JSON text.

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "rego/arena.hpp"
#include "rego/error.hpp"
#include "rego/value.hpp"

namespace rego {

struct json_options {
  /// Refuse an object that has a key twice, which two readers may understand
  /// differently. Otherwise the last one counts, as in OPA.
  bool unique_keys = false;
};

/// Reads JSON documents, reusing its buffers. One thread at a time.
class json_reader {
public:
  json_reader();
  ~json_reader();
  json_reader(json_reader&&) noexcept;

  /// The document as a value in the arena. Depth is bounded at 512, exponents
  /// as in Go's big.Float; an error has code `json_error` and says what is
  /// wrong and at which byte (from 0), for a key that stands twice the second.
  result<value> read(arena& to, std::string_view text,
                     const json_options& options = {});

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

/// json_reader for one document; a short one is read without its tables.
result<value> parse_json(arena& to, std::string_view text,
                         const json_options& options = {});

struct json_style {
  bool escape_html = false;     // <, > and & as Go's json.Marshal writes them
  int indent = 0;               // spaces a level; 0 writes one line
  std::string_view prefix = {}; // before each further line
  std::string_view indent_text = {}; // overrides `indent` where not empty
};

/// Appends the value's JSON text; undefined is written as null.
void append_json(std::string& to, const value& v, const json_style& s = {});
std::string to_json(const value& v, const json_style& s = {});
/// The same handed out in parts, of some lines each, as it is written: the
/// indentation of what is nested deep takes far more than the value.
void write_json(const value& v, const json_style& s,
                const std::function<void(std::string_view)>& put);

/// The JSON text of a string.
std::string json_string(std::string_view s);

/// The same as append_json within a bound, as a small value may stand for
/// exponentially many parts: false where the text would have over `bytes_max`
/// bytes more; what was written until then stays.
bool append_json_within(std::string& to, const value& v, size_t bytes_max);

/// Errors as OPA writes them: [{"code", "message", "location": {"file", "row",
/// "col"}}], the location if there is one, of the parser also "details":
/// {"line", "idx"}, of the check of types what error_details::json holds.
value errors_value(arena& a, const errors& list);
/// The same as {"errors": [...]}.
std::string errors_json(const errors& list, const json_style& s = {});

/// The value as Rego source: sets in braces, `set()` for the empty one.
std::string to_rego(const value& v);

/// The same within a bound: of a text of over `bytes_max` bytes no more than
/// its beginning is written, which may be somewhat longer.
void append_rego_within(std::string& to, const value& v, size_t bytes_max);

} // namespace rego
