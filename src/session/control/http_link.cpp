// The control session over HTTP and HTTPS: JSON-RPC on /RPC2, and CGI where a device has nothing else (protocol http-rpc.md §2).
#include "net/http.hpp"
#include "proto/auth/digest.hpp"
#include "proto/cgi/kv.hpp"
#include "proto/cgi/url.hpp"
#include "proto/rpc/codes.hpp"
#include "proto/rpc/login.hpp"
#include "proto/rpc/message.hpp"
#include "session/control/control_link.hpp"
#include "session/control/json_identity.hpp"
#include "session/control/keep_alive.hpp"
#include "session/engine/signal.hpp"
#include "session/random.hpp"

namespace dmss::session {
namespace {

using namespace std::chrono_literals;
namespace rpc = proto::rpc;
namespace auth = proto::auth;

constexpr std::size_t kMaxSnapshot = 8u << 20;
constexpr int kMaxWaiting = 256;
constexpr int kKeepAliveMargin = 5;  // seconds before the device's limit

class HttpLink final : public ControlLink, public std::enable_shared_from_this<HttpLink> {
 public:
  HttpLink(Context context, LinkOptions options)
      : context_(std::move(context)),
        options_(std::move(options)),
        cgi_auth_(options_.credentials.user, options_.credentials.password,
                  options_.allow_plaintext_password),
        free_(context_.executor),
        wake_(context_.executor, context_.clock) {}

  awaitable<Result<LoginOutcome>> login() override {
    auto self = shared_from_this();
    rpc::Request first = rpc::first_login(next_id_++, options_.credentials.user);
    Result<rpc::Reply> challenged = co_await rpc_exchange("/RPC2_Login", first);
    if (!challenged) {
      if (challenged.error() == Errc::unsupported) co_return co_await login_by_cgi();
      co_return challenged.error();
    }
    rpc::LoginAnswer answer = rpc::read_login(*challenged);
    if (answer.kind == rpc::LoginAnswer::Kind::refused) co_return labelled(answer.error);
    if (answer.kind == rpc::LoginAnswer::Kind::accepted)
      co_return labelled(Error(Errc::malformed, "logged in without credentials"));

    const rpc::Encryption encryption = answer.challenge.kind();
    if (encryption == rpc::Encryption::unknown) {
      co_return labelled(
          Error(Errc::unsupported, "login encryption \"" + answer.challenge.encryption + "\""));
    }
    if (encryption == rpc::Encryption::old_digest && !options_.allow_legacy_login)
      co_return labelled(Errc::legacy_login_needed);
    const bool encrypted = options_.tls.has_value();
    if (encryption != rpc::Encryption::old_digest && rpc::is_readable(encryption) && !encrypted &&
        !options_.allow_plaintext_password) {
      co_return labelled(Errc::plaintext_refused);
    }
    rpc::Request second = rpc::second_login(next_id_++, options_.credentials.user,
                                            options_.credentials.password.reveal(), answer.challenge);
    credentials_sent();
    Result<rpc::Reply> verdict = co_await rpc_exchange("/RPC2_Login", second, true);
    if (!verdict) co_return verdict.error();
    answer = rpc::read_login(*verdict);
    if (answer.kind != rpc::LoginAnswer::Kind::accepted) {
      co_return labelled(answer.kind == rpc::LoginAnswer::Kind::refused ? answer.error
                                                                        : Error(Errc::wrong_password));
    }
    session_ = answer.session;
    has_rpc_ = true;
    const Duration told = std::chrono::seconds(std::max(answer.keep_alive_seconds - kKeepAliveMargin, 1));
    keep_alive_ = std::min(options_.keep_alive, told);
    co_return outcome(rpc::sends_password(encryption) ? LoginKind::rpc_basic : LoginKind::rpc_digest);
  }

