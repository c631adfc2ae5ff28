// dmss-live: watches channels of a recorder in the terminal, makes a picture of the wall of windows and a JSON record of what came.
#include <CLI/CLI.hpp>
#include <csignal>
#include <fstream>
#include <future>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "dmss/dmss.hpp"
#include "terminal.hpp"
#include "wall.hpp"
#include "window_report.hpp"

namespace {

volatile std::sig_atomic_t interrupted = 0;

struct Arguments {
  std::string url;
  std::string channels = "1-16";
  dmss::StreamKind stream = dmss::StreamKind::extra;
  double seconds = 10;
  std::string wall;
  std::string record;
  dmss::DeviceOptions device;
  dmss::LogLevel log = dmss::LogLevel::error;
  bool insecure_tls = false;
};

std::vector<int> parse_channels(const std::string& text) {
  std::vector<int> channels;
  std::stringstream parts(text);
  for (std::string part; std::getline(parts, part, ',');) {
    const auto dash = part.find('-');
    const int first = std::stoi(part.substr(0, dash));
    const int last = dash == std::string::npos ? first : std::stoi(part.substr(dash + 1));
    if (first < 1 || last < first || last > 1024)
      throw CLI::ValidationError("--channels", "use 1-16 or 1,3,5");
    for (int c = first; c <= last; ++c) channels.push_back(c);
  }
  return channels;
}

int parse(int argc, char** argv, Arguments& a) {
  CLI::App app{
      "Watches channels of a Dahua-family recorder.\nThe password comes from DMSS_PASSWORD or is asked for."};
  const std::map<std::string, dmss::StreamKind> streams{{"main", dmss::StreamKind::main},
                                                        {"extra", dmss::StreamKind::extra},
                                                        {"extra2", dmss::StreamKind::extra2},
                                                        {"extra3", dmss::StreamKind::extra3}};
  const std::map<std::string, dmss::MediaRoute> routes{{"auto", dmss::MediaRoute::automatic},
                                                       {"rtsp", dmss::MediaRoute::rtsp},
                                                       {"dvrip", dmss::MediaRoute::dvrip}};
  const std::map<std::string, dmss::ControlRoute> controls{{"auto", dmss::ControlRoute::automatic},
                                                           {"dvrip", dmss::ControlRoute::dvrip},
                                                           {"https", dmss::ControlRoute::https},
                                                           {"http", dmss::ControlRoute::http},
                                                           {"dhip", dmss::ControlRoute::dhip}};
  const std::map<std::string, dmss::RtspTransport> transports{{"tcp", dmss::RtspTransport::tcp},
                                                              {"udp", dmss::RtspTransport::udp},
                                                              {"tls", dmss::RtspTransport::tls}};
  const std::map<std::string, dmss::LegacyLogin> legacy{{"plain", dmss::LegacyLogin::plain},
                                                        {"gen0", dmss::LegacyLogin::gen0}};
  const std::map<std::string, dmss::LogLevel> levels{{"debug", dmss::LogLevel::debug},
                                                     {"info", dmss::LogLevel::info},
                                                     {"warning", dmss::LogLevel::warning},
                                                     {"error", dmss::LogLevel::error}};
  app.add_option("url", a.url, "dahua://user@host[:port]")->required();
  app.add_option("--channels", a.channels, "e.g. 1-16 or 1,3,5")->capture_default_str();
  app.add_option("--stream", a.stream, "main or extra")
      ->transform(CLI::CheckedTransformer(streams))
      ->default_str("extra");
  app.add_option("--seconds", a.seconds, "how long to watch; 0 = until interrupted")->capture_default_str();
  app.add_option("--wall", a.wall, "write the wall of windows to this JPEG file");
  app.add_option("--record-json", a.record, "write what came to this JSON file");
  app.add_option("--route", a.device.media, "auto, rtsp or dvrip")
      ->transform(CLI::CheckedTransformer(routes))
      ->default_str("auto");
  app.add_option("--control", a.device.control, "auto, dvrip, https, http or dhip")
      ->transform(CLI::CheckedTransformer(controls))
      ->default_str("auto");
  app.add_option("--rtsp-transport", a.device.rtsp_transport, "tcp, udp or tls")
      ->transform(CLI::CheckedTransformer(transports))
      ->default_str("tcp");
  app.add_option("--rtsp-port", a.device.rtsp_port, "RTSP port")->capture_default_str();
  app.add_option("--rtsps-port", a.device.rtsps_port, "RTSPS port")->capture_default_str();
  app.add_option("--http-port", a.device.http_port, "HTTP port")->capture_default_str();
  app.add_option("--https-port", a.device.https_port, "HTTPS port")->capture_default_str();
  app.add_option("--legacy-login", a.device.legacy_login,
                 "plain or gen0: what an old recorder wants; both reveal the password to a listener")
      ->transform(CLI::CheckedTransformer(legacy));
  app.add_option("--log", a.log, "debug, info, warning or error")
      ->transform(CLI::CheckedTransformer(levels))
      ->default_str("error");
  CLI11_PARSE(app, argc, argv);

  auto parsed = dmss::parse_device_url(a.url);
  if (!parsed) {
    std::cerr << parsed.error().message() << '\n';
    return 2;
  }
  a.device.address = parsed->address;
  a.device.user = parsed->user;
  a.device.port = parsed->port;
  return -1;
}

bool log_in(dmss::Device& device) {
  std::promise<dmss::Result<dmss::DeviceInfo>> answer;
  device.login([&](dmss::Result<dmss::DeviceInfo> r) { answer.set_value(std::move(r)); });
  const auto info = answer.get_future().get();
  if (!info) {
    std::cerr << info.error().to_string() << '\n' << info.error().remedy() << '\n';
    return false;
  }
  std::cout << info->model << ' ' << info->serial << ' ' << info->software << ", " << info->channels
            << " channels, " << dmss::name(info->login) << " over " << info->connection
            << (info->tls.empty() ? "" : " " + info->tls) << '\n';
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  Arguments a;
  if (const int code = parse(argc, argv, a); code >= 0) return code;
  std::vector<int> channels;
  try {
    channels = parse_channels(a.channels);
  } catch (const std::exception&) {
    std::cerr << "--channels: use 1-16 or 1,3,5\n";
    return 2;
  }
  a.device.password = dmss::Secret(read_password("DMSS_PASSWORD", "password of " + a.device.user + ": "));
  std::signal(SIGINT, [](int) { interrupted = 1; });

  Wall wall(static_cast<int>(channels.size()));
  std::vector<std::unique_ptr<WindowReport>> windows;
  dmss::EngineOptions engine_options;
  engine_options.log_level = a.log;
  dmss::Engine engine(engine_options);
  dmss::Device device = engine.device(a.device);
  if (!log_in(device)) return 1;

  std::vector<dmss::Live> lives;
  for (std::size_t i = 0; i < channels.size(); ++i) {
    windows.push_back(std::make_unique<WindowReport>(static_cast<int>(i), channels[i], a.stream, wall));
    dmss::LiveOptions options;
    options.channel = channels[i];
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
      std::cerr << "channel " << channels[i] << ": " << why << '\n';
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
