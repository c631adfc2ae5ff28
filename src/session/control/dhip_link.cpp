// The control session over DHIP (protocol dvrip-dhip.md §7): JSON-RPC in a 32-byte frame, port 5000.
#include <deque>
#include <map>

#include "proto/dvrip/dhip.hpp"
#include "proto/rpc/codes.hpp"
#include "proto/rpc/login.hpp"
#include "proto/rpc/message.hpp"
#include "session/control/control_link.hpp"
#include "session/control/json_identity.hpp"
#include "session/control/keep_alive.hpp"
#include "session/control/wait.hpp"
#include "session/engine/spawn.hpp"

namespace dmss::session {
namespace {

namespace dvrip = proto::dvrip;
namespace rpc = proto::rpc;

constexpr std::size_t kMaxPending = 256;
constexpr int kKeepAliveMargin = 5;

class DhipLink final : public ControlLink, public std::enable_shared_from_this<DhipLink> {
 public:
  DhipLink(Context context, LinkOptions options)
      : context_(std::move(context)),
        options_(std::move(options)),
        timer_(context_.executor, context_.clock) {}

  awaitable<Result<void>> connect() override {
    auto self = shared_from_this();
    net::ConnectOptions o;
    o.to = options_.endpoint;
    o.timeout = options_.connect_timeout;
    o.abort = abort_;
    Result<std::unique_ptr<net::Stream>> stream = co_await context_.connector.connect(std::move(o));
    if (!stream) co_return stream.error();
    stream_ = std::move(*stream);
    last_received_ = context_.clock.now();
    if (closed_) stream_->close();
    co_return Result<void>();
  }

  awaitable<Result<LoginOutcome>> login() override {
    auto self = shared_from_this();
    if (!stream_) {
      Result<void> connected = co_await connect();
      if (!connected) co_return connected.error();
    }
    rpc::Request first = rpc::first_login(next_id_++, options_.credentials.user, 0);
    Result<rpc::Reply> challenged = co_await login_exchange(std::move(first));
    if (!challenged) co_return challenged.error();
    rpc::LoginAnswer answer = rpc::read_login(*challenged);
    if (answer.kind == rpc::LoginAnswer::Kind::refused) co_return labelled(answer.error);
    if (answer.kind == rpc::LoginAnswer::Kind::accepted)
      co_return labelled(Error(Errc::malformed, "logged in without credentials"));
    const rpc::Encryption encryption = answer.challenge.kind();
    const std::string realm = answer.challenge.realm;
    if (encryption == rpc::Encryption::unknown)
      co_return labelled(
          Error(Errc::unsupported, "login encryption \"" + answer.challenge.encryption + "\""));
    if (encryption == rpc::Encryption::old_digest && options_.legacy_login == LegacyLogin::none)
      co_return labelled(Errc::legacy_login_needed);
    if (encryption != rpc::Encryption::old_digest && rpc::is_readable(encryption) &&
        !options_.allow_plaintext_password) {
      co_return labelled(Errc::plaintext_refused);
    }
    rpc::Request second = rpc::second_login(next_id_++, options_.credentials.user,
                                            options_.credentials.password.reveal(), answer.challenge);
    if (options_.on_credentials_sent) options_.on_credentials_sent();
    Result<rpc::Reply> verdict = co_await login_exchange(std::move(second));
    if (!verdict) co_return verdict.error();
    answer = rpc::read_login(*verdict);
    if (answer.kind != rpc::LoginAnswer::Kind::accepted) {
      co_return labelled(answer.kind == rpc::LoginAnswer::Kind::refused ? answer.error
                                                                        : Error(Errc::wrong_password));
    }
    session_ = answer.session;
    keep_alive_ = std::min<Duration>(
        options_.keep_alive, std::chrono::seconds(std::max(answer.keep_alive_seconds - kKeepAliveMargin, 1)));
    LoginOutcome out;
    out.login = rpc::sends_password(encryption) ? LoginKind::rpc_basic : LoginKind::rpc_digest;
    out.route = ControlRoute::dhip;
    if (encryption == rpc::Encryption::digest) out.realm = realm;
    out.connection = stream_->info();
    if (session_.is_number_unsigned()) out.session = session_.get<std::uint32_t>();
    co_return out;
  }

