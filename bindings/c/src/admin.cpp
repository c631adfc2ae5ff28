// The device's own affairs: time, users, log, disks, alarm inputs and outputs, password, reboot.
#include "convert.hpp"
#include "views.hpp"

using namespace dmss;
using namespace dmss::c;

namespace {

constexpr std::size_t kMaxSmartChannels = 1024;

DeviceTime to_time(const dmss_device_time& t) {
  return {t.year, t.month, t.day, t.hour, t.minute, t.second};
}
dmss_device_time from_time(const DeviceTime& t) {
  return {t.year, t.month, t.day, t.hour, t.minute, t.second};
}

/// A request whose answer is a list: row(item) makes the C struct, which may point into the item.
template <class Row, class Item, class Fn, class Begin, class Make>
int32_t list_request(void* user_data, dmss_destroy_fn destroy, dmss_operation** operation, Fn done, Make row,
                     Begin begin) {
  return guarded_with(user_data, destroy, [&](const SharedUserData& user) {
    auto handler = [user, done, row](const Result<std::vector<Item>>& r) {
      std::vector<Row> rows;
      if (r) {
        for (const Item& item : *r) rows.push_back(row(item));
      }
      done(user->get(), ErrorView(r.error()).get(), rows.data(), rows.size());
    };
    start(operation, [&] { return begin(std::move(handler)); });
    return DMSS_OK;
  });
}

std::vector<std::uint8_t> as_octets(const std::vector<bool>& bits) {
  return {bits.begin(), bits.end()};
}

}  // namespace

