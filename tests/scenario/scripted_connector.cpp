#include "scenario/scripted_connector.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>

namespace dmss::scenario {

awaitable<std::optional<Bytes>> Peer::next(Framer framer) {
  for (;;) {
    const std::size_t size = buffer_.empty() ? 0 : framer(buffer_);
    if (size > 0) {
      const auto end = buffer_.begin() + static_cast<std::ptrdiff_t>(size);
      Bytes message(buffer_.begin(), end);
      buffer_.erase(buffer_.begin(), end);
      heard_.push_back({clock_.now(), message});
      co_return message;
    }
    std::array<std::uint8_t, 4096> piece{};
    Result<std::size_t> n = co_await stream_->read_some(piece);
    if (!n) {
      client_gone_ = true;
      co_return std::nullopt;
    }
    buffer_.insert(buffer_.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(*n));
  }
}

awaitable<void> Peer::stay_silent() {
  while (co_await next([](ByteView all) { return all.size(); })) {
  }
}

awaitable<Result<std::unique_ptr<net::Stream>>> ScriptedConnector::connect(net::ConnectOptions options) {
  const net::Executor executor = co_await net::asio::this_coro::executor;
  net::StreamInfo info;
  info.transport = options.tls ? "tls" : "tcp";
  if (options.tls) info.tls_version = "TLSv1.3";
  info.peer = options.to.to_string();
  const auto found = services_.find(options.to.port);
  const std::shared_ptr<const Service> service = found == services_.end() ? nullptr : found->second;
  const std::uint16_t port = options.to.port;
  Attempt attempt{clock_.now(), port, options.tls.has_value(), nullptr};
  if (!service || service->refusal != Errc::ok) {
    attempts_.push_back(attempt);
    const Errc code = service ? service->refusal : Errc::connect_failed;
    if (code == Errc::timeout) {
      net::Timer patience(executor, clock_);
      patience.expires_after(options.timeout);
      if (options.abort) options.abort->set([&patience] { patience.cancel(); });
      const bool expired = co_await patience.wait();
      if (options.abort) options.abort->set(nullptr);
      if (!expired) co_return Errc::cancelled;
    }
    co_return Error(code).with_connection(info.label());
  }
  MemoryStream::Pair pair = MemoryStream::make(executor, std::move(info));
  attempt.peer = std::make_shared<Peer>(clock_, std::move(pair.device), std::move(options));
  attempts_.push_back(attempt);
  net::asio::co_spawn(executor, run(service, attempt.peer), [this](std::exception_ptr thrown) {
    if (thrown && !failure_) failure_ = thrown;
  });
  co_return std::move(pair.client);
}

awaitable<void> ScriptedConnector::run(std::shared_ptr<const Service> service, std::shared_ptr<Peer> peer) {
  co_await service->script(*peer);
  peer->close();
}

void ScriptedConnector::serve(std::uint16_t port, Script script) {
  services_[port] = std::make_shared<const Service>(Service{std::move(script), Errc::ok});
}

void ScriptedConnector::refuse(std::uint16_t port, Errc code) {
  services_[port] = std::make_shared<const Service>(Service{nullptr, code});
}

void ScriptedConnector::hang(std::uint16_t port) {
  refuse(port, Errc::timeout);
}

std::vector<std::shared_ptr<Peer>> ScriptedConnector::peers(std::uint16_t port) const {
  std::vector<std::shared_ptr<Peer>> out;
  for (const Attempt& a : attempts_) {
    if (a.port == port && a.peer) out.push_back(a.peer);
  }
  return out;
}

void ScriptedConnector::rethrow() {
  if (auto failure = std::exchange(failure_, nullptr)) std::rethrow_exception(failure);
}

}  // namespace dmss::scenario
