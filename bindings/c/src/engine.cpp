#include "convert.hpp"

using namespace dmss;
using namespace dmss::c;

extern "C" {

int32_t dmss_engine_create(const dmss_engine_config* config, dmss_engine** engine) {
  if (engine == nullptr) return DMSS_E_INVALID_ARGUMENT;
  *engine = nullptr;
  if (config != nullptr && !has_size(config)) return DMSS_E_INVALID_ARGUMENT;
  const dmss_engine_config defaults = DMSS_ENGINE_CONFIG_INIT;
  const dmss_engine_config c = config != nullptr ? read_struct(config, defaults) : defaults;
  const bool known_level = c.log_level >= DMSS_LOG_TRACE && c.log_level <= DMSS_LOG_OFF;
  if (!known_level || c.workers < 0 || c.workers > 256 || !sound(c.trust_file))
    return DMSS_E_INVALID_ARGUMENT;
  return guarded_with(c.user_data, c.destroy, [&](const SharedUserData& user) {
    EngineOptions o;
    o.log_level = static_cast<LogLevel>(c.log_level);
    o.workers = c.workers;
    o.trust_file = copy(c.trust_file);
    if (c.on_log != nullptr) {
      o.log_sink = [user, on_log = c.on_log](const LogRecord& r) {
        on_log(user->get(), static_cast<int32_t>(r.level), view(r.scope), view(r.text));
      };
    }
    o.held = user;
    *engine = new dmss_engine{Engine(std::move(o))};
    return DMSS_OK;
  });
}

void dmss_engine_destroy(dmss_engine* engine) {
  delete engine;
}

int32_t dmss_engine_set_log_level(dmss_engine* engine, int32_t level) {
  if (engine == nullptr || level < DMSS_LOG_TRACE || level > DMSS_LOG_OFF) return DMSS_E_INVALID_ARGUMENT;
  engine->engine.set_log_level(static_cast<LogLevel>(level));
  return DMSS_OK;
}

int32_t dmss_engine_get_stats(dmss_engine* engine, dmss_engine_stats* stats) {
  if (engine == nullptr || stats == nullptr || !has_size(stats)) return DMSS_E_INVALID_ARGUMENT;
  return guarded([&] {
    const EngineStats s = engine->engine.stats();
    write_struct(stats, dmss_engine_stats{0, 0, s.devices, s.lives, s.upstreams, s.threads});
    return DMSS_OK;
  });
}

}  // extern "C"
