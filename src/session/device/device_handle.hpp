// DeviceHandle: what the copies of a public Device and its facets share; the last one to go releases the session.
#pragma once

#include "session/config/table_locks.hpp"
#include "session/device/device_session.hpp"

namespace dmss::session {

struct DeviceHandle {
  explicit DeviceHandle(std::shared_ptr<DeviceSession> s) : session(std::move(s)) {}
  ~DeviceHandle() {
    session->core()->post([s = session] { s->release_handle(); });
  }
  DeviceHandle(const DeviceHandle&) = delete;
  DeviceHandle& operator=(const DeviceHandle&) = delete;

  /// Runs f(session) on the network thread; false after the engine has ended.
  template <class F>
  bool post(F&& f) const {
    return session->core()->post([s = session, f = std::forward<F>(f)]() mutable { f(*s); });
  }

  const std::shared_ptr<DeviceSession> session;
  const std::shared_ptr<TableLocks> table_locks = std::make_shared<TableLocks>();  ///< network thread
};

}  // namespace dmss::session
