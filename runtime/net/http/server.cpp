// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/net/http/server.hpp"

#include "runtime/net/http/acceptor.hpp"
#include "runtime/net/http/connection.hpp"

#include <unordered_map>

namespace acgs::http {

struct server::impl {
  impl(net::asio_loop& l, const time_source& clock, server_options o,
       server_handlers h)
      : loop{l}, options{std::move(o)}, handlers{std::move(h)},
        context{.options = options,
                .handlers = handlers,
                .clock = clock,
                .writer = response_writer{clock},
                .room = std::make_shared<body_room>(options.bodies_bytes_max),
                .forget = {}} {
    context.forget = [this](connection* gone) { forget(gone); };
  }

  ~impl() {
    // Whatever is still under way finds its connection closed.
    listening.clear();
    context.forget = [](connection*) {};
    for (auto& [key, at] : connections)
      at->close();
  }

  void accept(std::unique_ptr<transport> over) {
    ++counts.accepted;
    auto made = std::make_shared<connection>(context, std::move(over));
    connections.emplace(made.get(), made);
    made->start();
  }

  bool has_room() {
    if (connections.size() < options.connections_max)
      return true;
    ++counts.turned_away;
    auto least = longest_awaited();
    if (!least)
      return false;
    least->close();
    return true;
  }

  /// The connection that can best be done without; null where there is none.
  std::shared_ptr<connection> longest_awaited() {
    std::shared_ptr<connection> out;
    auto oldest = context.clock.steady_now() - options.awaited_at_least;
    for (auto& [key, at] : connections)
      if (auto since = at->awaited_since(); since && *since <= oldest) {
        oldest = *since;
        out = at;
      }
    return out;
  }

  void forget(connection* gone) {
    connections.erase(gone);
    if (context.draining && connections.empty() && drained)
      loop.post(std::exchange(drained, nullptr));
  }

  net::asio_loop& loop;
  const server_options options;
  const server_handlers handlers;
  connection_context context;
  std::vector<listen_address> addresses;
  std::vector<std::unique_ptr<acceptor>> listening;
  std::unordered_map<connection*, std::shared_ptr<connection>> connections;
  server_counts counts;
  std::function<void()> drained;
  net::ticker sweeping;
};

server::server(std::unique_ptr<impl> state) : impl_{std::move(state)} {
  // Listening already.
}

server::~server() = default;

result<std::unique_ptr<server>> server::start(net::asio_loop& loop,
                                              const time_source& clock,
                                              server_options options,
                                              server_handlers handlers) {
  auto state = std::make_unique<impl>(loop, clock, std::move(options),
                                      std::move(handlers));
  auto* at = state.get();
  acceptor_hooks hooks{.has_room = [at] { return at->has_room(); },
                       .take =
                           [at](std::unique_ptr<transport> over) {
                             at->accept(std::move(over));
                           }};
  for (const auto& address : at->options.listen) {
    auto made = make_acceptor(loop, address, at->options, hooks);
    if (!made)
      return std::move(made.error());
    at->addresses.push_back((*made)->bound());
    at->listening.push_back(std::move(*made));
  }
  auto out = std::unique_ptr<server>{new server{std::move(state)}};
  at->sweeping =
      loop.every(at->options.sweep_period, [raw = out.get()] { raw->sweep(); });
  return out;
}

const std::vector<listen_address>& server::addresses() const {
  return impl_->addresses;
}

server_counts server::counts() const {
  auto out = impl_->counts;
  out.timed_out = impl_->context.timed_out;
  out.open = impl_->connections.size();
  out.body_bytes = impl_->context.room->used();
  out.without_room = impl_->context.room->refused();
  return out;
}

void server::drain(std::function<void()> done) {
  impl_->listening.clear();
  impl_->context.draining = true;
  impl_->drained = std::move(done);
  // Closing one takes it off the list that is walked.
  std::vector<std::shared_ptr<connection>> all;
  for (auto& [key, at] : impl_->connections)
    all.push_back(at);
  if (all.empty())
    impl_->loop.post(std::exchange(impl_->drained, nullptr));
  for (auto& at : all)
    at->drain();
}

void server::sweep() {
  auto now = impl_->context.clock.steady_now();
  for (auto& at : impl_->listening)
    at->retry();
  std::vector<std::shared_ptr<connection>> all;
  all.reserve(impl_->connections.size());
  for (auto& [key, at] : impl_->connections)
    all.push_back(at);
  for (auto& at : all)
    at->sweep(now);
}

} // namespace acgs::http
