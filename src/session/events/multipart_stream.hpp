// MultipartStream: one long multipart answer of a device's CGI, read until it ends or falls silent.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "proto/events/multipart.hpp"
#include "session/context.hpp"

namespace dmss::net {
class Stream;
}

namespace dmss::session {

class DeviceSession;

/// How a device keeps its streams alive, learned from one stream for the next: firmware may send no heartbeats, or at its own pace.
struct StreamHabits {
  int doubts = 0;  ///< of streams that fell silent: one when it had a single heartbeat, two when none
  net::Duration interval{};  ///< the longest of the latest between two heartbeats; zero = not known
  /// Heartbeats may be missing for ever: their absence proves nothing. One stream says so, and two where the device has sent them: one
  /// may have died young.
  bool patient() const { return doubts >= (interval > net::Duration::zero() ? 4 : 2); }
};

/// Network thread, held by shared_ptr.
class MultipartStream final : public std::enable_shared_from_this<MultipartStream> {
 public:
  /// Without a byte for two heartbeats, by what was asked for or by what the device keeps, if that is longer, the stream is lost. Where the
  /// habits say that heartbeats may be missing, only after they have been heard to come.
  MultipartStream(std::shared_ptr<DeviceSession> device, std::chrono::seconds heartbeat,
                  std::shared_ptr<StreamHabits> habits);
  ~MultipartStream();

  std::function<void(const proto::events::Part&)> on_part;
  /// Once, unless close() comes first: connection_lost, device_offline (silent) …
  std::function<void(const Error&)> on_end;

  /// Asks and starts to read. Errors: those of DeviceSession::open_cgi_stream, malformed (an answer that is no stream).
  awaitable<Result<void>> open(std::string target, Duration timeout);
  void close();
  net::TimePoint last_heard() const { return heard_; }
  /// Silence would be noticed.
  bool watched() const { return silence() != Duration::max(); }
  /// Pieces that made no sense, since the last call.
  std::uint64_t take_malformed();

 private:
  awaitable<void> read(std::shared_ptr<MultipartStream> self);
  void take_parts();
  Duration silence() const;
  void note_beat(const proto::events::Part& part);
  void watch();
  void arm_flush();
  void end(const Error& why);

  const std::shared_ptr<DeviceSession> device_;
  const Duration heartbeat_;
  const std::shared_ptr<StreamHabits> habits_;
  std::unique_ptr<net::Stream> stream_;
  std::optional<proto::events::MultipartReader> reader_;
  net::Timer watch_;
  net::Timer flush_;
  net::TimePoint heard_{};
  std::optional<net::TimePoint> beat_;  // the latest heartbeat, when nothing else has come since
  std::deque<Duration> intervals_;      // the latest
  int beats_ = 0;
  std::uint64_t malformed_taken_ = 0;
  bool silent_ = false;
  bool closed_ = false;
};

}  // namespace dmss::session
