#include "recorder/clip_maker.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "media/stamp/stamp.hpp"

extern char** environ;

namespace dmss::recorder {
namespace {

namespace fs = std::filesystem;

/// A still, detailed background, something that moves, and sensor noise: what a camera's encoder has to do
/// with.
class Painter {
 public:
  explicit Painter(const ClipSpec& spec)
      : spec_(spec),
        width_(static_cast<std::size_t>(spec.width)),
        height_(static_cast<std::size_t>(spec.height)) {
    background_.resize(width_ * height_);
    noise_.resize(width_ * height_ + kNoiseShift);
    std::uint32_t seed = 0x9e3779b9u * static_cast<std::uint32_t>(spec.channel);
    for (std::uint8_t& n : noise_) {
      seed = seed * 1664525u + 1013904223u;
      n = static_cast<std::uint8_t>(seed >> 30);
    }
    for (std::size_t y = 0; y < height_; ++y) {
      for (std::size_t x = 0; x < width_; ++x) {
        const std::size_t brick = ((x / 24 + (y / 12 % 2) * 12 / 24) * 73 + y / 12 * 151) % 64;
        background_[y * width_ + x] =
            static_cast<std::uint8_t>(60 + brick + x * 60 / width_ + y * 30 / height_);
      }
    }
    frame_.resize(width_ * height_ * 3 / 2);
    const double angle = 0.7 * spec.channel;
    std::fill_n(frame_.begin() + static_cast<std::ptrdiff_t>(width_ * height_), width_ * height_ / 4,
                static_cast<std::uint8_t>(128 + 40 * std::cos(angle)));
    std::fill(frame_.begin() + static_cast<std::ptrdiff_t>(width_ * height_ * 5 / 4), frame_.end(),
              static_cast<std::uint8_t>(128 + 40 * std::sin(angle)));
  }

  /// Planar 4:2:0.
  ByteView paint(int number) {
    const std::size_t pixels = width_ * height_;
    const std::uint8_t* noise = noise_.data() + static_cast<std::size_t>(number) * 7919 % kNoiseShift;
    for (std::size_t i = 0; i < pixels; ++i) frame_[i] = static_cast<std::uint8_t>(background_[i] + noise[i]);
    move_something(number);
    const media::Stamp stamp{static_cast<std::uint8_t>(spec_.channel), static_cast<std::uint32_t>(number),
                             static_cast<std::uint16_t>(spec_.pictures)};
    media::draw_stamp(stamp, frame_.data(), spec_.width, spec_.width, spec_.height);
    return frame_;
  }

 private:
  void move_something(int number) {
    const double turn = 2 * 3.14159265358979 * number / spec_.pictures;
    const std::size_t w = width_ / 6, h = height_ / 5;
    const auto x0 = static_cast<std::size_t>(static_cast<double>(width_ - w) * (0.5 + 0.45 * std::sin(turn)));
    const auto y0 = static_cast<std::size_t>(static_cast<double>(height_ - h) * (0.6 + 0.3 * std::cos(turn)));
    for (std::size_t y = 0; y < h; ++y) {
      for (std::size_t x = 0; x < w; ++x) {
        frame_[(y0 + y) * width_ + x0 + x] =
            static_cast<std::uint8_t>(((x / 8 + y / 8) % 2) != 0 ? 200 : 40 + x % 32);
      }
    }
  }

  static constexpr std::size_t kNoiseShift = 65536;
  const ClipSpec& spec_;
  const std::size_t width_, height_;
  Bytes background_, noise_, frame_;
};

/// A program that reads from a pipe.
class Piped {
 public:
  explicit Piped(const std::vector<std::string>& words) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    std::vector<char*> argv;
    for (const std::string& w : words) argv.push_back(const_cast<char*>(w.c_str()));
    argv.push_back(nullptr);
    if (::posix_spawnp(&pid_, argv[0], &actions, nullptr, argv.data(), environ) != 0) pid_ = -1;
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[0]);
    to_ = ends[1];
  }
  ~Piped() { finish(); }
  Piped(const Piped&) = delete;
  Piped& operator=(const Piped&) = delete;

