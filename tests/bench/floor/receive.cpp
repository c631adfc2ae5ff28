#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <stdexcept>

#include "bench/floor/assembler.hpp"
#include "bench/floor/jobs.hpp"
#include "bench/support/decoder.hpp"
#include "bench/support/stamp.hpp"
#include "bench/support/usage.hpp"

namespace dmss::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kBuffer = 256u << 10;

class Receiver {
 public:
  explicit Receiver(const FloorOptions& options)
      : options_(options), epoll_(::epoll_create1(EPOLL_CLOEXEC)), shared_(kBuffer) {
    for (int i = 0; i < options.streams; ++i) open(i);
  }
  ~Receiver() { ::close(epoll_); }
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  nlohmann::json run() {
    if (options_.pictures > 0) {
      while (units_ < static_cast<std::uint64_t>(options_.pictures)) turn();
      return {{"pictures", units_}};
    }
    turn_until(Clock::now() + seconds(options_.warm_up));
    const Usage before = Usage::now();
    units_ = bytes_ = pictures_ = 0;
    latencies_.clear();
    turn_until(before.at + seconds(options_.seconds));
    const Usage after = Usage::now();
    std::uint64_t gaps = 0;
    for (const auto& s : streams_) gaps += s->assembler.gaps();
    std::sort(latencies_.begin(), latencies_.end());
    const bool decodes = options_.mode == "decode";
    return {{"cpu_s", after.cpu - before.cpu},
            {"wall_s", std::chrono::duration<double>(after.at - before.at).count()},
            {"wakeups", after.switches - before.switches},
            {"pictures", decodes ? pictures_ : units_},
            {"bytes", bytes_},
            {"gaps", gaps},
            {"latency_ms", latencies_}};
  }

 private:
  struct Stream {
    Stream(const FloorOptions& o, int channel, Assembler::OnUnit on_unit)
        : source(o.source, channel), assembler(o.source.transport, std::move(on_unit)) {}
    Source source;
    Assembler assembler;
    Bytes buffer;
    std::size_t held = 0;
    std::optional<Decoder> decoder;
  };

  static Clock::duration seconds(double s) {
    return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(s));
  }

  void open(int index) {
    streams_.push_back(std::make_unique<Stream>(options_, index + 1, [this, index](ByteView unit) {
      ++units_;
      if (auto& decoder = streams_[static_cast<std::size_t>(index)]->decoder) {
        decoder->decode(unit, [this](const AVFrame& frame) { shown(frame); });
      }
    }));
    Stream& s = *streams_.back();
    if (options_.mode != "recv") s.buffer.resize(kBuffer);
    if (options_.mode == "decode") s.decoder.emplace();
    epoll_event e{};
    e.events = EPOLLIN;
    e.data.ptr = &s;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, s.source.fd(), &e);
  }

  void shown(const AVFrame& frame) {
    ++pictures_;
    if (const auto sent = read_stamp(user_data(frame)))
      latencies_.push_back(std::chrono::duration<double, std::milli>(Clock::now() - *sent).count());
  }

  void turn_until(Clock::time_point end) {
    while (Clock::now() < end) turn();
  }

  void turn() {
    epoll_event events[64];
    const int n = ::epoll_wait(epoll_, events, 64, 100);
    for (int i = 0; i < n; ++i) serve(*static_cast<Stream*>(events[i].data.ptr));
  }

  void serve(Stream& s) {
    const bool bare = options_.mode == "recv";
    do {
      std::uint8_t* to = bare ? shared_.data() : s.buffer.data() + s.held;
      const std::ptrdiff_t n = s.source.read(to, bare ? kBuffer : s.buffer.size() - s.held);
      if (n < 0) throw std::runtime_error("floor: the stream ended");
      if (n == 0) return;
      bytes_ += static_cast<std::uint64_t>(n);
      if (bare) continue;
      s.held += static_cast<std::size_t>(n);
      const std::size_t used = s.assembler.take(ByteView(s.buffer).first(s.held));
      s.held -= used;
      if (s.held != 0) std::memmove(s.buffer.data(), s.buffer.data() + used, s.held);
    } while (s.source.may_hold_more());
  }

  const FloorOptions& options_;
  int epoll_;
  Bytes shared_;
  std::vector<std::unique_ptr<Stream>> streams_;
  std::uint64_t units_ = 0, pictures_ = 0, bytes_ = 0;
  std::vector<double> latencies_;
};

}  // namespace

nlohmann::json receive(const FloorOptions& options) {
  return Receiver(options).run();
}

}  // namespace dmss::bench
