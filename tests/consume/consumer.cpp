// A program of someone else's: logs in, watches three pictures, goes. Arguments: the recorder's DVRIP and RTSP ports, its password.
#include <dmss/dmss.hpp>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <future>

int main(int argc, char** argv) {
  if (argc != 4 || std::strcmp(dmss::version(), DMSS_VERSION_STRING) != 0) return 2;
  dmss::EngineOptions quiet;
  quiet.log_level = dmss::LogLevel::off;
  std::promise<dmss::Result<dmss::DeviceInfo>> info;
  std::promise<void> seen;
  std::atomic<int> pictures{0};
  dmss::Engine engine(quiet);

  dmss::DeviceOptions options;
  options.address = "127.0.0.1";
  options.password = dmss::Secret(argv[3]);
  options.port = static_cast<std::uint16_t>(std::atoi(argv[1]));
  options.rtsp_port = static_cast<std::uint16_t>(std::atoi(argv[2]));
  dmss::Device device = engine.device(options);
  device.login([&](dmss::Result<dmss::DeviceInfo> r) { info.set_value(std::move(r)); });
  const auto answer = info.get_future().get();
  if (!answer) {
    std::fprintf(stderr, "%s\n", answer.error().to_string().c_str());
    return 1;
  }

  dmss::LiveHandlers handlers;
  handlers.on_frame = [&](const dmss::Frame&) {
    if (++pictures == 3) seen.set_value();
  };
  const dmss::Live live = device.open_live({}, handlers);
  seen.get_future().wait();
  std::printf("%s %d\n", answer->serial.c_str(), answer->channels);
  return 0;
}
