// dmss-bench-lavf: the peer. libavformat as a program would use it at its best: a thread a stream, no probing
// beyond the opening.
extern "C" {
#include <libavformat/avformat.h>
}

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "bench/support/decoder.hpp"
#include "bench/support/stamp.hpp"
#include "bench/support/usage.hpp"

namespace {

using namespace dmss::bench;
using Clock = std::chrono::steady_clock;

struct Shared {
  std::string url;
  bool decode = false;
  std::atomic<bool> stop{false};
  std::atomic<std::uint64_t> pictures{0}, bytes{0};
  std::atomic<int> opened{0};
  std::mutex mutex;
  std::vector<double> first_ms, latency_ms;
};

void run_stream(Shared& shared) {
  const auto start = Clock::now();
  AVFormatContext* format = nullptr;
  AVDictionary* options = nullptr;
  av_dict_set(&options, "rtsp_transport", "tcp", 0);
  const int opened = avformat_open_input(&format, shared.url.c_str(), nullptr, &options);
  av_dict_free(&options);
  if (opened < 0) {
    std::fputs("dmss-bench-lavf: cannot open\n", stderr);
    std::exit(1);
  }
  Decoder decoder(format->streams[0]->codecpar->codec_id);
  AVPacket* packet = av_packet_alloc();
  bool first = true;
  const auto count = [&](std::string_view stamped) {
    const auto now = Clock::now();
    shared.pictures.fetch_add(1, std::memory_order_relaxed);
    const auto sent = read_stamp(stamped);
    if (!first && !sent) return;
    std::lock_guard lock(shared.mutex);
    if (sent) shared.latency_ms.push_back(std::chrono::duration<double, std::milli>(now - *sent).count());
    if (std::exchange(first, false)) {
      shared.first_ms.push_back(std::chrono::duration<double, std::milli>(now - start).count());
      ++shared.opened;
    }
  };
  while (!shared.stop && av_read_frame(format, packet) >= 0) {
    shared.bytes.fetch_add(static_cast<std::uint64_t>(packet->size), std::memory_order_relaxed);
    if (shared.decode) {
      const dmss::ByteView unit(packet->data, static_cast<std::size_t>(packet->size));
      decoder.decode(unit, [&](const AVFrame& frame) { count(user_data(frame)); });
    } else {
      count({});
    }
    av_packet_unref(packet);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 6) {
    std::fputs("usage: dmss-bench-lavf receive|decode URL STREAMS WARM-UP SECONDS [PICTURES]\n", stderr);
    return 2;
  }
  av_log_set_level(AV_LOG_ERROR);
  Shared shared;
  shared.decode = std::strcmp(argv[1], "decode") == 0;
  shared.url = argv[2];
  const int streams = std::atoi(argv[3]);
  const auto rest = [](double s) { std::this_thread::sleep_for(std::chrono::duration<double>(s)); };
  for (int i = 0; i < streams; ++i) std::thread(run_stream, std::ref(shared)).detach();
  const auto pictures = static_cast<std::uint64_t>(argc > 6 ? std::atoi(argv[6]) : 0);
  while (shared.opened < streams || shared.pictures < pictures) rest(0.01);
  nlohmann::json out;
  if (pictures == 0) {
    rest(std::atof(argv[4]));
    {
      std::lock_guard lock(shared.mutex);
      shared.latency_ms.clear();
    }
    const std::uint64_t pictures_before = shared.pictures, bytes_before = shared.bytes;
    const Usage before = Usage::now();
    rest(std::atof(argv[5]));
    const Usage after = Usage::now();
    out = {{"cpu_s", after.cpu - before.cpu},
           {"wall_s", std::chrono::duration<double>(after.at - before.at).count()},
           {"wakeups", after.switches - before.switches},
           {"bytes", shared.bytes - bytes_before},
           {"anon_kb", process_status("RssAnon")},
           {"threads", process_status("Threads")}};
    out["pictures"] = shared.pictures - pictures_before;
  } else {
    out["pictures"] = shared.pictures.load();
  }
  {
    std::lock_guard lock(shared.mutex);
    std::sort(shared.first_ms.begin(), shared.first_ms.end());
    std::sort(shared.latency_ms.begin(), shared.latency_ms.end());
    out["first_ms"] = shared.first_ms;
    out["latency_ms"] = shared.latency_ms;
  }
  std::puts(out.dump().c_str());
  std::fflush(stdout);
  std::_Exit(0);
}
