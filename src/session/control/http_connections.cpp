#include "session/control/http_connections.hpp"

#include <algorithm>

namespace dmss::session {
namespace {

constexpr std::size_t kMaxAnswer = 16u << 20;

/// A device that takes no further connection refuses it, drops it or lets it hang; what TLS says is about trust.
bool means_no_more(Errc code) {
  return code == Errc::connect_failed || code == Errc::connection_lost || code == Errc::timeout;
}

}  // namespace

HttpConnections::HttpConnections(Context context, HttpTarget target)
    : context_(std::move(context)), target_(std::move(target)), turns_(context_, kHttpConnections) {}

awaitable<Result<HttpConnections::Turn>> HttpConnections::take(net::TimePoint deadline, Priority priority) {
  auto self = shared_from_this();
  const int above = priority == Priority::keep_alive && one_more_ ? 1 : 0;
  Result<void> turn = co_await turns_.take(deadline, above);
  if (!turn) co_return labelled(turn.error());
  Turn taken(self, free_connection());
  if (closed_) co_return why_;
  co_return taken;
}

HttpConnections::Connection& HttpConnections::free_connection() {
  Connection* found = nullptr;
  for (const auto& c : connections_) {
    if (!c->taken && (found == nullptr || (found->stream == nullptr && c->stream != nullptr)))
      found = c.get();
  }
  if (found == nullptr) found = connections_.emplace_back(std::make_unique<Connection>()).get();
  found->taken = true;
  return *found;
}

void HttpConnections::give_back(Connection& connection) {
  connection.taken = false;
  const bool idle_beside = std::any_of(connections_.begin(), connections_.end(), [&](const auto& c) {
    return c.get() != &connection && !c->taken && c->stream != nullptr;
  });
  if (idle_beside) connection.stream.reset();
  turns_.give_back();
}

int HttpConnections::open_beside(const Connection& connection) const {
  return static_cast<int>(std::count_if(connections_.begin(), connections_.end(), [&](const auto& c) {
    return c.get() != &connection && c->stream != nullptr;
  }));
}

awaitable<Result<void>> HttpConnections::connect(Connection& connection, net::TimePoint deadline) {
  net::ConnectOptions o;
  o.to = target_.endpoint;
  o.tls = target_.tls;
  o.timeout = std::min(target_.connect_timeout, deadline - context_.clock.now());
  o.abort = connection.abort = std::make_shared<net::Abort>();
  Result<std::unique_ptr<net::Stream>> stream = co_await context_.connector.connect(std::move(o));
  if (closed_) co_return why_;
  if (!stream) co_return stream.error();
  connection.stream = std::move(*stream);
  connection.number = ++opened_;
  connection.used = false;
  info_ = connection.stream->info();
  co_return Result<void>();
}

awaitable<Result<void>> HttpConnections::ready(Turn& turn, net::TimePoint deadline) {
  // What is not to be sent twice must not fail for a connection that has been closed while it was at rest.
  if (turn->stream && turn->used && turn->stream->has_input()) turn->stream.reset();
  if (turn->stream) co_return Result<void>();
  Result<void> connected = co_await connect(*turn, deadline);
  const int others = open_beside(*turn);
  if (connected || closed_ || others == 0 || !means_no_more(connected.error().code())) co_return connected;
  context_.log.info("no HTTP connection beside {} others: {}", others, connected.error().to_string());
  one_more_ = false;
  turns_.limit(others);
  turn.release();
  Result<Turn> again = co_await take(deadline);
  if (!again) co_return again.error();
  turn = std::move(*again);
  if (!turn->stream) connected = co_await connect(*turn, deadline);
  co_return turn->stream ? Result<void>() : connected;
}

awaitable<Result<void>> HttpConnections::open() {
  auto self = shared_from_this();
  const net::TimePoint deadline = context_.clock.now() + target_.connect_timeout;
  Result<Turn> turn = co_await take(deadline);
  if (!turn) co_return turn.error();
  Result<void> opened = co_await ready(*turn, deadline);
  if (!opened) co_return labelled(opened.error());
  co_return opened;
}

awaitable<Result<net::HttpResponse>> HttpConnections::exchange(Turn& turn, net::HttpRequest request,
                                                               net::TimePoint deadline, Resend resend) {
  auto self = shared_from_this();
  Result<net::HttpResponse> response(Errc::internal);
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (context_.clock.now() >= deadline) {
      response = Errc::timeout;
      break;
    }
    if (Result<void> open = co_await ready(turn, deadline); !open) {
      response = open.error();
      break;
    }
    const bool kept = std::exchange(turn->used, true);
    std::size_t received = 0;
    bytes_out_ += request.body.size();
    net::HttpRequest copy = request;
    std::string host = target_.endpoint.to_string();
    response = co_await net::http_exchange(*turn->stream, context_.clock, std::move(copy), std::move(host),
                                           deadline - context_.clock.now(), kMaxAnswer, &received);
    if (response) {
      bytes_in_ += response->body.size();
      last_answer_ = context_.clock.now();
      if (!response->keep_alive) turn->stream.reset();
      break;
    }
    turn->stream.reset();
    if (!kept || received > 0 || resend == Resend::never || response.error() != Errc::connection_lost) break;
  }
  if (closed_) co_return why_;
  if (!response) co_return labelled(response.error());
  co_return response;
}

awaitable<Result<net::HttpResponse>> HttpConnections::request(net::HttpRequest request, Duration timeout,
                                                              Priority priority, Resend resend) {
  auto self = shared_from_this();
  const net::TimePoint deadline = context_.clock.now() + timeout;
  Result<Turn> turn = co_await take(deadline, priority);
  if (!turn) co_return turn.error();
  Result<net::HttpResponse> response = co_await exchange(*turn, std::move(request), deadline, resend);
  co_return response;
}

void HttpConnections::close(Error why) {
  if (std::exchange(closed_, true)) return;
  auto self = shared_from_this();
  why_ = why;
  turns_.close(std::move(why));
  for (const auto& c : connections_) {
    if (c->abort) c->abort->abort();
    if (c->stream) c->stream->close();
  }
}

void HttpConnections::forget_challenges() {
  for (const auto& c : connections_) {
    c->auth.reset();
    c->challenged = 0;
    c->nonce_passed = false;
  }
}

Error HttpConnections::labelled(Error e) const {
  if (!e.connection().empty() || info_.peer.empty()) return e;
  return Error(std::move(e)).with_connection((target_.tls ? "https " : "http ") + info_.peer);
}

}  // namespace dmss::session
