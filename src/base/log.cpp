#include "base/log.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <mutex>

namespace dmss {
namespace {

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::trace: return spdlog::level::trace;
    case LogLevel::debug: return spdlog::level::debug;
    case LogLevel::info: return spdlog::level::info;
    case LogLevel::warning: return spdlog::level::warn;
    case LogLevel::error: return spdlog::level::err;
    case LogLevel::off: break;
  }
  return spdlog::level::off;
}

LogSink stderr_sink() {
  auto logger =
      std::make_shared<spdlog::logger>("dmss", std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
  logger->set_level(spdlog::level::trace);
  logger->set_pattern("%H:%M:%S.%e %^%l%$ %v");
  return [logger](const LogRecord& r) {
    logger->log(r.time, {}, to_spdlog(r.level), fmt::format("[{}] {}", r.scope, r.text));
  };
}

}  // namespace

class LogHub {
 public:
  LogHub(LogLevel level, LogSink sink) : level_(level), sink_(std::move(sink)) {}

  bool enabled(LogLevel level) const noexcept { return level >= level_.load(std::memory_order_relaxed); }
  void set_level(LogLevel level) noexcept { level_.store(level, std::memory_order_relaxed); }
  void emit(const LogRecord& record) {
    std::lock_guard lock(mutex_);
    sink_(record);
  }

 private:
  std::atomic<LogLevel> level_;
  std::recursive_mutex mutex_;  // a sink may call into the SDK, which may log
  LogSink sink_;
};

bool Logger::enabled(LogLevel level) const noexcept {
  return hub_ && hub_->enabled(level);
}

void Logger::emit(LogLevel level, std::string text) const {
  hub_->emit(LogRecord{level, scope_, text, std::chrono::system_clock::now()});
}

std::shared_ptr<LogHub> make_log_hub(LogLevel level, LogSink sink) {
  return std::make_shared<LogHub>(level, sink ? std::move(sink) : stderr_sink());
}

void set_level(LogHub& hub, LogLevel level) {
  hub.set_level(level);
}

}  // namespace dmss
