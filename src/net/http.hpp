// HTTP/1.1 over a Stream (Beast's parser inside): one exchange, or the beginning of an answer that goes on for long.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/clock.hpp"
#include "net/stream.hpp"

namespace dmss::net {

struct HttpRequest {
  std::string method = "GET";
  std::string target = "/";
  std::vector<std::pair<std::string, std::string>> headers;  ///< Host and Content-Length are added
  std::string body;
};

struct HttpResponse {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  bool keep_alive = false;  ///< the connection can be used again

  /// First header of that name, case-insensitive; empty when there is none.
  std::string_view get(std::string_view name) const;
  std::vector<std::string> get_all(std::string_view name) const;
};

/// Content-Length, chunked and until-close bodies. Redirects are the caller's business. Errors: connection_lost, malformed, too_large, timeout
/// (the stream is then closed). `received`, when given, counts the answer's bytes, of a failed exchange too.
awaitable<Result<HttpResponse>> http_exchange(Stream& stream, Clock& clock, HttpRequest request,
                                              std::string host, Duration timeout,
                                              std::size_t max_body = 16u << 20,
                                              std::size_t* received = nullptr);

struct HttpOpened {
  HttpResponse head;  ///< status 200: without a body; otherwise with all of it
  Bytes first;        ///< status 200: what has come of the body already
  /// Status 200: reads on in the body, chunks taken apart, and ends with connection_lost where the body ends. Otherwise the
  /// connection as it was given, or null when it cannot be used again.
  std::unique_ptr<Stream> stream;
};

/// Sends a request and reads the answer's head within `timeout`; a body of status 200 is the caller's to read, without a limit
/// to its size. Errors as above. `stream` must not be null.
awaitable<Result<HttpOpened>> http_open(std::unique_ptr<Stream> stream, Clock& clock, HttpRequest request,
                                        std::string host, Duration timeout);

}  // namespace dmss::net
