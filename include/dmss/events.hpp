// Events: alarms and everything else that a device reports (manual §9; protocol http-rpc.md §11).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dmss/operation.hpp"
#include "dmss/result.hpp"

namespace dmss {

/// The groups of the manual's table 9-1, and two more. The numbers are part of the ABI.
enum class EventGroup : std::int32_t {
  other = 0,
  ai_analysis = 1,
  thermal = 2,
  motion = 3,
  masking = 4,
  defocus = 5,
  face = 6,
  audio = 7,
  disk = 8,
  voltage = 9,
  network = 10,
  sensor = 11,
  battery = 12,
  intercom = 13,      ///< door stations
  housekeeping = 14,  ///< clock changes, new files, logins: not for people
};

/// What Event::index counts. The numbers are part of the ABI.
enum class EventIndex : std::int32_t {
  other = 0,  ///< a door, a disk, a network port, or nothing that is known
  channel = 1,
  input = 2,   ///< alarm input
  output = 3,  ///< alarm output
};

enum class EventAction : std::int32_t {
  pulse = 0,  ///< happened once
  start = 1,
  stop = 2,
  state = 3,  ///< tells a state, neither begin nor end
  unknown = 4,
};

/// 0 to 1 of the picture, from the top left.
struct EventBox {
  double left = 0, top = 0, right = 0, bottom = 0;
};

struct EventObject {
  std::string type;  ///< "Human", "Vehicle" …, as the device spells it
  EventBox box;
  std::optional<double> confidence;  ///< 0 to 1
};

struct Event {
  EventGroup group = EventGroup::other;
  EventAction action = EventAction::pulse;
  std::string code;         ///< "VideoMotion", as the device spells it
  std::string action_text;  ///< as the device spells it
  /// Channel, alarm input or output (event_index() says which) from 1; 0 = none (the device said -1 or nothing).
  int index = 0;
  std::optional<std::chrono::system_clock::time_point> device_time;  ///< Data.UTC where the device tells
  std::string device_local_time;                                     ///< Data.LocaleTime
  std::chrono::system_clock::time_point received;
  std::vector<EventObject> objects;
  std::string name;  ///< of the rule or region
  std::string data;  ///< the device's data as JSON text; empty when there is none
  /// The SDK made this event itself: the device's state was read and differs from what was told before. After a gap; at the beginning
  /// of a subscription for what is on already; after events were dropped. After a gap also Stop of what the device cannot tell.
  bool recovered = false;
  /// JPEG, where pictures were asked for and the device sent one. Valid during the handler.
  std::vector<std::uint8_t> picture;
};

/// A time in which events may have been missed. Both ends by the wall clock as it stands when the gap is told.
struct EventGap {
  /// Last sign of life before, or the latest time at which the state was right.
  std::chrono::system_clock::time_point begin;
  /// Attached again, or when the difference was found.
  std::chrono::system_clock::time_point end;
  /// not_applied: no loss was seen, but the device's state is not what its events told.
  Error why;
};

enum class EventState : std::int32_t {
  attaching = 0,
  attached = 1,
  interrupted = 2,  ///< comes back by itself
  failed = 3,       ///< will not come back without help: `why` says what
  stopped = 4,
};

enum class EventRoute : std::int32_t {
  automatic = 0,  ///< the control session where it carries events, else the CGI stream, else asking
  rpc = 1,        ///< eventManager.attach on 37777 or DHIP
  cgi = 2,        ///< eventManager.cgi
  /// getEventIndexes, asked again and again (every `heartbeat`, at least 5 s): Start and Stop of states, nothing of what happens once,
  /// and no data. On automatic where the device has neither of the others.
  poll = 3,
};

struct EventOptions {
  std::vector<std::string> codes;  ///< "VideoMotion" …; empty, with empty groups: everything
  std::vector<EventGroup> groups;  ///< added to codes
  std::vector<int> channels;       ///< from 1; empty = all. Events without a channel always pass
  bool housekeeping = false;       ///< deliver group housekeeping without being asked for by code
  /// Pictures of events, where the device has them (CGI, one connection a channel, at most 16). An event waits up to 1.5 s for its
  /// picture; a picture without an event is told as a pulse of its code.
  bool pictures = false;
  EventRoute route = EventRoute::automatic;
  std::chrono::seconds heartbeat{
      5};  ///< of the CGI stream, 1 s to 60 s; silence of two periods is a lost stream
  /// A stream that lives but may be deaf is attached anew, and the device's state is read, after this long without any event; zero =
  /// never; at most a week. After a reboot or a change of the clock that the device announces: at once.
  std::chrono::minutes renew{60};
  std::size_t queue =
      1000;  ///< events that may wait for a slow handler, 16 to 100,000; more are dropped and counted
};

/// All optional. Worker thread; the calls of one subscription never overlap.
struct EventHandlers {
  std::function<void(const Event&)> on_event;
  std::function<void(const EventGap&)> on_gap;
  std::function<void(EventState, const Error& why)> on_state;
};

struct EventStats {
  EventState state = EventState::attaching;
  EventRoute route = EventRoute::automatic;
  std::uint64_t events = 0;    ///< delivered or waiting
  std::uint64_t dropped = 0;   ///< more than the handler could take: the oldest are dropped
  std::uint64_t filtered = 0;  ///< came but was not asked for
  std::uint64_t duplicates = 0;
  std::uint64_t malformed = 0;  ///< pieces of the stream that made no sense
  std::uint64_t attaches = 0;   ///< attempts
  std::uint64_t gaps = 0;
  std::uint64_t recovered = 0;
  std::uint64_t pictures = 0;      ///< events that came with a picture
  bool pictures_attached = false;  ///< the device sends pictures now; never without EventOptions::pictures
};

/// Move-only: destroying it ends the subscription. Any thread, also inside its handlers.
class EventSubscription {
 public:
  struct Impl;
  EventSubscription() = default;
  explicit EventSubscription(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
  EventSubscription(EventSubscription&&) noexcept = default;
  EventSubscription& operator=(EventSubscription&& other) noexcept;
  ~EventSubscription();
  explicit operator bool() const noexcept { return impl_ != nullptr; }

  /// on_state(stopped) is the last call.
  void stop();
  EventStats stats() const;

 private:
  std::shared_ptr<Impl> impl_;
};

/// Of a code, by table 9-1; `other` when unknown.
EventGroup event_group(std::string_view code) noexcept;
/// What the index of this code's events counts.
EventIndex event_index(std::string_view code) noexcept;
std::string_view name(EventGroup group) noexcept;
std::string_view name(EventIndex index) noexcept;
std::string_view name(EventAction action) noexcept;
std::string_view name(EventState state) noexcept;
std::string_view name(EventRoute route) noexcept;
/// "motion" … Errors: invalid_argument.
Result<EventGroup> parse_event_group(std::string_view name);

}  // namespace dmss
