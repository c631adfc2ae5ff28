// The control session over HTTP and HTTPS: JSON-RPC on /RPC2, and CGI where a device has nothing else (protocol http-rpc.md §2).
#include "base/charset.hpp"
#include "proto/cgi/channel_names.hpp"
#include "proto/cgi/kv.hpp"
#include "proto/cgi/url.hpp"
#include "proto/rpc/codes.hpp"
#include "proto/rpc/login.hpp"
#include "proto/rpc/message.hpp"
#include "session/control/cgi_client.hpp"
#include "session/control/cgi_snapshot.hpp"
#include "session/control/control_link.hpp"
#include "session/control/json_identity.hpp"
#include "session/control/keep_alive.hpp"
#include "session/control/reads.hpp"

namespace dmss::session {
namespace {

using namespace std::chrono_literals;
namespace rpc = proto::rpc;

constexpr int kKeepAliveMargin = 5;  // seconds before the device's limit

/// An answer to a keep-alive that says no and yet shows that the device lives and knows the session.
bool is_sign_of_life(const Error& why) {
  return why == Errc::device_error || why == Errc::no_permission || why == Errc::unsupported;
}

/// No answer, or none that can be read.
bool is_no_answer(const Error& why) {
  return why.category() == ErrorCategory::network || why == Errc::timeout || why == Errc::malformed ||
         why == Errc::too_large;
}

class HttpLink final : public ControlLink, public std::enable_shared_from_this<HttpLink> {
 public:
  HttpLink(Context context, LinkOptions options)
      : context_(std::move(context)),
        options_(std::move(options)),
        connections_(std::make_shared<HttpConnections>(context_, target())),
        wake_(context_.executor, context_.clock) {}

  awaitable<Result<void>> connect() override { return connections_->open(); }

  awaitable<Result<LoginOutcome>> login() override {
    auto self = shared_from_this();
    cgi_ = std::make_shared<CgiClient>(context_, cgi_options(), connections_);
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
    const std::string realm = answer.challenge.realm;
    if (encryption == rpc::Encryption::unknown) {
      co_return labelled(
          Error(Errc::unsupported, "login encryption \"" + answer.challenge.encryption + "\""));
    }
    if (encryption == rpc::Encryption::old_digest && options_.legacy_login == LegacyLogin::none)
      co_return labelled(Errc::legacy_login_needed);
    const bool encrypted = options_.tls.has_value();
    if (encryption != rpc::Encryption::old_digest && rpc::is_readable(encryption) && !encrypted &&
        !options_.allow_plaintext_password) {
      co_return labelled(Errc::plaintext_refused);
    }
    rpc::Request second = rpc::second_login(next_id_++, options_.credentials.user,
                                            options_.credentials.password.reveal(), answer.challenge);
    credentials_sent();
    Result<rpc::Reply> verdict = co_await rpc_exchange("/RPC2_Login", second, Resend::never);
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
    LoginOutcome out =
        outcome(rpc::sends_password(encryption) ? LoginKind::rpc_basic : LoginKind::rpc_digest);
    if (encryption == rpc::Encryption::digest) out.realm = realm;
    co_return out;
  }

