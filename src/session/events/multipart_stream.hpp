// MultipartStream: one long multipart answer of a device's CGI, read until it ends or falls silent.
#pragma once

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

/// Network thread, held by shared_ptr.
class MultipartStream final : public std::enable_shared_from_this<MultipartStream> {
 public:
  /// Longer than `silence` without a byte is a lost stream.
  MultipartStream(std::shared_ptr<DeviceSession> device, Duration silence);
  ~MultipartStream();

  std::function<void(const proto::events::Part&)> on_part;
  /// Once, unless close() comes first: connection_lost, device_offline (silent) …
  std::function<void(const Error&)> on_end;

  /// Asks and starts to read. Errors: those of DeviceSession::open_cgi_stream, malformed (an answer that is no stream).
  awaitable<Result<void>> open(std::string target, Duration timeout);
  void close();
  net::TimePoint last_heard() const { return heard_; }
  /// Pieces that made no sense, since the last call.
  std::uint64_t take_malformed();

 private:
  awaitable<void> read(std::shared_ptr<MultipartStream> self);
  void take_parts();
  void watch();
  void arm_flush();
  void end(const Error& why);

  const std::shared_ptr<DeviceSession> device_;
  const Duration silence_;
  std::unique_ptr<net::Stream> stream_;
  std::optional<proto::events::MultipartReader> reader_;
  net::Timer watch_;
  net::Timer flush_;
  net::TimePoint heard_{};
  std::uint64_t malformed_taken_ = 0;
  bool silent_ = false;
  bool closed_ = false;
};

}  // namespace dmss::session
