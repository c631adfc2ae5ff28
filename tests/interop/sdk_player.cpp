// interop_sdk_player PORT tcp|udp CHANNEL PASSWORD PICTURES BLOCKS: the SDK plays from somebody else's RTSP server until it has seen
// that many pictures and blocks of sound. Prints what it saw as "key=value" lines.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "integration/windows.hpp"

using namespace dmss;
using namespace dmss::test;

int main(int argc, char** argv) {
  if (argc != 7) return 2;
  DeviceOptions o;
  o.address = "127.0.0.1";
  o.password = Secret(argv[4]);
  o.port = o.http_port = o.https_port = o.dhip_port = o.rtsps_port = 0;
  o.rtsp_port = static_cast<std::uint16_t>(std::atoi(argv[1]));
  o.media = MediaRoute::rtsp;
  o.rtsp_transport = std::string(argv[2]) == "udp" ? RtspTransport::udp : RtspTransport::tcp;
  const auto pictures = static_cast<std::uint64_t>(std::atoi(argv[5])),
             blocks = static_cast<std::uint64_t>(std::atoi(argv[6]));

  TestWindow window(std::atoi(argv[3]));
  Engine engine(quiet_engine());
  Device device = engine.device(o);
  LiveOptions patient;
  patient.channel = std::atoi(argv[3]);
  patient.quality = Quality::fluent;
  Live live = device.open_live(patient, window.handlers());
  window.wait([&](const TestWindow::Seen& s) {
    const bool failed = !s.states.empty() && s.states.back().first == LiveState::failed;
    return failed || (s.frames >= pictures && s.audio_blocks >= blocks);
  });
  const TestWindow::Seen s = window.seen();
  const LiveStats stats = live.stats();
  const auto print = [](const char* key, auto value) {
    std::printf("%s=%s\n", key, std::to_string(value).c_str());
  };
  print("frames", s.frames);
  print("missing", s.missing);
  print("wrong", s.wrong);
  print("unreadable", s.unreadable);
  print("blocks", s.audio_blocks);
  print("samples", s.audio_samples);
  print("time_went_back", static_cast<int>(s.time_went_back));
  print("width", s.width);
  print("height", s.height);
  print("lost", stats.lost);
  print("corrupt", stats.corrupt);
  print("dropped", stats.dropped);
  print("decode_errors", stats.decode_errors);
  print("packets", stats.packets);
  print("restarts", stats.restarts);
  std::printf("video=%s\naudio=%s\n", std::string(name(stats.video)).c_str(),
              std::string(name(stats.audio)).c_str());
  std::printf("transport=%s\nstate=%s\n", stats.transport.c_str(), std::string(name(stats.state)).c_str());
  std::printf("error=%s\n", s.states.empty() ? "" : s.states.back().second.to_string().c_str());
  return 0;
}
