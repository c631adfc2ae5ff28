// HttpConnections: the few connections to one HTTP(S) port that requests share. One request at a time on each, kept open between
// requests, opened anew when the device has closed it; at rest one is left.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/http.hpp"
#include "proto/auth/digest.hpp"
#include "session/control/control_link.hpp"
#include "session/control/turns.hpp"

namespace dmss::session {

/// Requests at once; a keep-alive may have one connection more.
inline constexpr int kHttpConnections = 3;

struct HttpTarget {
  net::Endpoint endpoint;
  std::optional<TlsOptions> tls;  ///< set = HTTPS
  Duration connect_timeout = std::chrono::seconds(10);
};

/// Used on the network thread only, held by shared_ptr.
class HttpConnections : public std::enable_shared_from_this<HttpConnections> {
 public:
  HttpConnections(Context context, HttpTarget target);

  enum class Priority {
    ordinary,
    keep_alive,  ///< before the others, and on a connection of its own when all are taken
  };
  enum class Resend {
    if_dropped,  ///< once more when a kept connection ends without a word of the answer
    never,       ///< it is no read, or carries credentials that the device has not judged yet
  };

  struct Connection {
    std::unique_ptr<net::Stream> stream;  ///< null between two
    std::uint64_t number = 0;             ///< counts the connections that were opened; 0 = none yet
    std::shared_ptr<net::Abort> abort;
    bool used = false;  ///< had an exchange
    bool taken = false;
    // CGI's memory of this connection's challenge (cgi_client.cpp).
    std::optional<proto::auth::Authenticator> auth;
    std::uint64_t challenged = 0;  ///< number of the connection that gave the nonce
    bool nonce_passed = false;
  };

  /// One connection for the time of one or more exchanges.
  class Turn {
   public:
    Turn(std::shared_ptr<HttpConnections> owner, Connection& connection)
        : owner_(std::move(owner)), connection_(&connection) {}
    Turn(Turn&& o) noexcept : owner_(std::move(o.owner_)), connection_(o.connection_) {}
    Turn& operator=(Turn&& o) noexcept {
      release();
      owner_ = std::move(o.owner_);
      connection_ = o.connection_;
      return *this;
    }
    ~Turn() { release(); }
    void release() {
      if (auto owner = std::move(owner_)) owner->give_back(*connection_);
    }
    Connection* operator->() const { return connection_; }
    Connection& operator*() const { return *connection_; }

   private:
    std::shared_ptr<HttpConnections> owner_;
    Connection* connection_;
  };

  /// Errors: timeout, overflow, close()'s.
  awaitable<Result<Turn>> take(net::TimePoint deadline, Priority priority = Priority::ordinary);
  /// Opens the connection of this turn if it is not, or if the device has closed it since it was used. A device that refuses a further one beside those that are open takes no more:
  /// the turn then becomes one on one of those, when it is free. Errors: those of Connector; overflow,
  /// close()'s.
  awaitable<Result<void>> ready(Turn& turn, net::TimePoint deadline);
  /// Opens a connection and leaves it to the next request. Errors: those of take() and ready(), with the connection's name.
  awaitable<Result<void>> open();
  /// Errors: those of ready() and http_exchange, with the connection's name.
  awaitable<Result<net::HttpResponse>> exchange(Turn& turn, net::HttpRequest request, net::TimePoint deadline,
                                                Resend resend);
  /// take() and exchange().
  awaitable<Result<net::HttpResponse>> request(net::HttpRequest request, Duration timeout, Priority priority,
                                               Resend resend);
  /// Whatever is under way ends with `why`.
  void close(Error why = Errc::cancelled);
  /// The connections' challenges were answered with credentials that no longer hold.
  void forget_challenges();

  const HttpTarget& target() const { return target_; }
  bool closed() const { return closed_; }
  /// Somebody has a turn.
  bool busy() const { return turns_.taken() > 0; }
  /// When the latest whole answer came.
  net::TimePoint last_answer() const { return last_answer_; }
  std::uint64_t bytes_in() const { return bytes_in_; }
  std::uint64_t bytes_out() const { return bytes_out_; }
  /// Of the latest connection.
  const net::StreamInfo& info() const { return info_; }
  /// Names the connection in an error that names none.
  Error labelled(Error e) const;

 private:
  Connection& free_connection();
  void give_back(Connection& connection);
  int open_beside(const Connection& connection) const;
  awaitable<Result<void>> connect(Connection& connection, net::TimePoint deadline);

  const Context context_;
  const HttpTarget target_;
  Turns turns_;
  bool one_more_ = true;  // for the keep-alive
  std::vector<std::unique_ptr<Connection>> connections_;
  std::uint64_t opened_ = 0;
  net::StreamInfo info_;
  net::TimePoint last_answer_{};
  bool closed_ = false;
  Error why_;  // of closing
  std::uint64_t bytes_in_ = 0;
  std::uint64_t bytes_out_ = 0;
};

}  // namespace dmss::session
