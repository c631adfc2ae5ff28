// Event subscriptions.
#include "convert.hpp"
#include "views.hpp"

using namespace dmss;
using namespace dmss::c;

struct dmss_events {
  EventSubscription subscription;
};

namespace {

constexpr std::size_t kMaxFilters = 4096;

int64_t microseconds(std::chrono::system_clock::time_point t) {
  return std::chrono::duration_cast<std::chrono::microseconds>(t.time_since_epoch()).count();
}

void give_event(dmss_event_fn on_event, void* user_data, const Event& e) {
  std::vector<dmss_event_object> objects;
  for (const EventObject& o : e.objects) {
    objects.push_back({sizeof(dmss_event_object), 0, o.box.left, o.box.top, o.box.right, o.box.bottom,
                       o.confidence.value_or(-1), view(o.type)});
  }
  dmss_event out{};
  out.struct_size = sizeof(out);
  out.group = static_cast<int32_t>(e.group);
  out.action = static_cast<int32_t>(e.action);
  out.index = e.index;
  out.code = view(e.code);
  out.action_text = view(e.action_text);
  out.device_time_us = e.device_time ? microseconds(*e.device_time) : -1;
  out.received_us = microseconds(e.received);
  out.device_local_time = view(e.device_local_time);
  out.name = view(e.name);
  out.data = view(e.data);
  out.picture = {e.picture.data(), e.picture.size()};
  out.objects = objects.data();
  out.object_count = objects.size();
  out.recovered = e.recovered ? 1 : 0;
  on_event(user_data, &out);
}

bool valid(const dmss_events_config& c) {
  const auto numbers = [](const int32_t* data, std::size_t count) {
    return count <= kMaxFilters && (data != nullptr || count == 0);
  };
  return c.route >= DMSS_EVENT_ROUTE_AUTO && c.route <= DMSS_EVENT_ROUTE_POLL &&
         c.code_count <= kMaxFilters && sound(c.codes, c.code_count) && numbers(c.groups, c.group_count) &&
         numbers(c.channels, c.channel_count) && c.heartbeat_s >= 1 && c.heartbeat_s <= 60 && c.queue >= 16 &&
         c.queue <= 100000;
}

EventOptions to_options(const dmss_events_config& c) {
  EventOptions o;
  o.codes = copy(c.codes, c.code_count);
  for (std::size_t i = 0; i < c.group_count; ++i) o.groups.push_back(static_cast<EventGroup>(c.groups[i]));
  o.channels.assign(c.channels, c.channels + c.channel_count);
  o.housekeeping = c.housekeeping != 0;
  o.pictures = c.pictures != 0;
  o.route = static_cast<EventRoute>(c.route);
  o.heartbeat = std::chrono::seconds(c.heartbeat_s);
  o.renew = std::chrono::minutes(c.renew_min);
  o.queue = c.queue;
  return o;
}

}  // namespace

extern "C" {

int32_t dmss_events_open(dmss_device* device, const dmss_events_config* config, dmss_events** events) {
  if (events == nullptr) return DMSS_E_INVALID_ARGUMENT;
  *events = nullptr;
  if (device == nullptr || config == nullptr || !has_size(config)) return DMSS_E_INVALID_ARGUMENT;
  const dmss_events_config defaults = DMSS_EVENTS_CONFIG_INIT;
  const dmss_events_config c = read_struct(config, defaults);
  if (!valid(c)) return DMSS_E_INVALID_ARGUMENT;
  return guarded_with(c.user_data, c.destroy, [&](const SharedUserData& user) {
    EventHandlers h;
    // This one keeps the user data also when no function is set.
    h.on_state = [user, f = c.on_state](EventState state, const Error& why) {
      if (f != nullptr) f(user->get(), static_cast<int32_t>(state), ErrorView(why).get());
    };
    if (c.on_event != nullptr)
      h.on_event = [user, f = c.on_event](const Event& e) { give_event(f, user->get(), e); };
    if (c.on_gap != nullptr) {
      h.on_gap = [user, f = c.on_gap](const EventGap& g) {
        f(user->get(), microseconds(g.begin), microseconds(g.end), ErrorView(g.why).get());
      };
    }
    auto handle = std::make_unique<dmss_events>();
    handle->subscription = device->device.events(to_options(c), std::move(h));
    *events = handle.release();
    return DMSS_OK;
  });
}

int32_t dmss_events_stop(dmss_events* events) {
  if (events == nullptr) return DMSS_E_INVALID_ARGUMENT;
  return guarded([&] {
    events->subscription.stop();
    return DMSS_OK;
  });
}

void dmss_events_destroy(dmss_events* events) {
  delete events;
}

int32_t dmss_events_get_stats(dmss_events* events, dmss_events_stats* stats) {
  if (events == nullptr || stats == nullptr || !has_size(stats)) return DMSS_E_INVALID_ARGUMENT;
  return guarded([&] {
    const EventStats s = events->subscription.stats();
    write_struct(stats, dmss_events_stats{0, static_cast<int32_t>(s.state), static_cast<int32_t>(s.route), 0,
                                          s.events, s.dropped, s.filtered, s.duplicates, s.malformed,
                                          s.attaches, s.gaps, s.recovered, s.pictures,
                                          s.pictures_attached ? std::uint64_t{1} : std::uint64_t{0}});
    return DMSS_OK;
  });
}

int32_t dmss_event_group_of(dmss_str code) {
  return static_cast<int32_t>(event_group(text(code)));
}

int32_t dmss_event_index_of(dmss_str code) {
  return static_cast<int32_t>(event_index(text(code)));
}

dmss_str dmss_event_group_name(int32_t group) {
  return view(name(static_cast<EventGroup>(group)));
}

}  // extern "C"
