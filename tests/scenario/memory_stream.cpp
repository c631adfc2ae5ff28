#include "scenario/memory_stream.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "session/engine/signal.hpp"

namespace dmss::scenario {

struct MemoryStream::Direction {
  explicit Direction(const net::Executor& executor) : changed(executor) {}

  std::string bytes;
  std::size_t piece = std::numeric_limits<std::size_t>::max();
  bool ended = false;        // the writer has closed
  bool torn = false;         // the writer has reset
  bool reader_gone = false;  // the reader has closed
  session::Signal changed;
};

MemoryStream::MemoryStream(net::Executor executor, net::StreamInfo info, std::shared_ptr<Direction> in,
                           std::shared_ptr<Direction> out)
    : executor_(std::move(executor)), info_(std::move(info)), in_(std::move(in)), out_(std::move(out)) {}

MemoryStream::~MemoryStream() {
  close();
}

MemoryStream::Pair MemoryStream::make(const net::Executor& executor, net::StreamInfo info) {
  auto up = std::make_shared<Direction>(executor);
  auto down = std::make_shared<Direction>(executor);
  Pair pair;
  pair.client.reset(new MemoryStream(executor, info, down, up));
  pair.device.reset(new MemoryStream(executor, std::move(info), up, down));
  return pair;
}

net::awaitable<Result<std::size_t>> MemoryStream::read_some(std::span<std::uint8_t> into) {
  const std::shared_ptr<Direction> in = in_;
  const std::string label = info_.label();
  co_await net::asio::post(executor_, net::asio::use_awaitable);
  for (;;) {
    if (in->reader_gone) co_return Error(Errc::cancelled).with_connection(label);
    if (in->torn) co_return Error(Errc::connection_lost, "reset by the device").with_connection(label);
    if (!in->bytes.empty()) break;
    if (in->ended) co_return Error(Errc::connection_lost, "closed by the device").with_connection(label);
    co_await in->changed.wait();
  }
  const std::size_t n = std::min({into.size(), in->piece, in->bytes.size()});
  std::memcpy(into.data(), in->bytes.data(), n);
  in->bytes.erase(0, n);
  co_return n;
}

net::awaitable<Result<void>> MemoryStream::write(ByteView data) {
  const std::shared_ptr<Direction> in = in_;
  const std::shared_ptr<Direction> out = out_;
  const std::string label = info_.label();
  const std::string copy(as_text(data));
  co_await net::asio::post(executor_, net::asio::use_awaitable);
  if (out->ended) co_return Error(Errc::cancelled).with_connection(label);
  if (out->reader_gone || in->torn)
    co_return Error(Errc::connection_lost, "broken pipe").with_connection(label);
  out->bytes += copy;
  out->changed.notify();
  co_return Result<void>();
}

bool MemoryStream::has_input() {
  return in_->ended || in_->torn || !in_->bytes.empty();
}

void MemoryStream::send(ByteView data) {
  if (out_->ended || out_->reader_gone) return;
  out_->bytes += as_text(data);
  out_->changed.notify();
}

void MemoryStream::close() {
  in_->reader_gone = true;
  in_->changed.notify();
  out_->ended = true;
  out_->changed.notify();
}

void MemoryStream::reset() {
  out_->torn = true;
  close();
}

void MemoryStream::split(std::size_t piece) {
  out_->piece = std::max<std::size_t>(piece, 1);
}

}  // namespace dmss::scenario
