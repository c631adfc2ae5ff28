// dmss-recorder: the virtual recorder as a program.
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <thread>

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "recorder/recorder.hpp"

namespace {

using dmss::recorder::Options;
using dmss::recorder::Ports;

/// A port number or "off".
void port_option(CLI::App& app, const std::string& name, int& port, const std::string& help) {
  const auto read = [&port](const std::vector<std::string>& words) {
    if (words[0] == "off") {
      port = Ports::kOff;
      return true;
    }
    return CLI::detail::lexical_cast(words[0], port) && port >= 0 && port <= 65535;
  };
  app.add_option("--" + name, read, help)->type_name("PORT|off")->default_str(std::to_string(port));
}

/// Waits for SIGTERM or SIGINT, or for the end of stdin.
void wait_for_end(const sigset_t& signals, bool until_eof) {
  pollfd watched[2] = {{::signalfd(-1, &signals, SFD_CLOEXEC), POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
  for (;;) {
    if (::poll(watched, until_eof ? 2 : 1, -1) < 0) continue;
    if (watched[0].revents != 0) break;
    char ignored[256];
    if (watched[1].revents != 0 && ::read(STDIN_FILENO, ignored, sizeof ignored) <= 0) break;
  }
  ::close(watched[0].fd);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "dmss-recorder: a virtual recorder, camera or DVR of the Dahua family, with faults on demand.\n"
      "Prints one JSON line with its ports when it is ready; ends on SIGTERM or SIGINT.\n"
      "Faults, events and state: HTTP on the control port, see docs/recorder.md."};
  Options options;
  options.ports = {37777, 8080, 8443, 8554, 8322, 5000, 9090};
  bool until_eof = false;
  std::string prepare, log_level = "warning";
  app.add_option("--profile", options.profile, "nvr16, bullet, ptz, olddvr, or a JSON file of that form")
      ->capture_default_str();
  app.add_option("--listen", options.listen, "address to listen on")->capture_default_str();
  port_option(app, "dvrip", options.ports.dvrip, "private protocol; 0 = any free port");
  port_option(app, "http", options.ports.http, "CGI, RPC2");
  port_option(app, "https", options.ports.https, "the same over TLS, self-signed");
  port_option(app, "rtsp", options.ports.rtsp, "RTSP");
  port_option(app, "rtsps", options.ports.rtsps, "RTSP over TLS");
  port_option(app, "dhip", options.ports.dhip, "DHIP");
  port_option(app, "control", options.ports.control, "faults, events, state");
  app.add_option("--user", options.user, "the only account")->capture_default_str();
  app.add_option("--password", options.password, "its password")->envname("DMSS_RECORDER_PASSWORD");
  app.add_option("--channels", options.channels, "number of channels instead of the profile's")
      ->check(CLI::Range(1, 64));
  app.add_option("--clips", options.clips,
                 "where encoded clips are kept (default: $DMSS_CLIPS or the user's cache)");
  app.add_option("--prepare-clips", prepare, "encode the clips of all profiles into this directory and end")
      ->type_name("DIR");
  app.add_option("--log-level", log_level, "trace, debug, info, warning, error, off")
      ->check(CLI::IsMember({"trace", "debug", "info", "warning", "error", "off"}))
      ->capture_default_str();
  app.add_flag("--until-eof", until_eof, "end also when stdin is closed");
  CLI11_PARSE(app, argc, argv);
  const std::vector<std::string> levels{"trace", "debug", "info", "warning", "error", "off"};
  options.log_level =
      static_cast<dmss::LogLevel>(std::find(levels.begin(), levels.end(), log_level) - levels.begin());

  if (!prepare.empty()) {
    for (const char* profile : {"nvr16", "bullet", "ptz", "olddvr"}) {
      if (const auto made = dmss::recorder::prepare_clips(profile, prepare); !made) {
        std::fprintf(stderr, "dmss-recorder: %s\n", made.error().to_string().c_str());
        return 1;
      }
    }
    return 0;
  }

  // Before any thread starts, so that all of them inherit the mask.
  sigset_t signals;
  sigemptyset(&signals);
  for (const int s : {SIGTERM, SIGINT}) sigaddset(&signals, s);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  dmss::recorder::Recorder recorder(options);
  const auto ports = recorder.start();
  if (!ports) {
    std::fprintf(stderr, "dmss-recorder: %s\n", ports.error().to_string().c_str());
    return 1;
  }
  std::printf("%s\n", ports->to_json().c_str());
  std::fflush(stdout);
  wait_for_end(signals, until_eof);
  recorder.stop();
  return 0;
}
