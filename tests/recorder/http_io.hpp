// HTTP/1.1 requests off a Link and answers onto it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "recorder/link.hpp"

namespace dmss::recorder {

struct HttpRequest {
  std::string method, target, body;
  std::vector<std::pair<std::string, std::string>> headers;
  bool keep_alive = true;

  /// First header of that name, case-insensitive; empty when there is none.
  std::string_view get(std::string_view name) const;
};

struct HttpAnswer {
  int status = 200;
  std::string type = "text/plain;charset=utf-8";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  /// When set, nothing else of the answer is sent: this writes whatever comes, and when it returns the connection
  /// ends. It outlives the coroutine it starts, so that a lambda's captures are safe there.
  std::function<net::awaitable<void>(std::shared_ptr<Link>)> takes_over;
};

/// Reads one request after the other.
class HttpReader {
 public:
  explicit HttpReader(std::shared_ptr<Link> link) : link_(std::move(link)) {}
  /// Errors: connection_lost, malformed, too_large.
  net::awaitable<Result<HttpRequest>> next();

 private:
  std::shared_ptr<Link> link_;
  std::string buffer_;
};

std::string write_http(const HttpAnswer& answer, bool keep_alive);

}  // namespace dmss::recorder