  awaitable<Error> run() override {
    auto self = shared_from_this();
    int failures = 0;
    while (!closed_) {
      wake_.expires_at(next_keep_alive(context_.clock.now(), keep_alive_));
      co_await wake_.wait();
      if (closed_) break;
      if (dead_) co_return *dead_;
      const net::TimePoint sent = context_.clock.now();
      Result<void> alive;
      if (has_rpc_) {  // not ?: with co_await in it, whose temporaries g++ 12 destroys twice
        alive = co_await keep_rpc_alive();
      } else {
        alive = co_await keep_cgi_alive();
      }
      if (alive) {
        failures = 0;
        round_trip_ = context_.clock.now() - sent;
        continue;
      }
      if (alive.error().category() != ErrorCategory::network && alive.error() != Errc::timeout)
        co_return alive.error();
      // One failed keep-alive may be a dropped idle connection; two in a row are a lost device.
      if (++failures >= 2) co_return labelled(Error(Errc::device_offline).with_cause(alive.error()));
    }
    co_return Errc::cancelled;
  }

  awaitable<Result<std::string>> call(std::string method, std::string params, std::int64_t object,
                                      Duration timeout) override {
    auto self = shared_from_this();
    if (!has_rpc_) co_return labelled(Error(Errc::unsupported, "this device has no JSON-RPC, only CGI"));
    rpc::Request request;
    request.method = std::move(method);
    request.id = next_id_++;
    request.session = session_;
    if (object != 0) request.object = object;
    if (!params.empty()) {
      auto parsed = rpc::parse_json(params);
      if (!parsed) co_return Error(Errc::invalid_argument, "params is not JSON");
      request.params = std::move(*parsed);
    }
    net::HttpRequest http;
    http.method = "POST";
    http.target = "/RPC2";
    http.body = rpc::dump(request.to_json());
    Result<net::HttpResponse> response = co_await exchange(std::move(http), timeout);
    if (!response) co_return response.error();
    auto json = rpc::parse_json(response->body);
    if (!json) co_return labelled(json.error());
    if (Error e = rpc::call_error(rpc::to_reply(*json))) {
      if (e == Errc::session_expired) {
        dead_ = labelled(e);
        wake_.cancel();
      }
      co_return labelled(e);
    }
    co_return std::move(response->body);
  }

  awaitable<Result<DeviceInfo>> identify() override {
    auto self = shared_from_this();
    DeviceInfo info;
    if (has_rpc_) {
      co_await complete_identity(shared_from_this(), info, options_.call_timeout);
      co_return info;
    }
    struct Row {
      const char* action;
      const char* key;
      std::string DeviceInfo::* member;
    };
    static constexpr Row kRows[] = {{"getSerialNo", "sn", &DeviceInfo::serial},
                                    {"getDeviceType", "type", &DeviceInfo::model},
                                    {"getDeviceClass", "type", &DeviceInfo::device_class},
                                    {"getSoftwareVersion", "version", &DeviceInfo::software}};
    for (const Row& row : kRows) {
      Result<proto::cgi::KeyValues> answer = co_await cgi_values("magicBox", row.action, {});
      if (answer) info.*row.member = std::string(answer->get(row.key).value_or(""));
    }
    proto::cgi::Query query;
    query.add("name", "ChannelTitle");
    Result<proto::cgi::KeyValues> titles = co_await cgi_values("configManager", "getConfig", query);
    if (titles) {
      for (const auto& [key, value] : titles->lines) {
        if (key.find("ChannelTitle[") != std::string::npos && key.ends_with(".Name"))
          info.channel_names.push_back(value);
      }
    }
    info.channels = static_cast<int>(info.channel_names.size());
    co_return info;
  }

  awaitable<Result<Bytes>> snapshot(int channel, Duration timeout) override {
    auto self = shared_from_this();
    net::HttpRequest request;
    request.target = "/cgi-bin/snapshot.cgi?channel=" + std::to_string(channel);
    Result<net::HttpResponse> response = co_await cgi_exchange(std::move(request), timeout);
    if (!response) co_return response.error();
    const std::string& body = response->body;
    if (body.size() < 4 || body.size() > kMaxSnapshot || body.compare(0, 2, "\xff\xd8") != 0) {
      co_return labelled(Error(Errc::malformed, "the device's snapshot is no JPEG"));
    }
    co_return Bytes(body.begin(), body.end());
  }

