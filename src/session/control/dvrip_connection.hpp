// DvripConnection: one TCP connection to 37777, frames out in order, frames in one at a time. Under the control link and the media
// sub-connections.
#pragma once

#include <deque>
#include <memory>

#include "proto/dvrip/header.hpp"
#include "session/context.hpp"

namespace dmss::session {

class DvripConnection : public std::enable_shared_from_this<DvripConnection> {
 public:
  DvripConnection(Context context, std::unique_ptr<net::Stream> stream);

  static awaitable<Result<std::shared_ptr<DvripConnection>>> connect(Context context, net::Endpoint to,
                                                                     std::optional<TlsOptions> tls,
                                                                     Duration timeout,
                                                                     std::shared_ptr<net::Abort> abort);

  /// Queued and sent in order; nothing is sent after close().
  void send(Bytes frame);
  /// The next frame; its body is valid until the next call. Errors: connection_lost, cancelled, malformed, too_large, with the connection's label.
  awaitable<Result<proto::dvrip::FrameView>> read();
  /// The same, not later than `timeout` (then the connection is closed).
  awaitable<Result<proto::dvrip::FrameView>> read(Duration timeout);
  void close();
  bool closed() const { return closed_; }

  const net::StreamInfo& info() const { return stream_->info(); }
  std::uint64_t bytes_in() const { return bytes_in_; }
  std::uint64_t bytes_out() const { return bytes_out_; }
  net::TimePoint last_received() const { return last_received_; }
  Error labelled(Error error) const;

 private:
  awaitable<void> write_queue(std::shared_ptr<DvripConnection> self);

  Context context_;
  std::unique_ptr<net::Stream> stream_;
  net::Timer deadline_;
  proto::dvrip::FrameReader reader_;
  std::deque<Bytes> outgoing_;
  bool writing_ = false;
  bool closed_ = false;
  bool timed_out_ = false;
  std::uint64_t bytes_in_ = 0;
  std::uint64_t bytes_out_ = 0;
  net::TimePoint last_received_;
};

}  // namespace dmss::session
