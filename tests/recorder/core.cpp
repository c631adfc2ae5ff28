#include "recorder/core.hpp"

namespace dmss::recorder {

Core::Core(Options o, Profile p)
    : options(std::move(o)),
      profile(std::move(p)),
      log(make_log_hub(options.log_level, {}), "recorder"),
      accounts(options.user, options.password, profile, faults, clock),
      sessions(profile, clock, std::random_device{}()),
      tables(profile),
      device_clock(clock, profile, tables),
      logbook(device_clock),
      clips(profile, options.clips),
      streams(io, profile, tables, clips, log.scoped("streams")),
      player(io, clock, profile, clips, streams, faults),
      restart(*this),
      ptz(profile, clock, faults),
      controls(profile, clock),
      events(sessions, faults),
      alarm_io(tables, events, clock),
      event_pictures(tables, events, clock, profile),
      smart_finds(events, device_clock) {
  player.set_clock_offset(device_clock.offset());
  player.show_position([this](int channel) { return ptz.shown(channel); });
  restart.on_down([this] {
    ptz.halt();
    controls.reset();
    events.forget();
    lose_offline();
  });
  lose_offline();
}

void Core::lose_offline() {
  for (const int channel : profile.offline_channels) events.hold("VideoLoss", channel - 1, true);
}

Core::~Core() {
  player.stop();
  streams.stop();
  io_owner.reset();
}

std::string Core::random_hex(std::size_t digits) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < digits; ++i) out += kDigits[random() & 15];
  return out;
}

}  // namespace dmss::recorder
