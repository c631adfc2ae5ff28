// Requests on a device's control session: they wait for the login, run, and report.
#include "session/device/device_session.hpp"
#include "session/engine/spawn.hpp"

namespace dmss::session {
namespace {

Duration timeout_of(const CallOptions& call, const DeviceOptions& device) {
  return call.timeout > std::chrono::milliseconds(0) ? call.timeout : device.call_timeout;
}

}  // namespace

awaitable<Result<DeviceInfo>> DeviceSession::online(net::TimePoint deadline) {
  struct Wait {
    explicit Wait(const Context& c) : timer(c.executor, c.clock) {}
    net::Timer timer;
    std::optional<Result<DeviceInfo>> result;
  };
  auto wait = std::make_shared<Wait>(context_);
  wait->timer.expires_at(deadline);
  when_online([wait](const Result<DeviceInfo>& r) {
    if (!wait->result) wait->result = r;
    wait->timer.cancel();
  });
  if (!wait->result) co_await wait->timer.wait();
  if (!wait->result) wait->result = Result<DeviceInfo>(Errc::timeout);
  co_return *wait->result;
}

void DeviceSession::call(std::string method, std::string params, CallOptions options, Completion<std::string> done) {
  auto conversation = [](std::shared_ptr<DeviceSession> self, std::string m, std::string p, CallOptions o,
                         Completion<std::string> finish) -> awaitable<void> {
    const net::TimePoint deadline = self->context_.clock.now() + timeout_of(o, self->options_);
    Result<DeviceInfo> ready = co_await self->online(deadline);
    if (!ready) {
      finish(ready.error());
      co_return;
    }
    if (finish.finished()) co_return;
    std::shared_ptr<ControlLink> link = self->link_;
    if (!link) {
      finish(self->last_error_ ? self->last_error_ : Error(Errc::connection_lost));
      co_return;
    }
    const Duration left = deadline - self->context_.clock.now();
    Result<std::string> reply = co_await link->call(std::move(m), std::move(p), o.object, left);
    self->note_link_stats();
    finish(std::move(reply));
  };
  spawn(context_.executor, conversation(shared_from_this(), std::move(method), std::move(params), options, std::move(done)),
        context_.log);
}

void DeviceSession::snapshot(int channel, CallOptions options, Completion<std::vector<std::uint8_t>> done) {
  if (channel < 1 || channel > 1024) return done(Error(Errc::invalid_argument, "channels are numbered from 1"));
  auto conversation = [](std::shared_ptr<DeviceSession> self, int ch, CallOptions o,
                         Completion<std::vector<std::uint8_t>> finish) -> awaitable<void> {
    const net::TimePoint deadline = self->context_.clock.now() + timeout_of(o, self->options_);
    Result<DeviceInfo> ready = co_await self->online(deadline);
    if (!ready) {
      finish(ready.error());
      co_return;
    }
    std::shared_ptr<ControlLink> link = self->link_;
    if (!link) {
      finish(self->last_error_ ? self->last_error_ : Error(Errc::connection_lost));
      co_return;
    }
    const Duration left = deadline - self->context_.clock.now();
    Result<Bytes> jpeg = co_await link->snapshot(ch, left);
    finish(std::move(jpeg));
  };
  spawn(context_.executor, conversation(shared_from_this(), channel, options, std::move(done)), context_.log);
}

}  // namespace dmss::session
