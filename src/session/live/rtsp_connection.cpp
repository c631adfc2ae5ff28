#include "session/live/rtsp_connection.hpp"

#include <cstring>

#include "session/engine/spawn.hpp"

namespace dmss::session {
namespace {

using proto::rtsp::Item;
using proto::rtsp::Message;

constexpr std::size_t kFirstBuffer = 16u << 10;
constexpr std::size_t kUsualBuffer = 256u << 10;  // grown to while bursts fill it
constexpr std::size_t kLeastRead = 4u << 10;
constexpr std::size_t kMaxJunk = 1u << 20;  // without one plausible packet between
constexpr std::size_t kMaxOutgoing = 64;
constexpr const char* kUserAgent = "libdmss";

}  // namespace

RtspConnection::RtspConnection(Context context, std::unique_ptr<net::Stream> stream)
    : context_(std::move(context)), stream_(std::move(stream)), deadline_(context_.executor, context_.clock), buffer_(kFirstBuffer) {}

Error RtspConnection::labelled(Error error) const {
  return error.connection().empty() ? Error(std::move(error)).with_connection("rtsp/" + info().label()) : error;
}

awaitable<Result<Message>> RtspConnection::request(Message message, Duration timeout) {
  awaited_cseq_ = next_cseq_;
  answer_.reset();
  timed_out_ = false;
  const std::string method = message.method;
  send_request(std::move(message));
  deadline_.expires_after(timeout);
  deadline_.async_wait([weak = weak_from_this()](bool expired) {
    auto self = weak.lock();
    if (!expired || !self) return;
    self->timed_out_ = true;
    self->stream_->close();
  });
  while (!answer_) {
    Result<void> pumped = co_await pump();
    if (!pumped) {
      deadline_.cancel();
      if (timed_out_) co_return labelled(Error(Errc::timeout, "no answer to " + method));
      co_return pumped.error();
    }
  }
  deadline_.cancel();
  awaited_cseq_ = 0;
  co_return std::move(*answer_);
}

awaitable<Result<void>> RtspConnection::pump() {
  make_room(wanted_);
  Result<std::size_t> n = co_await stream_->read_some({buffer_.data() + end_, buffer_.size() - end_});
  if (!n) {
    if (closed_) co_return Error(Errc::cancelled);
    co_return labelled(n.error());
  }
  const bool filled = end_ + *n == buffer_.size();
  end_ += *n;
  bytes_in_ += *n;
  const Result<void> ok = dispatch(context_.clock.now());
  if (filled && buffer_.size() < kUsualBuffer) wanted_ = std::max(wanted_, buffer_.size());
  co_return ok;
}

void RtspConnection::make_room(std::size_t wanted) {
  if (begin_ == end_) begin_ = end_ = 0;
  const std::size_t least = std::max(wanted, kLeastRead);
  if (buffer_.size() - end_ >= least) return;
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (buffer_.size() - end_ < least) buffer_.resize(std::max(buffer_.size() * 2, end_ + least));
}

Result<void> RtspConnection::dispatch(net::TimePoint arrived) {
  wanted_ = 1;
  while (begin_ < end_) {
    const ByteView in(buffer_.data() + begin_, end_ - begin_);
    const Item item = proto::rtsp::next_item(in, interleaving_);
    switch (item.kind) {
      case Item::Kind::packet:
        begin_ += item.size;
        if (on_packet) on_packet(item.channel, item.data, arrived);
        if (closed_) return Errc::cancelled;
        break;
      case Item::Kind::need_more: wanted_ = item.size; return {};
      case Item::Kind::junk:
        begin_ += item.size;
        skipped_ += item.size;
        if (skipped_ > kMaxJunk) return labelled(Error(Errc::malformed, "no RTSP in what the device sends"));
        break;
      case Item::Kind::text: {
        Result<std::size_t> used = take_text(in);
        if (!used) return used.error();
        if (*used == 0) return {};
        begin_ += *used;
        break;
      }
    }
  }
  return {};
}

/// Bytes used; 0 = the message has not come completely yet.
Result<std::size_t> RtspConnection::take_text(ByteView in) {
  Parsed<Message> parsed = proto::rtsp::parse_message(in);
  if (parsed.need_more()) {
    wanted_ = parsed.needed();
    return std::size_t{0};
  }
  if (parsed.failed()) {
    if (parsed.error().code == Errc::too_large) return labelled(Error(Errc::too_large, parsed.error().what));
    ++skipped_;
    if (skipped_ > kMaxJunk) return labelled(Error(Errc::malformed, parsed.error().what));
    return std::size_t{1};
  }
  const std::size_t used = parsed.consumed();
  Message m = std::move(parsed).value();
  if (!m.is_response()) {
    Message ok;
    ok.status = 200;
    ok.reason = "OK";
    ok.set("CSeq", std::string(m.get("CSeq")));
    const std::string text = proto::rtsp::write_message(ok);
    enqueue(Bytes(text.begin(), text.end()));
    return used;
  }
  // Old servers leave CSeq out; then the answer is to the one request that waits.
  const auto cseq = m.cseq();
  if (awaited_cseq_ != 0 && (!cseq || *cseq == awaited_cseq_)) answer_ = std::move(m);
  return used;
}

void RtspConnection::send_request(Message message) {
  message.headers.insert(message.headers.begin(), {{"CSeq", std::to_string(next_cseq_++)}, {"User-Agent", kUserAgent}});
  const std::string text = proto::rtsp::write_message(message);
  enqueue(Bytes(text.begin(), text.end()));
}

void RtspConnection::send_packet(std::uint8_t channel, ByteView packet) {
  Bytes framed(4);
  proto::rtsp::write_interleaved_head(framed.data(), channel, static_cast<std::uint16_t>(packet.size()));
  framed.insert(framed.end(), packet.begin(), packet.end());
  enqueue(std::move(framed));
}

void RtspConnection::enqueue(Bytes bytes) {
  if (closed_ || outgoing_.size() >= kMaxOutgoing) return;
  outgoing_.push_back(std::move(bytes));
  if (writing_) return;
  writing_ = true;
  spawn(context_.executor, write_queue(shared_from_this()), context_.log);
}

awaitable<void> RtspConnection::write_queue([[maybe_unused]] std::shared_ptr<RtspConnection> self) {
  while (!outgoing_.empty() && !closed_) {
    const Bytes next = std::move(outgoing_.front());
    outgoing_.pop_front();
    Result<void> written = co_await stream_->write(next);
    if (!written) break;  // the reader will see it, too
  }
  writing_ = false;
}

void RtspConnection::close() {
  if (closed_) return;
  closed_ = true;
  deadline_.cancel();
  stream_->close();
}

}  // namespace dmss::session