extern "C" {

int32_t dmss_admin_get_time(dmss_device* device, dmss_device_time_fn done, void* user_data,
                            dmss_destroy_fn destroy, dmss_operation** operation) {
  if (device == nullptr || done == nullptr) return DMSS_E_INVALID_ARGUMENT;
  return guarded_with(user_data, destroy, [&](const SharedUserData& user) {
    auto handler = [user, done](const Result<DeviceTime>& r) {
      const dmss_device_time t = r ? from_time(*r) : dmss_device_time{};
      done(user->get(), ErrorView(r.error()).get(), r ? &t : nullptr);
    };
    start(operation, [&] { return device->device.admin().time(std::move(handler)); });
    return DMSS_OK;
  });
}

int32_t dmss_admin_set_time(dmss_device* device, const dmss_device_time* time, dmss_done_fn done,
                            void* user_data, dmss_destroy_fn destroy, dmss_operation** operation) {
  if (device == nullptr || (time != nullptr && !to_time(*time).valid())) return DMSS_E_INVALID_ARGUMENT;
  return request(user_data, destroy, operation, done, [&](auto handler) {
    Admin admin = device->device.admin();
    return time != nullptr ? admin.set_time(to_time(*time), std::move(handler))
                           : admin.sync_time(std::move(handler));
  });
}

int32_t dmss_admin_online_users(dmss_device* device, dmss_online_users_fn done, void* user_data,
                                dmss_destroy_fn destroy, dmss_operation** operation) {
  if (device == nullptr || done == nullptr) return DMSS_E_INVALID_ARGUMENT;
  const auto row = [](const OnlineUser& u) {
    return dmss_online_user{
        sizeof(dmss_online_user), 0, u.id, view(u.name), view(u.group), view(u.address), view(u.client_type),
        view(u.login_time)};
  };
  return list_request<dmss_online_user, OnlineUser>(
      user_data, destroy, operation, done, row,
      [&](auto handler) { return device->device.admin().online_users(std::move(handler)); });
}

int32_t dmss_admin_disks(dmss_device* device, dmss_disks_fn done, void* user_data, dmss_destroy_fn destroy,
                         dmss_operation** operation) {
  if (device == nullptr || done == nullptr) return DMSS_E_INVALID_ARGUMENT;
  const auto row = [](const Disk& d) {
    return dmss_disk{sizeof(dmss_disk), d.healthy ? 1 : 0, view(d.name), view(d.state), d.total, d.free};
  };
  return list_request<dmss_disk, Disk>(user_data, destroy, operation, done, row, [&](auto handler) {
    return device->device.admin().disks(std::move(handler));
  });
}

int32_t dmss_admin_search_log(dmss_device* device, const dmss_log_query* query, dmss_log_page_fn on_page,
                              dmss_done_fn done, void* user_data, dmss_destroy_fn destroy,
                              dmss_operation** operation) {
  if (device == nullptr || query == nullptr || !has_size(query) || on_page == nullptr || done == nullptr)
    return DMSS_E_INVALID_ARGUMENT;
  const dmss_log_query defaults = DMSS_LOG_QUERY_INIT;
  const dmss_log_query q = read_struct(query, defaults);
  if (!sound(q.types, q.type_count) || q.limit < 1 || !to_time(q.begin).valid() || !to_time(q.end).valid())
    return DMSS_E_INVALID_ARGUMENT;
  return guarded_with(user_data, destroy, [&](const SharedUserData& user) {
    LogQuery search;
    search.begin = to_time(q.begin);
    search.end = to_time(q.end);
    search.types = copy(q.types, q.type_count);
    search.limit = q.limit;
    search.newest_first = q.newest_first != 0;
    auto page = [user, on_page](const std::vector<LogEntry>& entries) {
      std::vector<dmss_log_entry> rows;
      for (const LogEntry& e : entries)
        rows.push_back({sizeof(dmss_log_entry), 0, view(e.time), view(e.type), view(e.user), view(e.json)});
      return on_page(user->get(), rows.data(), rows.size()) != 0;
    };
    auto handler = done_handler(user, done);
    start(operation, [&] {
      return device->device.admin().search_log(std::move(search), std::move(page), std::move(handler));
    });
    return DMSS_OK;
  });
}

int32_t dmss_admin_search_smart(dmss_device* device, const dmss_smart_query* query,
                                dmss_smart_page_fn on_page, dmss_done_fn done, void* user_data,
                                dmss_destroy_fn destroy, dmss_operation** operation) {
  if (device == nullptr || query == nullptr || !has_size(query) || on_page == nullptr || done == nullptr)
    return DMSS_E_INVALID_ARGUMENT;
  const dmss_smart_query defaults = DMSS_SMART_QUERY_INIT;
  const dmss_smart_query q = read_struct(query, defaults);
  if ((q.channels == nullptr && q.channel_count > 0) || q.channel_count > kMaxSmartChannels || q.limit < 1 ||
      (q.human == 0 && q.vehicle == 0) || !to_time(q.begin).valid() || !to_time(q.end).valid())
    return DMSS_E_INVALID_ARGUMENT;
  return guarded_with(user_data, destroy, [&](const SharedUserData& user) {
    SmartQuery search;
    search.begin = to_time(q.begin);
    search.end = to_time(q.end);
    if (q.channel_count > 0) search.channels.assign(q.channels, q.channels + q.channel_count);
    search.human = q.human != 0;
    search.vehicle = q.vehicle != 0;
    search.limit = q.limit;
    auto page = [user, on_page](const std::vector<SmartEntry>& entries) {
      std::vector<dmss_smart_entry> rows;
      for (const SmartEntry& e : entries)
        rows.push_back(
            {sizeof(dmss_smart_entry), e.channel, view(e.begin), view(e.end), view(e.type), view(e.json)});
      return on_page(user->get(), rows.data(), rows.size()) != 0;
    };
    auto handler = done_handler(user, done);
    start(operation, [&] {
      return device->device.admin().search_smart(std::move(search), std::move(page), std::move(handler));
    });
    return DMSS_OK;
  });
}

int32_t dmss_admin_alarm_states(dmss_device* device, dmss_alarm_states_fn done, void* user_data,
                                dmss_destroy_fn destroy, dmss_operation** operation) {
  if (device == nullptr || done == nullptr) return DMSS_E_INVALID_ARGUMENT;
  return guarded_with(user_data, destroy, [&](const SharedUserData& user) {
    auto handler = [user, done](const Result<AlarmStates>& r) {
      const AlarmStates states = r ? *r : AlarmStates{};
      const auto in = as_octets(states.inputs), out = as_octets(states.outputs);
      done(user->get(), ErrorView(r.error()).get(), {in.data(), in.size()}, {out.data(), out.size()});
    };
    start(operation, [&] { return device->device.admin().alarm_states(std::move(handler)); });
    return DMSS_OK;
  });
}

int32_t dmss_admin_set_alarm_output(dmss_device* device, int32_t output, int32_t mode, dmss_done_fn done,
                                    void* user_data, dmss_destroy_fn destroy, dmss_operation** operation) {
  if (device == nullptr || output < 1 || mode < DMSS_ALARM_OUTPUT_AUTOMATIC || mode > DMSS_ALARM_OUTPUT_CLOSE)
    return DMSS_E_INVALID_ARGUMENT;
  return request(user_data, destroy, operation, done, [&](auto handler) {
    return device->device.admin().set_alarm_output(output, static_cast<AlarmOutput::Mode>(mode),
                                                   std::move(handler));
  });
}

int32_t dmss_admin_set_network_alarm(dmss_device* device, int32_t input, int32_t on, dmss_done_fn done,
                                     void* user_data, dmss_destroy_fn destroy, dmss_operation** operation) {
  if (device == nullptr || input < 1) return DMSS_E_INVALID_ARGUMENT;
  return request(user_data, destroy, operation, done, [&](auto handler) {
    return device->device.admin().set_network_alarm(input, on != 0, std::move(handler));
  });
}

int32_t dmss_admin_change_password(dmss_device* device, dmss_str old_password, dmss_str new_password,
                                   dmss_done_fn done, void* user_data, dmss_destroy_fn destroy,
                                   dmss_operation** operation) {
  if (device == nullptr || done == nullptr || !sound(old_password) || !sound(new_password) ||
      new_password.size == 0)
    return DMSS_E_INVALID_ARGUMENT;
  return request(user_data, destroy, operation, done, [&](auto handler) {
    return device->device.admin().change_password(Secret(text(old_password)), Secret(text(new_password)),
                                                  std::move(handler));
  });
}

int32_t dmss_admin_reboot(dmss_device* device, dmss_done_fn done, void* user_data, dmss_destroy_fn destroy,
                          dmss_operation** operation) {
  if (device == nullptr) return DMSS_E_INVALID_ARGUMENT;
  return request(user_data, destroy, operation, done,
                 [&](auto handler) { return device->device.admin().reboot(std::move(handler)); });
}

}  // extern "C"
