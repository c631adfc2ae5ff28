#include "net/http.hpp"

#include <array>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "base/text.hpp"
#include "proto/http/head_filter.hpp"

namespace dmss::net {
namespace {

namespace http = boost::beast::http;

constexpr std::uint32_t kMaxHead = 64u << 10;
constexpr std::size_t kReadSize = 8192;
constexpr std::size_t kMaxBuffer = 2 * kMaxHead + 64u * 1024u;
constexpr std::size_t kMaxRefusal = 64u << 10;  // body of an answer that is not the one asked for

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

/// Of a parser that has the head.
template <class Parser>
HttpResponse head_of(const Parser& parser) {
  const auto& message = parser.get();
  HttpResponse response;
  response.status = static_cast<int>(message.result_int());
  response.keep_alive = parser.keep_alive();  // which, unlike the message's, knows bodies that the end ends
  for (const auto& field : message) response.headers.emplace_back(field.name_string(), field.value());
  return response;
}

/// Into `buffer`, through the filter while that is not done with the head.
void hand_on(proto::http::HeadFilter& filter, std::string_view bytes, boost::beast::flat_buffer& buffer) {
  const std::string text = filter.put(bytes);
  const auto room = buffer.prepare(text.size());
  std::copy(text.begin(), text.end(), static_cast<char*>(room.data()));
  buffer.commit(text.size());
}

/// The body of one answer, whatever carries it: a length, chunks, or the end of the connection.
class BodyStream final : public Stream {
 public:
  explicit BodyStream(std::unique_ptr<Stream> below) : below_(std::move(below)), buffer_(kMaxBuffer) {
    parser_.header_limit(kMaxHead);
    parser_.body_limit(boost::none);
  }

  awaitable<Result<void>> read_head() {
    while (!parser_.is_header_done()) {
      if (auto more = co_await receive(); !more) co_return more.error();
      if (Error e = parse()) co_return e;
    }
    parser_.eager(true);
    co_return Result<void>();
  }
  HttpResponse head() const { return head_of(parser_); }
  bool body_ended() const { return parser_.is_done(); }
  std::unique_ptr<Stream> release() { return std::move(below_); }

  /// Of what has been received; 0 when there is nothing to give.
  Result<std::size_t> take(std::span<std::uint8_t> into) {
    auto& body = parser_.get().body();
    body.data = into.data();
    body.size = into.size();
    body.more = true;
    while (body.size > 0 && buffer_.size() > 0 && !parser_.is_done()) {
      const std::size_t before = buffer_.size();
      if (Error e = parse()) return e;
      if (buffer_.size() == before) break;
    }
    return into.size() - body.size;
  }

  Executor executor() override { return below_->executor(); }
  awaitable<Result<std::size_t>> read_some(std::span<std::uint8_t> into) override {
    for (;;) {
      Result<std::size_t> taken = take(into);
      if (!taken || *taken > 0) co_return taken;
      if (parser_.is_done()) co_return Errc::connection_lost;
      if (auto more = co_await receive(); !more) {
        boost::beast::error_code error;
        if (more.error() == Errc::connection_lost) parser_.put_eof(error);
        co_return more.error();
      }
    }
  }
  awaitable<Result<void>> write(ByteView data) override { return below_->write(data); }
  void close() override { below_->close(); }
  const StreamInfo& info() const override { return below_->info(); }

 private:
  awaitable<Result<void>> receive() {
    if (buffer_.max_size() - buffer_.size() < kReadSize)
      co_return Error(Errc::too_large, "HTTP: a head, a chunk head or a trailer without end");
    auto room = buffer_.prepare(kReadSize);
    auto* const data = static_cast<std::uint8_t*>(room.data());
    Result<std::size_t> n = co_await below_->read_some({data, room.size()});
    if (!n) co_return n.error();
    if (filter_.done())
      buffer_.commit(*n);
    else
      hand_on(filter_, std::string(as_text(ByteView(data, *n))), buffer_);
    co_return Result<void>();
  }

  Error parse() {
    boost::beast::error_code error;
    const std::size_t used = parser_.put(buffer_.data(), error);
    buffer_.consume(used);
    if (error && error != http::error::need_more && error != http::error::need_buffer)
      return parse_error(error);
    return Error();
  }

