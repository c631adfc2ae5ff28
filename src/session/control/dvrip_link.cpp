// The control session on 37777: calls, texts, identity, snapshots and keep-alive on one connection.
#include <algorithm>
#include <array>
#include <map>
#include <span>

#include "proto/dvrip/json_frame.hpp"
#include "proto/dvrip/legacy.hpp"
#include "proto/dvrip/media_frame.hpp"
#include "proto/dvrip/text.hpp"
#include "proto/rpc/codes.hpp"
#include "proto/rpc/message.hpp"
#include "session/control/control_link.hpp"
#include "session/control/dvrip_login.hpp"
#include "session/control/json_identity.hpp"
#include "session/control/keep_alive.hpp"
#include "session/control/turns.hpp"
#include "session/control/wait.hpp"
#include "session/live/old_tie.hpp"

namespace dmss::session {
namespace {

namespace dvrip = proto::dvrip;
namespace rpc = proto::rpc;
using dvrip::Command;

constexpr std::size_t kMaxPending = 256;
constexpr std::size_t kMaxSnapshot = 8u << 20;
constexpr Duration kLateSnapshot = std::chrono::seconds(10);
constexpr Duration kQueryTimeout = std::chrono::seconds(3);  // some queries stay unanswered on some firmware

class Link final : public DvripLink, public std::enable_shared_from_this<Link> {
 public:
  Link(Context context, LinkOptions options)
      : context_(std::move(context)),
        options_(std::move(options)),
        keep_alive_(context_.executor, context_.clock),
        snapshots_(context_, 1),
        late_(context_.executor, context_.clock) {}

  awaitable<Result<void>> connect() override {
    auto self = shared_from_this();
    Result<std::shared_ptr<DvripConnection>> connection = co_await DvripConnection::connect(
        context_, options_.endpoint, options_.tls, options_.connect_timeout, abort_);
    if (!connection) co_return connection.error();
    connection_ = *connection;
    if (closed_) connection_->close();
    co_return Result<void>();
  }

  awaitable<Result<LoginOutcome>> login() override {
    auto self = shared_from_this();
    if (!connection_) {
      Result<void> connected = co_await connect();
      if (!connected) co_return connected.error();
    }
    Result<LoginOutcome> outcome = co_await log_in_dvrip(connection_, options_);
    if (outcome) session_ = outcome->session;
    co_return outcome;
  }

  awaitable<Error> run() override {
    auto self = shared_from_this();
    arm_keep_alive();
    Error why;
    for (;;) {
      Result<dvrip::FrameView> frame = co_await connection_->read();
      if (!frame) {
        why = frame.error();
        if (silent_) why = connection_->labelled(Errc::device_offline);
        if (expired_) why = connection_->labelled(Errc::session_expired);
        break;
      }
      on_frame(*frame);
    }
    keep_alive_.cancel();
    connection_->close();
    fail_pending(why);
    co_return why;
  }

  awaitable<Result<std::string>> call(std::string method, std::string params, std::int64_t object,
                                      Duration timeout) override {
    auto self = shared_from_this();
    if (!has_json_) co_return Error(Errc::unsupported, "this firmware takes no JSON on 37777");
    if (calls_.size() >= kMaxPending) co_return Errc::overflow;
    if (connection_->closed()) co_return ended();
    rpc::Request request;
    request.method = std::move(method);
    request.id = static_cast<std::int64_t>(next_id_);
    request.session = session_;
    if (object != 0) request.object = object;
    Result<std::string> text = rpc::write_request(std::move(request), params);
    if (!text) co_return text.error();
    const std::uint32_t id = next_id_++;
    auto wait = std::make_shared<Wait<std::string>>(context_);
    calls_[id] = wait;
    connection_->send(dvrip::write_json(id, session_, *text));
    Result<std::string> answer = co_await Wait<std::string>::get(wait, timeout);
    calls_.erase(id);
    if (!answer) co_return connection_->labelled(answer.error());
    auto message = rpc::parse_json(*answer);
    if (!message) co_return connection_->labelled(message.error());
    if (Error e = rpc::call_error(rpc::to_reply(*message))) {
      if (e == Errc::session_expired) end_session();
      co_return connection_->labelled(e);
    }
    co_return answer;
  }

