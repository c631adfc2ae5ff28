#include "net/tls_stream.hpp"

#include <openssl/err.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cstring>

#include "net/tcp_stream.hpp"

namespace dmss::net {
namespace {

constexpr auto kToken = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kFirstInbox = 8u << 10;
constexpr std::size_t kUsualInbox = 64u << 10;  // grown to while bursts fill it

/// The latest of what OpenSSL has to say about this thread.
boost::system::error_code ssl_error() {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  if (code == 0) return asio::error::eof;
  return {static_cast<int>(code), asio::error::get_ssl_category()};
}

}  // namespace

std::span<std::uint8_t> TlsStream::Inbox::room() {
  if (first == last) {
    // OpenSSL has taken all: what came last filled it when the next read should be larger.
    if (last == bytes.size() && bytes.size() < kUsualInbox)
      bytes.resize(std::max(kFirstInbox, 2 * bytes.size()));
    first = last = 0;
  }
  return std::span(bytes).subspan(last);
}

BIO_METHOD* TlsStream::inbox_method() {
  static BIO_METHOD* const method = [] {
    BIO_METHOD* m = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "inbox");
    BIO_meth_set_read(m, [](BIO* bio, char* to, int size) {
      Inbox& inbox = *static_cast<Inbox*>(BIO_get_data(bio));
      BIO_clear_retry_flags(bio);
      const std::size_t n = std::min(static_cast<std::size_t>(size), inbox.last - inbox.first);
      if (n == 0) {
        BIO_set_retry_read(bio);
        return -1;
      }
      std::memcpy(to, inbox.bytes.data() + inbox.first, n);
      inbox.first += n;
      return static_cast<int>(n);
    });
    BIO_meth_set_ctrl(
        m, [](BIO*, int command, long, void*) -> long { return command == BIO_CTRL_FLUSH ? 1 : 0; });
    return m;
  }();
  return method;
}

TlsStream::TlsStream(std::shared_ptr<asio::ssl::context> context, asio::ip::tcp::socket socket)
    : context_(std::move(context)),
      socket_(std::move(socket)),
      ssl_(SSL_new(context_->native_handle()), &SSL_free),
      output_(BIO_new(BIO_s_mem())) {
  BIO* input = BIO_new(inbox_method());
  BIO_set_data(input, &inbox_);
  BIO_set_init(input, 1);
  SSL_set_bio(ssl_.get(), input, output_);
  SSL_set_mode(ssl_.get(), SSL_MODE_RELEASE_BUFFERS);
  // What a new handshake would want to send in the midst of reading has no way out; no device asks for one.
  SSL_set_options(ssl_.get(), SSL_OP_NO_RENEGOTIATION);
}

TlsStream::~TlsStream() = default;

Bytes TlsStream::take_output() {
  char* data = nullptr;
  const long size = BIO_get_mem_data(output_, &data);
  Bytes out(data, data + size);
  (void)BIO_reset(output_);
  return out;
}

awaitable<boost::system::error_code> TlsStream::handshake(Side side) {
  if (side == Side::client) {
    SSL_set_connect_state(ssl_.get());
  } else {
    SSL_set_accept_state(ssl_.get());
  }
  for (;;) {
    ERR_clear_error();
    const int done = SSL_do_handshake(ssl_.get());
    const bool waits = done != 1 && SSL_get_error(ssl_.get(), done) == SSL_ERROR_WANT_READ;
    const boost::system::error_code failed = done == 1 || waits ? boost::system::error_code() : ssl_error();
    // Also of a handshake that has failed: the alert tells the other side why.
    const Bytes out = take_output();
    if (!out.empty()) {
      auto [error, n] = co_await asio::async_write(socket_, asio::buffer(out), kToken);
      (void)n;
      if (error && !failed) co_return error;
    }
    if (!waits) co_return failed;
    const std::span<std::uint8_t> room = inbox_.room();
    auto [error, n] = co_await socket_.async_read_some(asio::buffer(room.data(), room.size()), kToken);
    if (error) co_return error;
    inbox_.last += n;
  }
}

