// CGI of a device whose control session may run over another protocol (protocol http-rpc.md §2).
#include "session/device/device_session.hpp"

namespace dmss::session {
namespace {

using namespace std::chrono_literals;

constexpr Duration kRest = 60s;  // after the HTTP port did not answer

}  // namespace

CredentialGuard::Key DeviceSession::cgi_guard_key() const {
  return CredentialGuard::instance().key(*cgi_endpoint_, {options_.user, options_.password});
}

std::shared_ptr<CgiClient> DeviceSession::cgi_client() {
  if (link_) {
    if (auto own = link_->cgi()) return own;
  }
  if (closed_ || !link_) return cgi_;
  // No credentials in the clear beside an encrypted session.
  const bool encrypted = outcome_ && !outcome_->connection.tls_version.empty();
  const bool https = encrypted || options_.http_port == 0;
  if (cgi_ && cgi_https_ != https) drop_cgi();
  if (cgi_) return cgi_;
  const std::uint16_t port = https ? options_.https_port : options_.http_port;
  if (port == 0) return nullptr;
  CgiOptions o;
  o.target.endpoint = {options_.address, port};
  if (https) o.target.tls = options_.tls;
  o.target.connect_timeout = options_.connect_timeout;
  o.credentials = {options_.user, options_.password};
  o.allow_plaintext_password = options_.allow_plaintext_password;
  o.on_credentials_sent = count_login_attempt();
  cgi_endpoint_ = o.target.endpoint;
  cgi_https_ = https;
  cgi_ = std::make_shared<CgiClient>(context_, std::move(o));
  return cgi_;
}

bool DeviceSession::has_cgi() {
  const std::shared_ptr<CgiClient> client = cgi_client();
  if (!client) return false;
  const net::TimePoint now = context_.clock.now();
  return client != cgi_ || (now >= cgi_unreachable_until_ &&
                            (cgi_verified_ || !CredentialGuard::instance().held_back(cgi_guard_key(), now)));
}

awaitable<Result<std::shared_ptr<CgiClient>>> DeviceSession::usable_cgi() {
  std::shared_ptr<CgiClient> client = cgi_client();
  if (!client && !link_) co_return Errc::connection_lost;
  if (!client)
    co_return Error(Errc::unsupported, "CGI is needed here, and no HTTP port of the device is configured");
  if (client != cgi_) co_return client;
  if (context_.clock.now() < cgi_unreachable_until_) co_return cgi_unreachable_;
  if (cgi_verified_) co_return client;
  if (auto held = CredentialGuard::instance().held_back(cgi_guard_key(), context_.clock.now()))
    co_return *held;
  co_return client;
}

void DeviceSession::judge_cgi(const Error& error) {
  if (speaks_against_credentials(error.code())) {
    CredentialGuard::instance().refused(cgi_guard_key(), error, context_.clock.now());
  } else if (error == Errc::connect_failed || error == Errc::resolve_failed ||
             (!cgi_verified_ && (error == Errc::timeout || error == Errc::connection_lost))) {
    // One that has answered before may be slow for once; another has only taken the connection so far.
    cgi_unreachable_ = error;
    cgi_unreachable_until_ = context_.clock.now() + kRest;
  } else if (!error) {
    cgi_verified_ = true;
  }
}

void DeviceSession::forget_cgi() {
  if (!cgi_) return;
  CredentialGuard::instance().forget(cgi_guard_key());
  drop_cgi();
}

void DeviceSession::drop_cgi() {
  cgi_->close();
  cgi_.reset();
  cgi_verified_ = false;
  cgi_unreachable_until_ = {};
}

awaitable<Result<std::string>> DeviceSession::cgi(std::string target, Duration timeout) {
  auto self = shared_from_this();
  Result<std::shared_ptr<CgiClient>> client = co_await usable_cgi();
  if (!client) co_return client.error();
  Result<net::HttpResponse> response = co_await (*client)->get(std::move(target), timeout);
  if (*client == cgi_) judge_cgi(response.error());
  if (!response) co_return response.error();
  co_return std::move(response->body);
}

awaitable<Result<OpenedStream>> DeviceSession::open_cgi_stream(std::string target, Duration timeout) {
  auto self = shared_from_this();
  Result<std::shared_ptr<CgiClient>> client = co_await usable_cgi();
  if (!client) co_return client.error();
  Result<OpenedStream> opened = co_await (*client)->open_stream(std::move(target), timeout);
  if (*client == cgi_) judge_cgi(opened.error());
  co_return opened;
}

}  // namespace dmss::session
