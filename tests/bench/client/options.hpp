// What the measuring client was asked for.
#pragma once

#include <string>

#include "dmss/dmss.hpp"

namespace dmss::bench {

struct ClientOptions {
  std::string mode;
  std::string transport = "tcp";  ///< tcp, udp, tls: RTSP; dvrip
  DeviceOptions device;
  StreamKind stream = StreamKind::main;
  bool packets_on_workers = false;  // handed over, as every other handler
  int windows = 1;
  double warm_up = 1, seconds = 5;
  int pictures = 0;  ///< end after that many of the first window instead of after a time
  int repeats = 5;
};

/// Exits with a message when the arguments make no sense.
ClientOptions parse_options(int argc, char** argv);

}  // namespace dmss::bench
