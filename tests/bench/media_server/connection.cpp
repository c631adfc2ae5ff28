#include "bench/media_server/connection.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace dmss::bench {
namespace {

constexpr int kSendBuffer = 4 << 20;
constexpr std::size_t kRead = 64u << 10;

}  // namespace

Connection::Connection(Loop& loop, int fd, const Options& options)
    : loop_(loop), fd_(fd), half_(options.round_trip / 2), accepted_(Loop::now()) {
  const int one = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  ::setsockopt(fd_, SOL_SOCKET, SO_SNDBUF, &kSendBuffer, sizeof kSendBuffer);
  if (options.tls != nullptr) {
    ssl_.reset(SSL_new(options.tls));
    SSL_set_fd(ssl_.get(), fd_);
    SSL_set_accept_state(ssl_.get());
  }
}

Connection::~Connection() {
  close();
}

void Connection::start() {
  loop_.add(fd_, [weak = weak_from_this()](std::uint32_t events) {
    if (const auto self = weak.lock()) self->ready(events);
  });
}

void Connection::close() {
  if (fd_ < 0) return;
  if (timer_) loop_.cancel(*timer_);
  timer_.reset();
  loop_.remove(fd_);
  ssl_.reset();
  ::close(std::exchange(fd_, -1));
  if (const auto told = std::exchange(on_closed, nullptr)) told();
}

void Connection::ready(std::uint32_t events) {
  if ((events & EPOLLOUT) != 0) flush();
  if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0 && fd_ >= 0) receive();
}

void Connection::receive() {
  std::uint8_t buffer[kRead];
  while (fd_ >= 0) {
    std::ptrdiff_t n;
    bool again;
    if (ssl_) {
      n = SSL_read(ssl_.get(), buffer, sizeof buffer);
      const int error = n > 0 ? SSL_ERROR_NONE : SSL_get_error(ssl_.get(), static_cast<int>(n));
      again = error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
    } else {
      n = ::recv(fd_, buffer, sizeof buffer, MSG_DONTWAIT);
      again = n < 0 && (errno == EAGAIN || errno == EINTR);
    }
    if (n <= 0) {
      if (!again) close();
      return;
    }
    const ByteView data(buffer, static_cast<std::size_t>(n));
    if (half_.count() == 0) {
      take(data);
    } else {
      // The client's first bytes wait for a handshake that took a whole round trip.
      delay(data, std::max(Loop::now(), accepted_ + 2 * half_) + half_, true);
    }
    if (!ssl_ && data.size() < sizeof buffer) return;
  }
}

void Connection::take(ByteView data) {
  in_.insert(in_.end(), data.begin(), data.end());
  const auto keep = shared_from_this();
  const std::size_t used = on_data ? on_data(in_) : in_.size();
  in_.erase(in_.begin(), in_.begin() + static_cast<std::ptrdiff_t>(std::min(used, in_.size())));
}

void Connection::send(ByteView data) {
  if (fd_ < 0 || data.empty()) return;
  if (half_.count() == 0) return write(data);
  delay(data, Loop::now() + half_, false);
}

void Connection::delay(ByteView data, Time due, bool incoming) {
  (incoming ? delayed_in_ : delayed_out_).push_back({due, Bytes(data.begin(), data.end()), incoming});
  arm();
}

void Connection::arm() {
  if (timer_) loop_.cancel(*timer_);
  timer_.reset();
  if (delayed_in_.empty() && delayed_out_.empty()) return;
  Time due = Time::max();
  if (!delayed_in_.empty()) due = delayed_in_.front().due;
  if (!delayed_out_.empty()) due = std::min(due, delayed_out_.front().due);
  timer_ = loop_.at(due, [this, weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    timer_.reset();
    const Time now = Loop::now();
    for (auto* queue : {&delayed_in_, &delayed_out_}) {
      while (fd_ >= 0 && !queue->empty() && queue->front().due <= now) {
        const Delayed d = std::move(queue->front());
        queue->pop_front();
        d.incoming ? take(d.data) : write(d.data);
      }
    }
    if (fd_ >= 0) arm();
  });
}

std::ptrdiff_t Connection::write_some(ByteView data) {
  if (ssl_) {
    const int n = SSL_write(ssl_.get(), data.data(), static_cast<int>(data.size()));
    if (n > 0) return n;
    const int error = SSL_get_error(ssl_.get(), n);
    return error == SSL_ERROR_WANT_WRITE || error == SSL_ERROR_WANT_READ ? 0 : -1;
  }
  const ssize_t n = ::send(fd_, data.data(), data.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  return n >= 0 ? n : errno == EAGAIN || errno == EINTR ? 0 : -1;
}

void Connection::write(ByteView data) {
  if (fd_ < 0) return;
  if (backlog() == 0) {
    while (!data.empty()) {
      const std::ptrdiff_t n = write_some(data);
      if (n < 0) return close();
      if (n == 0) break;
      data = data.subspan(static_cast<std::size_t>(n));
    }
    if (data.empty()) return;
    pending_.clear();
    pending_sent_ = 0;
    loop_.want_writable(fd_, true);
  }
  pending_.insert(pending_.end(), data.begin(), data.end());
}

void Connection::flush() {
  while (backlog() > 0) {
    const std::ptrdiff_t n = write_some(ByteView(pending_).subspan(pending_sent_));
    if (n < 0) return close();
    if (n == 0) return;
    pending_sent_ += static_cast<std::size_t>(n);
  }
  loop_.want_writable(fd_, false);
  const auto keep = shared_from_this();
  if (on_drained) on_drained();
}

}  // namespace dmss::bench