  awaitable<Error> run() override {
    auto self = shared_from_this();
    int failures = 0;
    net::TimePoint due = next_keep_alive(context_.clock.now(), keep_alive_);
    while (!closed_) {
      wake_.expires_at(due);
      co_await wake_.wait();
      if (closed_) break;
      if (dead_) co_return *dead_;
      // CGI has no session to hold: any answer is life enough.
      const net::TimePoint answered = connections_->last_answer();
      const net::TimePoint sent = context_.clock.now();
      if (!has_rpc_ && answered + keep_alive_ > sent) {
        due = answered + keep_alive_;
        if (on_alive) on_alive();
        continue;
      }
      const Duration limit = std::min(options_.call_timeout, answered + 2 * keep_alive_ - sent);
      Result<void> alive(Errc::timeout);
      if (limit > Duration::zero()) {
        if (has_rpc_) {  // not ?: with co_await in it, whose temporaries g++ 12 destroys twice
          alive = co_await keep_rpc_alive(limit);
        } else {
          alive = co_await keep_cgi_alive(limit);
        }
      }
      const net::TimePoint now = context_.clock.now();
      due = next_keep_alive(now, keep_alive_);
      const Error why = alive.error();
      if (!why || is_sign_of_life(why)) {
        failures = 0;
        round_trip_ = now - sent;
        if (on_alive) on_alive();
        continue;
      }
      if (!is_no_answer(why)) co_return why;
      const bool unreadable = why == Errc::malformed || why == Errc::too_large;
      if (!unreadable && connections_->last_answer() > sent) {
        failures = 0;  // another request was answered meanwhile
        continue;
      }
      // One failed keep-alive may be a dropped idle connection; two in a row are a lost device.
      const net::TimePoint lost = connections_->last_answer() + 2 * keep_alive_;
      if (++failures >= 2 || now >= lost) {
        const Error offline = labelled(Error(Errc::device_offline).with_cause(why));
        connections_->close(offline);  // calls that wait hear of it
        co_return offline;
      }
      due = std::min(due, now + (lost - now) / 2);
    }
    co_return Errc::cancelled;
  }

  awaitable<Result<std::string>> call(std::string method, std::string params, std::int64_t object,
                                      Duration timeout) override {
    return rpc_call(std::move(method), std::move(params), object, timeout, Priority::ordinary);
  }

  bool has_json() const override { return has_rpc_; }

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
                                    {"getSoftwareVersion", "version", &DeviceInfo::software},
                                    {"getHardwareVersion", "version", &DeviceInfo::hardware}};
    for (const Row& row : kRows) {
      Result<proto::cgi::KeyValues> answer = co_await cgi_values("magicBox", row.action, {});
      if (answer) info.*row.member = std::string(answer->get(row.key).value_or(""));
    }
    read_version(std::string(info.software), info);
    proto::cgi::Query query;
    query.add("name", "ChannelTitle");
    Result<proto::cgi::KeyValues> titles = co_await cgi_values("configManager", "getConfig", query);
    if (titles) info.channel_names = proto::cgi::channel_names(*titles);
    info.channels = static_cast<int>(info.channel_names.size());
    co_return info;
  }

  awaitable<Result<Bytes>> snapshot(int channel, Duration timeout) override {
    auto self = shared_from_this();
    std::string request = snapshot_request(channel);
    Result<net::HttpResponse> response = co_await cgi_->get(std::move(request), timeout);
    if (!response) co_return response.error();
    Result<Bytes> jpeg = read_snapshot(response->body);
    if (!jpeg) co_return labelled(jpeg.error());
    co_return jpeg;
  }

  std::shared_ptr<CgiClient> cgi() override { return cgi_; }

  void set_credentials(Credentials credentials) override {
    if (cgi_) cgi_->set_credentials(std::move(credentials));
  }

  awaitable<void> logout() override {
    auto self = shared_from_this();
    if (has_rpc_ && !closed_ && !connections_->busy()) {
      rpc::Request request;
      request.method = "global.logout";
      request.id = next_id_++;
      request.session = session_;
      [[maybe_unused]] const auto answer =
          co_await connections_->request(post("/RPC2", request), 2s, Priority::ordinary, Resend::never);
    }
    close();
  }

  void close() override {
    closed_ = true;
    wake_.cancel();
    connections_->close();
    if (cgi_) cgi_->close();
  }

  LinkStats stats() const override {
    LinkStats s;
    s.bytes_in = connections_->bytes_in();
    s.bytes_out = connections_->bytes_out();
    s.last_round_trip = round_trip_;
    return s;
  }

 private:
  using Priority = HttpConnections::Priority;
  using Resend = HttpConnections::Resend;

  Error labelled(Error e) const { return connections_->labelled(std::move(e)); }

  HttpTarget target() const { return {options_.endpoint, options_.tls, options_.connect_timeout}; }

  CgiOptions cgi_options() {
    CgiOptions o;
    o.target = target();
    o.credentials = options_.credentials;
    o.allow_plaintext_password = options_.allow_plaintext_password;
    o.on_credentials_sent = [weak = weak_from_this()] {
      if (auto self = weak.lock()) self->credentials_sent();
    };
    return o;
  }

