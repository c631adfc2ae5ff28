// Capabilities, PTZ and live controls.
#include <cmath>

#include "convert.hpp"
#include "views.hpp"

using namespace dmss;
using namespace dmss::c;

struct dmss_ptz_move {
  PtzMove move;
};

namespace {

dmss_limits limits(const Limits& l) {
  return {l.minimum, l.maximum};
}

/// A dmss_capabilities with everything it points to.
class CapabilitiesView {
 public:
  explicit CapabilitiesView(const Capabilities& c) {
    for (const auto& [feature, one] : c.features) {
      features_.push_back({sizeof(dmss_capability), static_cast<int32_t>(feature),
                           static_cast<int32_t>(one.support), 0, view(one.probe), view(one.reason)});
    }
    for (const StreamCapabilities& s : c.streams) add(s);
    const StringViews& auxiliary = strings_.emplace_back(c.ptz.auxiliary);
    const StringViews& codes = strings_.emplace_back(c.event_codes);
    head_.struct_size = sizeof(head_);
    head_.channel = c.channel;
    head_.features = features_.data();
    head_.feature_count = features_.size();
    head_.pan_speed = limits(c.ptz.pan_speed);
    head_.tilt_speed = limits(c.ptz.tilt_speed);
    head_.presets = limits(c.ptz.presets);
    head_.tours = limits(c.ptz.tours);
    head_.horizontal_angle = limits(c.ptz.horizontal_angle);
    head_.vertical_angle = limits(c.ptz.vertical_angle);
    head_.auxiliary = auxiliary.data();
    head_.auxiliary_count = auxiliary.size();
    head_.streams = streams_.data();
    head_.stream_count = streams_.size();
    head_.alarm_inputs = c.alarm_inputs;
    head_.alarm_outputs = c.alarm_outputs;
    head_.event_codes = codes.data();
    head_.event_code_count = codes.size();
  }
  const dmss_capabilities* get() const { return &head_; }

 private:
  void add(const StreamCapabilities& s) {
    auto& sizes = resolutions_.emplace_back();
    for (const Resolution& r : s.resolutions)
      sizes.push_back({sizeof(dmss_resolution), r.width, r.height, view(r.name)});
    const StringViews& video = strings_.emplace_back(s.video_codecs);
    const StringViews& audio = strings_.emplace_back(s.audio_codecs);
    streams_.push_back({sizeof(dmss_stream_capabilities), s.max_frame_rate, limits(s.bit_rate), video.data(),
                        video.size(), audio.data(), audio.size(), sizes.data(), sizes.size()});
  }

  std::vector<dmss_capability> features_;
  std::deque<std::vector<dmss_resolution>> resolutions_;
  std::deque<StringViews> strings_;
  std::vector<dmss_stream_capabilities> streams_;
  dmss_capabilities head_{};
};

Operation run_ptz(Ptz ptz, int32_t command, int32_t number, int32_t preset, std::string text,
                  std::function<void(Result<void>)> done) {
  switch (command) {
    case DMSS_PTZ_GOTO_PRESET: return ptz.goto_preset(number, std::move(done));
    case DMSS_PTZ_SET_PRESET: return ptz.set_preset(number, std::move(text), std::move(done));
    case DMSS_PTZ_CLEAR_PRESET: return ptz.clear_preset(number, std::move(done));
    case DMSS_PTZ_START_TOUR: return ptz.start_tour(number, std::move(done));
    case DMSS_PTZ_STOP_TOUR: return ptz.stop_tour(number, std::move(done));
    case DMSS_PTZ_ADD_TO_TOUR: return ptz.add_to_tour(number, preset, std::move(done));
    case DMSS_PTZ_REMOVE_FROM_TOUR: return ptz.remove_from_tour(number, preset, std::move(done));
    case DMSS_PTZ_CLEAR_TOUR: return ptz.clear_tour(number, std::move(done));
    default: return ptz.stop_all(std::move(done));
  }
}

Operation run_control(Controls c, int32_t control, int32_t value, std::function<void(Result<void>)> done) {
  const bool on = value != 0;
  switch (control) {
    case DMSS_CONTROL_WIPE_ONCE: return c.wipe_once(std::move(done));
    case DMSS_CONTROL_WIPE_CONTINUOUSLY:
      return c.wipe_continuously(std::chrono::seconds(value), std::move(done));
    case DMSS_CONTROL_STOP_WIPER: return c.stop_wiper(std::move(done));
    case DMSS_CONTROL_LIGHT: return c.set_light(on, std::move(done));
    case DMSS_CONTROL_SIREN: return c.set_siren(on, std::move(done));
    case DMSS_CONTROL_SMART_TRACKING: return c.set_smart_tracking(on, std::move(done));
    case DMSS_CONTROL_AUTO_FOCUS: return c.auto_focus(std::move(done));
    case DMSS_CONTROL_RESET_IMAGE: return c.reset_image(std::move(done));
    case DMSS_CONTROL_START_RECORDING: return c.start_recording(std::move(done));
    default: return c.stop_recording(std::move(done));
  }
}

int32_t as_state(const std::optional<bool>& b) {
  return b ? (*b ? 1 : 0) : -1;
}

constexpr dmss_control_status kUnknownStatus = {sizeof(dmss_control_status), -1, -1, -1, -1, 0, -1, -1};

}  // namespace

