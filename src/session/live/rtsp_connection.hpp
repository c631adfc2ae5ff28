// RtspConnection: requests and answers on one RTSP TCP connection, with media packets between them (protocol media.md §2).
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "proto/rtsp/framing.hpp"
#include "proto/rtsp/message.hpp"
#include "session/context.hpp"

namespace dmss::session {

class RtspConnection : public std::enable_shared_from_this<RtspConnection> {
 public:
  RtspConnection(Context context, std::unique_ptr<net::Stream> stream);

  /// Interleaved packet; `data` is a view into the receive buffer.
  std::function<void(std::uint8_t channel, ByteView data, net::TimePoint arrived)> on_packet;

  /// Sends (CSeq and User-Agent are added) and reads until the answer comes; packets on the way go to on_packet. Errors: timeout,
  /// connection_lost, malformed, cancelled; all carry the connection's label.
  awaitable<Result<proto::rtsp::Message>> request(proto::rtsp::Message message, Duration timeout);
  /// One read and everything in it. Answers to requests nobody waits for are dropped; requests of the server get 200.
  awaitable<Result<void>> pump();
  /// Queued; an answer, if any, is dropped.
  void send_request(proto::rtsp::Message message);
  void send_packet(std::uint8_t channel, ByteView packet);
  void close();

  void set_interleaving(proto::rtsp::Interleaving i) { interleaving_ = i; }
  const net::StreamInfo& info() const { return stream_->info(); }
  std::uint64_t bytes_in() const { return bytes_in_; }
  std::uint64_t skipped() const { return skipped_; }

 private:
  Result<void> dispatch(net::TimePoint arrived);
  Result<std::size_t> take_text(ByteView in);
  void make_room(std::size_t wanted);
  void enqueue(Bytes bytes);
  awaitable<void> write_queue(std::shared_ptr<RtspConnection> self);
  Error labelled(Error error) const;

  Context context_;
  std::unique_ptr<net::Stream> stream_;
  net::Timer deadline_;
  bool timed_out_ = false;
  bool closed_ = false;
  proto::rtsp::Interleaving interleaving_ = proto::rtsp::Interleaving::rtp;

  std::vector<std::uint8_t> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t wanted_ = 1;

  int next_cseq_ = 1;
  int awaited_cseq_ = 0;
  std::optional<proto::rtsp::Message> answer_;
  std::deque<Bytes> outgoing_;
  bool writing_ = false;
  std::uint64_t bytes_in_ = 0;
  std::uint64_t skipped_ = 0;
};

}  // namespace dmss::session
