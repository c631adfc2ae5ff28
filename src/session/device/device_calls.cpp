// Requests on a device's control session: they wait for the login, run, and report.
#include "session/control/cgi_snapshot.hpp"
#include "session/device/device_limits.hpp"
#include "session/device/device_session.hpp"
#include "session/engine/spawn.hpp"
#include "session/engine/time_limit.hpp"

namespace dmss::session {
namespace {

Duration timeout_of(const CallOptions& call, const DeviceOptions& device) {
  return bounded(call.timeout > std::chrono::milliseconds(0) ? call.timeout : device.call_timeout);
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

template <class T, class F>
void DeviceSession::request(Completion<T> done, Duration timeout, F ask) {
  auto conversation = [](std::shared_ptr<DeviceSession> self, Completion<T> finish, Duration limit,
                         F how) -> awaitable<void> {
    const net::TimePoint deadline = self->context_.clock.now() + limit;
    auto timer = time_limit(self->context_, finish, limit);
    Result<T> answer(Errc::cancelled);
    Result<DeviceInfo> ready = co_await self->online(deadline);
    const std::shared_ptr<ControlLink> link = self->link_;
    if (!ready) {
      answer = ready.error();
    } else if (!link) {
      answer = self->last_error_ ? self->last_error_ : Error(Errc::connection_lost);
    } else if (!finish.finished()) {
      answer = co_await how(*link, deadline - self->context_.clock.now());
      self->note_link_stats();
    }
    timer->cancel();
    finish(std::move(answer));
  };
  spawn(context_.executor, conversation(shared_from_this(), std::move(done), timeout, std::move(ask)),
        context_.log);
}

void DeviceSession::call(std::string method, std::string params, CallOptions options,
                         Completion<std::string> done) {
  request(std::move(done), timeout_of(options, options_),
          [m = std::move(method), p = std::move(params), object = options.object](ControlLink& link,
                                                                                  Duration left) mutable {
            return link.call(std::move(m), std::move(p), object, left);
          });
}

void DeviceSession::snapshot(int channel, CallOptions options, Completion<std::vector<std::uint8_t>> done) {
  if (channel < 1 || channel > 1024)
    return done(Error(Errc::invalid_argument, "channels are numbered from 1 to 1024"));
  request(std::move(done), timeout_of(options, options_),
          [this, channel](ControlLink&, Duration left) { return take_snapshot(link_, channel, left); });
}

awaitable<Result<Bytes>> DeviceSession::take_snapshot(std::shared_ptr<ControlLink> link, int channel,
                                                      Duration left) {
  auto self = shared_from_this();
  if (link->cgi()) co_return co_await link->snapshot(channel, left);
  const net::TimePoint deadline = context_.clock.now() + left;
  const bool by_cgi = has_cgi();
  Result<Bytes> picture(Errc::timeout);
  if (!by_cgi || snapshots_by_cgi_ != generation_) {
    const Duration limit = by_cgi ? left / 2 : left;
    picture = co_await link->snapshot(channel, limit);
    const Error why = picture.error();
    if (why != Errc::timeout && why != Errc::unsupported) co_return picture;
    if (!by_cgi) co_return picture;
  }
  std::string request = snapshot_request(channel);
  const Duration rest = deadline - context_.clock.now();
  Result<std::string> body = co_await cgi(std::move(request), rest);
  if (!body) {
    const Error why = body.error();
    const bool no_service =
        why.category() == ErrorCategory::network || why.category() == ErrorCategory::login;
    if (!no_service && why != Errc::unsupported) co_return why;
    snapshots_by_cgi_ = 0;
    co_return Error(picture.error()).with_cause(why);
  }
  snapshots_by_cgi_ = generation_;
  co_return read_snapshot(*body);
}

}  // namespace dmss::session
