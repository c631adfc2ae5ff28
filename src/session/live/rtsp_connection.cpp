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
    : context_(std::move(context)),
      stream_(std::move(stream)),
      buffer_(kFirstBuffer),
      deadline_(context_.executor, context_.clock) {}

void RtspConnection::start() {
  spawn(context_.executor, read_all(shared_from_this()), context_.log);
}

Error RtspConnection::labelled(Error error) const {
  return error.connection().empty() ? Error(std::move(error)).with_connection("rtsp/" + info().label())
                                    : error;
}

awaitable<Result<RtspConnection::Messages>> RtspConnection::exchange(Messages requests, Duration timeout) {
  auto self = shared_from_this();
  const std::string method = requests.front().method;
  first_awaited_ = next_cseq_;
  missing_ = requests.size();
  answers_.assign(requests.size(), std::nullopt);
  for (Message& m : requests) send_request(std::move(m));
  deadline_.expires_after(timeout);
  bool expired = false;
  while (missing_ != 0 && !end_ && !expired) expired = co_await deadline_.wait();
  if (missing_ != 0) {
    missing_ = 0;
    if (!end_) {
      close();
      co_return labelled(Error(Errc::timeout, "no answer to " + method));
    }
    co_return *end_;
  }
  Messages answers;
  for (auto& a : answers_) answers.push_back(std::move(*a));
  co_return answers;
}

awaitable<void> RtspConnection::read_all([[maybe_unused]] std::shared_ptr<RtspConnection> self) {
  Result<void> read = co_await stream_->pump(*this);
  if (closed_) {
    end_ = Errc::cancelled;
  } else if (!end_) {
    end_ = labelled(read.error());
  }
  deadline_.cancel();
  stream_->close();
  packets = nullptr;
  if (auto told = std::exchange(on_end, nullptr)) told();
}

std::span<std::uint8_t> RtspConnection::room() {
  if (first_ == last_) first_ = last_ = 0;
  const std::size_t least = std::max(wanted_, kLeastRead);
  if (buffer_.size() - last_ < least && first_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + first_, last_ - first_);
    last_ -= first_;
    first_ = 0;
  }
  if (buffer_.size() - last_ < least) buffer_.resize(std::max(buffer_.size() * 2, last_ + least));
  return {buffer_.data() + last_, buffer_.size() - last_};
}

bool RtspConnection::take(std::size_t n) {
  if (closed_) return false;
  const bool filled = last_ + n == buffer_.size();
  last_ += n;
  bytes_in_ += n;
  if (Result<void> ok = dispatch(context_.clock.now()); !ok) end_ = ok.error();
  if (filled && buffer_.size() < kUsualBuffer) wanted_ = std::max(wanted_, buffer_.size());
  return !end_;
}

Result<void> RtspConnection::dispatch(net::TimePoint arrived) {
  wanted_ = 1;
  while (first_ < last_) {
    const ByteView in(buffer_.data() + first_, last_ - first_);
    const Item item = proto::rtsp::next_item(in, proto::rtsp::Interleaving::rtp);
    switch (item.kind) {
      case Item::Kind::packet:
        first_ += item.size;
        junk_ = 0;
        if (packets != nullptr) packets->on_packet(item.channel, item.data, arrived);
        if (closed_) return Errc::cancelled;
        break;
      case Item::Kind::need_more: wanted_ = item.size; return {};
      case Item::Kind::junk:
        first_ += item.size;
        if (!skip(item.size)) return labelled(Error(Errc::malformed, "no RTSP in what the device sends"));
        break;
      case Item::Kind::text: {
        Result<std::size_t> used = take_text(in);
        if (!used) return used.error();
        if (*used == 0) return {};
        first_ += *used;
        break;
      }
    }
  }
  return {};
}

/// False when it is too much.
bool RtspConnection::skip(std::size_t bytes) {
  skipped_ += bytes;
  junk_ += bytes;
  return junk_ <= kMaxJunk;
}

/// Bytes used; 0 = the message has not come completely yet.
Result<std::size_t> RtspConnection::take_text(ByteView in) {
  Parsed<Message> parsed = proto::rtsp::parse_message(in);
  if (parsed.need_more()) {
    wanted_ = parsed.needed();
    return std::size_t{0};
  }
  if (parsed.failed()) {
    // A message that begins well but has no end that anybody can find.
    if (parsed.error().offset > 0) return labelled(Error(parsed.error().code, parsed.error().what));
    if (!skip(1)) return labelled(Error(Errc::malformed, parsed.error().what));
    return std::size_t{1};
  }
  junk_ = 0;
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
  take_answer(std::move(m));
  return used;
}

void RtspConnection::take_answer(Message answer) {
  const auto cseq = answer.cseq();
  answers_are_numbered_ = answers_are_numbered_ && cseq;
  if (answered_ && (cseq ? *cseq == answered_cseq_ : missing_ == 0))
    return std::exchange(answered_, nullptr)(answer);
  if (missing_ == 0) return;
  // Old servers leave CSeq out; they answer in order.
  std::size_t index = answers_.size() - missing_;
  if (cseq) {
    if (*cseq < first_awaited_ || *cseq - first_awaited_ >= static_cast<std::int64_t>(answers_.size()))
      return;
    index = static_cast<std::size_t>(*cseq - first_awaited_);
  }
  if (answers_[index]) return;
  answers_[index] = std::move(answer);
  if (--missing_ == 0) deadline_.cancel();
}

void RtspConnection::send_request(Message message, Answered answered) {
  if (answered) {
    answered_ = std::move(answered);
    answered_cseq_ = next_cseq_;
  }
  message.headers.insert(message.headers.begin(),
                         {{"CSeq", std::to_string(next_cseq_++)}, {"User-Agent", kUserAgent}});
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
  stream_->close();
}

}  // namespace dmss::session