  awaitable<Result<dvrip::Text>> text(dvrip::Text request, Duration timeout) override {
    auto self = shared_from_this();
    if (texts_.size() >= kMaxPending) co_return Errc::overflow;
    if (connection_->closed()) co_return ended();
    const std::int64_t transaction = next_transaction_++;
    request.set("TransactionID", transaction);
    auto wait = std::make_shared<Wait<dvrip::Text>>(context_);
    texts_[transaction] = wait;
    connection_->send(dvrip::write_text(request));
    Result<dvrip::Text> answer = co_await Wait<dvrip::Text>::get(wait, timeout);
    texts_.erase(transaction);
    if (!answer) co_return connection_->labelled(answer.error());
    co_return answer;
  }

  void send(Bytes frame) override { connection_->send(std::move(frame)); }

  bool has_json() const override { return has_json_; }

  awaitable<Result<DeviceInfo>> identify() override {
    auto self = shared_from_this();
    DeviceInfo info;
    // In one flight, as each would cost a round trip. Some firmware leaves one unanswered; where more are missing, the device may take
    // one at a time, and is asked again in that way.
    std::array questions = {system_question(dvrip::SystemInfo::serial),
                            system_question(dvrip::SystemInfo::model),
                            system_question(dvrip::SystemInfo::capabilities), names_question()};
    if (auto told = co_await ask_all(questions); !told) co_return told.error();
    const auto text_of = [](const Question& q) {
      return q.answer ? dvrip::system_text(*q.answer) : std::string();
    };
    info.serial = text_of(questions[0]);
    info.model = text_of(questions[1]);
    const std::string told = text_of(questions[2]);
    if (!told.empty()) has_json_ = dvrip::has_json(told);  // an empty answer tells as little as none
    Result<Bytes> names = std::move(questions[3].answer);
    if (names) info.channel_names = dvrip::parse_channel_names(*names);
    if (names && info.channel_names.empty()) {
      Question again = {dvrip::write_channel_names_query(1), Command::channel_names_reply, std::nullopt};
      co_await ask(again);
      names = std::move(again.answer);
      if (names) info.channel_names = dvrip::parse_channel_names(*names);
    }
    info.channels = static_cast<int>(info.channel_names.size());
    if (has_json_) co_await complete_identity(shared_from_this(), info, options_.call_timeout);
    if (info.software.empty()) {  // JSON tells more
      Question software = system_question(dvrip::SystemInfo::software);
      co_await ask(software);
      if (software.answer) read_version(dvrip::system_text(*software.answer), info);
    }
    co_return info;
  }

  awaitable<Result<Bytes>> snapshot(int channel, Duration timeout) override {
    auto self = shared_from_this();
    if (channel > 256) co_return Error(Errc::no_such_channel, "snapshots on 37777 reach channel 256");
    const net::TimePoint deadline = context_.clock.now() + timeout;
    Result<void> turn = co_await snapshots_.take(deadline);
    if (!turn) co_return connection_->labelled(turn.error());
    if (connection_->closed()) {
      snapshots_.give_back();
      co_return ended();
    }
    snapshot_ = std::make_shared<Wait<Bytes>>(context_);
    snapshot_bytes_.clear();
    auto wait = snapshot_;
    connection_->send(dvrip::write_snapshot_request({channel - 1}));
    Result<Bytes> jpeg = co_await Wait<Bytes>::get(wait, deadline - context_.clock.now());
    snapshot_.reset();
    if (jpeg) {
      snapshots_.give_back();
      co_return jpeg;
    }
    if (jpeg.error() == Errc::timeout || jpeg.error() == Errc::too_large) {
      wait_for_late_picture();
    } else {
      snapshots_.give_back();
    }
    co_return connection_->labelled(jpeg.error());
  }

  awaitable<void> logout() override {
    auto self = shared_from_this();
    if (connection_ && !connection_->closed()) {
      connection_->send(dvrip::write_logout(session_));
      co_await net::sleep_for(context_.clock, std::chrono::milliseconds(20));
    }
    close();
  }

  void close() override {
    closed_ = true;
    keep_alive_.cancel();
    abort_->abort();
    if (connection_) connection_->close();
  }

  LinkStats stats() const override {
    LinkStats s;
    if (connection_) {
      s.bytes_in = connection_->bytes_in();
      s.bytes_out = connection_->bytes_out();
    }
    s.last_round_trip = round_trip_;
    return s;
  }

  net::TimePoint last_heard() const override {
    return connection_ ? connection_->last_received() : net::TimePoint{};
  }

  std::uint32_t session() const override { return session_; }
  const LinkOptions& options() const override { return options_; }
  OldTies& old_ties() override { return old_ties_; }

 private:
  struct Query {
    Command reply;
    std::optional<std::uint8_t> sub;
    std::shared_ptr<Wait<Bytes>> wait;
  };

