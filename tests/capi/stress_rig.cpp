#include "capi/stress_rig.hpp"

namespace capi::stress {
namespace {

constexpr int kWalksInCallbacks = 3;

/// Callbacks of the rig's own objects.
std::shared_ptr<Rig> rig_of(void* user) {
  return static_cast<Ticket*>(user)->rig.lock();
}

void on_frame(void* user, const dmss_frame* frame) {
  const auto rig = rig_of(user);
  if (!rig) return;
  rig->keep(frame);
  rig->tally.note([](Tally& t) { ++t.frames; });
  rig->call_from_callback();
}
void on_audio(void* user, const dmss_audio*) {
  const auto rig = rig_of(user);
  if (!rig) return;
  rig->tally.note([](Tally& t) { ++t.audio; });
  rig->call_from_callback();
}
void on_packet(void* user, const dmss_packet*) {
  const auto rig = rig_of(user);
  if (!rig) return;
  rig->tally.note([](Tally& t) { ++t.packets; });
  rig->call_from_callback();
}
void on_state(void* user, int32_t, const dmss_error*) {
  const auto rig = rig_of(user);
  if (!rig) return;
  rig->tally.note([](Tally& t) { ++t.states; });
  rig->call_from_callback();
}
void on_event(void* user, const dmss_event*) {
  if (const auto rig = rig_of(user)) rig->call_from_callback();
}
void on_log(void* user, int32_t, dmss_str, dmss_str) {
  static_cast<Ticket*>(user)->tally.note([](Tally& t) { ++t.lines; });
}
void on_notification(void* user, dmss_str) {
  if (const auto rig = rig_of(user)) rig->call_from_callback();
}

}  // namespace

std::shared_ptr<Rig> Rig::make(Tally& tally, const RecorderProcess& recorder) {
  auto rig = std::make_shared<Rig>(tally);
  dmss_engine_config engine = DMSS_ENGINE_CONFIG_INIT;
  engine.log_level = DMSS_LOG_INFO;
  engine.on_log = on_log;
  engine.user_data = rig->ticket();
  engine.destroy = destroy_ticket;
  if (dmss_engine_create(&engine, &rig->engine) != DMSS_OK) throw std::runtime_error("no engine");

  rig->config_ = device_config(recorder);
  dmss_device_config device = rig->config_;
  device.on_state = on_state;
  device.on_notification = on_notification;
  device.user_data = rig->ticket();
  device.destroy = destroy_ticket;
  rig->device = make_device(rig->engine, device);
  dmss_device_config offline = rig->config_;
  offline.port = offline.http_port = offline.https_port = offline.dhip_port = offline.rtsp_port =
      offline.rtsps_port = 0;
  rig->offline = make_device(rig->engine, offline);

  dmss_live_config live = DMSS_LIVE_CONFIG_INIT;
  live.on_frame = on_frame;
  live.on_audio = on_audio;
  live.on_packet = on_packet;
  live.on_state = on_state;
  live.user_data = rig->ticket();
  live.destroy = destroy_ticket;
  if (dmss_live_open(rig->device, &live, &rig->live) != DMSS_OK) throw std::runtime_error("no window");

  dmss_events_config events = DMSS_EVENTS_CONFIG_INIT;
  events.on_event = on_event;
  events.on_state = on_state;
  events.user_data = rig->ticket();
  events.destroy = destroy_ticket;
  if (dmss_events_open(rig->device, &events, &rig->events) != DMSS_OK) throw std::runtime_error("no events");
  return rig;
}

Rig::~Rig() {
  dmss_frame_release(frame_);
  dmss_config_origin_release(origin_);
  dmss_events_destroy(events);
  dmss_device_destroy(device);
  dmss_live_destroy(live);
  dmss_engine_destroy(engine);
  dmss_device_destroy(offline);
}

void Rig::call_from_callback() {
  const auto rows = table();
  const auto n = static_cast<std::size_t>(next_.load());
  if (n >= kWalksInCallbacks * rows.size()) return;
  rows[static_cast<std::size_t>(next_++) % rows.size()].call(*this);
  tally.note([](Tally&) {});
}

dmss_frame* Rig::frame() {
  std::lock_guard lock(mutex_);
  return dmss_frame_retain(frame_);
}

void Rig::keep(const dmss_frame* frame) {
  dmss_frame* kept = dmss_frame_retain(frame);
  {
    std::lock_guard lock(mutex_);
    std::swap(kept, frame_);
  }
  dmss_frame_release(kept);
}

void Rig::keep(dmss_config_origin* origin) {
  {
    std::lock_guard lock(mutex_);
    std::swap(origin, origin_);
  }
  dmss_config_origin_release(origin);
}

}  // namespace capi::stress
