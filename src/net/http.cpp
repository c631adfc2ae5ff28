#include "net/http.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "proto/rtsp/message.hpp"

namespace dmss::net {
namespace {

namespace http = boost::beast::http;

constexpr std::uint32_t kMaxHead = 64u << 10;
constexpr std::size_t kReadSize = 8192;

/// The deadline's handler may run after the exchange has ended and the stream is gone.
struct Watch {
  bool over = false;
  bool timed_out = false;
};
struct WatchEnd {
  std::shared_ptr<Watch> watch;
  ~WatchEnd() { watch->over = true; }
};

Error parse_error(const boost::beast::error_code& error) {
  const bool large = error == http::error::body_limit || error == http::error::header_limit ||
                     error == http::error::buffer_overflow;
  return Error(large ? Errc::too_large : Errc::malformed, "HTTP: " + error.message());
}

std::string write_request(const HttpRequest& r, const std::string& host) {
  std::string out = r.method + " " + r.target + " HTTP/1.1\r\nHost: " + host + "\r\nUser-Agent: libdmss\r\n";
  for (const auto& [key, value] : r.headers) out += key + ": " + value + "\r\n";
  if (!r.body.empty() || r.method == "POST")
    out += "Content-Length: " + std::to_string(r.body.size()) + "\r\n";
  return out + "\r\n" + r.body;
}

}  // namespace

std::string_view HttpResponse::get(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (proto::rtsp::equal_ignoring_case(key, name)) return value;
  }
  return {};
}

std::vector<std::string> HttpResponse::get_all(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [key, value] : headers) {
    if (proto::rtsp::equal_ignoring_case(key, name)) values.push_back(value);
  }
  return values;
}

awaitable<Result<HttpResponse>> http_exchange(Stream& stream, Clock& clock, HttpRequest request,
                                              std::string host, Duration timeout, std::size_t max_body) {
  const auto watch = std::make_shared<Watch>();
  const WatchEnd end{watch};
  Timer deadline(stream.executor(), clock);
  deadline.expires_after(timeout);
  deadline.async_wait([&stream, watch](bool expired) {
    if (!expired || watch->over) return;
    watch->timed_out = true;
    stream.close();
  });
  const std::string text = write_request(request, host);
  Result<void> sent = co_await stream.write(as_bytes(text));
  if (!sent) co_return watch->timed_out ? Error(Errc::timeout) : sent.error();

  http::response_parser<http::string_body> parser;
  parser.header_limit(kMaxHead);
  parser.body_limit(max_body);
  parser.eager(true);
  boost::beast::flat_buffer buffer(kMaxHead + 64u * 1024u);
  boost::beast::error_code error;
  while (!parser.is_done()) {
    if (buffer.max_size() - buffer.size() < kReadSize)
      co_return Error(Errc::too_large, "HTTP: a chunk head or trailer without end");
    auto room = buffer.prepare(kReadSize);
    Result<std::size_t> n = co_await stream.read_some({static_cast<std::uint8_t*>(room.data()), room.size()});
    if (!n) {
      if (watch->timed_out) co_return Errc::timeout;
      if (n.error() != Errc::connection_lost || !parser.got_some()) co_return n.error();
      parser.put_eof(error);
      if (error) co_return n.error();
      break;
    }
    buffer.commit(*n);
    const std::size_t used = parser.put(buffer.data(), error);
    if (error && error != http::error::need_more) co_return parse_error(error);
    buffer.consume(used);
  }
  deadline.cancel();
  HttpResponse response;
  auto message = parser.release();
  response.status = static_cast<int>(message.result_int());
  response.keep_alive = message.keep_alive();
  for (const auto& field : message) response.headers.emplace_back(field.name_string(), field.value());
  response.body = std::move(message.body());
  co_return response;
}

}  // namespace dmss::net