std::size_t TlsStream::decrypt(std::span<std::uint8_t> into, boost::system::error_code& error) {
  std::size_t filled = 0;
  while (filled < into.size()) {
    ERR_clear_error();
    std::size_t n = 0;
    const int ok = SSL_read_ex(ssl_.get(), into.data() + filled, into.size() - filled, &n);
    if (ok != 1) {
      // What came before an error comes first; OpenSSL says it again.
      if (filled == 0 && SSL_get_error(ssl_.get(), ok) != SSL_ERROR_WANT_READ) error = ssl_error();
      break;
    }
    filled += n;
  }
  return filled;
}

awaitable<Result<std::size_t>> TlsStream::read_some(std::span<std::uint8_t> into) {
  for (;;) {
    boost::system::error_code error = closed_ ? asio::error::operation_aborted : boost::system::error_code();
    if (!error) {
      if (const std::size_t n = decrypt(into, error); n != 0) co_return n;
    }
    if (error) co_return stream_error(error, closed_, info_);
    const std::span<std::uint8_t> room = inbox_.room();
    auto [failed, n] = co_await socket_.async_read_some(asio::buffer(room.data(), room.size()), kToken);
    if (failed) co_return stream_error(failed, closed_, info_);
    inbox_.last += n;
  }
}

/// Reads into a sink without waking a coroutine each time.
template <class Done>
class TlsStream::Pump {
 public:
  Pump(TlsStream& stream, ByteSink& sink, Done done)
      : stream_(&stream), sink_(&sink), done_(std::move(done)) {}

  void read() {
    const std::span<std::uint8_t> room = stream_->inbox_.room();
    stream_->socket_.async_read_some(asio::buffer(room.data(), room.size()), std::move(*this));
  }
  void operator()(boost::system::error_code error, std::size_t n) {
    stream_->inbox_.last += n;
    bool more = true;
    while (!error && more) {
      if (stream_->closed_) {
        error = asio::error::operation_aborted;
        break;
      }
      const std::span<std::uint8_t> room = sink_->room();
      const std::size_t got = stream_->decrypt(room, error);
      if (got != 0) more = sink_->take(got);
      if (more && !error && got < room.size()) return read();
    }
    std::move(done_)(error);
  }

 private:
  TlsStream* stream_;
  ByteSink* sink_;
  Done done_;
};

struct TlsStream::StartPump {
  template <class Done>
  void operator()(Done&& done, TlsStream* stream, ByteSink* sink) const {
    // What read_some() left decrypted or half taken comes first, and not from within this call.
    auto pump = Pump<std::decay_t<Done>>(*stream, *sink, std::forward<Done>(done));
    asio::post(stream->socket_.get_executor(),
               [pump = std::move(pump)]() mutable { pump(boost::system::error_code(), 0); });
  }
};

awaitable<Result<void>> TlsStream::pump(ByteSink& sink) {
  auto [error] = co_await asio::async_initiate<decltype(kToken), void(boost::system::error_code)>(
      StartPump(), kToken, this, &sink);
  if (error) co_return stream_error(error, closed_, info_);
  co_return Result<void>();
}

awaitable<Result<void>> TlsStream::write(ByteView data) {
  if (closed_) co_return stream_error(asio::error::operation_aborted, closed_, info_);
  ERR_clear_error();
  std::size_t taken = 0;
  if (!data.empty() && SSL_write_ex(ssl_.get(), data.data(), data.size(), &taken) != 1)
    co_return stream_error(ssl_error(), closed_, info_);
  const Bytes out = take_output();
  auto [error, n] = co_await asio::async_write(socket_, asio::buffer(out), kToken);
  (void)n;
  if (error) co_return stream_error(error, closed_, info_);
  co_return Result<void>();
}

bool TlsStream::has_input() {
  return available() > 0 || inbox_.first < inbox_.last || socket_has_input(socket_);
}

void TlsStream::close() {
  closed_ = true;
  boost::system::error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
  socket_.close(ignored);
}

}  // namespace dmss::net
