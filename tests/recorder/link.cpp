#include "recorder/link.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "recorder/core.hpp"

namespace dmss::recorder {
namespace {

using proto::rpc::int_or;

constexpr auto kFaultPoll = std::chrono::milliseconds(20);

std::size_t size_or(const Json& arguments, const char* key, std::int64_t fallback) {
  return static_cast<std::size_t>(std::clamp<std::int64_t>(int_or(arguments, key, fallback), 0, 1 << 30));
}

std::chrono::milliseconds ms_or(const Json& arguments, const char* key, std::int64_t fallback) {
  return std::chrono::milliseconds(std::clamp<std::int64_t>(int_or(arguments, key, fallback), 0, 600000));
}

}  // namespace

Link::Link(Core& core, std::unique_ptr<net::Stream> stream, std::string service, int native)
    : core_(core), stream_(std::move(stream)), service_(std::move(service)), native_(native) {}

Link::~Link() {
  close();
}

std::string Link::address() const {
  const std::string& peer = stream_->info().peer;
  return peer.substr(0, peer.rfind(':'));
}

Json Link::to_json() const {
  return {{"service", service_},
          {"peer", stream_->info().peer},
          {"sent", sent_},
          {"received", received_},
          {"queued", queue_.size()}};
}

net::awaitable<Result<std::size_t>> Link::read_some(std::span<std::uint8_t> into) {
  const auto self = shared_from_this();
  while (open_ && core_.faults.find("half_open", where()) != nullptr)
    co_await net::sleep_for(core_.clock, kFaultPoll);
  Result<std::size_t> n = co_await stream_->read_some(into);
  if (n) received_ += *n;
  co_return n;
}

void Link::send(ByteView data) {
  if (!open_ || closing_) return;
  if (queue_.size() + data.size() > kQueue) return close();
  if (!core_.faults.none()) {
    if (const auto slow = core_.faults.take("slow", where()))
      delay_ = std::max<net::Duration>(delay_, ms_or(*slow, "ms", 1000));
    if (const auto garbage = core_.faults.take("garbage", where())) {
      for (std::size_t i = size_or(*garbage, "bytes", 32); i > 0; --i)
        queue_.push_back(static_cast<std::uint8_t>(core_.random32() | 0x80));
    }
    if (core_.faults.strikes("truncate", where())) {
      data = data.first(data.size() / 2);
      queue_.insert(queue_.end(), data.begin(), data.end());
      return close_after_sending();
    }
  }
  queue_.insert(queue_.end(), data.begin(), data.end());
  wake();
}

bool Link::send_media(ByteView data) {
  if (!open_ || closing_ || queue_.size() > kMediaQueue) return false;
  queue_.insert(queue_.end(), data.begin(), data.end());
  wake();
  return true;
}

void Link::wake() {
  if (writing_) return;
  writing_ = true;
  net::asio::co_spawn(core_.io, run_writer(), net::asio::detached);
}

net::awaitable<void> Link::run_writer() {
  const auto self = shared_from_this();
  while (open_ && !queue_.empty()) {
    if (delay_ > net::Duration::zero()) {
      const net::Duration delay = std::exchange(delay_, net::Duration::zero());
      co_await net::sleep_for(core_.clock, delay);
    }
    if (!core_.faults.none()) {
      if (const auto merge = core_.faults.take("merge", where()))
        co_await net::sleep_for(core_.clock, ms_or(*merge, "ms", 50));
      if (core_.faults.find("silent", where()) != nullptr ||
          core_.faults.find("half_open", where()) != nullptr) {
        queue_.clear();
        break;
      }
    }
    sending_.swap(queue_);
    const bool sent = co_await write_all();
    sending_.clear();
    if (sending_.capacity() > kMediaQueue) Bytes().swap(sending_);
    if (!sent) break;
  }
  writing_ = false;
  if (closing_ && queue_.empty()) close();
}

net::awaitable<bool> Link::write_all() {
  ByteView rest(sending_);
  while (!rest.empty() && open_) {
    std::size_t size = rest.size();
    std::chrono::milliseconds pause{0};
    bool resets = false, closes = false;
    if (!core_.faults.none()) {
      if (const Json* chunks = core_.faults.find("chunks", where())) {
        size = std::clamp<std::size_t>(size_or(*chunks, "size", 1), 1, rest.size());
        pause = ms_or(*chunks, "pause_ms", 1);
      }
      for (const char* name : {"reset_at", "close_at"}) {
        const Json* limit = core_.faults.find(name, where());
        if (limit == nullptr) continue;
        const std::uint64_t at = size_or(*limit, "bytes", 0);
        if (sent_ + size < at) continue;
        size = at > sent_ ? static_cast<std::size_t>(at - sent_) : 0;
        (std::string_view(name) == "reset_at" ? resets : closes) = true;
        core_.faults.take(name, where());
        break;
      }
    }
    const ByteView piece = rest.first(size);
    rest = rest.subspan(size);
    if (!piece.empty()) {
      const bool written = co_await write_piece(piece);
      if (!written) co_return false;
    }
    if (resets) reset();
    if (closes) close();
    if (pause.count() > 0 && !rest.empty()) co_await net::sleep_for(core_.clock, pause);
  }
  co_return open_;
}

net::awaitable<bool> Link::write_piece(ByteView piece) {
  const Result<void> written = co_await stream_->write(piece);
  if (!written) close();
  sent_ += piece.size();
  co_return written.has_value();
}

void Link::close_after_sending() {
  closing_ = true;
  if (!writing_ && queue_.empty()) return close();
  wake();
}

void Link::reset() {
  if (!open_) return;
  // Dissolving the association sends the RST at once; SO_LINGER would let a FIN out first.
  sockaddr nobody{};
  nobody.sa_family = AF_UNSPEC;
  ::connect(native_, &nobody, sizeof nobody);
  close();
}

void Link::close() {
  if (!open_) return;
  open_ = false;
  stream_->close();
  core_.links.erase(this);
  const auto handlers = std::move(closed_handlers_);
  closed_handlers_.clear();
  for (const auto& handler : handlers) handler();
}

}  // namespace dmss::recorder
