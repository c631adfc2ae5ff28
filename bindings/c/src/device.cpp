#include <vector>

#include "convert.hpp"

using namespace dmss;
using namespace dmss::c;

namespace {

bool in_range(int32_t v, int32_t low, int32_t high) {
  return v >= low && v <= high;
}

DeviceOptions to_options(const dmss_device_config& c) {
  DeviceOptions o;
  o.address = copy(c.address);
  o.user = copy(c.user);
  o.password = Secret(text(c.password));
  o.port = c.port;
  o.http_port = c.http_port;
  o.https_port = c.https_port;
  o.dhip_port = c.dhip_port;
  o.rtsp_port = c.rtsp_port;
  o.rtsps_port = c.rtsps_port;
  o.control = static_cast<ControlRoute>(c.control);
  o.media = static_cast<MediaRoute>(c.media);
  o.rtsp_transport = static_cast<RtspTransport>(c.rtsp_transport);
  o.dvrip_tls = c.dvrip_tls != 0;
  o.legacy_login = static_cast<LegacyLogin>(c.allow_legacy_login);
  o.allow_plaintext_password = c.allow_plaintext_password != 0;
  o.reconnect = c.reconnect != 0;
  o.tls.mode = static_cast<TlsMode>(c.tls_mode);
  o.tls.minimum = static_cast<TlsVersion>(c.tls_minimum);
  o.tls.fingerprint = copy(c.tls_fingerprint);
  o.tls.ca_file = copy(c.tls_ca_file);
  o.tls.expected_name = copy(c.tls_expected_name);
  o.stream_password = Secret(text(c.stream_password));
  o.serial = copy(c.serial);
  o.connect_timeout = ms(c.connect_timeout_ms);
  o.call_timeout = ms(c.call_timeout_ms);
  o.keep_alive = ms(c.keep_alive_ms);
  o.reconnect_min = ms(c.reconnect_min_ms);
  o.reconnect_max = ms(c.reconnect_max_ms);
  return o;
}

bool valid(const dmss_device_config& c) {
  for (const dmss_str& s : {c.address, c.user, c.password, c.tls_fingerprint, c.tls_ca_file,
                            c.tls_expected_name, c.stream_password, c.serial}) {
    if (!sound(s)) return false;
  }
  return c.address.size != 0 && in_range(c.control, DMSS_CONTROL_AUTO, DMSS_CONTROL_DHIP) &&
         in_range(c.media, DMSS_MEDIA_AUTO, DMSS_MEDIA_DVRIP) &&
         in_range(c.rtsp_transport, DMSS_RTSP_TCP, DMSS_RTSP_TLS) &&
         in_range(c.allow_legacy_login, DMSS_LEGACY_NONE, DMSS_LEGACY_GEN0) &&
         in_range(c.tls_mode, DMSS_TLS_FIRST_USE, DMSS_TLS_INSECURE) &&
         in_range(c.tls_minimum, DMSS_TLS_1_0, DMSS_TLS_1_3) && c.connect_timeout_ms != 0 &&
         c.call_timeout_ms != 0 && c.keep_alive_ms != 0 && c.reconnect_min_ms != 0 &&
         c.reconnect_max_ms >= c.reconnect_min_ms;
}

void give_info(dmss_login_fn done, void* user_data, const Result<DeviceInfo>& result) {
  if (!result) {
    done(user_data, ErrorView(result.error()).get(), nullptr);
    return;
  }
  std::vector<dmss_str> names;
  for (const std::string& n : result->channel_names) names.push_back(view(n));
  dmss_device_info info{};
  info.struct_size = sizeof(info);
  info.channels = result->channels;
  info.route = static_cast<int32_t>(result->route);
  info.login = static_cast<int32_t>(result->login);
  info.serial = view(result->serial);
  info.model = view(result->model);
  info.device_class = view(result->device_class);
  info.software = view(result->software);
  info.connection = view(result->connection);
  info.tls = view(result->tls);
  info.channel_names = names.data();
  info.channel_name_count = names.size();
  info.hardware = view(result->hardware);
  info.build = view(result->build);
  done(user_data, nullptr, &info);
}

}  // namespace

