// HttpService: RPC2 and CGI over HTTP and HTTPS.
#pragma once

#include <memory>

#include "recorder/cgi.hpp"
#include "recorder/guard.hpp"
#include "recorder/http_io.hpp"
#include "recorder/rpc_methods.hpp"

namespace dmss::recorder {

class HttpService {
 public:
  HttpService(Core& core, Rpc& rpc);
  net::awaitable<void> serve(std::shared_ptr<Link> link);

 private:
  /// nullopt = no answer at all.
  std::optional<HttpAnswer> answer(const HttpRequest& request, Link& link);
  std::optional<HttpAnswer> rpc(const HttpRequest& request, const std::string& path, Link& link);
  HttpAnswer cgi(const HttpRequest& request, Link& link);
  HttpAnswer refused(const Guard::Answer& checked) const;

  Core& core_;
  Rpc& rpc_;
  Cgi cgi_;
  Guard http_, https_;  // nonces outlive connections: clients without keep-alive exist
};

}  // namespace dmss::recorder
