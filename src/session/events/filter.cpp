#include "session/events/filter.hpp"

#include <algorithm>

#include "proto/events/event.hpp"
#include "proto/events/groups.hpp"

namespace dmss::session {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMaxListed = 256;
constexpr std::size_t kMaxAsked = 24;  // beyond this many codes devices refuse the list: everything, then
constexpr int kMaxChannel = 1024;
constexpr auto kLongestRenewal = std::chrono::minutes(7 * 24 * 60);

Error wrong(const char* what) {
  return Error(Errc::invalid_argument, what);
}

bool is_all(const std::string& code) {
  return code == "All";
}

bool is_code(const std::string& code) {
  const auto parsed = proto::events::parse_block("Code=" + code);
  return parsed && parsed->event.code == code && code.find_first_of("&,[]") == std::string::npos;
}

}  // namespace

Error check_options(const EventOptions& o) {
  if (o.codes.size() > kMaxListed || o.channels.size() > kMaxListed)
    return wrong("at most 256 codes and 256 channels can be listed");
  for (const std::string& code : o.codes) {
    if (!is_code(code)) return wrong("a code of events is one ASCII word");
  }
  for (const EventGroup group : o.groups) {
    if (group < EventGroup::other || group > EventGroup::housekeeping)
      return wrong("no such group of events");
  }
  for (const int channel : o.channels) {
    if (channel < 1 || channel > kMaxChannel) return wrong("channels are numbered from 1 to 1024");
  }
  if (o.route < EventRoute::automatic || o.route > EventRoute::poll) return wrong("no such route");
  if (o.heartbeat < 1s || o.heartbeat > 60s) return wrong("heartbeat is 1 s to 60 s");
  if (o.renew < 0min || o.renew > kLongestRenewal) return wrong("renew is at most a week");
  if (o.queue < 16 || o.queue > 100'000) return wrong("queue is 16 to 100,000 events");
  return {};
}

EventFilter::EventFilter(const EventOptions& o)
    : housekeeping_(o.housekeeping),
      codes_(o.codes.begin(), o.codes.end()),
      groups_(o.groups.begin(), o.groups.end()),
      channels_(o.channels.begin(), o.channels.end()) {
  everything_ = (codes_.empty() && groups_.empty()) || std::any_of(codes_.begin(), codes_.end(), is_all);
  if (housekeeping_) groups_.insert(EventGroup::housekeeping);
  // Nobody knows the codes of that group.
  if (everything_ || groups_.contains(EventGroup::other)) return;
  asked_ = codes_;
  for (const auto& [code, group] : proto::events::known_codes()) {
    if (groups_.contains(group)) asked_.emplace(code);
  }
  if (asked_.size() > kMaxAsked) asked_.clear();
}

bool EventFilter::wants_code(const std::string& code) const {
  if (codes_.contains(code)) return true;
  const EventGroup group = event_group(code);
  if (groups_.contains(group)) return true;
  return everything_ && group != EventGroup::housekeeping;
}

bool EventFilter::wants(const Event& event) const {
  if (!wants_code(event.code)) return false;
  const bool of_channel = event.index > 0 && event_index(event.code) == EventIndex::channel;
  return channels_.empty() || !of_channel || channels_.contains(event.index);
}

}  // namespace dmss::session
