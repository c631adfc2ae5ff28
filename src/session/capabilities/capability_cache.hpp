// CapabilityCache: what was found out about a device since its latest login.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "dmss/capabilities.hpp"
#include "dmss/error.hpp"

namespace dmss::session {

/// Network thread.
class CapabilityCache {
 public:
  /// nullptr = not probed yet. channel 0 = the device.
  const Capabilities* find(int channel) const;
  const Capabilities& put(Capabilities capabilities);
  void forget(int channel) { probed_.erase(channel); }

  /// Refusals for good (protocol http-rpc.md §2.4): a control that a channel lacks is not tried again.
  std::optional<Error> refused(int channel, const std::string& control) const;
  /// Remembers `error` if it is one of those; others leave no trace.
  void remember(int channel, const std::string& control, const Error& error);

  /// Which table this firmware has for a purpose that has several names; empty = none of them. nullptr = not tried yet.
  const std::string* table(const std::string& purpose) const;
  void remember_table(const std::string& purpose, std::string table) { tables_[purpose] = std::move(table); }

 private:
  std::map<int, Capabilities> probed_;
  std::map<std::pair<int, std::string>, Error> refusals_;
  std::map<std::string, std::string> tables_;
};

/// HTTP 403, "no authority", "method not found" and "interface not found": the same question gets the same answer.
bool is_final_refusal(const Error& error);

}  // namespace dmss::session
