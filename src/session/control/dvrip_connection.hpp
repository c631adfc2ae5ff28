// DvripConnection: one TCP connection to 37777, frames out in order, frames in one at a time. Under the control link and the media
// sub-connections.
#pragma once

#include <deque>
#include <memory>

#include "proto/dvrip/header.hpp"
#include "session/context.hpp"

namespace dmss::session {

class FrameSink {
 public:
  /// The body is valid during the call. False when no more frames are wanted.
  virtual bool on_frame(const proto::dvrip::FrameView& frame) = 0;

 protected:
  ~FrameSink() = default;
};

class DvripConnection final : public std::enable_shared_from_this<DvripConnection>, private net::ByteSink {
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
  /// All frames from now on, cheaper than read(); until the sink wants no more, or the end.
  awaitable<Result<void>> read_all(FrameSink& sink);
  void close();
  bool closed() const { return closed_; }

  const net::StreamInfo& info() const { return stream_->info(); }
  std::uint64_t bytes_in() const { return bytes_in_; }
  std::uint64_t bytes_out() const { return bytes_out_; }
  net::TimePoint last_received() const { return last_received_; }
  Error labelled(Error error) const;

 private:
  awaitable<void> write_queue(std::shared_ptr<DvripConnection> self);
  std::span<std::uint8_t> room() override { return reader_.prepare(); }
  bool take(std::size_t n) override;
  bool give_frames();
  void note_received(std::size_t n);

  Context context_;
  std::unique_ptr<net::Stream> stream_;
  net::Timer deadline_;
  proto::dvrip::FrameReader reader_;
  FrameSink* sink_ = nullptr;    // of read_all()
  std::optional<Error> broken_;  // what ended read_all() from within
  std::deque<Bytes> outgoing_;
  bool writing_ = false;
  bool closed_ = false;
  bool timed_out_ = false;
  std::uint64_t bytes_in_ = 0;
  std::uint64_t bytes_out_ = 0;
  net::TimePoint last_received_;
};

}  // namespace dmss::session
