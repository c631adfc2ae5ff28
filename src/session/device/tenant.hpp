// Tenant: something long-lived on a device's session besides live windows: a subscription, a running move, a watch. It keeps the session
// wanted and is closed with it.
#pragma once

#include <memory>
#include <string_view>

#include "dmss/error.hpp"
#include "session/context.hpp"

namespace dmss::session {

class Commands;

/// Network thread.
class Tenant {
 public:
  virtual ~Tenant() = default;
  /// The device was closed (cancelled) or logged out (ok). The tenant has been removed already.
  virtual void close(const Error& why) = 0;
  /// After close(), while the device can still be reached: what must be said before the session logs out. `commands` ends after a second, and
  /// so must this.
  virtual awaitable<void> last_words(std::shared_ptr<Commands>) { co_return; }
  /// After close(), in place of last_words(): there is no session in which they could be said.
  virtual void unheard() {}
  /// The caller has dropped its last Device. A tenant that stays keeps the session open.
  virtual void on_handle_released() {}
  /// The device's situation changed: online, lost, an attempt failed, new credentials.
  virtual void on_changed() {}
  /// A message the device sent by itself ("client.notify…").
  virtual void on_notification(std::string_view) {}
};

}  // namespace dmss::session