  /// Nothing sent now would ever be answered.
  Error ended() const { return connection_->labelled(closed_ ? Errc::cancelled : Errc::connection_lost); }

  /// A query and what came of it.
  struct Question {
    Bytes request;
    Command reply;
    std::optional<std::uint8_t> sub;
    Result<Bytes> answer = Errc::timeout;
    std::shared_ptr<Wait<Bytes>> wait = nullptr;
  };

  static Question system_question(dvrip::SystemInfo what) {
    return {dvrip::write_system_query(what), Command::system_info_reply, static_cast<std::uint8_t>(what)};
  }

  /// A device answers only the dialect it knows.
  static Question names_question() {
    Bytes both = dvrip::write_channel_names_query(0);
    const Bytes second = dvrip::write_channel_names_query(1);
    both.insert(both.end(), second.begin(), second.end());
    return {std::move(both), Command::channel_names_reply, std::nullopt};
  }

  void send(Question& q) {
    q.wait = std::make_shared<Wait<Bytes>>(context_);
    queries_.push_back({q.reply, q.sub, q.wait});
    connection_->send(q.request);
  }

  awaitable<void> finish(Question& q, net::TimePoint deadline) {
    q.answer = co_await Wait<Bytes>::get(q.wait, deadline - context_.clock.now());
    std::erase_if(queries_, [&](const Query& known) { return known.wait == q.wait; });
  }

  net::TimePoint query_deadline() const {
    return context_.clock.now() + std::min(options_.call_timeout, kQueryTimeout);
  }

  awaitable<void> ask(Question& q) {
    if (connection_->closed()) {
      q.answer = ended();
      co_return;
    }
    send(q);
    co_await finish(q, query_deadline());
  }

  /// Errors: those of the connection. A question may stay unanswered.
  awaitable<Result<void>> ask_all(std::span<Question> questions) {
    if (connection_->closed()) co_return ended();
    for (Question& q : questions) send(q);
    const net::TimePoint deadline = query_deadline();
    int missing = 0;
    for (Question& q : questions) {
      co_await finish(q, deadline);
      if (!q.answer && q.answer.error() != Errc::timeout) co_return q.answer.error();
      if (!q.answer) ++missing;
    }
    for (Question& q : questions) {
      if (missing > 1 && !q.answer) co_await ask(q);
    }
    co_return Result<void>();
  }

  void on_frame(const dvrip::FrameView& frame) {
    switch (frame.header.command()) {
      case Command::keep_alive_reply:
        if (keep_alive_sent_ != net::TimePoint{})
          round_trip_ = context_.clock.now() - std::exchange(keep_alive_sent_, net::TimePoint{});
        if (on_alive) on_alive();
        break;
      case Command::json: on_json(frame); break;
      case Command::text: on_text(frame.body); break;
      case Command::media: on_snapshot(frame); break;
      default: on_query_reply(frame); break;
    }
  }

  void on_json(const dvrip::FrameView& frame) {
    Parsed<dvrip::JsonMessage> whole = assembler_.add(frame);
    if (!whole.ok()) return;
    const rpc::JsonBody body = rpc::split_body(as_text(whole.value().body));
    for (std::string_view object : body.objects) {
      auto value = rpc::parse_json(object);
      if (!value) continue;
      if (rpc::member(*value, "method") != nullptr) {
        if (on_notification) on_notification(object);
        continue;
      }
      // The JSON id decides; some firmware leaves the header's 0.
      const auto id = static_cast<std::uint32_t>(rpc::int_or(*value, "id", whole.value().id));
      if (auto it = calls_.find(id); it != calls_.end()) it->second->finish(std::string(object));
    }
  }

  void on_text(ByteView body) {
    Result<dvrip::Text> text = dvrip::Text::parse(body);
    if (!text) return;
    auto it = texts_.find(text->transaction());
    // Some repeat no number; with one request on its way there is no doubt.
    if (it == texts_.end() && text->transaction() <= 0 && texts_.size() == 1) it = texts_.begin();
    if (it != texts_.end()) it->second->finish(std::move(*text));
  }

