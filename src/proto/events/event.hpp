// One event as devices tell it: a member of "eventList" in JSON, or a text block of the CGI stream (protocol http-rpc.md §11, §8).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dmss/events.hpp"
#include "proto/rpc/message.hpp"

namespace dmss::proto::events {

inline constexpr std::size_t kMaxEventBytes = 1u << 20;  ///< of the data of one event
inline constexpr std::size_t kMaxEventsInMessage = 256;
inline constexpr std::size_t kMaxObjects = 64;
inline constexpr std::size_t kMaxCodeBytes = 128;
inline constexpr std::size_t kMaxActionBytes = 64;
inline constexpr std::size_t kMaxNameBytes = 256;
inline constexpr int kMaxIndex = 65535;

/// An event as it came, and what only the receiver's bookkeeping needs.
struct WireEvent {
  Event event;                ///< `received` and `recovered` are not set
  std::int64_t event_id = 0;  ///< Data.EventID, 0 = none
  bool damaged = false;       ///< it had data that made no sense; they were left out
};

/// {"Action","Code","Data","Index"}. Errors: malformed (no object, no code).
Result<WireEvent> parse_event(const rpc::Json& value);
rpc::Json to_json(const Event& event);

/// "Code=VideoMotion;action=Start;index=0;data={…}": data go to the end, unknown pairs are skipped, the index may be missing.
/// Errors: malformed (no code), too_large.
Result<WireEvent> parse_block(std::string_view text);
/// As devices write it, the data laid out over several lines; without line end.
std::string write_block(const Event& event);

/// "client.notifyEventStream".
struct EventNotification {
  std::optional<std::int64_t> sid;
  std::optional<std::int64_t> callback;  ///< the "proc" of an attachment made with an instance
  std::int64_t id = 0;                   ///< of the attach request, where the device repeats it
  std::vector<WireEvent> events;
  std::size_t malformed = 0;  ///< members of the list that were no events
  std::size_t bytes = 0;      ///< of the message
};
/// nullopt when it is another message.
std::optional<EventNotification> parse_notification(std::string_view json);

EventAction parse_action(std::string_view text) noexcept;

}  // namespace dmss::proto::events
