// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/net/http/connection.hpp"

#include <algorithm>

namespace acgs::http {

namespace {

constexpr auto for_ever = std::chrono::nanoseconds::max();

} // namespace

// -- exchange -----------------------------------------------------------------

exchange::exchange(std::shared_ptr<connection> on)
    : connection_{std::move(on)} {
  // Its connection is in the phase "handling" until respond.
}

exchange::~exchange() {
  if (connection_)
    respond({.status = 503,
             .body = R"({"code":"unavailable","message":"the request was )"
                     R"(dropped before it was answered"})"});
}

const request& exchange::asked() const {
  return connection_->asked();
}

const peer& exchange::from() const {
  return connection_->from();
}

void exchange::respond(response with) {
  if (auto to = std::move(connection_))
    to->respond(with);
}

// -- connection ---------------------------------------------------------------

connection::connection(connection_context& context,
                       std::unique_ptr<transport> over)
    : context_{context}, over_{std::move(over)}, parser_{context.options.bounds,
                                                         context.room} {
  enter(phase::opening, context.options.head_timeout);
}

void connection::start() {
  over_->open([self = shared_from_this()](const opening& how) {
    if (self->phase_ != phase::closed)
      self->opened(how);
  });
}

void connection::opened(const opening& how) {
  if (!how.well) {
    context_.handlers.handshake_failed(how.wrong_proof, from());
    return finish();
  }
  wait_for_request();
}

void connection::wait_for_request() {
  enter(phase::idle, context_.draining ? context_.options.drain_grace
                                       : context_.options.idle_timeout);
  read_more();
}

void connection::enter(phase next, std::chrono::nanoseconds limit) {
  phase_ = next;
  since_ = context_.clock.steady_now();
  deadline_ = limit == for_ever ? steady_time::max() : since_ + limit;
}

void connection::read_more() {
  over_->read(buffer_, [self = shared_from_this()](std::size_t size) {
    self->received(size);
  });
}

void connection::received(std::size_t size) {
  if (phase_ != phase::idle && phase_ != phase::reading)
    return; // closed, or timed out and about to be
  if (size == 0)
    return phase_ == phase::reading
               ? refuse_rest(400, " ended before it was whole")
               : close();
  parser_.feed({buffer_.data(), size});
  act_on_parser();
}

void connection::act_on_parser() {
  switch (parser_.now()) {
  case request_parser::state::idle:
    in_body_ = false;
    return wait_for_request();
  case request_parser::state::head:
    if (phase_ != phase::reading)
      enter(phase::reading, context_.options.head_timeout);
    return read_more();
  case request_parser::state::body:
    if (!std::exchange(in_body_, true))
      enter_body();
    if (parser_.take_continue())
      return send_continue();
    return read_more();
  case request_parser::state::ready:
    return hand_over();
  case request_parser::state::refused:
    enter(phase::handling, for_ever);
    return send(context_.handlers.refuse(parser_.why(), from()), false);
  }
}

/// The time for a request counts from its first byte.
void connection::enter_body() {
  if (phase_ != phase::reading)
    return enter(phase::reading, context_.options.request_timeout);
  deadline_ = since_ + context_.options.request_timeout;
}

void connection::hand_over() {
  in_body_ = false;
  enter(phase::handling, for_ever);
  parser_.received_at(context_.clock.steady_now().time_since_epoch().count());
  context_.handlers.handle(exchange{shared_from_this()});
}

void connection::send_continue() {
  static constexpr std::string_view text = "HTTP/1.1 100 Continue\r\n\r\n";
  over_->write(text, [self = shared_from_this()](std::size_t size) {
    if (self->phase_ != phase::reading)
      return;
    if (size == 0)
      return self->close();
    self->read_more();
  });
}

void connection::respond(const response& with) {
  if (phase_ != phase::handling)
    return; // closed meanwhile
  send(with, asked().keep_alive && !with.close && !context_.draining);
}

void connection::send(const response& with, bool keep_alive) {
  const auto& to = asked();
  out_.clear();
  context_.writer.append(
      out_, with,
      {.head_only = to.verb == method::head,
       .keep_alive = keep_alive,
       .gzip = accepts_gzip(to.find("accept-encoding").value_or(""))});
  enter(phase::writing, context_.options.write_timeout);
  over_->write(out_, [self = shared_from_this(), keep_alive](std::size_t size) {
    if (self->phase_ != phase::writing)
      return;
    if (size == 0)
      return self->close();
    self->sent(keep_alive);
  });
}

void connection::sent(bool keep_alive) {
  if (!keep_alive)
    return finish();
  parser_.next();
  act_on_parser();
}

void connection::finish() {
  enter(phase::finishing, context_.options.linger_timeout);
  over_->finish([self = shared_from_this()] { self->close(); });
}

void connection::drain() {
  if (phase_ == phase::idle || phase_ == phase::opening)
    deadline_ = std::min(deadline_, context_.clock.steady_now()
                                        + context_.options.drain_grace);
}

void connection::sweep(steady_time now) {
  if (deadline_ > now || phase_ == phase::closed)
    return;
  if (phase_ != phase::idle && phase_ != phase::finishing)
    ++context_.timed_out;
  if (phase_ == phase::opening)
    context_.handlers.handshake_failed(std::nullopt, from());
  if (phase_ != phase::reading)
    return close();
  // The read under way stays so: nothing may be read from here on.
  refuse_rest(408, " did not come in time");
}

/// Whoever sent half a request and still listens is told.
void connection::refuse_rest(unsigned status, std::string_view why) {
  auto what = in_body_ ? "the request's body" : "the request's head";
  out_.clear();
  context_.writer.append(
      out_,
      context_.handlers.refuse({status, std::string{what}.append(why)}, from()),
      {.keep_alive = false});
  enter(phase::writing, context_.options.linger_timeout);
  over_->write(out_,
               [self = shared_from_this()](std::size_t) { self->close(); });
}

std::optional<steady_time> connection::awaited_since() const {
  if (phase_ == phase::opening || phase_ == phase::idle
      || phase_ == phase::reading)
    return since_;
  return std::nullopt;
}

void connection::close() {
  if (phase_ == phase::closed)
    return;
  auto keep = shared_from_this();
  phase_ = phase::closed;
  over_->close();
  context_.forget(this);
}

} // namespace acgs::http
