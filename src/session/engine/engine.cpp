#include "dmss/engine.hpp"

#include "dmss/version.hpp"
#include "session/device/device_session.hpp"
#include "session/engine/completion.hpp"
#include "session/engine/engine_core.hpp"

namespace dmss {

struct Engine::Impl {
  explicit Impl(std::shared_ptr<session::EngineCore> c) : core(std::move(c)) {}
  ~Impl() {
    core->shutdown();
    core->join();
  }
  std::shared_ptr<session::EngineCore> core;
};

Engine::Engine(EngineOptions options) : impl_(std::make_shared<Impl>(session::EngineCore::start(options))) {}
Engine::~Engine() = default;
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;

Device Engine::device(DeviceOptions options, DeviceHandlers handlers) {
  return session::make_device(impl_->core, std::move(options), std::move(handlers));
}

EngineStats Engine::stats() const {
  return impl_->core->stats();
}
void Engine::set_log_level(LogLevel level) {
  impl_->core->set_log_level(level);
}

void Operation::cancel() {
  if (impl_) impl_->cancel();
}

const char* version() noexcept {
  return DMSS_VERSION_STRING;
}

}  // namespace dmss
