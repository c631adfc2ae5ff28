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

  /// What worked where devices differ ("coaxial channel base"); nullopt = not tried yet.
  std::optional<int> habit(const std::string& name) const;
  void learn(const std::string& name, int value) { habits_.insert_or_assign(name, value); }

 private:
  std::map<int, Capabilities> probed_;
  std::map<std::pair<int, std::string>, Error> refusals_;
  std::map<std::string, int> habits_;
};

/// HTTP 403, "no authority", "method not found" and "interface not found": the same question gets the same answer.
bool is_final_refusal(const Error& error);

}  // namespace dmss::session
