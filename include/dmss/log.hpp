// The log of one engine: levels, records and where they go.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string_view>

namespace dmss {

enum class LogLevel : std::int32_t { trace, debug, info, warning, error, off };

/// Valid during the callback only.
struct LogRecord {
  LogLevel level;
  std::string_view scope;  ///< which object speaks, e.g. "device 192.0.2.10", "live 3/extra"
  std::string_view text;   ///< UTF-8, never contains a secret
  std::chrono::system_clock::time_point time;
};

/// Called from any thread, never concurrently for one engine. Must not block for long.
using LogSink = std::function<void(const LogRecord&)>;

}  // namespace dmss
