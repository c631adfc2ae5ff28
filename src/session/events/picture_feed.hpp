// PictureFeed: one channel's stream of event pictures, kept open: snapManager.cgi?action=attachFileProc (protocol http-rpc.md §6.6).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "proto/events/event.hpp"
#include "session/engine/signal.hpp"
#include "session/events/multipart_stream.hpp"

namespace dmss::session {

/// Network thread, held by shared_ptr.
class PictureFeed final : public std::enable_shared_from_this<PictureFeed> {
 public:
  struct Options {
    int channel = 1;
    std::vector<std::string> codes;
    std::chrono::seconds heartbeat{5};
  };
  PictureFeed(std::shared_ptr<DeviceSession> device, Options options);

  /// What the device says of the picture, and the JPEG, valid during the call.
  std::function<void(const proto::events::WireEvent& about, ByteView jpeg)> on_picture;
  std::function<void()> on_attached;  ///< attached() has changed

  void start();
  void close();
  /// The device's situation changed: what was given up is tried again.
  void on_changed();
  bool attached() const { return attached_; }

 private:
  awaitable<void> run(std::shared_ptr<PictureFeed> self);
  awaitable<Result<void>> open();
  std::string target() const;
  void on_part(const proto::events::Part& part);
  void set_attached(bool attached);

  const std::shared_ptr<DeviceSession> device_;
  const Options options_;
  const std::shared_ptr<StreamHabits> habits_ = std::make_shared<StreamHabits>();
  std::shared_ptr<MultipartStream> stream_;
  std::optional<proto::events::WireEvent> about_;  // of the picture that comes next
  Signal wake_;
  net::Timer pause_;
  std::uint64_t given_up_ = 0;  // the session for which this device has no pictures
  bool old_form_ = false;
  bool attached_ = false;
  bool ended_ = false;
  bool closed_ = false;
};

}  // namespace dmss::session
