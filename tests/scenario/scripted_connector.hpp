// ScriptedConnector: a net::Connector whose connections lead to scripts, coroutines that play the device.
#pragma once

#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "net/connector.hpp"
#include "scenario/memory_stream.hpp"

namespace dmss::scenario {

using net::awaitable;
using net::Duration;

/// Size of the first whole message in the bytes, 0 when it has not come completely.
using Framer = std::function<std::size_t(ByteView)>;

/// The device's end of one connection.
class Peer {
 public:
  Peer(net::Clock& clock, std::unique_ptr<MemoryStream> stream, net::ConnectOptions options)
      : clock_(clock), stream_(std::move(stream)), options_(std::move(options)) {}

  struct Heard {
    net::TimePoint at;
    Bytes bytes;
  };

  /// The client's next message; nullopt when the client has gone.
  awaitable<std::optional<Bytes>> next(Framer framer);
  /// Reads until the client has gone, without a word.
  awaitable<void> stay_silent();
  void send(ByteView data) { stream_->send(data); }
  void send(std::string_view text) { stream_->send(as_bytes(text)); }
  void close() { stream_->close(); }
  void reset() { stream_->reset(); }
  void split(std::size_t piece) { stream_->split(piece); }

  net::Clock& clock() { return clock_; }
  const net::ConnectOptions& options() const { return options_; }
  /// Every message next() has returned.
  const std::vector<Heard>& heard() const { return heard_; }
  /// The client has closed its end.
  bool client_gone() const { return client_gone_; }

 private:
  net::Clock& clock_;
  const std::unique_ptr<MemoryStream> stream_;
  const net::ConnectOptions options_;
  Bytes buffer_;
  std::vector<Heard> heard_;
  bool client_gone_ = false;
};

/// The connection is closed when the script returns.
using Script = std::function<awaitable<void>(Peer&)>;

class ScriptedConnector final : public net::Connector {
 public:
  explicit ScriptedConnector(net::Clock& clock) : clock_(clock) {}

  awaitable<Result<std::unique_ptr<net::Stream>>> connect(net::ConnectOptions options) override;

  // Ports that nobody has spoken of refuse.
  void serve(std::uint16_t port, Script script);
  void refuse(std::uint16_t port, Errc code = Errc::connect_failed);
  /// No answer to the SYN: the connection attempt runs into its timeout.
  void hang(std::uint16_t port);

  struct Attempt {
    net::TimePoint at;
    std::uint16_t port = 0;
    bool tls = false;
    std::shared_ptr<Peer> peer;  ///< null when it was refused
  };
  const std::vector<Attempt>& attempts() const { return attempts_; }
  std::vector<std::shared_ptr<Peer>> peers(std::uint16_t port) const;
  /// Rethrows what a script has thrown.
  void rethrow();

 private:
  struct Service {
    Script script;
    Errc refusal = Errc::ok;
  };
  awaitable<void> run(std::shared_ptr<const Service> service, std::shared_ptr<Peer> peer);

  net::Clock& clock_;
  std::map<std::uint16_t, std::shared_ptr<const Service>> services_;
  std::vector<Attempt> attempts_;
  std::exception_ptr failure_;
};

}  // namespace dmss::scenario
