// Core: what all services of one recorder share. Everything runs on one thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <map>
#include <memory>
#include <random>
#include <string>

#include "base/log.hpp"
#include "net/clock.hpp"
#include "recorder/accounts.hpp"
#include "recorder/alarm_io.hpp"
#include "recorder/clips.hpp"
#include "recorder/controls.hpp"
#include "recorder/device_clock.hpp"
#include "recorder/event_hub.hpp"
#include "recorder/faults.hpp"
#include "recorder/linkage.hpp"
#include "recorder/logbook.hpp"
#include "recorder/options.hpp"
#include "recorder/player.hpp"
#include "recorder/profile.hpp"
#include "recorder/ptz.hpp"
#include "recorder/restart.hpp"
#include "recorder/sessions.hpp"
#include "recorder/smart_finds.hpp"
#include "recorder/streams.hpp"
#include "recorder/tables.hpp"

namespace dmss::recorder {

class Link;

struct Core {
  Core(Options o, Profile p);
  ~Core();

  // Coroutines die with the context, and what they hold uses everything below: it goes first, see the
  // destructor.
  std::unique_ptr<net::asio::io_context> io_owner{std::make_unique<net::asio::io_context>(1)};
  net::asio::io_context& io{*io_owner};
  Options options;
  Profile profile;
  net::Clock clock;
  Logger log;
  Faults faults;
  Accounts accounts;
  Sessions sessions;
  Tables tables;
  DeviceClock device_clock;
  Logbook logbook;
  Clips clips;
  Streams streams;
  Player player;
  Restart restart;
  Ptz ptz;
  Controls controls;
  EventHub events;
  AlarmIo alarm_io;
  EventPictures event_pictures;
  SmartFinds smart_finds;

  // What the state tells beside the parts' own words.
  std::map<std::string, std::int64_t> counters;
  bool auto_check = false;                // CloudUpgrader
  std::map<std::string, Json> temporary;  // what setTemporaryConfig replaced
  std::map<Link*, std::weak_ptr<Link>> links;
  Ports ports;

  /// Channels without their camera have lost their video from the start.
  void lose_offline();
  void count(const std::string& what) { ++counters[what]; }
  std::uint32_t random32() { return static_cast<std::uint32_t>(random()); }
  /// Lower-case hex digits.
  std::string random_hex(std::size_t digits);

  std::mt19937_64 random{std::random_device{}()};
};

}  // namespace dmss::recorder
