// Connection: one TCP or TLS connection of a client, with the round trip of a longer way on demand.
#pragma once

#include <openssl/ssl.h>

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "bench/media_server/loop.hpp"

namespace dmss::bench {

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  struct Options {
    SSL_CTX* tls = nullptr;  ///< null = plain
    std::chrono::microseconds round_trip{0};
  };
  /// Takes the descriptor.
  Connection(Loop& loop, int fd, const Options& options);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  void start();

  /// Given everything that is there; returns how much of it was used. Called again when more has come.
  std::function<std::size_t(ByteView)> on_data;
  /// What could not be sent at once has been sent.
  std::function<void()> on_drained;
  std::function<void()> on_closed;

  void send(ByteView data);
  void send(const std::string& text) { send(as_bytes(text)); }
  /// Bytes that the socket did not take yet.
  std::size_t backlog() const noexcept { return pending_.size() - pending_sent_; }
  void close();
  bool closed() const noexcept { return fd_ < 0; }
  int fd() const noexcept { return fd_; }

 private:
  struct Delayed {
    Time due;
    Bytes data;
    bool incoming;
  };
  void ready(std::uint32_t events);
  void receive();
  void take(ByteView data);
  void write(ByteView data);
  std::ptrdiff_t write_some(ByteView data);
  void flush();
  void delay(ByteView data, Time due, bool incoming);
  void arm();

  Loop& loop_;
  int fd_;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_{nullptr, &SSL_free};
  std::chrono::microseconds half_;
  Time accepted_;
  Bytes in_, pending_;
  std::size_t pending_sent_ = 0;
  std::deque<Delayed> delayed_in_, delayed_out_;
  std::optional<Loop::TimerId> timer_;
};

}  // namespace dmss::bench
