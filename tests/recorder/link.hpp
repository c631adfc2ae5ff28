// Link: one accepted connection. All output goes through its queue, where the faults of a connection strike;
// media that finds the queue full is refused, so that a slow client costs bounded memory.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "net/clock.hpp"
#include "net/stream.hpp"
#include "recorder/faults.hpp"

namespace dmss::recorder {

struct Core;

class Link : public std::enable_shared_from_this<Link> {
 public:
  /// `native` is the socket's descriptor, for resetting.
  Link(Core& core, std::unique_ptr<net::Stream> stream, std::string service, int native);
  ~Link();

  const std::string& service() const noexcept { return service_; }
  std::string address() const;  // the peer's, without port
  Core& core() noexcept { return core_; }
  bool open() const noexcept { return open_; }
  Json to_json() const;

  /// At least one byte; connection_lost at the end.
  net::awaitable<Result<std::size_t>> read_some(std::span<std::uint8_t> into);
  /// Queues an answer. Faults on messages (slow, garbage, truncate) strike here.
  void send(ByteView data);
  void send(std::string_view text) { send(as_bytes(text)); }
  /// Queues media; false and nothing queued when more than kMediaQueue bytes wait already.
  bool send_media(ByteView data);

  /// Ends once what is queued was sent.
  void close_after_sending();
  void close();
  /// RST instead of FIN.
  void reset();

  /// Called once when the link ends.
  void on_closed(std::function<void()> handler) { closed_handlers_.push_back(std::move(handler)); }

  static constexpr std::size_t kMediaQueue = 1u << 20;
  static constexpr std::size_t kQueue =
      16u << 20;  // answers beyond this mean that nobody reads: the link is closed

 private:
  net::awaitable<void> run_writer();
  net::awaitable<bool> write_all();
  net::awaitable<bool> write_piece(ByteView piece);
  void wake();
  Where where() const { return {.service = service_}; }

  Core& core_;
  std::unique_ptr<net::Stream> stream_;
  std::string service_;
  int native_;
  bool open_ = true;
  bool writing_ = false;
  bool closing_ = false;
  Bytes queue_, sending_;
  net::Duration delay_{};
  std::uint64_t sent_ = 0, received_ = 0;
  std::vector<std::function<void()>> closed_handlers_;
};

}  // namespace dmss::recorder
