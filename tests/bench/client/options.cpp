#include "bench/client/options.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace dmss::bench {
namespace {

[[noreturn]] void usage() {
  std::fputs(
      "usage: dmss-bench-client MODE --dvrip PORT --rtsp PORT [OPTION…]\n"
      "  receive   N windows that take packets\n"
      "  decode    N windows that take pictures\n"
      "  idle      N devices logged in\n"
      "  open      first pictures: cold, logged in, opened again\n"
      "  calls     JSON calls on one session, N under way at a time\n"
      "  events    N devices whose events are subscribed\n"
      "  snapshot  JPEGs of the last picture\n"
      "  --transport tcp|udp|tls|dvrip|dvrips   --extra   --windows N   --on-workers\n"
      "  --warm-up S   --seconds S   --pictures N   --repeats N\n",
      stderr);
  std::exit(2);
}

}  // namespace

ClientOptions parse_options(int argc, char** argv) {
  ClientOptions o;
  if (argc < 2) usage();
  o.mode = argv[1];
  for (int i = 2; i < argc; ++i) {
    const auto is = [&](const char* name) { return std::strcmp(argv[i], name) == 0; };
    if (is("--extra")) {
      o.stream = StreamKind::extra;
      continue;
    }
    if (is("--on-workers")) {
      o.packets_on_workers = true;
      continue;
    }
    if (i + 1 == argc) usage();
    const auto port = [&] { return static_cast<std::uint16_t>(std::atoi(argv[i + 1])); };
    if (is("--dvrip")) {
      o.device.port = port();
    } else if (is("--rtsp")) {
      o.device.rtsp_port = o.device.rtsps_port = port();
    } else if (is("--transport")) {
      o.transport = argv[i + 1];
    } else if (is("--windows")) {
      o.windows = std::atoi(argv[i + 1]);
    } else if (is("--warm-up")) {
      o.warm_up = std::atof(argv[i + 1]);
    } else if (is("--seconds")) {
      o.seconds = std::atof(argv[i + 1]);
    } else if (is("--pictures")) {
      o.pictures = std::atoi(argv[i + 1]);
    } else if (is("--repeats")) {
      o.repeats = std::atoi(argv[i + 1]);
    } else {
      usage();
    }
    ++i;
  }
  DeviceOptions& d = o.device;
  d.address = "127.0.0.1";
  d.user = "admin";
  d.password = Secret("bench-password");
  d.control = ControlRoute::dvrip;
  d.tls.mode = TlsMode::insecure;
  d.dvrip_tls = o.transport == "dvrips";
  d.media = o.transport.rfind("dvrip", 0) == 0 ? MediaRoute::dvrip : MediaRoute::rtsp;
  d.rtsp_transport = o.transport == "udp"   ? RtspTransport::udp
                     : o.transport == "tls" ? RtspTransport::tls
                                            : RtspTransport::tcp;
  return o;
}

}  // namespace dmss::bench
