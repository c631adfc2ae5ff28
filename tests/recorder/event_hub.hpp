// EventHub: what happens at the device, and who is told of it: attachments of JSON-RPC sessions and CGI streams. It
// remembers what goes on, for getEventIndexes.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "proto/rpc/message.hpp"
#include "recorder/faults.hpp"
#include "recorder/sessions.hpp"

namespace dmss::recorder {

struct DeviceEvent {
  std::string code;
  std::string action;  // "Start", "Stop", "Pulse", "State"
  int index = 0;       // channel or input from 0; -1 = none
  Json data;           // null = none
};

/// Whether a list of codes holds this one, or "All".
bool holds_code(const std::vector<std::string>& codes, const std::string& code);
/// Of {"code","action","index","data"}.
DeviceEvent event_of(const Json& told);
/// "[VideoMotion,AlarmLocal]" or without brackets.
std::vector<std::string> split_codes(std::string_view list);

/// One who is told by other means than a JSON-RPC session.
class EventListener {
 public:
  virtual ~EventListener() = default;
  virtual std::string_view service() const = 0;
  virtual bool wants(const DeviceEvent& event) const = 0;
  virtual void tell(const DeviceEvent& event) = 0;
};

class EventHub {
 public:
  EventHub(Sessions& sessions, Faults& faults) : sessions_(sessions), faults_(faults) {}

  /// Remembers it and tells all who attached; the number of subscriptions it reached.
  int raise(const DeviceEvent& event);
  /// Raises Start or Stop when that is news.
  int hold(const std::string& code, int index, bool on, Json data = nullptr);
  /// Indexes at which this goes on.
  std::vector<int> active(const std::string& code) const;
  bool active(const std::string& code, int index) const { return active_.count({code, index}) != 0; }

  /// Called for each event, after those who attached: what it raises in turn comes behind it.
  void observe(std::function<void(const DeviceEvent&)> observer) {
    observers_.push_back(std::move(observer));
  }
  void add(const std::shared_ptr<EventListener>& listener) { listeners_.push_back(listener); }
  void remove(const EventListener* listener);
  /// Attachments and streams.
  std::size_t subscriptions() const;
  /// As after a restart: what went on is over, and nobody hears of it.
  void forget() { active_.clear(); }
  Json to_json() const;

  /// Why an attachment to these codes is refused, with status and body of the CGI answer; nullopt = it is not.
  struct Refusal {
    int status;
    std::string body;
    std::int64_t code;
    std::string message;
  };
  std::optional<Refusal> refuses(std::string_view service, const std::vector<std::string>& codes);

 private:
  bool lost(std::string_view service, const DeviceEvent& event);
  int tell_sessions(const DeviceEvent& event);
  int tell_listeners(const DeviceEvent& event);

  Sessions& sessions_;
  Faults& faults_;
  std::set<std::pair<std::string, int>> active_;
  std::vector<std::function<void(const DeviceEvent&)>> observers_;
  std::vector<std::weak_ptr<EventListener>> listeners_;
  std::uint64_t raised_ = 0;
};

}  // namespace dmss::recorder