extern "C" {

int32_t dmss_device_create(dmss_engine* engine, const dmss_device_config* config, dmss_device** device) {
  if (device == nullptr) return DMSS_E_INVALID_ARGUMENT;
  *device = nullptr;
  if (engine == nullptr || config == nullptr || !has_size(config)) return DMSS_E_INVALID_ARGUMENT;
  const dmss_device_config defaults = DMSS_DEVICE_CONFIG_INIT;
  const dmss_device_config c = read_struct(config, defaults);
  if (!valid(c)) return DMSS_E_INVALID_ARGUMENT;
  return guarded_with(c.user_data, c.destroy, [&](const SharedUserData& user) {
    DeviceHandlers h;
    // Both keep the user data, so that it lives as long as the device even when neither is ever called.
    h.on_state = [user, f = c.on_state](DeviceState state, const Error& why) {
      if (f != nullptr) f(user->get(), static_cast<int32_t>(state), ErrorView(why).get());
    };
    if (c.on_notification != nullptr) {
      h.on_notification = [user, f = c.on_notification](std::string_view json) {
        f(user->get(), view(json));
      };
    }
    *device = new dmss_device{engine->engine.device(to_options(c), std::move(h))};
    return DMSS_OK;
  });
}

void dmss_device_destroy(dmss_device* device) {
  delete device;
}

int32_t dmss_device_login(dmss_device* device, uint32_t timeout_ms, int32_t retry_refused, dmss_login_fn done,
                          void* user_data, dmss_destroy_fn destroy, dmss_operation** operation) {
  if (device == nullptr || done == nullptr) return DMSS_E_INVALID_ARGUMENT;
  return guarded_with(user_data, destroy, [&](const SharedUserData& user) {
    LoginOptions o;
    if (timeout_ms != 0) o.timeout = ms(timeout_ms);
    o.retry_refused = retry_refused != 0;
    auto handler = [user, done](const Result<DeviceInfo>& r) { give_info(done, user->get(), r); };
    start(operation, [&] { return device->device.login(std::move(handler), o); });
    return DMSS_OK;
  });
}

int32_t dmss_device_logout(dmss_device* device) {
  if (device == nullptr) return DMSS_E_INVALID_ARGUMENT;
  return guarded([&] {
    device->device.logout();
    return DMSS_OK;
  });
}

int32_t dmss_device_set_credentials(dmss_device* device, dmss_str user, dmss_str password) {
  if (device == nullptr || !sound(user) || !sound(password)) return DMSS_E_INVALID_ARGUMENT;
  return guarded([&] {
    device->device.set_credentials(copy(user), Secret(text(password)));
    return DMSS_OK;
  });
}

int32_t dmss_device_call(dmss_device* device, dmss_str method, dmss_str params, int64_t object,
                         uint32_t timeout_ms, dmss_text_fn done, void* user_data, dmss_destroy_fn destroy,
                         dmss_operation** operation) {
  if (device == nullptr || done == nullptr || method.size == 0 || !sound(method) || !sound(params))
    return DMSS_E_INVALID_ARGUMENT;
  return guarded_with(user_data, destroy, [&](const SharedUserData& user) {
    CallOptions o;
    o.timeout = ms(timeout_ms);
    o.object = object;
    auto handler = [user, done](const Result<std::string>& r) {
      done(user->get(), ErrorView(r.error()).get(), r ? view(*r) : dmss_str{nullptr, 0});
    };
    start(operation, [&] { return device->device.call(copy(method), copy(params), std::move(handler), o); });
    return DMSS_OK;
  });
}

int32_t dmss_device_snapshot(dmss_device* device, int32_t channel, uint32_t timeout_ms, dmss_bytes_fn done,
                             void* user_data, dmss_destroy_fn destroy, dmss_operation** operation) {
  if (device == nullptr || done == nullptr || channel < 1) return DMSS_E_INVALID_ARGUMENT;
  return guarded_with(user_data, destroy, [&](const SharedUserData& user) {
    CallOptions o;
    o.timeout = ms(timeout_ms);
    auto handler = [user, done](const Result<std::vector<std::uint8_t>>& r) {
      done(user->get(), ErrorView(r.error()).get(),
           r ? dmss_bytes{r->data(), r->size()} : dmss_bytes{nullptr, 0});
    };
    start(operation, [&] { return device->device.snapshot(channel, std::move(handler), o); });
    return DMSS_OK;
  });
}

int32_t dmss_device_get_stats(dmss_device* device, dmss_device_stats* stats) {
  if (device == nullptr || stats == nullptr || !has_size(stats)) return DMSS_E_INVALID_ARGUMENT;
  return guarded([&] {
    const DeviceStats s = device->device.stats();
    write_struct(stats, dmss_device_stats{0, static_cast<int32_t>(s.state), s.logins, s.login_attempts,
                                          s.reconnects, s.bytes_in, s.bytes_out, s.last_round_trip.count(),
                                          s.dropped_notifications});
    return DMSS_OK;
  });
}

}  // extern "C"
