// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/net/http/request_parser.hpp"

#include "runtime/net/http/gzip.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>

namespace acgs::http {

namespace beast = boost::beast;

/// Beast's parser, of which only the framing of the body is used.
class request_parser::framer final : public beast::http::basic_parser<true> {
public:
  framer(const limits& bounds, body_share& share)
      : bounds_{bounds}, share_{share} {
    header_limit(static_cast<std::uint32_t>(bounds.head_bytes));
    body_limit(bounds.body_bytes);
    eager(true);
  }

  std::string body;
  bool lacks_room = false;

private:
  using code = beast::error_code;
  using text = beast::string_view;

  void on_request_impl(beast::http::verb, text, text, int, code&) override {}
  void on_response_impl(int, text, int, code&) override {}
  void on_field_impl(beast::http::field, text, text, code&) override {}
  void on_header_impl(code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>& length,
                         code&) override {
    if (length)
      body.reserve(std::min<std::size_t>(*length, bounds_.body_bytes));
  }
  std::size_t on_body_impl(text part, code& error) override {
    return append(part, error);
  }
  void on_chunk_header_impl(std::uint64_t, text, code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, text part,
                                 code& error) override {
    return append(part, error);
  }
  void on_finish_impl(code&) override {}

  std::size_t append(text part, code& error) {
    if (part.size() > bounds_.body_bytes - body.size()) {
      error = beast::http::error::body_limit;
      return 0;
    }
    if (!share_.grow(part.size())) {
      lacks_room = true;
      error = beast::http::error::body_limit;
      return 0;
    }
    body.append(part.data(), part.size());
    return part.size();
  }

  const limits& bounds_;
  body_share& share_;
};

namespace {

bool has_bare_lf(std::string_view text) {
  for (auto at = text.find('\n'); at != text.npos; at = text.find('\n', at + 1))
    if (at == 0 || text[at - 1] != '\r')
      return true;
  return false;
}

} // namespace

request_parser::request_parser(const limits& bounds,
                               std::shared_ptr<body_room> room)
    : bounds_{bounds}, share_{std::move(room)} {
  // The framer is made anew for each request.
}

request_parser::~request_parser() = default;

request_parser::state request_parser::feed(std::string_view bytes) {
  pending_.append(bytes);
  return state_ == state::ready || state_ == state::refused ? state_
                                                            : advance();
}

request_parser::state request_parser::next() {
  head_ = {};
  text_.clear();
  drop_body();
  searched_ = 0;
  state_ = state::idle;
  return advance();
}

void request_parser::drop_body() {
  head_.parsed.body = {};
  framer_.reset();
  inflated_ = {};
  share_.release();
}

bool request_parser::take_continue() {
  return std::exchange(head_.expects_continue, false);
}

request_parser::state request_parser::advance() {
  if (state_ == state::body)
    return read_body();
  // One empty line before a request is to be ignored (RFC 9112, 2.2).
  if (pending_.starts_with("\r\n")) {
    pending_.erase(0, 2);
    searched_ = 0;
  }
  if (pending_.empty())
    return state_ = state::idle;
  state_ = state::head;
  if (!may_begin_head(pending_.front()))
    return refuse(400, "this is not HTTP: no method begins with the byte "
                           + std::to_string(
                               static_cast<unsigned char>(pending_.front())));
  auto end = find_head_end(
      std::string_view{pending_}.substr(0, bounds_.head_bytes), searched_);
  if (end)
    return start_body(*end);
  if (pending_.size() >= bounds_.head_bytes)
    return refuse(431, "the request's head is longer than "
                           + std::to_string(bounds_.head_bytes) + " bytes");
  searched_ = pending_.size();
  return state_;
}

request_parser::state request_parser::start_body(std::size_t head_length) {
  text_.assign(pending_, 0, head_length);
  auto read = read_head(text_, bounds_);
  if (auto* wrong = std::get_if<refusal>(&read))
    return refuse(wrong->status, std::move(wrong->sentence));
  head_ = std::move(std::get<head>(read));
  framer_ = std::make_unique<framer>(bounds_, share_);
  state_ = state::body;
  return read_body();
}

request_parser::state request_parser::read_body() {
  beast::error_code error;
  auto taken = framer_->put(boost::asio::buffer(pending_), error);
  pending_.erase(0, taken);
  if (error == beast::http::error::need_more)
    error = {};
  if (framer_->lacks_room)
    return refuse_for_room();
  if (error == beast::http::error::body_limit)
    return refuse(413, "the body is longer than "
                           + std::to_string(bounds_.body_bytes)
                           + " bytes (http.body_bytes_max)");
  if (error)
    return refuse(400, "the request is malformed: " + error.message());
  // What is left over here is the begin of a line that Beast waits for the end
  // of, which for it is CR LF alone.
  if (!framer_->is_done() && has_bare_lf(pending_))
    return refuse(400, "a chunk's header or the trailer has a line that ends "
                       "in LF without CR");
  if (pending_.size() >= bounds_.head_bytes && !framer_->is_done())
    return refuse(400, "a chunk's header or the trailer is longer than "
                           + std::to_string(bounds_.head_bytes) + " bytes");
  return framer_->is_done() ? finish() : state_;
}

request_parser::state request_parser::finish() {
  auto& coding = head_.content_encoding;
  head_.parsed.body = framer_->body;
  if (equal_nocase(coding, "gzip") || equal_nocase(coding, "x-gzip")) {
    auto plain = gunzip(framer_->body, bounds_.body_bytes);
    if (!plain)
      return refuse(code_of(plain.error()) == ec::too_large ? 413 : 400,
                    sentence_of(plain.error()));
    if (!share_.grow(plain->size()))
      return refuse_for_room();
    inflated_ = std::move(*plain);
    head_.parsed.body = inflated_;
  } else if (!coding.empty() && !equal_nocase(coding, "identity")) {
    return refuse(415, "Content-Encoding is '"
                           + std::string{coding.substr(0, 32)}
                           + "'; expected gzip or identity");
  }
  return state_ = state::ready;
}

request_parser::state request_parser::refuse(unsigned status,
                                             std::string sentence) {
  refusal_ = {status, std::move(sentence)};
  pending_.clear();
  drop_body();
  return state_ = state::refused;
}

request_parser::state request_parser::refuse_for_room() {
  return refuse(503, "the bodies of other requests take all room for them "
                     "(http.bodies_bytes_max); try again");
}

} // namespace acgs::http
