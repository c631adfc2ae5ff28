// Logger: formats into a record and hands it to the engine's sink. Cheap to copy; a default one is silent.
#pragma once

#include <fmt/core.h>

#include <memory>
#include <string>

#include "dmss/log.hpp"

namespace dmss {

class LogHub;

class Logger {
 public:
  Logger() = default;
  Logger(std::shared_ptr<LogHub> hub, std::string scope) : hub_(std::move(hub)), scope_(std::move(scope)) {}

  /// The same sink under another scope.
  Logger scoped(std::string scope) const { return Logger(hub_, std::move(scope)); }
  const std::string& scope() const noexcept { return scope_; }
  bool enabled(LogLevel level) const noexcept;

  template <class... A>
  void trace(fmt::format_string<A...> f, A&&... a) const {
    write(LogLevel::trace, f, std::forward<A>(a)...);
  }
  template <class... A>
  void debug(fmt::format_string<A...> f, A&&... a) const {
    write(LogLevel::debug, f, std::forward<A>(a)...);
  }
  template <class... A>
  void info(fmt::format_string<A...> f, A&&... a) const {
    write(LogLevel::info, f, std::forward<A>(a)...);
  }
  template <class... A>
  void warning(fmt::format_string<A...> f, A&&... a) const {
    write(LogLevel::warning, f, std::forward<A>(a)...);
  }
  template <class... A>
  void error(fmt::format_string<A...> f, A&&... a) const {
    write(LogLevel::error, f, std::forward<A>(a)...);
  }

 private:
  template <class... A>
  void write(LogLevel level, fmt::format_string<A...> f, A&&... a) const {
    if (enabled(level)) emit(level, fmt::format(f, std::forward<A>(a)...));
  }
  void emit(LogLevel level, std::string text) const;

  std::shared_ptr<LogHub> hub_;
  std::string scope_;
};

/// One per engine. With an empty sink, records go to spdlog's stderr logger.
std::shared_ptr<LogHub> make_log_hub(LogLevel level, LogSink sink);
void set_level(LogHub& hub, LogLevel level);

}  // namespace dmss
