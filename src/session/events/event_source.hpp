// EventSource: one attachment to a device's events, by JSON-RPC push, by the CGI stream or by asking again and again. It knows how to attach, what it hears and
// why it ended; when to attach is the hub's business.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>

#include "proto/events/event.hpp"
#include "session/context.hpp"
#include "session/events/multipart_stream.hpp"

namespace dmss::session {

class DeviceSession;

struct SourceOptions {
  int number = 0;               ///< of the attachment, for EventLedger
  std::set<std::string> codes;  ///< empty = everything
  std::chrono::seconds heartbeat{5};
  std::shared_ptr<StreamHabits> habits;  ///< of the device's streams
};

/// What a source tells, on the network thread, never inside open().
struct SourceEvents {
  std::function<void(const proto::events::WireEvent&)> on_event;
  std::function<void(std::uint64_t pieces)> on_malformed;
  std::function<void()> on_end;
};

/// Network thread, held by shared_ptr.
class EventSource {
 public:
  virtual ~EventSource() = default;

  /// Errors: unsupported (this way does not exist here), those of the control link or of CGI.
  virtual awaitable<Result<void>> open() = 0;
  /// Why it ended; ok while it lives.
  virtual Error ended() const = 0;
  /// The latest sign of life.
  virtual net::TimePoint last_heard() const = 0;
  /// It would be noticed if nothing came any more.
  virtual bool watched() const { return true; }
  /// Tells the device, where that is possible at once; nothing is told by the source afterwards.
  virtual void close() = 0;
  virtual EventRoute route() const = 0;
  /// The device listed too many codes for its taste and is now asked for everything.
  virtual bool took_everything() const { return false; }

  virtual void on_notification(const proto::events::EventNotification&) {}
  virtual void on_changed() {}
  /// A round of questions is over; `answered`: not in vain.
  virtual void on_polled([[maybe_unused]] bool answered) {}
};

std::shared_ptr<EventSource> make_rpc_source(std::shared_ptr<DeviceSession> device, SourceOptions options,
                                             SourceEvents events);
/// For devices that tell nothing unasked. It only finds out whether the device can tell, and judges the answers: StateWatch asks.
std::shared_ptr<EventSource> make_poll_source(std::shared_ptr<DeviceSession> device, SourceOptions options,
                                              SourceEvents events);
std::shared_ptr<EventSource> make_cgi_source(std::shared_ptr<DeviceSession> device, SourceOptions options,
                                             SourceEvents events);

}  // namespace dmss::session
