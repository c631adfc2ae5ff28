// Events of a device that has neither push nor stream: what is on is asked for again and again (protocol http-rpc.md §11.1, poll form).
#include "proto/events/groups.hpp"
#include "session/device/device_session.hpp"
#include "session/events/event_source.hpp"
#include "session/events/state_reader.hpp"

namespace dmss::session {
namespace {

constexpr int kLost = 2;  // rounds without any answer

class PollSource final : public EventSource, public std::enable_shared_from_this<PollSource> {
 public:
  PollSource(std::shared_ptr<DeviceSession> device, SourceOptions options, SourceEvents events)
      : device_(std::move(device)), options_(std::move(options)), events_(std::move(events)) {}

  awaitable<Result<void>> open() override {
    auto self = shared_from_this();
    const net::TimePoint deadline = device_->context().clock.now() + device_->options().call_timeout;
    std::function<bool()> over = [self] { return self->closed_; };
    Result<std::shared_ptr<Commands>> commands = co_await device_->commands(deadline, std::move(over));
    if (closed_) co_return Errc::cancelled;
    if (!commands) co_return commands.error();
    generation_ = device_->generation();
    const std::set<std::string> codes = codes_to_try();
    for (const std::string& code : codes) {
      std::string one = code;
      Result<std::optional<std::set<int>>> told = co_await read_event_state(*commands, std::move(one), ways_);
      if (closed_) co_return Errc::cancelled;
      if (!told) co_return told.error();
      if (!*told) continue;
      heard_ = device_->context().clock.now();
      attached_ = true;
      co_return Result<void>();
    }
    co_return Error(Errc::unsupported, "the device neither sends events nor tells what is on");
  }

  Error ended() const override {
    if (ended_) return ended_;
    if (!attached_ || (device_->online() && device_->generation() == generation_)) return {};
    const Error why = device_->last_error();
    return why ? why : Error(Errc::connection_lost);
  }
  net::TimePoint last_heard() const override { return heard_; }
  void close() override { closed_ = true; }
  EventRoute route() const override { return EventRoute::poll; }

  void on_polled(bool answered) override {
    if (closed_ || ended_) return;
    if (answered) {
      heard_ = device_->context().clock.now();
      unanswered_ = 0;
    } else if (++unanswered_ >= kLost) {
      ended_ = Error(Errc::timeout, "the device does not tell what is on any more");
      events_.on_end();
    }
  }
  void on_changed() override {
    if (!closed_ && ended()) events_.on_end();
  }

 private:
  std::set<std::string> codes_to_try() const {
    if (!options_.codes.empty()) return options_.codes;
    std::set<std::string> out;
    for (const auto& [code, group] : proto::events::known_codes()) {
      if (proto::events::has_state(code)) out.emplace(code);
    }
    return out;
  }

  const std::shared_ptr<DeviceSession> device_;
  const SourceOptions options_;
  const SourceEvents events_;
  StateWays ways_;
  std::uint64_t generation_ = 0;
  net::TimePoint heard_{};
  Error ended_;
  int unanswered_ = 0;
  bool attached_ = false;
  bool closed_ = false;
};

}  // namespace

std::shared_ptr<EventSource> make_poll_source(std::shared_ptr<DeviceSession> device, SourceOptions options,
                                              SourceEvents events) {
  return std::make_shared<PollSource>(std::move(device), std::move(options), std::move(events));
}

}  // namespace dmss::session
