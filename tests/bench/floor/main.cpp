// dmss-bench-floor: the least that any program must spend on receiving, decoding and the rest. Prints one
// JSON object.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "bench/floor/jobs.hpp"

namespace {

using namespace dmss::bench;

[[noreturn]] void usage() {
  std::fputs(
      "usage: dmss-bench-floor recv|depay|decode --rtsp PORT --dvrip PORT [OPTION…]\n"
      "         --transport tcp|udp|tls|dvrip   --extra\n"
      "       dmss-bench-floor echo --echo PORT --request BYTES --reply BYTES\n"
      "       dmss-bench-floor memory|first|jpeg --clip FILE.h264 [--fps N] [OPTION…]\n"
      "  --streams N   --warm-up S   --seconds S   --pictures N   --repeats N\n",
      stderr);
  std::exit(2);
}

FloorOptions parse(int argc, char** argv) {
  FloorOptions o;
  if (argc < 2) usage();
  o.mode = argv[1];
  for (int i = 2; i < argc; ++i) {
    const auto is = [&](const char* name) { return std::strcmp(argv[i], name) == 0; };
    if (is("--extra")) {
      o.source.stream = 1;
      continue;
    }
    if (i + 1 == argc) usage();
    const char* value = argv[i + 1];
    if (is("--rtsp")) {
      o.source.rtsp = static_cast<std::uint16_t>(std::atoi(value));
    } else if (is("--dvrip")) {
      o.source.dvrip = static_cast<std::uint16_t>(std::atoi(value));
    } else if (is("--transport")) {
      o.source.transport = std::strcmp(value, "udp") == 0     ? Transport::udp
                           : std::strcmp(value, "tls") == 0   ? Transport::tls
                           : std::strcmp(value, "dvrip") == 0 ? Transport::dvrip
                                                              : Transport::tcp;
    } else if (is("--echo")) {
      o.echo = static_cast<std::uint16_t>(std::atoi(value));
    } else if (is("--request")) {
      o.request = std::atoi(value);
    } else if (is("--reply")) {
      o.reply = std::atoi(value);
    } else if (is("--clip")) {
      o.clip = value;
    } else if (is("--fps")) {
      o.fps = std::atof(value);
    } else if (is("--streams")) {
      o.streams = std::atoi(value);
    } else if (is("--warm-up")) {
      o.warm_up = std::atof(value);
    } else if (is("--seconds")) {
      o.seconds = std::atof(value);
    } else if (is("--pictures")) {
      o.pictures = std::atoi(value);
    } else if (is("--repeats")) {
      o.repeats = std::atoi(value);
    } else {
      usage();
    }
    ++i;
  }
  return o;
}

nlohmann::json run(const FloorOptions& o) {
  if (o.mode == "memory") return decode_memory(o);
  if (o.mode == "first") return decode_first(o);
  if (o.mode == "echo") return echo(o);
  if (o.mode == "jpeg") return encode_jpeg(o);
  if (o.mode == "recv" || o.mode == "depay" || o.mode == "decode") return receive(o);
  usage();
}

}  // namespace

int main(int argc, char** argv) {
  const FloorOptions options = parse(argc, argv);
  std::signal(SIGPIPE, SIG_IGN);
  try {
    std::puts(run(options).dump().c_str());
  } catch (const std::exception& e) {
    std::fprintf(stderr, "dmss-bench-floor: %s\n", e.what());
    return 1;
  }
  return 0;
}