extern "C" {

int32_t dmss_device_capabilities(dmss_device* device, int32_t channel, int32_t refresh,
                                 dmss_capabilities_fn done, void* user_data, dmss_destroy_fn destroy,
                                 dmss_operation** operation) {
  if (device == nullptr || done == nullptr || channel < 0) return DMSS_E_INVALID_ARGUMENT;
  return guarded_with(user_data, destroy, [&](const SharedUserData& user) {
    auto handler = [user, done](const Result<Capabilities>& r) {
      if (r)
        done(user->get(), nullptr, CapabilitiesView(*r).get());
      else
        done(user->get(), ErrorView(r.error()).get(), nullptr);
    };
    start(operation, [&] { return device->device.capabilities(channel, std::move(handler), refresh != 0); });
    return DMSS_OK;
  });
}

dmss_str dmss_feature_name(int32_t feature) {
  return view(name(static_cast<Feature>(feature)));
}

int32_t dmss_ptz_move_start(dmss_device* device, const dmss_ptz_move_config* config, dmss_ptz_move** move) {
  if (move == nullptr) return DMSS_E_INVALID_ARGUMENT;
  *move = nullptr;
  if (device == nullptr || config == nullptr || !has_size(config)) return DMSS_E_INVALID_ARGUMENT;
  const dmss_ptz_move_config defaults = DMSS_PTZ_MOVE_CONFIG_INIT;
  const dmss_ptz_move_config c = read_struct(config, defaults);
  if (c.channel < 1 || c.action < DMSS_PTZ_UP || c.action > DMSS_PTZ_IRIS_CLOSE || c.speed < 1 || c.speed > 8)
    return DMSS_E_INVALID_ARGUMENT;
  return guarded_with(c.user_data, c.destroy, [&](const SharedUserData& user) {
    PtzMoveOptions o;
    o.speed = c.speed;
    o.duration = ms(c.duration_ms);
    o.on_started = done_handler(user, c.on_started);
    o.on_stopped = done_handler(user, c.on_stopped);
    auto handle = std::make_unique<dmss_ptz_move>();
    handle->move = device->device.ptz(c.channel).move(static_cast<PtzAction>(c.action), std::move(o));
    *move = handle.release();
    return DMSS_OK;
  });
}

int32_t dmss_ptz_move_stop(dmss_ptz_move* move) {
  if (move == nullptr) return DMSS_E_INVALID_ARGUMENT;
  return guarded([&] {
    move->move.stop();
    return DMSS_OK;
  });
}

void dmss_ptz_move_destroy(dmss_ptz_move* move) {
  delete move;
}

int32_t dmss_ptz_command(dmss_device* device, int32_t channel, int32_t command, int32_t number,
                         int32_t preset, dmss_str text, dmss_done_fn done, void* user_data,
                         dmss_destroy_fn destroy, dmss_operation** operation) {
  if (device == nullptr || channel < 1 || command < DMSS_PTZ_GOTO_PRESET || command > DMSS_PTZ_STOP_ALL ||
      !sound(text))
    return DMSS_E_INVALID_ARGUMENT;
  return request(user_data, destroy, operation, done, [&](auto handler) {
    return run_ptz(device->device.ptz(channel), command, number, preset, copy(text), std::move(handler));
  });
}

int32_t dmss_ptz_presets(dmss_device* device, int32_t channel, dmss_ptz_presets_fn done, void* user_data,
                         dmss_destroy_fn destroy, dmss_operation** operation) {
  if (device == nullptr || done == nullptr || channel < 1) return DMSS_E_INVALID_ARGUMENT;
  return guarded_with(user_data, destroy, [&](const SharedUserData& user) {
    auto handler = [user, done](const Result<std::vector<PtzPreset>>& r) {
      std::vector<dmss_ptz_preset> rows;
      if (r) {
        for (const PtzPreset& p : *r) rows.push_back({sizeof(dmss_ptz_preset), p.number, view(p.name)});
      }
      done(user->get(), ErrorView(r.error()).get(), rows.data(), rows.size());
    };
    start(operation, [&] { return device->device.ptz(channel).presets(std::move(handler)); });
    return DMSS_OK;
  });
}

int32_t dmss_ptz_get_status(dmss_device* device, int32_t channel, dmss_ptz_status_fn done, void* user_data,
                            dmss_destroy_fn destroy, dmss_operation** operation) {
  if (device == nullptr || done == nullptr || channel < 1) return DMSS_E_INVALID_ARGUMENT;
  return guarded_with(user_data, destroy, [&](const SharedUserData& user) {
    auto handler = [user, done](const Result<PtzStatus>& r) {
      if (!r) {
        done(user->get(), ErrorView(r.error()).get(), nullptr);
        return;
      }
      const PtzPosition at = r->position.value_or(PtzPosition{0, 0, 0});
      const dmss_ptz_status s{
          sizeof(s),          r->position ? 1 : 0,   at.pan, at.tilt, at.zoom, r->moving ? 1 : 0,
          r->zooming ? 1 : 0, r->preset.value_or(0), 0};
      done(user->get(), nullptr, &s);
    };
    start(operation, [&] { return device->device.ptz(channel).status(std::move(handler)); });
    return DMSS_OK;
  });
}

int32_t dmss_ptz_move_to(dmss_device* device, int32_t channel, double pan, double tilt, double zoom,
                         dmss_done_fn done, void* user_data, dmss_destroy_fn destroy,
                         dmss_operation** operation) {
  if (device == nullptr || channel < 1 || !std::isfinite(pan) || !std::isfinite(tilt) || !std::isfinite(zoom))
    return DMSS_E_INVALID_ARGUMENT;
  return request(user_data, destroy, operation, done, [&](auto handler) {
    return device->device.ptz(channel).move_to({pan, tilt, zoom}, std::move(handler));
  });
}

int32_t dmss_ptz_move_by(dmss_device* device, int32_t channel, double right, double up, double zoom_in,
                         dmss_done_fn done, void* user_data, dmss_destroy_fn destroy,
                         dmss_operation** operation) {
  if (device == nullptr || channel < 1 || !std::isfinite(right) || !std::isfinite(up) ||
      !std::isfinite(zoom_in))
    return DMSS_E_INVALID_ARGUMENT;
  return request(user_data, destroy, operation, done, [&](auto handler) {
    return device->device.ptz(channel).move_by(right, up, zoom_in, std::move(handler));
  });
}

int32_t dmss_ptz_zoom_to(dmss_device* device, int32_t channel, double left, double top, double right,
                         double bottom, dmss_done_fn done, void* user_data, dmss_destroy_fn destroy,
                         dmss_operation** operation) {
  if (device == nullptr || channel < 1 || !(left >= 0 && left < right && right <= 1) ||
      !(top >= 0 && top < bottom && bottom <= 1))
    return DMSS_E_INVALID_ARGUMENT;
  return request(user_data, destroy, operation, done, [&](auto handler) {
    return device->device.ptz(channel).zoom_to(left, top, right, bottom, std::move(handler));
  });
}

int32_t dmss_control(dmss_device* device, int32_t channel, int32_t control, int32_t value, dmss_done_fn done,
                     void* user_data, dmss_destroy_fn destroy, dmss_operation** operation) {
  if (device == nullptr || channel < 1 || control < DMSS_CONTROL_WIPE_ONCE ||
      control > DMSS_CONTROL_STOP_RECORDING)
    return DMSS_E_INVALID_ARGUMENT;
  return request(user_data, destroy, operation, done, [&](auto handler) {
    return run_control(device->device.controls(channel), control, value, std::move(handler));
  });
}

int32_t dmss_control_set_lens(dmss_device* device, int32_t channel, double zoom, double focus,
                              dmss_done_fn done, void* user_data, dmss_destroy_fn destroy,
                              dmss_operation** operation) {
  if (device == nullptr || channel < 1 || !(zoom >= 0 && zoom <= 1) || !(focus >= 0 && focus <= 1))
    return DMSS_E_INVALID_ARGUMENT;
  return request(user_data, destroy, operation, done, [&](auto handler) {
    return device->device.controls(channel).set_lens(zoom, focus, std::move(handler));
  });
}

int32_t dmss_control_get_status(dmss_device* device, int32_t channel, int32_t which,
                                dmss_control_status_fn done, void* user_data, dmss_destroy_fn destroy,
                                dmss_operation** operation) {
  if (device == nullptr || done == nullptr || channel < 1) return DMSS_E_INVALID_ARGUMENT;
  if (which != DMSS_STATUS_DETERRENCE && which != DMSS_STATUS_LENS && which != DMSS_STATUS_RECORDING)
    return DMSS_E_INVALID_ARGUMENT;
  return guarded_with(user_data, destroy, [&](const SharedUserData& user) {
    const auto answer = [user, done](const auto& result, auto fill) {
      dmss_control_status s = kUnknownStatus;
      if (result) fill(s);
      done(user->get(), ErrorView(result.error()).get(), result ? &s : nullptr);
    };
    Controls controls = device->device.controls(channel);
    start(operation, [&]() -> Operation {
      if (which == DMSS_STATUS_DETERRENCE) {
        return controls.deterrence_status([answer](const Result<DeterrenceStatus>& r) {
          answer(r, [&](dmss_control_status& s) {
            s.light = as_state(r->light);
            s.siren = as_state(r->siren);
          });
        });
      }
      if (which == DMSS_STATUS_RECORDING) {
        return controls.recording([answer](const Result<bool>& r) {
          answer(r, [&](dmss_control_status& s) { s.recording = *r ? 1 : 0; });
        });
      }
      return controls.lens_status([answer](const Result<LensStatus>& r) {
        answer(r, [&](dmss_control_status& s) {
          s.zoom = r->zoom;
          s.focus = r->focus;
          s.focusing = r->focusing ? 1 : 0;
        });
      });
    });
    return DMSS_OK;
  });
}

}  // extern "C"
