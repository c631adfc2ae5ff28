// CgiClient: CGI requests with the device's own authentication (protocol http-rpc.md §2.1, §2.2): without credentials first, then
// by the scheme it asks for, each nonce used again with a rising count on the connection that got it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "session/control/http_connections.hpp"

namespace dmss::session {

struct CgiOptions {
  HttpTarget target;
  Credentials credentials;
  bool allow_plaintext_password = false;  ///< Basic
  /// Called once, right before credentials leave this process for the first time.
  std::function<void()> on_credentials_sent;
};

/// A long answer. Ends when `stream` is destroyed or closed; the client's close() ends it only while it is being opened.
struct OpenedStream {
  net::HttpResponse head;  ///< status 200, no body
  Bytes first;             ///< what has come of the body already
  /// The rest of the body, chunks taken apart; connection_lost where it ends.
  std::unique_ptr<net::Stream> stream;
};

/// Used on the network thread only, held by shared_ptr. Until the device has accepted the credentials once, requests go one at a
/// time; what it has refused is not sent again (credentials_held_back, or locked while the device's own time limit lasts).
class CgiClient final : public std::enable_shared_from_this<CgiClient> {
 public:
  using Priority = HttpConnections::Priority;

  /// With `connections` given, requests share those, whose target must be the same.
  CgiClient(Context context, CgiOptions options, std::shared_ptr<HttpConnections> connections = nullptr);

  /// `target`: "/cgi-bin/magicBox.cgi?action=…", as cgi::cgi_path() makes it. The answer is one that rpc::cgi_error finds nothing
  /// wrong with. Errors: rpc::cgi_error's (with the device's words), plaintext_refused, login_refused (401 without a challenge),
  /// credentials_held_back, those of Connector and http_exchange, overflow, cancelled.
  awaitable<Result<net::HttpResponse>> get(std::string target, Duration timeout,
                                           Priority priority = Priority::ordinary);
  /// An answer that goes on (events, sound, recordings), on a connection of its own. `timeout` is for its head. Errors as above.
  awaitable<Result<OpenedStream>> open_stream(std::string target, Duration timeout);
  /// From the next request on. What the device refused before is forgotten.
  void set_credentials(Credentials credentials);
  /// Ends everything with cancelled; idempotent.
  void close();

  LinkStats stats() const;
  /// The device took the credentials by this scheme, or by none.
  std::optional<proto::auth::Scheme> scheme() const { return scheme_; }
  const std::shared_ptr<HttpConnections>& connections() const { return connections_; }

 private:
  struct Attempt;
  struct Opening;

  proto::auth::Authenticator make_auth() const;
  std::optional<Error> held_back() const;
  awaitable<Result<net::HttpResponse>> ask(std::string target, net::TimePoint deadline, Priority priority);
  awaitable<Result<OpenedStream>> open(std::shared_ptr<Opening> opening, std::string target,
                                       net::TimePoint deadline);
  void sign(proto::auth::Authenticator& auth, net::HttpRequest& request, Attempt& attempt);
  std::optional<Error> judge(proto::auth::Authenticator& auth, const net::HttpResponse& response,
                             Attempt& attempt);
  std::optional<Error> challenged(proto::auth::Authenticator& auth, const net::HttpResponse& response,
                                  Attempt& attempt);
  Error refuse(Error why);
  void accepted(const proto::auth::Authenticator& auth);

  const Context context_;
  CgiOptions options_;
  const std::shared_ptr<HttpConnections> connections_;
  Turns judging_;  // one until the credentials are known to be right
  bool verified_ = false;
  bool told_ = false;         // on_credentials_sent was called
  bool nonce_stays_ = false;  // this device takes a nonce only on the connection that got it
  std::optional<proto::auth::Scheme> scheme_;
  std::optional<Error> refused_;
  std::optional<net::TimePoint> refused_until_;
  std::vector<std::weak_ptr<Opening>> openings_;
  bool closed_ = false;
  std::uint64_t credentials_number_ = 0;  // rises with each set_credentials()
};

}  // namespace dmss::session
