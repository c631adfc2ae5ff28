// One HTTP/1.1 exchange over a Stream (Beast's parser inside).
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
/// (the stream is then closed).
awaitable<Result<HttpResponse>> http_exchange(Stream& stream, Clock& clock, HttpRequest request,
                                              std::string host, Duration timeout,
                                              std::size_t max_body = 16u << 20);

}  // namespace dmss::net
