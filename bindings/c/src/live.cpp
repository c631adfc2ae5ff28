#include "convert.hpp"

using namespace dmss;
using namespace dmss::c;

namespace {

bool valid(const dmss_live_config& c) {
  return c.channel >= 1 && c.stream >= DMSS_STREAM_MAIN && c.stream <= DMSS_STREAM_EXTRA3 &&
         c.quality >= DMSS_QUALITY_REAL_TIME && c.quality <= DMSS_QUALITY_AUTO && c.decoder_threads >= 0 &&
         c.decoder_threads <= 16;
}

int64_t monotonic_us(std::chrono::steady_clock::time_point t) {
  return std::chrono::duration_cast<std::chrono::microseconds>(t.time_since_epoch()).count();
}

LiveHandlers to_handlers(const dmss_live_config& c, const SharedUserData& user) {
  LiveHandlers h;
  if (c.on_frame != nullptr) {
    h.on_frame = [user, f = c.on_frame](const Frame& frame) {
      const dmss_frame borrowed{frame};
      f(user->get(), &borrowed);
    };
  }
  if (c.on_audio != nullptr) {
    h.on_audio = [user, f = c.on_audio](const AudioBlock& a) {
      const dmss_audio block{sizeof(dmss_audio), a.sample_rate,    a.channels,     0,
                             a.samples.data(),   a.samples.size(), a.time.count(), a.wall_us.value_or(-1)};
      f(user->get(), &block);
    };
  }
  if (c.on_packet != nullptr) {
    h.on_packet = [user, f = c.on_packet](const Packet& p) {
      const dmss_packet packet{sizeof(dmss_packet),
                               static_cast<int32_t>(p.kind),
                               static_cast<int32_t>(p.codec),
                               p.key,
                               p.corrupt,
                               p.discontinuity,
                               p.sample_rate,
                               p.channels,
                               p.time.count(),
                               p.wall_us.value_or(-1),
                               {p.data.data(), p.data.size()},
                               monotonic_us(p.arrived)};
      f(user->get(), &packet);
    };
  }
  // Keeps the user data as long as the window, whichever callbacks are set.
  h.on_state = [user, f = c.on_state](LiveState state, const Error& why) {
    if (f != nullptr) f(user->get(), static_cast<int32_t>(state), ErrorView(why).get());
  };
  return h;
}

}  // namespace

