// RtspConnection: requests and answers on one RTSP TCP connection, with media packets between them (protocol media.md §2). It reads
// by itself from start() to its end; who uses it is told by callbacks, so that it can pass from one stream to the next.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "proto/rtsp/framing.hpp"
#include "proto/rtsp/message.hpp"
#include "session/context.hpp"

namespace dmss::session {

/// Takes interleaved packets; `data` is a view into the receive buffer.
class PacketSink {
 public:
  virtual void on_packet(std::uint8_t channel, ByteView data, net::TimePoint arrived) = 0;

 protected:
  ~PacketSink() = default;
};

class RtspConnection final : public std::enable_shared_from_this<RtspConnection>, private net::ByteSink {
 public:
  using Messages = std::vector<proto::rtsp::Message>;

  RtspConnection(Context context, std::unique_ptr<net::Stream> stream);
  void start();

  /// Who uses it now; may be nobody.
  PacketSink* packets = nullptr;
  /// Nothing more will come; end() says why.
  std::function<void()> on_end;

  /// Sends all (CSeq and User-Agent are added) and waits for all the answers, in the order of the requests; one exchange at a time.
  /// Errors: timeout (closes the connection), connection_lost, malformed, cancelled; all carry the connection's label.
  awaitable<Result<Messages>> exchange(Messages requests, Duration timeout);
  using Answered = std::function<void(const proto::rtsp::Message&)>;
  /// Queued and not waited for. `answered` is called with the answer, unless another such request is sent before it comes.
  void send_request(proto::rtsp::Message message, Answered answered = nullptr);
  void send_packet(std::uint8_t channel, ByteView packet);
  void close();

  /// Why it ended; nothing while it lives.
  const std::optional<Error>& end() const { return end_; }
  /// It has ended, or will as soon as it is read from, when nothing is due.
  bool ends() const { return end_ || stream_->has_input(); }
  /// Every answer so far named its request.
  bool answers_are_numbered() const { return answers_are_numbered_; }
  const net::StreamInfo& info() const { return stream_->info(); }
  std::uint64_t bytes_in() const { return bytes_in_; }
  std::uint64_t skipped() const { return skipped_; }

 private:
  awaitable<void> read_all(std::shared_ptr<RtspConnection> self);
  Result<void> dispatch(net::TimePoint arrived);
  Result<std::size_t> take_text(ByteView in);
  bool skip(std::size_t bytes);
  void take_answer(proto::rtsp::Message answer);
  std::span<std::uint8_t> room() override;
  bool take(std::size_t n) override;
  void enqueue(Bytes bytes);
  awaitable<void> write_queue(std::shared_ptr<RtspConnection> self);
  Error labelled(Error error) const;

  Context context_;
  std::unique_ptr<net::Stream> stream_;
  bool closed_ = false;
  std::optional<Error> end_;

  std::vector<std::uint8_t> buffer_;
  std::size_t first_ = 0;  // what is in the buffer
  std::size_t last_ = 0;
  std::size_t wanted_ = 1;

  int next_cseq_ = 1;
  net::Timer deadline_;  // of the exchange
  int first_awaited_ = 0;
  std::vector<std::optional<proto::rtsp::Message>> answers_;
  std::size_t missing_ = 0;
  bool answers_are_numbered_ = true;
  Answered answered_;  // of the latest request that nobody waits for
  int answered_cseq_ = 0;
  std::deque<Bytes> outgoing_;
  bool writing_ = false;
  std::uint64_t bytes_in_ = 0;
  std::uint64_t skipped_ = 0;
  std::size_t junk_ = 0;  // skipped since the latest packet or message
};

}  // namespace dmss::session