  awaitable<Error> run() override {
    auto self = shared_from_this();
    arm_keep_alive();
    Error why;
    for (;;) {
      Result<dvrip::JsonMessage> message = co_await read();
      if (!message) {
        why = message.error();
        if (silent_) why = labelled(Errc::device_offline);
        if (expired_) why = labelled(Errc::session_expired);
        break;
      }
      on_message(*message);
    }
    ended_ = true;
    timer_.cancel();
    stream_->close();
    for (auto& [id, wait] : calls_) wait->finish(why);
    co_return why;
  }

  awaitable<Result<std::string>> call(std::string method, std::string params, std::int64_t object,
                                      Duration timeout) override {
    auto self = shared_from_this();
    if (calls_.size() >= kMaxPending) co_return Errc::overflow;
    if (closed_ || ended_) co_return labelled(closed_ ? Errc::cancelled : Errc::connection_lost);
    rpc::Request request;
    request.method = std::move(method);
    request.id = next_id_++;
    request.session = session_;
    if (object != 0) request.object = object;
    Result<std::string> text = rpc::write_request(request, params);
    if (!text) co_return text.error();
    auto wait = std::make_shared<Wait<std::string>>(context_);
    calls_[request.id] = wait;
    send_text(request.id, *text);
    Result<std::string> answer = co_await Wait<std::string>::get(wait, timeout);
    calls_.erase(request.id);
    if (!answer) co_return labelled(answer.error());
    auto json = rpc::parse_json(*answer);
    if (!json) co_return labelled(json.error());
    if (Error e = rpc::call_error(rpc::to_reply(*json))) {
      if (e == Errc::session_expired) {
        expired_ = true;
        stream_->close();
      }
      co_return labelled(e);
    }
    co_return answer;
  }

  bool has_json() const override { return true; }

  awaitable<Result<DeviceInfo>> identify() override {
    DeviceInfo info;
    co_await complete_identity(shared_from_this(), info, options_.call_timeout);
    co_return info;
  }

  awaitable<Result<Bytes>> snapshot(int, Duration) override {
    co_return labelled(Error(Errc::unsupported, "DHIP has no snapshot; give the device's HTTP port"));
  }

  awaitable<void> logout() override {
    auto self = shared_from_this();
    if (stream_ && !closed_) {
      rpc::Request request;
      request.method = "global.logout";
      request.id = next_id_++;
      request.session = session_;
      send(request);
      co_await net::sleep_for(context_.clock, std::chrono::milliseconds(20));
    }
    close();
  }

  void close() override {
    closed_ = true;
    timer_.cancel();
    abort_->abort();
    if (stream_) stream_->close();
  }

  LinkStats stats() const override {
    LinkStats s;
    s.bytes_in = bytes_in_;
    s.bytes_out = bytes_out_;
    s.last_round_trip = round_trip_;
    return s;
  }
  net::TimePoint last_heard() const override { return last_received_; }

 private:
  Error labelled(Error e) const {
    return stream_ && e.connection().empty()
               ? Error(std::move(e)).with_connection("dhip/" + stream_->info().label())
               : e;
  }

  std::uint32_t header_session() const {
    return session_.is_number_unsigned() ? session_.get<std::uint32_t>() : 0;
  }

  void send(const rpc::Request& request) { send_text(request.id, rpc::dump(request.to_json())); }

  void send_text(std::int64_t id, const std::string& json) {
    if (closed_ || outgoing_.size() >= kMaxPending) return;
    outgoing_.push_back(dvrip::write_dhip(static_cast<std::uint32_t>(id), header_session(), json));
    if (!std::exchange(writing_, true))
      spawn(context_.executor, write_queue(shared_from_this()), context_.log);
  }

  awaitable<void> write_queue([[maybe_unused]] std::shared_ptr<DhipLink> self) {
    while (!outgoing_.empty() && !closed_) {
      const Bytes next = std::move(outgoing_.front());
      outgoing_.pop_front();
      Result<void> written = co_await stream_->write(next);
      if (!written) break;
      bytes_out_ += next.size();
    }
    writing_ = false;
  }

