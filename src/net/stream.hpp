// Stream: a connected, ordered byte pipe. TCP, TLS, a proxy hop, a P2P tunnel and the tests' in-memory pipe all look the same.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "dmss/result.hpp"
#include "net/asio.hpp"

namespace dmss::net {

/// What a connection turned out to be; for statistics, errors and security decisions.
struct StreamInfo {
  std::string transport;           ///< "tcp", "tls", "memory"
  std::string peer;                ///< "192.0.2.10:37777", "[2001:db8::1]:443"
  std::string tls_version;         ///< "TLSv1.3"; empty without TLS
  std::string tls_cipher;          ///< empty without TLS
  std::string certificate_sha256;  ///< lower-case hex of the peer certificate; empty without TLS
  /// "tcp 192.0.2.10:37777": for Error::with_connection
  std::string label() const { return transport + " " + peer; }
};

/// Takes what a stream receives by itself (Stream::pump).
class ByteSink {
 public:
  virtual ~ByteSink() = default;
  /// Where the next bytes go: not empty, good until take().
  virtual std::span<std::uint8_t> room() = 0;
  /// That many bytes of the room were filled. False when no more are wanted.
  virtual bool take(std::size_t n) = 0;
};

/// Used on one executor. At most one read and one write are in flight; write() calls must not overlap.
/// Errors: connection_lost (closed or reset), cancelled (close() was called here).
class Stream {
 public:
  virtual ~Stream() = default;

  virtual Executor executor() = 0;
  /// At least one byte; end of stream is connection_lost.
  virtual awaitable<Result<std::size_t>> read_some(std::span<std::uint8_t> into) = 0;
  /// Reads on and on, cheaper than read_some() again and again. Completes when the sink wants no more; the sink must live until then.
  virtual awaitable<Result<void>> pump(ByteSink& sink);
  /// All bytes. `data` must stay alive until it completes.
  virtual awaitable<Result<void>> write(ByteView data) = 0;
  /// Ends both directions at once; pending operations complete with cancelled. Idempotent.
  virtual void close() = 0;
  virtual const StreamInfo& info() const = 0;
  /// Bytes the kernel has ready, where that is known; lets a reader drain in one turn.
  virtual std::size_t available() { return 0; }
  /// Would a read complete at once, with bytes or with the end? False where that cannot be told without waiting. With a
  /// read in flight the bytes are that one's.
  virtual bool has_input() { return available() > 0; }
};

/// Fills `into` completely.
awaitable<Result<void>> read_exactly(Stream& stream, std::span<std::uint8_t> into);

}  // namespace dmss::net
