// What an event does, as the tables say: the EventHandler of its row (protocol http-rpc.md §5.2).
#pragma once

#include <vector>

#include "recorder/event_hub.hpp"
#include "recorder/tables.hpp"

namespace dmss::recorder {

/// Null when there is no such row.
const Json* event_handler(const Tables& tables, const DeviceEvent& event);
/// A list of channels or outputs, from 0; what is no number is left out.
std::vector<int> linked(const Json& handler, const char* key);

/// Raises NewFile for each picture that an event's linkage takes.
class EventPictures {
 public:
  EventPictures(const Tables& tables, EventHub& events, const net::Clock& clock, const Profile& profile);

 private:
  void take(const DeviceEvent& event);

  const Tables& tables_;
  EventHub& events_;
  const net::Clock& clock_;
  const Profile& profile_;
};

}  // namespace dmss::recorder
