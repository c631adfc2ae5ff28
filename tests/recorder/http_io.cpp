#include "recorder/http_io.hpp"

#include <array>
#include <boost/beast/http.hpp>

#include "base/text.hpp"
#include "proto/rtsp/message.hpp"

namespace dmss::recorder {
namespace {

namespace http = boost::beast::http;

constexpr std::size_t kMaxBody = 4u << 20;
constexpr std::uint32_t kMaxHead = 32u << 10;

}  // namespace

std::string_view HttpRequest::get(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (equal_ignoring_case(key, name)) return value;
  }
  return {};
}

net::awaitable<Result<HttpRequest>> HttpReader::next() {
  http::request_parser<http::string_body> parser;
  parser.body_limit(kMaxBody);
  parser.header_limit(kMaxHead);
  parser.eager(true);
  std::array<std::uint8_t, 16384> chunk;
  while (!parser.is_done()) {
    if (!buffer_.empty()) {
      boost::system::error_code e;
      const std::size_t used = parser.put(net::asio::buffer(buffer_), e);
      buffer_.erase(0, used);
      if (e && e != http::error::need_more) co_return Error(Errc::malformed, e.message());
      if (parser.is_done()) break;
      if (!e && used > 0 && !buffer_.empty()) continue;
    }
    const Result<std::size_t> n = co_await link_->read_some(chunk);
    if (!n) co_return n.error();
    buffer_.append(reinterpret_cast<const char*>(chunk.data()), *n);
  }
  const auto& message = parser.get();
  HttpRequest request;
  request.method = std::string(message.method_string());
  request.target = std::string(message.target());
  request.body = message.body();
  request.keep_alive = message.keep_alive();
  for (const auto& field : message)
    request.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
  co_return request;
}

std::string write_http(const HttpAnswer& answer, bool keep_alive) {
  std::string out = "HTTP/1.1 " + std::to_string(answer.status) + " " +
                    std::string(http::obsolete_reason(static_cast<http::status>(answer.status))) + "\r\n";
  for (const auto& [name, value] : answer.headers) out += name + ": " + value + "\r\n";
  if (!answer.type.empty()) out += "Content-Type: " + answer.type + "\r\n";
  out += "Content-Length: " + std::to_string(answer.body.size()) + "\r\n";
  out += keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
  return out + answer.body;
}

}  // namespace dmss::recorder