  awaitable<void> logout() override {
    auto self = shared_from_this();
    if (has_rpc_ && !closed_ && !busy_) {
      rpc::Request request;
      request.method = "global.logout";
      request.id = next_id_++;
      request.session = session_;
      net::HttpRequest http;
      http.method = "POST";
      http.target = "/RPC2";
      http.body = rpc::dump(request.to_json());
      [[maybe_unused]] const auto answer = co_await exchange(std::move(http), 2s);
    }
    close();
  }

  void close() override {
    closed_ = true;
    wake_.cancel();
    abort_->abort();
    if (stream_) stream_->close();
    free_.notify();
  }

  LinkStats stats() const override {
    LinkStats s;
    s.bytes_in = bytes_in_;
    s.bytes_out = bytes_out_;
    s.last_round_trip = round_trip_;
    return s;
  }

 private:
  Error labelled(Error e) const {
    if (!e.connection().empty() || info_.peer.empty()) return e;
    return Error(std::move(e)).with_connection((options_.tls ? "https " : "http ") + info_.peer);
  }

  void credentials_sent() {
    if (!std::exchange(told_credentials_, true) && options_.on_credentials_sent)
      options_.on_credentials_sent();
  }

  LoginOutcome outcome(LoginKind kind) const {
    LoginOutcome o;
    o.login = kind;
    o.route = options_.tls ? ControlRoute::https : ControlRoute::http;
    o.connection = info_;
    if (session_.is_number_unsigned()) o.session = session_.get<std::uint32_t>();
    return o;
  }

  awaitable<Result<void>> connect() {
    net::ConnectOptions o;
    o.to = options_.endpoint;
    o.tls = options_.tls;
    o.timeout = options_.connect_timeout;
    o.abort = abort_;
    Result<std::unique_ptr<net::Stream>> stream = co_await context_.connector.connect(std::move(o));
    if (!stream) co_return stream.error();
    stream_ = std::move(*stream);
    info_ = stream_->info();
    if (closed_) co_return Errc::cancelled;
    co_return Result<void>();
  }

  /// One request at a time on one connection that is kept; opened anew when the device has closed it in between.
  /// `once`: it carries credentials that the device has not judged yet, so it never goes out a second time.
  awaitable<Result<net::HttpResponse>> exchange(net::HttpRequest request, Duration timeout,
                                                bool once = false) {
    if (waiting_ >= kMaxWaiting) co_return Errc::overflow;
    const net::TimePoint deadline = context_.clock.now() + timeout;
    ++waiting_;
    while (busy_ && !closed_) co_await free_.wait();
    --waiting_;
    if (closed_) co_return Errc::cancelled;
    if (context_.clock.now() >= deadline) {
      free_.notify();
      co_return labelled(Errc::timeout);
    }
    busy_ = true;
    Result<net::HttpResponse> response(Errc::internal);
    for (int attempt = 0; attempt < 2; ++attempt) {
      const bool reused = stream_ != nullptr;
      if (!reused) {
        if (auto connected = co_await connect(); !connected) {
          response = connected.error();
          break;
        }
      }
      bytes_out_ += request.body.size();
      net::HttpRequest copy = request;
      const std::string host = options_.endpoint.to_string();
      response = co_await net::http_exchange(*stream_, context_.clock, std::move(copy), host,
                                             deadline - context_.clock.now());
      if (response) {
        bytes_in_ += response->body.size();
        if (!response->keep_alive) stream_.reset();
        break;
      }
      stream_.reset();
      if (!reused || once || response.error() != Errc::connection_lost) break;
    }
    busy_ = false;
    free_.notify();
    if (!response) co_return closed_ ? Error(Errc::cancelled) : labelled(response.error());
    co_return response;
  }

  awaitable<Result<rpc::Reply>> rpc_exchange(std::string target, rpc::Request request, bool once = false) {
    net::HttpRequest http;
    http.method = "POST";
    http.target = std::move(target);
    http.body = rpc::dump(request.to_json());
    Result<net::HttpResponse> response = co_await exchange(std::move(http), options_.call_timeout, once);
    if (!response) co_return response.error();
    if (response->status == 404 || response->status == 405 || response->status == 501)
      co_return labelled(Error(Errc::unsupported, "no /RPC2"));
    auto json = rpc::parse_json(response->body);
    if (!json) {
      if (response->status >= 400)
        co_return labelled(Error(Errc::unsupported, "no JSON-RPC here").with_device(response->status, ""));
      co_return labelled(json.error());
    }
    co_return rpc::to_reply(*json);
  }