  std::unique_ptr<Stream> below_;
  boost::beast::flat_buffer buffer_;
  proto::http::HeadFilter filter_{kMaxHead};
  http::response_parser<http::buffer_body> parser_;
};

/// Reads the body to its end, `limit` bytes at most.
awaitable<Result<std::string>> read_body(BodyStream& stream, std::size_t limit) {
  std::string body;
  std::array<std::uint8_t, 4096> piece{};
  for (;;) {
    Result<std::size_t> n = co_await stream.read_some(piece);
    if (!n && stream.body_ended()) co_return body;
    if (!n) co_return n.error();
    if (body.size() + *n > limit) co_return Errc::too_large;
    body += as_text(ByteView(piece).first(*n));
  }
}

/// Strikes at the deadline: the stream's pending operation then ends.
void arm(Timer& deadline, Duration timeout, Stream& stream, std::shared_ptr<Watch> watch) {
  deadline.expires_after(timeout);
  deadline.async_wait([&stream, watch = std::move(watch)](bool expired) {
    if (!expired || watch->over) return;
    watch->timed_out = true;
    stream.close();
  });
}

}  // namespace

std::string_view HttpResponse::get(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (equal_ignoring_case(key, name)) return value;
  }
  return {};
}

std::vector<std::string> HttpResponse::get_all(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [key, value] : headers) {
    if (equal_ignoring_case(key, name)) values.push_back(value);
  }
  return values;
}

awaitable<Result<HttpResponse>> http_exchange(Stream& stream, Clock& clock, HttpRequest request,
                                              std::string host, Duration timeout, std::size_t max_body,
                                              std::size_t* received) {
  const auto watch = std::make_shared<Watch>();
  const WatchEnd end{watch};
  Timer deadline(stream.executor(), clock);
  arm(deadline, timeout, stream, watch);
  const std::string text = write_request(request, host);
  Result<void> sent = co_await stream.write(as_bytes(text));
  if (!sent) co_return watch->timed_out ? Error(Errc::timeout) : sent.error();

  http::response_parser<http::string_body> parser;
  parser.header_limit(kMaxHead);
  parser.body_limit(max_body);
  parser.eager(true);
  boost::beast::flat_buffer buffer(kMaxBuffer);
  proto::http::HeadFilter filter(kMaxHead);
  boost::beast::error_code error;
  while (!parser.is_done()) {
    if (buffer.max_size() - buffer.size() < kReadSize)
      co_return Error(Errc::too_large, "HTTP: a chunk head or trailer without end");
    auto room = buffer.prepare(kReadSize);
    auto* const data = static_cast<std::uint8_t*>(room.data());
    Result<std::size_t> n = co_await stream.read_some({data, room.size()});
    if (!n) {
      if (watch->timed_out) co_return Errc::timeout;
      if (n.error() != Errc::connection_lost || !parser.got_some()) co_return n.error();
      parser.put_eof(error);
      if (error) co_return n.error();
      break;
    }
    if (received != nullptr) *received += *n;
    if (filter.done())
      buffer.commit(*n);
    else
      hand_on(filter, std::string(as_text(ByteView(data, *n))), buffer);
    const std::size_t used = parser.put(buffer.data(), error);
    if (error && error != http::error::need_more) co_return parse_error(error);
    buffer.consume(used);
  }
  deadline.cancel();
  HttpResponse response = head_of(parser);
  response.body = std::move(parser.get().body());
  co_return response;
}

awaitable<Result<HttpOpened>> http_open(std::unique_ptr<Stream> stream, Clock& clock, HttpRequest request,
                                        std::string host, Duration timeout) {
  auto body = std::make_unique<BodyStream>(std::move(stream));
  const auto watch = std::make_shared<Watch>();
  const WatchEnd end{watch};
  Timer deadline(body->executor(), clock);
  arm(deadline, timeout, *body, watch);
  const std::string text = write_request(request, host);
  Result<void> done = co_await body->write(as_bytes(text));
  if (done) done = co_await body->read_head();
  if (!done) co_return watch->timed_out ? Error(Errc::timeout) : done.error();

  HttpOpened opened;
  opened.head = body->head();
  if (opened.head.status == 200) {
    deadline.cancel();
    opened.first.resize(kMaxBuffer);
    Result<std::size_t> n = body->take(opened.first);
    if (!n) co_return n.error();
    opened.first.resize(*n);
    opened.stream = std::move(body);
    co_return opened;
  }
  Result<std::string> refusal = co_await read_body(*body, kMaxRefusal);
  if (!refusal) co_return watch->timed_out ? Error(Errc::timeout) : refusal.error();
  deadline.cancel();
  opened.head.body = std::move(*refusal);
  if (opened.head.keep_alive) opened.stream = body->release();
  co_return opened;
}

}  // namespace dmss::net
