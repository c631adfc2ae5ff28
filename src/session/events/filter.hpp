// EventFilter: which events a subscription wants, and which codes that means for the device.
#pragma once

#include <set>
#include <string>

#include "dmss/events.hpp"

namespace dmss::session {

/// Errc::ok when every value is within its range; invalid_argument names the first that is not.
Error check_options(const EventOptions& options);

class EventFilter {
 public:
  explicit EventFilter(const EventOptions& options);

  bool wants(const Event& event) const;
  /// By code alone: whether the state of this code matters.
  bool wants_code(const std::string& code) const;
  /// What the device is to be asked for; empty = everything.
  const std::set<std::string>& codes() const { return asked_; }
  bool named(const std::string& code) const { return codes_.contains(code); }

 private:
  bool everything_ = false;
  bool housekeeping_ = false;
  std::set<std::string> codes_;
  std::set<EventGroup> groups_;
  std::set<int> channels_;
  std::set<std::string> asked_;
};

}  // namespace dmss::session