  awaitable<Result<void>> keep_rpc_alive() {
    Result<std::string> reply =
        co_await call("global.keepAlive", R"({"timeout":300,"active":true})", 0, options_.call_timeout);
    if (!reply) co_return reply.error();
    co_return Result<void>();
  }

  awaitable<Result<void>> keep_cgi_alive() {
    Result<proto::cgi::KeyValues> answer = co_await cgi_values("magicBox", "getDeviceType", {});
    if (!answer) co_return answer.error();
    co_return Result<void>();
  }

  awaitable<Result<LoginOutcome>> login_by_cgi() {
    Result<proto::cgi::KeyValues> answer = co_await cgi_values("magicBox", "getDeviceType", {});
    if (!answer) co_return answer.error();
    keep_alive_ = options_.keep_alive;
    const auto& challenge = cgi_auth_.challenge();
    co_return outcome(challenge && challenge->scheme == auth::Scheme::basic ? LoginKind::http_basic
                                                                            : LoginKind::http_digest);
  }

  awaitable<Result<proto::cgi::KeyValues>> cgi_values(std::string service, std::string action,
                                                      proto::cgi::Query query) {
    net::HttpRequest request;
    request.target = proto::cgi::cgi_path(service, action, query);
    Result<net::HttpResponse> response = co_await cgi_exchange(std::move(request), options_.call_timeout);
    if (!response) co_return response.error();
    co_return proto::cgi::parse_kv(response->body);
  }

  /// Without credentials first, then by the scheme the device asks for.
  awaitable<Result<net::HttpResponse>> cgi_exchange(net::HttpRequest request, Duration timeout) {
    for (;;) {
      net::HttpRequest signed_request = request;
      const auto authorization = cgi_auth_.authorize(request.method, request.target, random_hex());
      if (authorization) {
        signed_request.headers.emplace_back("Authorization", *authorization);
        credentials_sent();
      }
      Result<net::HttpResponse> response = co_await exchange(std::move(signed_request), timeout);
      if (!response) co_return response;
      if (response->status != 401) {
        if (Error e = rpc::cgi_error(response->status, response->body, response->get("Content-Type")))
          co_return labelled(e);
        co_return response;
      }
      using Verdict = auth::Authenticator::Verdict;
      const std::vector<std::string> challenges = response->get_all("WWW-Authenticate");
      switch (cgi_auth_.challenged(challenges, authorization.has_value())) {
        case Verdict::retry: continue;
        case Verdict::basic_only: co_return labelled(Errc::plaintext_refused);
        case Verdict::no_challenge:
          if (!authorization)
            co_return labelled(Error(Errc::login_refused, "401 without a challenge")
                                   .with_device(401, response->body.substr(0, 200)));
          [[fallthrough]];
        case Verdict::refused: {
          Error e = rpc::cgi_error(401, response->body);
          co_return labelled(e ? e : Error(Errc::wrong_password));
        }
      }
    }
  }

  const Context context_;
  const LinkOptions options_;
  auth::Authenticator cgi_auth_;
  Signal free_;
  net::Timer wake_;
  std::unique_ptr<net::Stream> stream_;
  net::StreamInfo info_;
  rpc::Json session_;
  std::int64_t next_id_ = 1;
  Duration keep_alive_{};
  Duration round_trip_{};
  bool has_rpc_ = false;
  bool busy_ = false;
  int waiting_ = 0;  // requests that wait for their turn
  const std::shared_ptr<net::Abort> abort_ = std::make_shared<net::Abort>();
  bool closed_ = false;
  bool told_credentials_ = false;
  std::optional<Error> dead_;
  std::uint64_t bytes_in_ = 0;
  std::uint64_t bytes_out_ = 0;
};

}  // namespace

std::shared_ptr<ControlLink> make_http_link(Context context, LinkOptions options) {
  return std::make_shared<HttpLink>(std::move(context), std::move(options));
}

}  // namespace dmss::session
