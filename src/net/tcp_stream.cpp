#include "net/tcp_stream.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace dmss::net {
namespace {

constexpr auto kToken = asio::as_tuple(asio::use_awaitable);

/// Reads into a sink without waking a coroutine each time.
template <class Done>
class Pump {
 public:
  Pump(asio::ip::tcp::socket& socket, ByteSink& sink, Done done)
      : socket_(&socket), sink_(&sink), done_(std::move(done)) {}

  void read() {
    const std::span<std::uint8_t> room = sink_->room();
    socket_->async_read_some(asio::buffer(room.data(), room.size()), std::move(*this));
  }
  void operator()(boost::system::error_code error, std::size_t n) {
    if (!error && sink_->take(n)) return read();
    std::move(done_)(error);
  }

 private:
  asio::ip::tcp::socket* socket_;
  ByteSink* sink_;
  Done done_;
};

struct StartPump {
  template <class Done>
  void operator()(Done&& done, asio::ip::tcp::socket* socket, ByteSink* sink) const {
    Pump<std::decay_t<Done>>(*socket, *sink, std::forward<Done>(done)).read();
  }
};

class TcpStream final : public Stream {
 public:
  TcpStream(asio::ip::tcp::socket socket, StreamInfo info)
      : socket_(std::move(socket)), info_(std::move(info)) {}

  Executor executor() override { return socket_.get_executor(); }

  awaitable<Result<std::size_t>> read_some(std::span<std::uint8_t> into) override {
    auto [error, n] = co_await socket_.async_read_some(asio::buffer(into.data(), into.size()), kToken);
    if (error) co_return stream_error(error, closed_, info_);
    co_return n;
  }

  awaitable<Result<void>> pump(ByteSink& sink) override {
    auto [error] = co_await asio::async_initiate<decltype(kToken), void(boost::system::error_code)>(
        StartPump(), kToken, &socket_, &sink);
    if (error) co_return stream_error(error, closed_, info_);
    co_return Result<void>();
  }

  awaitable<Result<void>> write(ByteView data) override {
    auto [error, n] = co_await asio::async_write(socket_, asio::buffer(data.data(), data.size()), kToken);
    (void)n;
    if (error) co_return stream_error(error, closed_, info_);
    co_return Result<void>();
  }

  void close() override {
    closed_ = true;
    boost::system::error_code ignored;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    socket_.close(ignored);
  }

  const StreamInfo& info() const override { return info_; }

  std::size_t available() override {
    boost::system::error_code error;
    const std::size_t n = socket_.available(error);
    return error ? 0 : n;
  }
  bool has_input() override { return socket_has_input(socket_); }

 private:
  asio::ip::tcp::socket socket_;
  StreamInfo info_;
  bool closed_ = false;
};

}  // namespace

Error stream_error(const boost::system::error_code& error, bool closed_here, const StreamInfo& info) {
  if (closed_here || error == asio::error::operation_aborted)
    return Error(Errc::cancelled).with_connection(info.label());
  const std::string what = error == asio::error::eof ? std::string("closed by the device") : error.message();
  return Error(Errc::connection_lost, what).with_connection(info.label());
}

bool socket_has_input(asio::ip::tcp::socket& socket) {
  boost::system::error_code error;
  socket.non_blocking(true, error);
  if (error) return true;
  std::uint8_t byte = 0;
  socket.receive(asio::buffer(&byte, 1), asio::socket_base::message_peek, error);
  return error != asio::error::would_block && error != asio::error::try_again;
}

std::unique_ptr<Stream> make_tcp_stream(asio::ip::tcp::socket socket, StreamInfo info) {
  return std::make_unique<TcpStream>(std::move(socket), std::move(info));
}

}  // namespace dmss::net
