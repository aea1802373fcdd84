// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// The reader: Boost.JSON's parser checks the syntax and UTF-8; what it reports
// is put together here, with bounds of our own and numbers by their text.

#include "runtime/base/json.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <algorithm>
#include <cstdlib>

namespace acgs::json {

namespace {

using boost_code = boost::json::error_code;

/// The largest power of ten in a number; far beyond what a double holds.
constexpr long exponent_max = 9999;

/// One array or object that is not closed yet.
struct open_node {
  bool is_object = false;
  array items;
  object members;
  std::string key; ///< of the member to come
};

/// Puts together what the parser reports.
struct builder {
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  std::vector<open_node> open;
  value done;
  std::string text; ///< of the string, key or number being read
  std::string problem;

  bool fail(boost_code& code, std::string sentence) {
    problem = std::move(sentence);
    code = boost::json::error::syntax;
    return false;
  }

  bool add(value item) {
    if (open.empty())
      done = std::move(item);
    else if (open.back().is_object)
      open.back().members.insert_or_assign(std::move(open.back().key),
                                           std::move(item));
    else
      open.back().items.push_back(std::move(item));
    return true;
  }

  std::string finished(boost::json::string_view last) {
    text.append(last.data(), last.size());
    return std::exchange(text, {});
  }

  bool add_number(boost::json::string_view last, boost_code& code) {
    auto whole = finished(last);
    if (whole.size() > number_bytes_max)
      return fail(code, "a number of " + std::to_string(whole.size())
                            + " characters; at most "
                            + std::to_string(number_bytes_max) + " are taken");
    auto power = whole.find_first_of("eE");
    if (power != whole.npos) {
      auto exponent = std::strtol(whole.c_str() + power + 1, nullptr, 10);
      if (exponent > exponent_max || exponent < -exponent_max)
        return fail(code, "a number with an exponent beyond "
                              + std::to_string(exponent_max));
    }
    return add(value::number(whole));
  }

  bool on_document_begin(boost_code&) { return true; }
  bool on_document_end(boost_code&) { return true; }

  bool on_object_begin(boost_code&) {
    open.emplace_back().is_object = true;
    return true;
  }

  bool on_object_end(std::size_t, boost_code&) {
    value whole{std::move(open.back().members)};
    open.pop_back();
    return add(std::move(whole));
  }

  bool on_array_begin(boost_code&) {
    open.emplace_back();
    return true;
  }

  bool on_array_end(std::size_t, boost_code&) {
    open.back().items.shrink_to_fit();
    value whole{std::move(open.back().items)};
    open.pop_back();
    return add(std::move(whole));
  }

  bool on_key_part(boost::json::string_view part, std::size_t, boost_code&) {
    text.append(part.data(), part.size());
    return true;
  }

  bool on_key(boost::json::string_view last, std::size_t, boost_code& code) {
    auto& at = open.back();
    at.key = finished(last);
    if (at.members.contains(at.key))
      return fail(code, "the key " + to_text(value{at.key.substr(0, 100)})
                            + " stands twice in one object");
    return true;
  }

  bool on_string_part(boost::json::string_view part, std::size_t, boost_code&) {
    text.append(part.data(), part.size());
    return true;
  }

  bool on_string(boost::json::string_view last, std::size_t, boost_code&) {
    return add(value{finished(last)});
  }

  bool on_number_part(boost::json::string_view part, boost_code& code) {
    text.append(part.data(), part.size());
    // What is too long already need not be kept.
    return text.size() <= 2 * number_bytes_max || add_number({}, code);
  }

  bool on_int64(std::int64_t, boost::json::string_view s, boost_code& code) {
    return add_number(s, code);
  }
  bool on_uint64(std::uint64_t, boost::json::string_view s, boost_code& code) {
    return add_number(s, code);
  }
  bool on_double(double, boost::json::string_view s, boost_code& code) {
    return add_number(s, code);
  }

  bool on_bool(bool flag, boost_code&) { return add(value{flag}); }
  bool on_null(boost_code&) { return add(value{}); }
  bool on_comment_part(boost::json::string_view, boost_code&) { return true; }
  bool on_comment(boost::json::string_view, boost_code&) { return true; }
};

/// "line 3, column 7" of an offset.
std::string place(std::string_view text, std::size_t offset) {
  auto before = text.substr(0, std::min(offset, text.size()));
  auto line = std::count(before.begin(), before.end(), '\n') + 1;
  auto start = before.rfind('\n');
  auto column = before.size() - (start == before.npos ? 0 : start + 1) + 1;
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

} // namespace

result<value> parse(std::string_view text, limits within) {
  if (text.size() > within.bytes)
    return make_error(ec::too_large,
                      "a JSON text of " + std::to_string(text.size())
                          + " bytes; at most " + std::to_string(within.bytes)
                          + " are taken");
  boost::json::parse_options options;
  options.max_depth = within.depth;
  boost::json::basic_parser<builder> parser{options};
  boost_code wrong;
  auto consumed = parser.write_some(false, text.data(), text.size(), wrong);
  if (!wrong && consumed < text.size())
    return make_error(ec::invalid_argument,
                      "JSON: something follows the value at "
                          + place(text, consumed));
  if (wrong == boost::json::error::too_deep)
    return make_error(ec::too_large, "JSON: more than "
                                         + std::to_string(within.depth)
                                         + " levels of arrays and objects at "
                                         + place(text, consumed));
  if (wrong) {
    auto& problem = parser.handler().problem;
    return make_error(ec::invalid_argument,
                      "JSON: " + (problem.empty() ? wrong.message() : problem)
                          + " at " + place(text, consumed));
  }
  return std::move(parser.handler().done);
}

} // namespace acgs::json
