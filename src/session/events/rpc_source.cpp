// Events pushed over the control session: eventManager.attach in f6 on 37777 and on DHIP (protocol http-rpc.md §11.2, dvrip-dhip.md §7.4).
#include "proto/rpc/codes.hpp"
#include "session/device/device_session.hpp"
#include "session/engine/spawn.hpp"
#include "session/events/event_source.hpp"

namespace dmss::session {
namespace {

namespace rpc = proto::rpc;
using proto::events::EventNotification;

// Of notifications that come while the attachment is being made.
constexpr std::size_t kMaxEarly = 256;
constexpr std::size_t kMaxEarlyBytes = 4u << 20;

rpc::Json list_of(const std::set<std::string>& codes) {
  rpc::Json list = rpc::Json::array();
  for (const std::string& code : codes) list.push_back(code);
  if (list.empty()) list.push_back("All");
  return list;
}

/// The device may only dislike the list of codes.
bool may_be_the_list(const Error& why) {
  return why == Errc::device_error && why.device_code() != 0;
}

class RpcSource final : public EventSource, public std::enable_shared_from_this<RpcSource> {
 public:
  RpcSource(std::shared_ptr<DeviceSession> device, SourceOptions options, SourceEvents events)
      : device_(std::move(device)), options_(std::move(options)), events_(std::move(events)) {}

  awaitable<Result<void>> open() override {
    auto self = shared_from_this();
    const Duration limit = device_->options().call_timeout;
    std::function<bool()> over = [self] { return self->closed_; };
    Result<std::shared_ptr<Commands>> commands =
        co_await device_->commands(device_->context().clock.now() + limit, std::move(over));
    if (closed_) co_return Errc::cancelled;
    if (!commands) co_return commands.error();
    link_ = device_->link();
    if (!link_ || !device_->info()) co_return Errc::connection_lost;
    const ControlRoute route = device_->info()->route;
    if (route != ControlRoute::dvrip && route != ControlRoute::dhip)
      co_return Error(Errc::unsupported, "nothing is pushed over HTTP");
    if (!(*commands)->has_rpc()) co_return Error(Errc::unsupported, "this device has no JSON-RPC");
    generation_ = device_->generation();
    opening_ = true;
    rpc::Json params = {{"codes", list_of(options_.codes)}};
    Result<rpc::Reply> reply = co_await (*commands)->rpc("eventManager.attach", params);
    if (!reply && !closed_ && !options_.codes.empty() && may_be_the_list(reply.error())) {
      everything_ = true;
      params["codes"] = list_of({});
      reply = co_await (*commands)->rpc("eventManager.attach", params);
    }
    opening_ = false;
    if (!reply) co_return reply.error();
    request_ = reply->id;
    if (const rpc::Json* sid = rpc::member(reply->params, "SID"); sid && !sid->is_null())
      sid_ = rpc::int_or(reply->params, "SID", 0);
    attached_ = true;
    if (closed_) {
      detach();
      co_return Errc::cancelled;
    }
    attached_at_ = device_->context().clock.now();
    if (const Error gone = ended()) co_return gone;
    // They came before the answer was read, or together with it; the caller of open() goes first.
    spawn(device_->context().executor, tell_early(self), device_->context().log);
    co_return Result<void>();
  }

  Error ended() const override {
    if (!attached_) return {};
    if (device_->online() && device_->generation() == generation_) return {};
    const Error why = device_->last_error();
    return why ? why : Error(Errc::connection_lost);
  }

  net::TimePoint last_heard() const override {
    return std::max(attached_at_, link_ ? link_->last_heard() : net::TimePoint{});
  }

  void close() override {
    if (std::exchange(closed_, true)) return;
    if (attached_) detach();
  }

  EventRoute route() const override { return EventRoute::rpc; }
  bool took_everything() const override { return everything_; }

  void on_notification(const EventNotification& note) override {
    if (closed_) return;
    if (opening_ || !early_.empty()) {
      if (early_.size() == kMaxEarly || note.bytes > kMaxEarlyBytes - early_bytes_) {
        early_lost_ += note.events.size();
        return;
      }
      early_bytes_ += note.bytes;
      early_.push_back(note);
    } else if (attached_ && is_mine(note)) {
      tell(note);
    }
  }

  void on_changed() override {
    if (attached_ && !closed_ && ended() && events_.on_end) events_.on_end();
  }

 private:
  /// By SID; firmware that sends none repeats the request's id, or says nothing at all.
  bool is_mine(const EventNotification& note) const {
    if (note.sid && sid_) return *note.sid == *sid_;
    if (note.id != 0 && request_ != 0) return note.id == request_;
    return !note.callback;
  }

  void tell(const EventNotification& note) {
    if (note.malformed > 0 && events_.on_malformed) events_.on_malformed(note.malformed);
    for (const proto::events::WireEvent& e : note.events) {
      if (closed_) return;
      if (e.damaged && events_.on_malformed) events_.on_malformed(1);
      events_.on_event(e);
    }
  }

  static awaitable<void> tell_early(std::shared_ptr<RpcSource> self) {
    while (!self->closed_ && !self->early_.empty()) {
      const EventNotification note = std::move(self->early_.front());
      self->early_.erase(self->early_.begin());
      self->early_bytes_ -= note.bytes;
      if (self->is_mine(note)) self->tell(note);
    }
    self->early_.clear();
    if (self->early_lost_ > 0 && !self->closed_ && self->events_.on_malformed)
      self->events_.on_malformed(self->early_lost_);
    co_return;
  }

  void detach() {
    if (ended() || !link_) return;
    rpc::Json params = {{"codes", list_of(everything_ ? std::set<std::string>() : options_.codes)}};
    if (sid_) params["SID"] = *sid_;
    auto goodbye = [](std::shared_ptr<ControlLink> link, std::string text,
                      Duration limit) -> awaitable<void> {
      (void)co_await link->call("eventManager.detach", std::move(text), 0, limit);
    };
    spawn(device_->context().executor, goodbye(link_, rpc::dump(params), device_->options().call_timeout),
          device_->context().log);
  }

  const std::shared_ptr<DeviceSession> device_;
  const SourceOptions options_;
  const SourceEvents events_;
  std::shared_ptr<ControlLink> link_;
  std::uint64_t generation_ = 0;
  std::vector<EventNotification> early_;
  std::size_t early_bytes_ = 0;
  std::uint64_t early_lost_ = 0;
  std::optional<std::int64_t> sid_;
  std::int64_t request_ = 0;
  net::TimePoint attached_at_{};
  bool everything_ = false;
  bool opening_ = false;
  bool attached_ = false;
  bool closed_ = false;
};

}  // namespace

std::shared_ptr<EventSource> make_rpc_source(std::shared_ptr<DeviceSession> device, SourceOptions options,
                                             SourceEvents events) {
  return std::make_shared<RpcSource>(std::move(device), std::move(options), std::move(events));
}

}  // namespace dmss::session
