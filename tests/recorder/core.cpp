#include "recorder/core.hpp"

namespace dmss::recorder {

Core::Core(Options o, Profile p)
    : options(std::move(o)),
      profile(std::move(p)),
      log(make_log_hub(options.log_level, {}), "recorder"),
      accounts(options.user, options.password, profile, faults, clock),
      sessions(profile, clock),
      tables(profile),
      clips(profile, options.clips),
      player(io, clock, profile, clips, faults),
      ptz(profile, clock, faults),
      controls(profile, clock),
      events(sessions, faults),
      alarm_io(tables, events, clock),
      event_pictures(tables, events, clock, profile) {
  player.show_position([this](int channel) { return ptz.shown(channel); });
}

Core::~Core() {
  player.stop();
  io_owner.reset();
}

std::string Core::random_hex(std::size_t digits) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < digits; ++i) out += kDigits[random() & 15];
  return out;
}

}  // namespace dmss::recorder
