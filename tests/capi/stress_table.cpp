// A row for every exported function; the test checks that none is missing.
#include "capi/stress_rig.hpp"

namespace capi::stress {
namespace {

constexpr dmss_str kNone = {nullptr, 0};

dmss_str str(const char* s) {
  return dmss_str_from(s);
}

using Window = OwnHandle<dmss_live>;
using Device = OwnHandle<dmss_device>;
using Subscription = OwnHandle<dmss_events>;
using Watch = OwnHandle<dmss_config_watch>;
using Move = OwnHandle<dmss_ptz_move>;

/// A window with every callback set that ends itself in callback number `calls`.
std::shared_ptr<Window> open_window(Rig& r, int channel, int calls) {
  dmss_live_config c = DMSS_LIVE_CONFIG_INIT;
  c.channel = channel;
  c.on_frame = [](void* user, const dmss_frame*) { Window::called(user); };
  c.on_audio = [](void* user, const dmss_audio*) { Window::called(user); };
  c.on_packet = [](void* user, const dmss_packet*) { Window::called(user); };
  c.on_state = [](void* user, int32_t, const dmss_error*) { Window::called(user); };
  c.destroy = Window::destroyed;
  auto window = std::make_shared<Window>(r, dmss_live_destroy, calls);
  window->open([&](void* user, dmss_live** live) {
    c.user_data = user;
    return dmss_live_open(r.device, &c, live);
  });
  return window;
}

std::shared_ptr<Device> make_own_device(Rig& r, int calls) {
  dmss_device_config c = r.config();
  c.on_state = [](void* user, int32_t, const dmss_error*) { Device::called(user); };
  c.on_notification = [](void* user, dmss_str) { Device::called(user); };
  c.destroy = Device::destroyed;
  auto device = std::make_shared<Device>(r, dmss_device_destroy, calls);
  device->open([&](void* user, dmss_device** handle) {
    c.user_data = user;
    return dmss_device_create(r.engine, &c, handle);
  });
  return device;
}

void log_in(Rig& r, dmss_device* device) {
  r.request([&](void* u, dmss_destroy_fn d, dmss_operation** o) {
    return dmss_device_login(device, 0, 0, answered, u, d, o);
  });
}

std::shared_ptr<Subscription> subscribe(Rig& r, int calls) {
  dmss_events_config c = DMSS_EVENTS_CONFIG_INIT;
  c.on_event = [](void* user, const dmss_event*) { Subscription::called(user); };
  c.on_gap = [](void* user, int64_t, int64_t, const dmss_error*) { Subscription::called(user); };
  c.on_state = [](void* user, int32_t, const dmss_error*) { Subscription::called(user); };
  c.destroy = Subscription::destroyed;
  auto events = std::make_shared<Subscription>(r, dmss_events_destroy, calls);
  events->open([&](void* user, dmss_events** handle) {
    c.user_data = user;
    return dmss_events_open(r.device, &c, handle);
  });
  return events;
}

std::shared_ptr<Watch> watch(Rig& r, int calls) {
  auto watch = std::make_shared<Watch>(r, dmss_config_watch_destroy, calls);
  const auto on_change = [](void* user, dmss_str, dmss_str, dmss_str) { Watch::called(user); };
  watch->open([&](void* user, dmss_config_watch** handle) {
    const dmss_str names[] = {str("ChannelTitle"), str("General")};
    return dmss_config_watch_start(r.device, names, 2, 1000, on_change, user, Watch::destroyed, handle);
  });
  return watch;
}

std::shared_ptr<Move> move(Rig& r, int calls) {
  dmss_ptz_move_config c = DMSS_PTZ_MOVE_CONFIG_INIT;
  c.on_started = [](void* user, const dmss_error*) { Move::called(user); };
  c.on_stopped = [](void* user, const dmss_error*) { Move::called(user); };
  c.destroy = Move::destroyed;
  auto move = std::make_shared<Move>(r, dmss_ptz_move_destroy, calls);
  move->open([&](void* user, dmss_ptz_move** handle) {
    c.user_data = user;
    return dmss_ptz_move_start(r.device, &c, handle);
  });
  return move;
}

template <class Config>
using Set = int32_t (*)(dmss_device*, const Config*, dmss_config_set_fn, void*, dmss_destroy_fn,
                        dmss_operation**);
template <class Config>
using Get = int32_t (*)(dmss_device*, int32_t, void (*)(void*, const dmss_error*, const Config*), void*,
                        dmss_destroy_fn, dmss_operation**);

/// Writes what was read, in the callback that brings it.
template <class Config, Set<Config> set>
void write_back(void* user, const dmss_error*, const Config* value) {
  auto* ticket = static_cast<Ticket*>(user);
  const auto rig = ticket->rig.lock();
  if (rig && value != nullptr) {
    rig->keep(dmss_config_origin_retain(value->item.origin));
    rig->request([&](void* u, dmss_destroy_fn d, dmss_operation** o) {
      return set(rig->device, value, answered, u, d, o);
    });
  }
  ticket->tally.note([](Tally& t) { ++t.completed; });
}

template <class Config, Get<Config> get, Set<Config> set>
void read(Rig& r) {
  r.request([&](void* u, dmss_destroy_fn d, dmss_operation** o) {
    return get(r.device, 1, write_back<Config, set>, u, d, o);
  });
}

template <class Config, Set<Config> set>
void write_nothing_anywhere(Rig& r) {
  Config c{};
  c.item.struct_size = sizeof c;
  c.item.index = 1;
  r.request(
      [&](void* u, dmss_destroy_fn d, dmss_operation** o) { return set(r.offline, &c, answered, u, d, o); });
}

int32_t on_log_page(void*, const dmss_log_entry*, size_t) {
  return 1;
}
int32_t on_smart_page(void* user, const dmss_smart_entry*, size_t) {
  const auto rig = static_cast<Ticket*>(user)->rig.lock();
  if (rig) rig->call_from_callback();
  return 0;
}

// A request that takes the handle first and ends with user_data, destroy and operation.
#define REQUEST(function, ...)                                                        \
  {#function, [](Rig& r) {                                                            \
     r.request([&](void* user, dmss_destroy_fn destroy, dmss_operation** operation) { \
       return function(__VA_ARGS__, user, destroy, operation);                        \
     });                                                                              \
   }}
// A function that only answers.
#define PLAIN(function, ...)      \
  {#function, [](Rig& r) {        \
     (void)r;                     \
     (void)function(__VA_ARGS__); \
   }}
