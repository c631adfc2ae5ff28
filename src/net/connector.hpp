// Connector: opens Streams. The one place that makes TCP and TLS connections; tests replace it by a scripted one.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "dmss/result.hpp"
#include "dmss/tls.hpp"
#include "net/abort.hpp"
#include "net/clock.hpp"
#include "net/stream.hpp"

namespace dmss::net {

struct Endpoint {
  std::string host;  ///< name or literal address, without brackets
  std::uint16_t port = 0;
  /// "host:port", IPv6 literals in brackets
  std::string to_string() const;
};

/// Remembers certificates seen first, for TlsMode::first_use. Thread-safe implementations only.
class TrustStore {
 public:
  virtual ~TrustStore() = default;
  /// The fingerprint (lower-case hex SHA-256) remembered for this endpoint, if any.
  virtual std::optional<std::string> find(const std::string& endpoint) = 0;
  virtual void remember(const std::string& endpoint, const std::string& fingerprint) = 0;
};

struct ConnectOptions {
  Endpoint to;
  std::optional<TlsOptions> tls;  ///< none = plain TCP
  Duration timeout = std::chrono::seconds(10);
  int receive_buffer = 0;        ///< SO_RCVBUF in bytes, 0 = system default
  std::shared_ptr<Abort> abort;  ///< optional: ends the attempt with cancelled
};

/// Resolves anew at each call, tries IPv6 and IPv4 addresses alternately (RFC 8305, 250 ms apart), then TLS if asked.
/// Errors: resolve_failed, connect_failed, timeout, tls_failed, tls_untrusted, tls_changed; all carry the connection's label.
/// Cancelling the coroutine (asio cancellation) or `abort` closes all attempts.
class Connector {
 public:
  virtual ~Connector() = default;
  virtual awaitable<Result<std::unique_ptr<Stream>>> connect(ConnectOptions options) = 0;
};

std::unique_ptr<Connector> make_connector(Executor executor, Clock& clock, std::shared_ptr<TrustStore> trust);

}  // namespace dmss::net
