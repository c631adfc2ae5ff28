// Engine: owns the threads on which everything runs. Make one, or as many as you like; they share nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "dmss/device.hpp"
#include "dmss/log.hpp"
#include "dmss/tls.hpp"

namespace dmss {

struct EngineOptions {
  LogLevel log_level = LogLevel::warning;
  /// Empty: standard error.
  LogSink log_sink;
  /// Threads for decoding and callbacks; 0 = one per processor core; at most 256. Handlers that block while something else waits are
  /// made up for by up to 64 more (docs/threading.md).
  int workers = 0;
  /// Certificates trusted on first use are kept in this file (PEM-less text, one "endpoint fingerprint" a line);
  /// empty = in memory, for this engine only.
  std::string trust_file;
  /// Let go of as the last thing, when the engine's threads are done and nothing of it is left: tells whoever destroyed an engine inside
  /// one of its callbacks that the process may end or unload the library. May be null.
  std::shared_ptr<void> held;
};

struct EngineStats {
  std::uint64_t devices = 0;    ///< device objects alive
  std::uint64_t lives = 0;      ///< live windows alive
  std::uint64_t upstreams = 0;  ///< media connections to devices
  std::uint64_t threads =
      0;  ///< threads this engine runs: the network's, the workers, those lent for handlers that block
};

/// All functions may be called from any thread, also inside a callback.
class Engine {
 public:
  explicit Engine(EngineOptions options = {});
  /// Cancels everything; every pending handler is called with Errc::cancelled. Waits for the engine's threads to end, except when
  /// called inside one of its callbacks: then it returns at once and the threads end after that callback. Devices and lives that
  /// outlive the engine stay valid objects on which every operation completes with Errc::cancelled.
  ~Engine();
  Engine(Engine&&) noexcept;
  Engine& operator=(Engine&&) noexcept;

  /// No connection is made before something asks for one (Device::login, Device::open_live …).
  Device device(DeviceOptions options, DeviceHandlers handlers = {});

  EngineStats stats() const;
  void set_log_level(LogLevel level);

  struct Impl;

 private:
  std::shared_ptr<Impl> impl_;
};

}  // namespace dmss