extern "C" {

int32_t dmss_live_open(dmss_device* device, const dmss_live_config* config, dmss_live** live) {
  if (live == nullptr) return DMSS_E_INVALID_ARGUMENT;
  *live = nullptr;
  if (device == nullptr || config == nullptr || !has_size(config)) return DMSS_E_INVALID_ARGUMENT;
  const dmss_live_config defaults = DMSS_LIVE_CONFIG_INIT;
  const dmss_live_config c = read_struct(config, defaults);
  if (!valid(c)) return DMSS_E_INVALID_ARGUMENT;
  return guarded_with(c.user_data, c.destroy, [&](const SharedUserData& user) {
    LiveOptions o;
    o.channel = c.channel;
    o.stream = static_cast<StreamKind>(c.stream);
    o.quality = static_cast<Quality>(c.quality);
    o.audio = c.audio != 0;
    o.muted = c.muted != 0;
    o.hardware = c.hardware != 0 ? HardwareDecoding::on : HardwareDecoding::off;
    o.show_corrupt = c.show_corrupt != 0;
    o.decoder_threads = c.decoder_threads;
    o.packets_on_network_thread = c.packets_on_network_thread != 0;
    *live = new dmss_live{device->device.open_live(std::move(o), to_handlers(c, user))};
    return DMSS_OK;
  });
}

void dmss_live_destroy(dmss_live* live) {
  delete live;
}

int32_t dmss_live_pause(dmss_live* live) {
  if (live == nullptr) return DMSS_E_INVALID_ARGUMENT;
  return guarded([&] {
    live->live.pause();
    return DMSS_OK;
  });
}

int32_t dmss_live_resume(dmss_live* live) {
  if (live == nullptr) return DMSS_E_INVALID_ARGUMENT;
  return guarded([&] {
    live->live.resume();
    return DMSS_OK;
  });
}

int32_t dmss_live_mute(dmss_live* live, int32_t muted) {
  if (live == nullptr) return DMSS_E_INVALID_ARGUMENT;
  return guarded([&] {
    live->live.mute(muted != 0);
    return DMSS_OK;
  });
}

int32_t dmss_live_switch_stream(dmss_live* live, int32_t stream, dmss_done_fn done, void* user_data,
                                dmss_destroy_fn destroy, dmss_operation** operation) {
  if (live == nullptr || stream < DMSS_STREAM_MAIN || stream > DMSS_STREAM_EXTRA3)
    return DMSS_E_INVALID_ARGUMENT;
  return guarded_with(user_data, destroy, [&](const SharedUserData& user) {
    auto handler = [user, done](const Result<void>& r) {
      if (done != nullptr) done(user->get(), ErrorView(r.error()).get());
    };
    start(operation,
          [&] { return live->live.switch_stream(static_cast<StreamKind>(stream), std::move(handler)); });
    return DMSS_OK;
  });
}

int32_t dmss_live_snapshot(dmss_live* live, int32_t quality, dmss_bytes_fn done, void* user_data,
                           dmss_destroy_fn destroy, dmss_operation** operation) {
  if (live == nullptr || done == nullptr || quality < 0 || quality == 1 || quality > 31)
    return DMSS_E_INVALID_ARGUMENT;
  return guarded_with(user_data, destroy, [&](const SharedUserData& user) {
    SnapshotOptions o;
    if (quality != 0) o.quality = quality;
    auto handler = [user, done](const Result<std::vector<std::uint8_t>>& r) {
      done(user->get(), ErrorView(r.error()).get(),
           r ? dmss_bytes{r->data(), r->size()} : dmss_bytes{nullptr, 0});
    };
    start(operation, [&] { return live->live.snapshot(std::move(handler), o); });
    return DMSS_OK;
  });
}

int32_t dmss_live_snapshot_burst(dmss_live* live, int32_t count, int32_t quality, uint32_t timeout_ms,
                                 dmss_picture_fn on_picture, dmss_done_fn done, void* user_data,
                                 dmss_destroy_fn destroy, dmss_operation** operation) {
  if (live == nullptr || on_picture == nullptr || count < 1 || count > 20 || quality < 0 || quality == 1 ||
      quality > 31)
    return DMSS_E_INVALID_ARGUMENT;
  return guarded_with(user_data, destroy, [&](const SharedUserData& user) {
    BurstOptions o;
    o.count = count;
    if (quality != 0) o.quality = quality;
    if (timeout_ms != 0) o.timeout = ms(timeout_ms);
    auto picture = [user, on_picture](int index, const std::vector<std::uint8_t>& jpeg) {
      on_picture(user->get(), index, dmss_bytes{jpeg.data(), jpeg.size()});
    };
    auto handler = [user, done](const Result<void>& r) {
      if (done != nullptr) done(user->get(), ErrorView(r.error()).get());
    };
    start(operation, [&] { return live->live.snapshot_burst(o, std::move(picture), std::move(handler)); });
    return DMSS_OK;
  });
}

int32_t dmss_live_stop(dmss_live* live) {
  if (live == nullptr) return DMSS_E_INVALID_ARGUMENT;
  return guarded([&] {
    live->live.stop();
    return DMSS_OK;
  });
}

int32_t dmss_live_get_stats(dmss_live* live, dmss_live_stats* stats) {
  if (live == nullptr || stats == nullptr || !has_size(stats)) return DMSS_E_INVALID_ARGUMENT;
  return guarded([&] {
    const LiveStats s = live->live.stats();
    dmss_live_stats full{};
    full.transport_size = copy_text(s.transport, full.transport, sizeof(full.transport));
    full.state = static_cast<int32_t>(s.state);
    full.route = static_cast<int32_t>(s.route);
    full.stream = static_cast<int32_t>(s.stream);
    full.video_codec = static_cast<int32_t>(s.video);
    full.audio_codec = static_cast<int32_t>(s.audio);
    full.width = s.width;
    full.height = s.height;
    full.bit_rate = s.bit_rate;
    full.frame_rate = s.frame_rate;
    full.bytes = s.bytes;
    full.packets = s.packets;
    full.frames = s.frames;
    full.lost = s.lost;
    full.corrupt = s.corrupt;
    full.dropped = s.dropped;
    full.decode_errors = s.decode_errors;
    full.restarts = s.restarts;
    full.audio_blocks = s.audio_blocks;
    full.decode_time_us = s.decode_time.count();
    full.first_frame_us = s.first_frame.count();
    full.latency_us = s.latency ? std::chrono::microseconds(*s.latency).count() : -1;
    write_struct(stats, full);
    return DMSS_OK;
  });
}

int32_t dmss_frame_get_info(const dmss_frame* frame, dmss_frame_info* info) {
  if (frame == nullptr || info == nullptr || !has_size(info)) return DMSS_E_INVALID_ARGUMENT;
  const Frame& f = frame->frame;
  dmss_frame_info full{};
  full.width = f.width();
  full.height = f.height();
  full.format = static_cast<int32_t>(f.format());
  full.plane_count = std::min(f.plane_count(), 4);
  for (int32_t i = 0; i < full.plane_count; ++i) {
    full.plane[i] = f.plane(i).data;
    full.stride[i] = f.plane(i).stride;
  }
  full.full_range = f.full_range();
  const auto colour = f.colour();
  full.primaries = colour[0];
  full.transfer = colour[1];
  full.matrix = colour[2];
  full.key = f.key();
  full.corrupt = f.corrupt();
  full.channel = f.channel();
  full.stream = static_cast<int32_t>(f.stream());
  full.codec = static_cast<int32_t>(f.codec());
  full.time_us = f.time().count();
  full.wall_us = f.wall_us().value_or(-1);
  full.arrived_us = monotonic_us(f.arrived());
  write_struct(info, full);
  return DMSS_OK;
}

dmss_frame* dmss_frame_retain(const dmss_frame* frame) {
  return frame != nullptr ? new (std::nothrow) dmss_frame{frame->frame} : nullptr;
}

void dmss_frame_release(dmss_frame* frame) {
  delete frame;
}

}  // extern "C"
