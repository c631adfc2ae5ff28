#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "net/tcp_stream.hpp"

namespace dmss::net {
namespace {

constexpr auto kToken = asio::as_tuple(asio::use_awaitable);

class TlsStream final : public Stream {
 public:
  TlsStream(std::shared_ptr<asio::ssl::context> context, TlsSocket socket, StreamInfo info)
      : context_(std::move(context)), socket_(std::move(socket)), info_(std::move(info)) {}

  Executor executor() override { return socket_.get_executor(); }

  awaitable<Result<std::size_t>> read_some(std::span<std::uint8_t> into) override {
    auto [error, n] = co_await socket_.async_read_some(asio::buffer(into.data(), into.size()), kToken);
    if (error) co_return stream_error(error, closed_, info_);
    co_return n;
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
    socket_.next_layer().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    socket_.next_layer().close(ignored);
  }

  const StreamInfo& info() const override { return info_; }
  std::size_t available() override { return static_cast<std::size_t>(SSL_pending(socket_.native_handle())); }

 private:
  std::shared_ptr<asio::ssl::context> context_;
  TlsSocket socket_;
  StreamInfo info_;
  bool closed_ = false;
};

}  // namespace

std::unique_ptr<Stream> make_tls_stream(std::shared_ptr<asio::ssl::context> context, TlsSocket socket,
                                        StreamInfo info) {
  return std::make_unique<TlsStream>(std::move(context), std::move(socket), std::move(info));
}

}  // namespace dmss::net
