#include "session/admin/time.hpp"

#include <cstdlib>
#include <ctime>

#include "proto/admin/device_time.hpp"
#include "session/admin/ask.hpp"

namespace dmss::session {
namespace {

using namespace std::chrono_literals;
namespace rpc = proto::rpc;

/// Two roundings to the second and the way there and back.
constexpr std::int64_t kClockTolerance = 3;  // seconds

awaitable<Result<void>> send_time(std::shared_ptr<Commands> commands, DeviceTime time) {
  if (commands->has_rpc()) {
    // Zero: however little the clock is off, it is to be set.
    rpc::Json params = {{"time", time.to_string()}, {"tolerance", 0}};
    Result<rpc::Reply> reply = co_await ask(commands, "global.setCurrentTime", std::move(params));
    if (reply) co_return Result<void>();
    if (!goes_to_cgi(reply.error(), *commands)) co_return reply.error();
  }
  proto::cgi::Query query;
  query.add("time", time.to_string());
  Result<proto::cgi::KeyValues> answer =
      co_await ask_cgi(commands, "global", "setCurrentTime", std::move(query));
  if (!answer) co_return answer.error();
  co_return Result<void>();
}

}  // namespace

DeviceTime host_local_time(std::chrono::system_clock::time_point t) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(t);
  std::tm parts{};
#ifdef _WIN32
  localtime_s(&parts, &seconds);
#else
  localtime_r(&seconds, &parts);
#endif
  return {parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
          parts.tm_hour,        parts.tm_min,     std::min(parts.tm_sec, 59)};
}

awaitable<Result<DeviceTime>> read_time(std::shared_ptr<Commands> commands) {
  if (commands->has_rpc()) {
    Result<rpc::Reply> reply = co_await ask(commands, "global.getCurrentTime");
    if (reply) {
      const bool in_result = reply->result.is_string();
      co_return parse_device_time(in_result ? reply->result.get<std::string>()
                                            : rpc::text_or(reply->params, "time", ""));
    }
    if (!goes_to_cgi(reply.error(), *commands)) co_return reply.error();
  }
  proto::cgi::Query none;
  Result<proto::cgi::KeyValues> answer = co_await ask_cgi(commands, "global", "getCurrentTime", none);
  if (!answer) co_return answer.error();
  Result<std::string> text = result_of(*answer);
  if (!text) co_return text.error();
  co_return parse_device_time(*text);
}

awaitable<Result<void>> write_time(std::shared_ptr<Commands> commands, DeviceTime time) {
  if (!time.valid()) co_return Error(Errc::invalid_argument, "no such time: " + time.to_string());
  const net::Clock& clock = commands->context().clock;
  const net::TimePoint begin = clock.now();
  Result<void> sent = co_await send_time(commands, time);
  if (!sent) co_return sent;
  Result<DeviceTime> now = co_await read_time(commands);
  if (!now && now.error() == Errc::unsupported) co_return Result<void>();
  if (!now) co_return now.error();
  const auto passed = std::chrono::duration_cast<std::chrono::seconds>(clock.now() - begin).count();
  const std::int64_t ahead = proto::admin::seconds_of(*now) - proto::admin::seconds_of(time);
  if (ahead < -kClockTolerance || ahead > passed + kClockTolerance)
    co_return Error(Errc::not_applied, "time: wrote " + time.to_string() + ", reads " + now->to_string());
  co_return Result<void>();
}

awaitable<Result<void>> sync_time(std::shared_ptr<Commands> commands, LocalTime local_time) {
  const net::Clock& clock = commands->context().clock;
  const net::TimePoint begin = clock.now();
  Result<DeviceTime> answer = co_await read_time(commands);
  const Duration round_trip = clock.now() - begin;
  if (!answer && answer.error() != Errc::unsupported && answer.error() != Errc::malformed)
    co_return answer.error();
  const auto arrival = clock.wall_now() + std::chrono::duration_cast<std::chrono::system_clock::duration>(
                                              answer ? round_trip / 2 : 0ns);
  co_return co_await write_time(std::move(commands),
                                local_time(std::chrono::round<std::chrono::seconds>(arrival)));
}

}  // namespace dmss::session