  bool started() const { return pid_ > 0; }
  bool write(ByteView data) {
    while (!data.empty()) {
      const ssize_t n = ::write(to_, data.data(), data.size());
      if (n <= 0) return false;
      data = data.subspan(static_cast<std::size_t>(n));
    }
    return true;
  }
  /// True when it ended well.
  bool finish() {
    if (to_ >= 0) ::close(std::exchange(to_, -1));
    int status = -1;
    if (pid_ > 0) ::waitpid(std::exchange(pid_, -1), &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }

 private:
  pid_t pid_ = -1;
  int to_ = -1;
};

/// A dead encoder shows as a failed write, not as a signal.
class NoBrokenPipe {
 public:
  NoBrokenPipe() { before_ = ::signal(SIGPIPE, SIG_IGN); }
  ~NoBrokenPipe() { ::signal(SIGPIPE, before_); }

 private:
  void (*before_)(int);
};

std::vector<std::string> encoder(const ClipSpec& s) {
  const std::string gop = std::to_string(s.gop), rate = std::to_string(s.kbps);
  const std::string common = "keyint=" + gop + ":min-keyint=" + gop +
                             ":scenecut=0:bframes=0:ref=1:repeat-headers=1:aud=1" + ":vbv-maxrate=" + rate +
                             ":vbv-bufsize=" + rate;
  if (s.codec == Codec::mjpeg) return {"-c:v", "mjpeg", "-q:v", "4", "-f", "mjpeg"};
  if (s.codec == Codec::h265) {
    return {"-c:v", "libx265",  "-preset",      "ultrafast",
            "-b:v", rate + "k", "-x265-params", common + ":rc-lookahead=2:log-level=error",
            "-f",   "hevc"};
  }
  return {"-c:v", "libx264", "-preset",  "ultrafast",    "-profile:v",
          "main", "-b:v",    rate + "k", "-x264-params", common + ":slices=1:sliced-threads=0:rc-lookahead=0",
          "-f",   "h264"};
}

std::vector<std::string> ffmpeg() {
  return {"ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "error", "-y"};
}

/// Of this process alone: the encoder of one that was killed may still be writing.
fs::path part_of(const fs::path& file) {
  return file.string() + "." + std::to_string(::getpid()) + ".part";
}

Result<void> finish(Piped& program, bool written, const fs::path& part, const fs::path& file) {
  const bool ended_well = program.finish();
  std::error_code e;
  if (!written || !ended_well) {
    fs::remove(part, e);
    return Error(Errc::device_error, "ffmpeg could not encode " + file.filename().string());
  }
  fs::rename(part, file, e);
  if (e) return Error(Errc::device_error, "cannot write " + file.string() + ": " + e.message());
  return {};
}

}  // namespace

Result<void> make_clip(const ClipSpec& spec, const fs::path& file) {
  const NoBrokenPipe guard;
  const fs::path part = part_of(file);
  std::vector<std::string> words = ffmpeg();
  const std::string size = std::to_string(spec.width) + "x" + std::to_string(spec.height);
  const std::string fps = std::to_string(spec.fps);
  for (const char* w :
       {"-f", "rawvideo", "-pix_fmt", "yuvj420p", "-s", size.c_str(), "-r", fps.c_str(), "-i", "pipe:0"})
    words.emplace_back(w);
  for (std::string& w : encoder(spec)) words.push_back(std::move(w));
  words.push_back(part.string());
  Piped program(words);
  if (!program.started()) return Error(Errc::device_error, "the program ffmpeg was not found");
  Painter painter(spec);
  bool written = true;
  for (int i = 0; i < spec.pictures && written; ++i) written = program.write(painter.paint(i));
  return finish(program, written, part, file);
}

Result<void> make_aac(const fs::path& file) {
  const NoBrokenPipe guard;
  const fs::path part = part_of(file);
  std::vector<std::string> words = ffmpeg();
  for (const char* w : {"-f", "lavfi", "-i", "sine=frequency=500:sample_rate=16000:duration=4.096", "-ac",
                        "1", "-c:a", "aac", "-b:a", "32k", "-f", "adts"}) {
    words.emplace_back(w);
  }
  words.push_back(part.string());
  Piped program(words);
  if (!program.started()) return Error(Errc::device_error, "the program ffmpeg was not found");
  return finish(program, true, part, file);
}

}  // namespace dmss::recorder
