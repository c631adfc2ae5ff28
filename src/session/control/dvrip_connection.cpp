#include "session/control/dvrip_connection.hpp"

#include "session/engine/spawn.hpp"

namespace dmss::session {
namespace {

using proto::dvrip::FrameView;

constexpr std::size_t kMaxOutgoing = 256;

}  // namespace

DvripConnection::DvripConnection(Context context, std::unique_ptr<net::Stream> stream)
    : context_(std::move(context)),
      stream_(std::move(stream)),
      deadline_(context_.executor, context_.clock),
      last_received_(context_.clock.now()) {}

awaitable<Result<std::shared_ptr<DvripConnection>>> DvripConnection::connect(
    Context context, net::Endpoint to, std::optional<TlsOptions> tls, Duration timeout,
    std::shared_ptr<net::Abort> abort) {
  net::ConnectOptions o;
  o.to = std::move(to);
  o.tls = std::move(tls);
  o.timeout = timeout;
  o.abort = std::move(abort);
  Result<std::unique_ptr<net::Stream>> stream = co_await context.connector.connect(std::move(o));
  if (!stream) co_return stream.error();
  co_return std::make_shared<DvripConnection>(context, std::move(*stream));
}

Error DvripConnection::labelled(Error error) const {
  return error.connection().empty() ? Error(std::move(error)).with_connection("dvrip/" + info().label())
                                    : error;
}

void DvripConnection::send(Bytes frame) {
  if (closed_ || outgoing_.size() >= kMaxOutgoing) return;
  outgoing_.push_back(std::move(frame));
  if (std::exchange(writing_, true)) return;
  spawn(context_.executor, write_queue(shared_from_this()), context_.log);
}

awaitable<void> DvripConnection::write_queue([[maybe_unused]] std::shared_ptr<DvripConnection> self) {
  while (!outgoing_.empty() && !closed_) {
    const Bytes next = std::move(outgoing_.front());
    outgoing_.pop_front();
    Result<void> written = co_await stream_->write(next);
    if (!written) break;  // the reader will see it, too
    bytes_out_ += next.size();
  }
  writing_ = false;
}

awaitable<Result<FrameView>> DvripConnection::read() {
  auto self = shared_from_this();
  for (;;) {
    Parsed<FrameView> frame = reader_.next();
    if (frame.ok()) co_return std::move(frame).value();
    if (frame.failed()) co_return labelled(Error(frame.error().code, frame.error().what));
    auto room = reader_.prepare();
    Result<std::size_t> n = co_await stream_->read_some(room);
    if (!n) {
      if (timed_out_) co_return labelled(Errc::timeout);
      co_return labelled(closed_ ? Error(Errc::cancelled) : n.error());
    }
    note_received(*n);
  }
}

void DvripConnection::note_received(std::size_t n) {
  reader_.commit(n);
  bytes_in_ += n;
  last_received_ = context_.clock.now();
}

awaitable<Result<void>> DvripConnection::read_all(FrameSink& sink) {
  auto self = shared_from_this();
  sink_ = &sink;
  Result<void> read;
  if (give_frames()) read = co_await stream_->pump(*this);
  sink_ = nullptr;
  if (broken_) co_return labelled(*broken_);
  if (!read) co_return labelled(closed_ ? Error(Errc::cancelled) : read.error());
  co_return read;
}

bool DvripConnection::take(std::size_t n) {
  note_received(n);
  return give_frames();
}

bool DvripConnection::give_frames() {
  for (;;) {
    const Parsed<FrameView> frame = reader_.next();
    if (frame.need_more()) return true;
    if (frame.failed()) {
      broken_ = Error(frame.error().code, frame.error().what);
      return false;
    }
    if (!sink_->on_frame(frame.value())) return false;
  }
}

awaitable<Result<FrameView>> DvripConnection::read(Duration timeout) {
  deadline_.expires_after(timeout);
  deadline_.async_wait([weak = weak_from_this()](bool expired) {
    auto self = weak.lock();
    if (!expired || !self) return;
    self->timed_out_ = true;
    self->close();
  });
  Result<FrameView> frame = co_await read();
  deadline_.cancel();
  co_return frame;
}

void DvripConnection::close() {
  if (closed_) return;
  closed_ = true;
  stream_->close();
}

}  // namespace dmss::session