  static net::HttpRequest post(std::string target, const rpc::Request& request) {
    return post_text(std::move(target), rpc::dump(request.to_json()));
  }

  static net::HttpRequest post_text(std::string target, std::string json) {
    net::HttpRequest http;
    http.method = "POST";
    http.target = std::move(target);
    http.body = std::move(json);
    return http;
  }

  void credentials_sent() {
    if (!std::exchange(told_credentials_, true) && options_.on_credentials_sent)
      options_.on_credentials_sent();
  }

  LoginOutcome outcome(LoginKind kind) const {
    LoginOutcome o;
    o.login = kind;
    o.route = options_.tls ? ControlRoute::https : ControlRoute::http;
    o.connection = connections_->info();
    if (session_.is_number_unsigned()) o.session = session_.get<std::uint32_t>();
    return o;
  }

  awaitable<Result<rpc::Reply>> rpc_exchange(std::string target, rpc::Request request,
                                             Resend resend = Resend::if_dropped) {
    Result<net::HttpResponse> response = co_await connections_->request(
        post(std::move(target), request), options_.call_timeout, Priority::ordinary, resend);
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

  awaitable<Result<std::string>> rpc_call(std::string method, std::string params, std::int64_t object,
                                          Duration timeout, Priority priority) {
    auto self = shared_from_this();
    if (!has_rpc_) co_return labelled(Error(Errc::unsupported, "this device has no JSON-RPC, only CGI"));
    rpc::Request request;
    const Resend resend = is_read(method) ? Resend::if_dropped : Resend::never;
    request.method = std::move(method);
    request.id = next_id_++;
    request.session = session_;
    if (object != 0) request.object = object;
    Result<std::string> text = rpc::write_request(std::move(request), params);
    if (!text) co_return text.error();
    Result<net::HttpResponse> response =
        co_await connections_->request(post_text("/RPC2", std::move(*text)), timeout, priority, resend);
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

  awaitable<Result<void>> keep_rpc_alive(Duration limit) {
    Result<std::string> reply = co_await rpc_call("global.keepAlive", R"({"timeout":300,"active":true})", 0,
                                                  limit, Priority::keep_alive);
    if (!reply) co_return reply.error();
    co_return Result<void>();
  }

  awaitable<Result<void>> keep_cgi_alive(Duration limit) {
    std::string request = proto::cgi::cgi_path("magicBox", "getDeviceType", {});
    Result<net::HttpResponse> answer = co_await cgi_->get(std::move(request), limit, Priority::keep_alive);
    if (!answer) co_return answer.error();
    co_return Result<void>();
  }

  awaitable<Result<LoginOutcome>> login_by_cgi() {
    Result<proto::cgi::KeyValues> answer = co_await cgi_values("magicBox", "getDeviceType", {});
    if (!answer) co_return answer.error();
    keep_alive_ = options_.keep_alive;
    co_return outcome(cgi_->scheme() == proto::auth::Scheme::basic ? LoginKind::http_basic
                                                                   : LoginKind::http_digest);
  }

  awaitable<Result<proto::cgi::KeyValues>> cgi_values(std::string service, std::string action,
                                                      proto::cgi::Query query) {
    std::string request = proto::cgi::cgi_path(service, action, query);
    Result<net::HttpResponse> response = co_await cgi_->get(std::move(request), options_.call_timeout);
    if (!response) co_return response.error();
    const std::string& body = response->body;
    co_return proto::cgi::parse_kv(to_utf8(body, guess_charset(body)));
  }

  const Context context_;
  const LinkOptions options_;
  const std::shared_ptr<HttpConnections> connections_;
  std::shared_ptr<CgiClient> cgi_;
  net::Timer wake_;
  rpc::Json session_;
  std::int64_t next_id_ = 1;
  Duration keep_alive_{};
  Duration round_trip_{};
  bool has_rpc_ = false;
  bool closed_ = false;
  bool told_credentials_ = false;
  std::optional<Error> dead_;
};

}  // namespace

std::shared_ptr<ControlLink> make_http_link(Context context, LinkOptions options) {
  return std::make_shared<HttpLink>(std::move(context), std::move(options));
}

}  // namespace dmss::session
