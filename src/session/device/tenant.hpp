// Tenant: something long-lived on a device's session besides live windows: a subscription, a running move, a watch. It keeps the session
// wanted and is closed with it.
#pragma once

#include <string_view>

#include "dmss/error.hpp"

namespace dmss::session {

/// Network thread.
class Tenant {
 public:
  virtual ~Tenant() = default;
  /// The device was closed (cancelled) or logged out (ok). The tenant has been removed already.
  virtual void close(const Error& why) = 0;
  /// The device's situation changed: online, lost, an attempt failed, new credentials.
  virtual void on_changed() {}
  /// A message the device sent by itself ("client.notify…").
  virtual void on_notification(std::string_view) {}
};

}  // namespace dmss::session
