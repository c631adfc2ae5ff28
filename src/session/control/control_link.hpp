// ControlLink: one logged-in control connection, whatever protocol carries it. Made by the device session, which owns the
// decisions (which route, when to try again); a link only knows how to log in, call, keep alive and say why it died.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "dmss/device.hpp"
#include "session/context.hpp"

namespace dmss::proto::dvrip {
class Text;
}  // namespace dmss::proto::dvrip

namespace dmss::session {

struct LinkOptions {
  net::Endpoint endpoint;
  std::optional<TlsOptions> tls;
  Credentials credentials;
  LegacyLogin legacy_login = LegacyLogin::none;
  bool allow_plaintext_password = false;
  Duration connect_timeout = std::chrono::seconds(10);
  Duration call_timeout = std::chrono::seconds(10);
  Duration keep_alive = std::chrono::seconds(10);
  /// Called right before a hash of (or the) password leaves this process.
  std::function<void()> on_credentials_sent;
};

struct LoginOutcome {
  LoginKind login = LoginKind::none;
  ControlRoute route = ControlRoute::automatic;
  net::StreamInfo connection;
  std::uint32_t session = 0;  ///< DVRIP and numeric JSON sessions; 0 otherwise
  int channels = 0;           ///< from the verdict; 0 = not told
  std::string device_class;
  std::string realm;  ///< of the challenge, when it was answered with a hash; else empty
};

struct LinkStats {
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  Duration last_round_trip{};
};

class CgiClient;
class DvripLink;
struct OldTies;

/// Used on the network thread only, held by shared_ptr.
class ControlLink {
 public:
  virtual ~ControlLink() = default;

  /// Opens the connection and says nothing on it yet. Errors: those of Connector.
  virtual awaitable<Result<void>> connect() = 0;
  /// Connects if connect() has not, and logs in, once. Errors by category: network/tls (nothing was decided about the credentials) or login (the
  /// device said no). Never sends the same credentials twice.
  virtual awaitable<Result<LoginOutcome>> login() = 0;
  /// After a successful login: reads, keeps alive, until the link is dead. Returns why: connection_lost, device_offline (two
  /// keep-alive periods without an answer), session_expired, malformed, cancelled (close()). Pending calls complete with it.
  virtual awaitable<Error> run() = 0;
  /// One JSON-RPC call while run() runs; concurrent calls are matched by id. The result is the reply's whole JSON text.
  /// Errors: unsupported (no JSON on this link), device_error/no_permission (device_code, device_text), session_expired, timeout.
  virtual awaitable<Result<std::string>> call(std::string method, std::string params, std::int64_t object,
                                              Duration timeout) = 0;
  /// Does it carry JSON-RPC? Known after identify().
  virtual bool has_json() const = 0;
  /// Serial, model, class, version, channel count and names, as far as the link can tell; missing things stay empty.
  virtual awaitable<Result<DeviceInfo>> identify() = 0;
  /// JPEG by the device; channel from 1.
  virtual awaitable<Result<Bytes>> snapshot(int channel, Duration timeout) = 0;
  /// Tells the device goodbye if that is possible at once, then closes.
  virtual awaitable<void> logout() = 0;
  /// Ends everything at once; idempotent.
  virtual void close() = 0;
  virtual LinkStats stats() const = 0;
  /// When the latest byte came; the beginning of time where the link does not say.
  virtual net::TimePoint last_heard() const { return {}; }
  /// The link's own CGI requests; null on other protocols than HTTP.
  virtual std::shared_ptr<CgiClient> cgi() { return nullptr; }
  /// The device has taken a new password for the user this link is logged in with: what asks for one again is given this.
  virtual void set_credentials(Credentials) {}
  /// For media over 37777; null on other protocols.
  virtual DvripLink* dvrip() { return nullptr; }

  /// Called with each "client.notify…" message. Set before run().
  std::function<void(std::string_view json)> on_notification;
  /// Called whenever the device has shown that the session lives: stats() are new. Set before run().
  std::function<void()> on_alive;
};

/// What media on 37777 needs from the control connection (protocol dvrip-dhip.md §3, §4).
class DvripLink : public ControlLink {
 public:
  /// Sends an `f4` text (its TransactionID is filled in) and waits for the answer with the same id.
  virtual awaitable<Result<proto::dvrip::Text>> text(proto::dvrip::Text request, Duration timeout) = 0;
  /// Sends bytes that get no matched answer (`11`, `f1` …).
  virtual void send(Bytes frame) = 0;
  /// What runs in the old dialect.
  virtual OldTies& old_ties() = 0;
  virtual std::uint32_t session() const = 0;
  virtual const LinkOptions& options() const = 0;
  DvripLink* dvrip() override { return this; }
};

std::shared_ptr<DvripLink> make_dvrip_link(Context context, LinkOptions options);
/// `options.tls` set = HTTPS.
std::shared_ptr<ControlLink> make_http_link(Context context, LinkOptions options);
std::shared_ptr<ControlLink> make_dhip_link(Context context, LinkOptions options);

}  // namespace dmss::session
