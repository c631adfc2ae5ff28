// dmss-live: watches channels of a recorder in the terminal, makes a picture of the wall of windows and a JSON record of what came.
#include <csignal>
#include <fstream>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "common/program.hpp"
#include "dmss/dmss.hpp"
#include "terminal.hpp"
#include "wall.hpp"
#include "window_report.hpp"

namespace {

volatile std::sig_atomic_t interrupted = 0;

struct Arguments : example::Arguments {
  std::string channels = "1-16";
  dmss::StreamKind stream = dmss::StreamKind::extra;
  double seconds = 10;
  std::string wall;
  std::string record;
};

int parse(int argc, char** argv, Arguments& a) {
  CLI::App app{"Watches channels of a Dahua-family recorder."};
  const std::map<std::string, dmss::StreamKind> streams{{"main", dmss::StreamKind::main},
                                                        {"extra", dmss::StreamKind::extra},
                                                        {"extra2", dmss::StreamKind::extra2},
                                                        {"extra3", dmss::StreamKind::extra3}};
  const std::map<std::string, dmss::MediaRoute> routes{{"auto", dmss::MediaRoute::automatic},
                                                       {"rtsp", dmss::MediaRoute::rtsp},
                                                       {"dvrip", dmss::MediaRoute::dvrip}};
  const std::map<std::string, dmss::RtspTransport> transports{{"tcp", dmss::RtspTransport::tcp},
                                                              {"udp", dmss::RtspTransport::udp},
                                                              {"tls", dmss::RtspTransport::tls}};
  example::add_arguments(app, a, false);
  app.add_option("--channels", a.channels, "e.g. 1-16 or 1,3,5")->capture_default_str();
  example::add_choice(app, "--stream", a.stream, streams, "extra");
  app.add_option("--seconds", a.seconds, "how long to watch; 0 = until interrupted")->capture_default_str();
  app.add_option("--wall", a.wall, "write the wall of windows to this JPEG file");
  app.add_option("--record-json", a.record, "write what came to this JSON file");
  example::add_choice(app, "--route", a.device.media, routes, "auto");
  example::add_choice(app, "--rtsp-transport", a.device.rtsp_transport, transports, "tcp");
  return example::parse(app, argc, argv, a);
}

void introduce(const dmss::DeviceInfo& info) {
  std::cout << info.model << ' ' << info.serial << ' ' << info.software << ", " << info.channels
            << " channels, " << dmss::name(info.login) << " over " << info.connection
            << (info.tls.empty() ? "" : " " + info.tls) << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  Arguments a;
  if (const int code = parse(argc, argv, a); code >= 0) return code;
  const auto channels = example::parse_channels(a.channels);
  if (!channels) return example::complain(channels.error(), "--channels");
  std::signal(SIGINT, [](int) { interrupted = 1; });

  Wall wall(static_cast<int>(channels->size()));
  std::vector<std::unique_ptr<WindowReport>> windows;
  dmss::EngineOptions engine_options;
  engine_options.log_level = a.log;
  dmss::Engine engine(engine_options);
  dmss::Device device = engine.device(a.device);
  const auto info = example::log_in(device);
  if (!info) return example::exit_code(info.error());
  introduce(*info);

  std::vector<dmss::Live> lives;
  for (std::size_t i = 0; i < channels->size(); ++i) {
    windows.push_back(std::make_unique<WindowReport>(static_cast<int>(i), (*channels)[i], a.stream, wall));
    dmss::LiveOptions options;
    options.channel = (*channels)[i];
    options.stream = a.stream;
    options.quality = dmss::Quality::fluent;
    lives.push_back(device.open_live(options, windows.back()->handlers()));
  }

  Table table;
  const auto lines = [&] {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < windows.size(); ++i) out.push_back(windows[i]->table_line(lives[i].stats()));
    return out;
  };
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(a.seconds);
  while (!interrupted && (a.seconds <= 0 || std::chrono::steady_clock::now() < end)) {
    std::this_thread::sleep_for(std::chrono::milliseconds(250));
    table.show(lines());
  }
  table.show_last(lines());

  nlohmann::json record{{"windows", nlohmann::json::array()}};
  int failed = 0;
  for (std::size_t i = 0; i < windows.size(); ++i) {
    record["windows"].push_back(windows[i]->to_json(lives[i].stats()));
    if (const std::string why = windows[i]->failure(); !why.empty()) {
      std::cerr << "channel " << (*channels)[i] << ": " << why << '\n';
      ++failed;
    }
  }
  if (!a.wall.empty() && !wall.write_jpeg(a.wall)) {
    std::cerr << "cannot write " << a.wall << '\n';
    ++failed;
  }
  if (!a.record.empty() && !(std::ofstream(a.record) << record.dump(1) << '\n')) {
    std::cerr << "cannot write " << a.record << '\n';
    ++failed;
  }
  for (dmss::Live& live : lives) live.stop();
  return failed == 0 ? 0 : 1;
}