  awaitable<Result<dvrip::JsonMessage>> read() {
    for (;;) {
      Parsed<dvrip::JsonMessage> message = reader_.next();
      if (message.ok()) co_return std::move(message).value();
      if (message.failed()) co_return labelled(Error(message.error().code, message.error().what));
      auto room = reader_.prepare();
      Result<std::size_t> n = co_await stream_->read_some(room);
      if (!n) {
        if (timed_out_) co_return labelled(Errc::timeout);
        co_return labelled(closed_ ? Error(Errc::cancelled) : n.error());
      }
      reader_.commit(*n);
      bytes_in_ += *n;
      last_received_ = context_.clock.now();
    }
  }

  awaitable<Result<rpc::Reply>> login_exchange(rpc::Request request) {
    send(request);
    timer_.expires_after(options_.call_timeout);
    timer_.async_wait([weak = weak_from_this()](bool expired) {
      auto self = weak.lock();
      if (!expired || !self) return;
      self->timed_out_ = true;
      self->stream_->close();
    });
    for (;;) {
      Result<dvrip::JsonMessage> message = co_await read();
      if (!message) {
        timer_.cancel();
        co_return message.error();
      }
      const rpc::JsonBody body = rpc::split_body(as_text(message->body));
      for (std::string_view object : body.objects) {
        auto json = rpc::parse_json(object);
        if (!json) continue;
        rpc::Reply reply = rpc::to_reply(*json);
        if (reply.id != request.id) continue;
        timer_.cancel();
        co_return reply;
      }
    }
  }

  void on_message(const dvrip::JsonMessage& message) {
    const rpc::JsonBody body = rpc::split_body(as_text(message.body));
    for (std::string_view object : body.objects) {
      auto json = rpc::parse_json(object);
      if (!json) continue;
      if (rpc::member(*json, "method") != nullptr) {
        if (on_notification) on_notification(object);
        continue;
      }
      const std::int64_t id = rpc::int_or(*json, "id", message.id);
      if (id == keep_alive_id_) {
        round_trip_ = context_.clock.now() - keep_alive_sent_;
        if (rpc::call_error(rpc::to_reply(*json)) == Errc::session_expired) {
          expired_ = true;
          stream_->close();
        } else if (on_alive) {
          on_alive();
        }
      }
      if (auto it = calls_.find(id); it != calls_.end()) it->second->finish(std::string(object));
    }
  }

  void arm_keep_alive() {
    timer_.expires_at(
        std::min(next_keep_alive(context_.clock.now(), keep_alive_), last_received_ + 2 * keep_alive_));
    timer_.async_wait([weak = weak_from_this()](bool expired) {
      auto self = weak.lock();
      if (!expired || !self || self->closed_) return;
      self->keep_alive();
    });
  }

  void keep_alive() {
    const net::TimePoint now = context_.clock.now();
    if (now - last_received_ >= 2 * keep_alive_) {
      silent_ = true;
      stream_->close();
      return;
    }
    rpc::Request request;
    request.method = "global.keepAlive";
    request.params = {{"timeout", 300}, {"active", true}};
    request.id = keep_alive_id_ = next_id_++;
    request.session = session_;
    keep_alive_sent_ = now;
    send(request);
    arm_keep_alive();
  }

  const Context context_;
  const LinkOptions options_;
  net::Timer timer_;
  std::unique_ptr<net::Stream> stream_;
  dvrip::DhipReader reader_;
  std::deque<Bytes> outgoing_;
  bool writing_ = false;
  rpc::Json session_;
  std::int64_t next_id_ = 1;
  std::int64_t keep_alive_id_ = 0;
  net::TimePoint keep_alive_sent_{};
  net::TimePoint last_received_{};
  Duration keep_alive_{};
  Duration round_trip_{};
  const std::shared_ptr<net::Abort> abort_ = std::make_shared<net::Abort>();
  bool closed_ = false;
  bool ended_ = false;
  bool silent_ = false;
  bool expired_ = false;
  bool timed_out_ = false;
  std::map<std::int64_t, std::shared_ptr<Wait<std::string>>> calls_;
  std::uint64_t bytes_in_ = 0;
  std::uint64_t bytes_out_ = 0;
};

}  // namespace

std::shared_ptr<ControlLink> make_dhip_link(Context context, LinkOptions options) {
  return std::make_shared<DhipLink>(std::move(context), std::move(options));
}

}  // namespace dmss::session
