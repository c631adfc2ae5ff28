// TlsStream: TLS on a connected socket. What the socket has is taken in one go and decrypted from there: a picture costs one read
// of the socket, not two a record.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <memory>

#include "net/stream.hpp"

namespace dmss::net {

class TlsStream final : public Stream {
 public:
  enum class Side { client, server };

  TlsStream(std::shared_ptr<asio::ssl::context> context, asio::ip::tcp::socket socket);
  ~TlsStream() override;

  SSL* native_handle() noexcept { return ssl_.get(); }
  /// Before anything is read or written. Errors of OpenSSL are in Asio's category for them.
  awaitable<boost::system::error_code> handshake(Side side);
  void set_info(StreamInfo info) { info_ = std::move(info); }

  Executor executor() override { return socket_.get_executor(); }
  awaitable<Result<std::size_t>> read_some(std::span<std::uint8_t> into) override;
  awaitable<Result<void>> pump(ByteSink& sink) override;
  awaitable<Result<void>> write(ByteView data) override;
  void close() override;
  const StreamInfo& info() const override { return info_; }
  /// Decrypted bytes that wait.
  std::size_t available() override { return static_cast<std::size_t>(SSL_pending(ssl_.get())); }
  bool has_input() override;

 private:
  /// What the socket gave and OpenSSL has not taken yet.
  struct Inbox {
    Bytes bytes;
    std::size_t first = 0, last = 0;
    std::span<std::uint8_t> room();
  };
  template <class Done>
  class Pump;
  struct StartPump;
  static BIO_METHOD* inbox_method();

  /// As much as there is, up to the size of `into`: nothing = more must come; else `error` says why.
  std::size_t decrypt(std::span<std::uint8_t> into, boost::system::error_code& error);
  /// What OpenSSL wants to send.
  Bytes take_output();

  std::shared_ptr<asio::ssl::context> context_;
  asio::ip::tcp::socket socket_;
  Inbox inbox_;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
  BIO* output_;  // owned by ssl_
  StreamInfo info_;
  bool closed_ = false;
};

}  // namespace dmss::net