  void on_snapshot(const dvrip::FrameView& frame) {
    const bool end_of_picture =
        frame.body.size() >= 2 && frame.body[frame.body.size() - 2] == 0xff && frame.body.back() == 0xd9;
    const bool after_end = std::exchange(picture_ended_, end_of_picture);
    if (frame.body.empty() && after_end) return;  // some firmware ends a picture twice
    if (!snapshot_) {
      if (frame.body.empty() || end_of_picture) end_late_picture();
      return;
    }
    if (snapshot_bytes_.size() + frame.body.size() > kMaxSnapshot) return snapshot_->finish(Errc::too_large);
    snapshot_bytes_.insert(snapshot_bytes_.end(), frame.body.begin(), frame.body.end());
    const std::size_t n = snapshot_bytes_.size();
    const bool ended = n >= 4 && snapshot_bytes_[n - 2] == 0xff && snapshot_bytes_[n - 1] == 0xd9;
    picture_ended_ = ended;
    if (frame.body.empty() && n == 0)
      return snapshot_->finish(Error(Errc::no_such_channel, "the device sent no picture"));
    if (!frame.body.empty() && !ended) return;
    if (snapshot_bytes_[0] != 0xff || n < 4)
      return snapshot_->finish(Error(Errc::malformed, "the device's snapshot is no JPEG"));
    snapshot_->finish(std::move(snapshot_bytes_));
    snapshot_bytes_.clear();
  }

  /// Nothing in an answer tells which channel it shows, so one that comes late must not pass for the next one: it keeps its turn.
  void wait_for_late_picture() {
    owed_ = true;
    late_.expires_after(kLateSnapshot);
    late_.async_wait([weak = weak_from_this()](bool expired) {
      if (auto self = weak.lock(); expired && self) self->end_late_picture();
    });
  }

  void end_late_picture() {
    if (!std::exchange(owed_, false)) return;
    late_.cancel();
    snapshots_.give_back();
  }

  void on_query_reply(const dvrip::FrameView& frame) {
    for (const Query& q : queries_) {
      if (frame.header.command() != q.reply || (q.sub && frame.header.sub() != *q.sub) || q.wait->finished())
        continue;
      q.wait->finish(Bytes(frame.body.begin(), frame.body.end()));
      return;
    }
  }

  void arm_keep_alive() {
    const net::TimePoint lost = connection_->last_received() + 2 * options_.keep_alive;
    keep_alive_.expires_at(std::min(next_keep_alive(context_.clock.now(), options_.keep_alive), lost));
    keep_alive_.async_wait([weak = weak_from_this()](bool expired) {
      auto self = weak.lock();
      if (expired && self && !self->closed_) self->keep_alive();
    });
  }

  void keep_alive() {
    const net::TimePoint now = context_.clock.now();
    if (now - connection_->last_received() >= 2 * options_.keep_alive) {
      silent_ = true;
      connection_->close();
      return;
    }
    keep_alive_sent_ = now;
    connection_->send(dvrip::write_keep_alive());
    arm_keep_alive();
  }

  void end_session() {
    expired_ = true;
    connection_->close();  // wakes the reader, which then says why
  }

  void fail_pending(const Error& why) {
    for (auto& [id, wait] : calls_) wait->finish(why);
    for (auto& [id, wait] : texts_) wait->finish(why);
    for (Query& q : queries_) q.wait->finish(why);
    late_.cancel();
    snapshots_.close(why);
    if (snapshot_) snapshot_->finish(why);
  }

  const Context context_;
  const LinkOptions options_;
  net::Timer keep_alive_;
  std::shared_ptr<DvripConnection> connection_;
  std::uint32_t session_ = 0;
  bool has_json_ = true;  // until the device's capability list says otherwise
  const std::shared_ptr<net::Abort> abort_ = std::make_shared<net::Abort>();
  bool closed_ = false;
  bool silent_ = false;
  bool expired_ = false;
  std::uint32_t next_id_ = 1;
  std::int64_t next_transaction_ = 1;
  dvrip::JsonAssembler assembler_;
  std::map<std::uint32_t, std::shared_ptr<Wait<std::string>>> calls_;
  std::map<std::int64_t, std::shared_ptr<Wait<dvrip::Text>>> texts_;
  std::vector<Query> queries_;
  OldTies old_ties_;
  std::shared_ptr<Wait<Bytes>> snapshot_;
  Bytes snapshot_bytes_;
  bool picture_ended_ = false;  // by its last two bytes, in the latest frame
  Turns snapshots_;
  bool owed_ = false;  // a snapshot nobody waits for any more may still come
  net::Timer late_;
  net::TimePoint keep_alive_sent_{};
  Duration round_trip_{};
};

}  // namespace

std::shared_ptr<DvripLink> make_dvrip_link(Context context, LinkOptions options) {
  return std::make_shared<Link>(std::move(context), std::move(options));
}

}  // namespace dmss::session
