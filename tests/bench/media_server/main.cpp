// dmss-bench-server: prints one JSON line with its ports and serves until stdin ends.
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>

#include "bench/media_server/media_server.hpp"

namespace {

int usage() {
  std::fputs(
      "usage: dmss-bench-server --main FILE@FPS [--extra FILE@FPS] [--stamps] [--packets]\n"
      "         [--bulk] [--speed FACTOR] [--rtt MS] [--events N]\n"
      "  --stamps   each picture carries its time of sending\n"
      "  --packets  one send for each RTP packet\n"
      "  --bulk     as fast as the client takes it\n"
      "  --events   a second on each control connection that attached\n"
      "  --rtt      answers and media as over a way with that round trip (plain connections only)\n",
      stderr);
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  dmss::bench::ServerOptions options;
  for (int i = 1; i < argc; ++i) {
    const auto is = [&](const char* name) { return std::strcmp(argv[i], name) == 0; };
    if (is("--stamps")) {
      options.stamps = true;
    } else if (is("--packets")) {
      options.pace.packets = true;
    } else if (is("--bulk")) {
      options.pace.bulk = true;
    } else if (i + 1 == argc) {
      return usage();
    } else if (is("--main")) {
      options.main = argv[++i];
    } else if (is("--extra")) {
      options.extra = argv[++i];
    } else if (is("--speed")) {
      options.pace.speed = std::atof(argv[++i]);
    } else if (is("--events")) {
      options.events_per_second = std::atof(argv[++i]);
    } else if (is("--rtt")) {
      options.round_trip = std::chrono::microseconds(static_cast<long>(1000 * std::atof(argv[++i])));
    } else {
      return usage();
    }
  }
  if (options.main.empty() || options.pace.speed <= 0) return usage();
  std::signal(SIGPIPE, SIG_IGN);
  try {
    dmss::bench::MediaServer server(options);
    std::puts(server.ports().c_str());
    std::fflush(stdout);
    server.loop().add(STDIN_FILENO, [&server](std::uint32_t) {
      char ignored[256];
      if (::read(STDIN_FILENO, ignored, sizeof ignored) <= 0) server.loop().stop();
    });
    server.loop().run();
  } catch (const std::exception& e) {
    std::fprintf(stderr, "dmss-bench-server: %s\n", e.what());
    return 1;
  }
  return 0;
}