#define TABLE(name)                                                                           \
  {"dmss_" #name "_get", read<dmss_##name##_config, dmss_##name##_get, dmss_##name##_set>}, { \
    "dmss_" #name "_set", write_nothing_anywhere<dmss_##name##_config, dmss_##name##_set>     \
  }

const Row kRows[] = {
    PLAIN(dmss_abi_version),
    PLAIN(dmss_version),
    PLAIN(dmss_str_from, "text"),
    PLAIN(dmss_error_name, DMSS_E_LOCKED),
    PLAIN(dmss_error_description, DMSS_E_LOCKED),
    PLAIN(dmss_error_remedy, DMSS_E_LOCKED),
    PLAIN(dmss_feature_name, DMSS_FEATURE_PTZ),
    PLAIN(dmss_event_group_of, str("VideoMotion")),
    PLAIN(dmss_event_index_of, str("AlarmLocal")),
    PLAIN(dmss_event_group_name, DMSS_EVENT_MOTION),

    {"dmss_operation_cancel",
     [](Rig& r) {
       dmss_operation* operation = nullptr;
       Ticket* user = r.ticket();
       r.tally.note([](Tally& t) { ++t.started; });
       dmss_device_call(r.device, str("magicBox.getDeviceType"), kNone, 0, 0, answered, user, destroy_ticket,
                        &operation);
       dmss_operation_cancel(operation);
       dmss_operation_cancel(operation);
       dmss_operation_destroy(operation);
     }},
    PLAIN(dmss_operation_destroy, nullptr),

    {"dmss_engine_create",
     [](Rig&) {
       dmss_engine* engine = make_engine();
       dmss_engine_destroy(engine);
     }},
    {"dmss_engine_destroy",
     [](Rig& r) {
       dmss_engine* engine = make_engine();
       dmss_device_config c = r.config();
       dmss_device* device = make_device(engine, c);
       log_in(r, device);
       dmss_engine_destroy(engine);
       dmss_device_destroy(device);
     }},
    {"dmss_engine_set_log_level",
     [](Rig& r) {
       dmss_engine_set_log_level(r.engine, DMSS_LOG_DEBUG);
       dmss_engine_set_log_level(r.engine, DMSS_LOG_INFO);
     }},
    {"dmss_engine_get_stats",
     [](Rig& r) {
       dmss_engine_stats stats = DMSS_ENGINE_STATS_INIT;
       dmss_engine_get_stats(r.engine, &stats);
     }},

    {"dmss_device_create",
     [](Rig& r) {
       const auto device = make_own_device(r, 2);
       device->use([&](dmss_device* d) { log_in(r, d); });
     }},
    {"dmss_device_destroy",
     [](Rig& r) {
       const auto device = make_own_device(r, 0);
       device->use([&](dmss_device* d) { log_in(r, d); });
       device->give_back();
     }},
    {"dmss_device_login", [](Rig& r) { log_in(r, r.device); }},
    {"dmss_device_logout",
     [](Rig& r) {
       const auto device = make_own_device(r, 0);
       device->use([&](dmss_device* d) {
         log_in(r, d);
         dmss_device_logout(d);
         log_in(r, d);
       });
       device->give_back();
     }},
    PLAIN(dmss_device_set_credentials, r.device, str(RecorderProcess::kUser),
          str(RecorderProcess::kPassword)),
    REQUEST(dmss_device_call, r.device, str("magicBox.getDeviceType"), kNone, 0, 0, answered),
    REQUEST(dmss_device_snapshot, r.device, 2, 0, answered),
    {"dmss_device_get_stats",
     [](Rig& r) {
       dmss_device_stats stats = DMSS_DEVICE_STATS_INIT;
       dmss_device_get_stats(r.device, &stats);
     }},
    REQUEST(dmss_device_capabilities, r.device, 1, 1, answered),

    {"dmss_live_open", [](Rig& r) { open_window(r, 2, 3); }},
    {"dmss_live_destroy", [](Rig& r) { open_window(r, 3, 0)->give_back(); }},
    {"dmss_live_pause",
     [](Rig& r) {
       dmss_live_pause(r.live);
       dmss_live_resume(r.live);
     }},
    PLAIN(dmss_live_resume, r.live),
    {"dmss_live_mute",
     [](Rig& r) {
       dmss_live_mute(r.live, 1);
       dmss_live_mute(r.live, 0);
     }},
    {"dmss_live_switch_stream",
     [](Rig& r) {
       for (const int32_t stream : {DMSS_STREAM_MAIN, DMSS_STREAM_EXTRA}) {
         r.request([&](void* u, dmss_destroy_fn d, dmss_operation** o) {
           return dmss_live_switch_stream(r.live, stream, answered, u, d, o);
         });
       }
     }},
    REQUEST(dmss_live_snapshot, r.live, 10, answered),
    {"dmss_live_snapshot_burst",
     [](Rig& r) {
       const auto on_picture = [](void* user, int32_t, dmss_bytes) {
         if (const auto rig = static_cast<Ticket*>(user)->rig.lock()) rig->call_from_callback();
       };
       r.request([&](void* u, dmss_destroy_fn d, dmss_operation** o) {
         return dmss_live_snapshot_burst(r.live, 2, 10, 500, on_picture, answered, u, d, o);
       });
     }},
    {"dmss_live_stop",
     [](Rig& r) { open_window(r, 4, 1)->use([](dmss_live* live) { dmss_live_stop(live); }); }},
    {"dmss_live_get_stats",
     [](Rig& r) {
       dmss_live_stats stats = DMSS_LIVE_STATS_INIT;
       dmss_live_get_stats(r.live, &stats);
     }},
    {"dmss_frame_retain",
     [](Rig& r) {
       dmss_frame* frame = r.frame();
       if (frame != nullptr) dmss_frame_release(dmss_frame_retain(frame));
       dmss_frame_release(frame);
     }},
    {"dmss_frame_release", [](Rig& r) { dmss_frame_release(r.frame()); }},
    {"dmss_frame_get_info",
     [](Rig& r) {
       dmss_frame_info info = DMSS_FRAME_INFO_INIT;
       dmss_frame* frame = r.frame();
       dmss_frame_get_info(frame, &info);
       dmss_frame_release(frame);
     }},

    {"dmss_events_open", [](Rig& r) { subscribe(r, 2); }},
    {"dmss_events_destroy", [](Rig& r) { subscribe(r, 0)->give_back(); }},
    {"dmss_events_stop", [](Rig& r) { subscribe(r, 1)->use([](dmss_events* e) { dmss_events_stop(e); }); }},
    {"dmss_events_get_stats",
     [](Rig& r) {
       dmss_events_stats stats = DMSS_EVENTS_STATS_INIT;
       dmss_events_get_stats(r.events, &stats);
     }},

    TABLE(motion_detection),
    TABLE(smart_motion),
    TABLE(video_mask),
    TABLE(local_alarm),
    TABLE(network_alarm),
    TABLE(ipc_external_alarm),
    TABLE(ipc_offline_alarm),
    TABLE(pir_alarm),
    TABLE(alarm_output),
    TABLE(encode),
    TABLE(record_schedule),
    TABLE(record_mode),
    TABLE(channel_name),
    TABLE(image_color),
    TABLE(image_orientation),
    TABLE(general),
    TABLE(network),
    TABLE(time),
    TABLE(daylight_saving),
    {"dmss_config_origin_retain",
     read<dmss_channel_name_config, dmss_channel_name_get, dmss_channel_name_set>},
    {"dmss_config_origin_release", [](Rig& r) { r.keep(static_cast<dmss_config_origin*>(nullptr)); }},
    REQUEST(dmss_config_read, r.device, str("General"), 0, answered),
    {"dmss_config_write",
     [](Rig& r) {
       for (const char* json : {R"({"Name":"One"})", R"({"Name":"Other"})"}) {
         r.request([&](void* u, dmss_destroy_fn d, dmss_operation** o) {
           return dmss_config_write(r.device, str("ChannelTitle"), 5, str(json), kNone, answered, u, d, o);
         });
       }
     }},
    REQUEST(dmss_config_remove, r.device, str("NoSuchTable"), 0, answered),
    REQUEST(dmss_config_read_default, r.device, str("VideoColor"), 1, answered),
    REQUEST(dmss_config_list, r.device, answered),
    {"dmss_config_watch_start", [](Rig& r) { watch(r, 1); }},
    {"dmss_config_watch_destroy", [](Rig& r) { watch(r, 0)->give_back(); }},

    {"dmss_ptz_move_start", [](Rig& r) { move(r, 1); }},
    {"dmss_ptz_move_stop", [](Rig& r) { move(r, 2)->use([](dmss_ptz_move* m) { dmss_ptz_move_stop(m); }); }},
    {"dmss_ptz_move_destroy", [](Rig& r) { move(r, 0)->give_back(); }},
    REQUEST(dmss_ptz_command, r.device, 1, DMSS_PTZ_GOTO_PRESET, 1, 0, kNone, answered),
    REQUEST(dmss_ptz_presets, r.device, 1, answered),
    REQUEST(dmss_ptz_get_status, r.device, 1, answered),
    REQUEST(dmss_ptz_move_to, r.device, 1, 10, 10, 1, answered),
    REQUEST(dmss_ptz_move_by, r.device, 1, 0.1, 0.1, 0, answered),
    REQUEST(dmss_ptz_zoom_to, r.device, 1, 0.2, 0.2, 0.6, 0.6, answered),
    REQUEST(dmss_control, r.device, 1, DMSS_CONTROL_LIGHT, 1, answered),
    REQUEST(dmss_control_set_lens, r.device, 1, 0.5, 0.5, answered),
    REQUEST(dmss_control_get_status, r.device, 1, DMSS_STATUS_RECORDING, answered),

    REQUEST(dmss_admin_get_time, r.device, answered),
    REQUEST(dmss_admin_set_time, r.device, nullptr, answered),
    REQUEST(dmss_admin_online_users, r.device, answered),
    REQUEST(dmss_admin_disks, r.device, answered),
    {"dmss_admin_search_log",
     [](Rig& r) {
       dmss_log_query q = DMSS_LOG_QUERY_INIT;
       q.limit = 50;
       r.request([&](void* u, dmss_destroy_fn d, dmss_operation** o) {
         return dmss_admin_search_log(r.device, &q, on_log_page, answered, u, d, o);
       });
     }},
    {"dmss_admin_search_smart",
     [](Rig& r) {
       dmss_smart_query q = DMSS_SMART_QUERY_INIT;
       q.limit = 50;
       r.request([&](void* u, dmss_destroy_fn d, dmss_operation** o) {
         return dmss_admin_search_smart(r.device, &q, on_smart_page, answered, u, d, o);
       });
     }},
    REQUEST(dmss_admin_alarm_states, r.device, answered),
    REQUEST(dmss_admin_set_alarm_output, r.device, 1, DMSS_ALARM_OUTPUT_AUTOMATIC, answered),
    REQUEST(dmss_admin_set_network_alarm, r.device, 1, 1, answered),
    // These two would take the recorder away from the others.
    REQUEST(dmss_admin_change_password, r.offline, str("before"), str("after"), answered),
    REQUEST(dmss_admin_reboot, r.offline, answered),
};

}  // namespace

std::span<const Row> table() {
  return kRows;
}

}  // namespace capi::stress
