#include "recorder/clips.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

#include "media/decode/g711.hpp"
#include "recorder/clip_maker.hpp"
#include "recorder/options.hpp"

namespace dmss::recorder {
namespace {

namespace fs = std::filesystem;

constexpr int kGopSeconds = 2;
constexpr int kExtraSeconds = 6;
constexpr std::uint8_t kH264Delimiter = 9, kH265Delimiter = 35;

ClipSpec other_size_of(int channel) {
  return {channel, Codec::h264, 352, 288, 15, 192, 30, 30};
}

ClipSpec other_codec_of(const Profile& p, int channel, int subtype) {
  const Codec now = p.stream(subtype).codec(channel);
  return {channel, now == Codec::h264 ? Codec::h265 : Codec::h264, 640, 480, 15, 384, 30, 30};
}

ClipSpec snapshot_of(const Profile& p, int channel) {
  return {channel, Codec::mjpeg, p.extra.width, p.extra.height, 1, 0, 1, 1};
}

Bytes read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(file), {});
}

/// One process encodes, the others wait.
class DirectoryLock {
 public:
  explicit DirectoryLock(const fs::path& dir)
      : fd_(::open((dir / ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
    if (fd_ >= 0) (void)!::flock(fd_, LOCK_EX);
  }
  ~DirectoryLock() {
    if (fd_ >= 0) ::close(fd_);
  }
  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;

 private:
  int fd_;
};

/// Offset of the next 00 00 01 at or after `from`; the end when there is none.
std::size_t start_code(ByteView b, std::size_t from) {
  for (std::size_t i = from; i + 3 <= b.size(); ++i) {
    if (b[i + 2] > 1) {
      i += 2;
    } else if (b[i] == 0 && b[i + 1] == 0 && b[i + 2] == 1) {
      return i;
    }
  }
  return b.size();
}

bool is_key(Codec codec, std::uint8_t nal) {
  if (codec == Codec::h264) return (nal & 0x1f) == 5;
  const int type = (nal >> 1) & 0x3f;
  return type >= 16 && type <= 21;
}

std::shared_ptr<const Sound> alaw_tone() {
  auto sound = std::make_shared<Sound>();
  constexpr int kPackets = 25;  // one second, a whole number of periods
  for (int p = 0; p < kPackets; ++p) {
    std::array<std::int16_t, 320> samples{};
    for (int i = 0; i < 320; ++i) {
      samples[static_cast<std::size_t>(i)] =
          static_cast<std::int16_t>(8000 * std::sin(2 * 3.14159265358979 * 500 * (p * 320 + i) / 8000.0));
    }
    Bytes packet(samples.size());
    media::encode_alaw(samples, packet.data());
    sound->packets.push_back(std::move(packet));
  }
  return sound;
}

std::shared_ptr<const Sound> aac_tone(const fs::path& file) {
  auto sound = std::make_shared<Sound>(Sound{Codec::aac, 16000, 1024, {}});
  const Bytes all = read_file(file);
  ByteView rest(all);
  while (rest.size() >= 7 && rest[0] == 0xff && (rest[1] & 0xf0) == 0xf0) {
    const std::size_t size = static_cast<std::size_t>((rest[3] & 3) << 11 | rest[4] << 3 | rest[5] >> 5);
    if (size < 7 || size > rest.size()) break;
    sound->packets.emplace_back(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(size));
    rest = rest.subspan(size);
  }
  return sound;
}

}  // namespace

fs::path default_clips_dir() {
  if (const char* set = std::getenv("DMSS_CLIPS")) return set;
  if (const char* cache = std::getenv("XDG_CACHE_HOME")) return fs::path(cache) / "dmss-recorder";
  if (const char* home = std::getenv("HOME")) return fs::path(home) / ".cache" / "dmss-recorder";
  return fs::temp_directory_path() / "dmss-recorder";
}

std::string ClipSpec::file_name() const {
  const std::string loop =
      gop == kGopSeconds * fps || codec == Codec::mjpeg ? std::string() : "-g" + std::to_string(gop);
  return std::to_string(width) + "x" + std::to_string(height) + "-" + std::to_string(fps) + "-" +
         std::to_string(kbps) + "k-" + std::to_string(pictures) + loop + "-ch" + std::to_string(channel) +
         "." + std::string(name(codec));
}

Clip split_clip(const ClipSpec& spec, ByteView stream) {
  Clip clip;
  clip.spec = spec;
  if (spec.codec == Codec::mjpeg) {
    clip.bytes.assign(stream.begin(), stream.end());
    clip.pictures.push_back({0, stream.size(), true});
    return clip;
  }
  std::size_t at = start_code(stream, 0);
  while (at + 3 < stream.size()) {
    const std::size_t next = start_code(stream, at + 3);
    const std::uint8_t nal = stream[at + 3];
    const bool delimiter =
        spec.codec == Codec::h264 ? (nal & 0x1f) == kH264Delimiter : ((nal >> 1) & 0x3f) == kH265Delimiter;
    if (delimiter) {
      clip.pictures.push_back({clip.bytes.size(), 0, false});
    } else if (!clip.pictures.empty()) {
      // The zero before a long start code belongs to the NAL unit behind it.
      std::size_t end = next;
      while (end < stream.size() && end > at + 4 && stream[end - 1] == 0) --end;
      clip.bytes.push_back(0);
      clip.bytes.insert(clip.bytes.end(), stream.begin() + static_cast<std::ptrdiff_t>(at),
                        stream.begin() + static_cast<std::ptrdiff_t>(end));
      Clip::Picture& picture = clip.pictures.back();
      picture.size = clip.bytes.size() - picture.offset;
      picture.key = picture.key || is_key(spec.codec, nal);
    }
    at = next;
  }
  return clip;
}

ClipSpec Clips::spec_of(const Profile& p, int channel, int subtype) {
  const StreamProfile& s = p.stream(subtype);
  ClipSpec c{channel, s.codec(channel), s.width, s.height, s.fps, s.kbps, 0, kGopSeconds * s.fps};
  c.pictures = (subtype == 0 ? kGopSeconds : kExtraSeconds) * s.fps;
  return c;
}

Clips::Clips(const Profile& profile, fs::path dir)
    : profile_(profile), dir_((dir.empty() ? default_clips_dir() : dir) / kClipVersion) {}

std::vector<ClipSpec> Clips::specs_of(const Profile& p) {
  std::vector<ClipSpec> specs;
  for (int c = 1; c <= p.channels; ++c) {
    specs.push_back(spec_of(p, c, 1));
    specs.push_back(spec_of(p, c, 0));
    specs.push_back(other_size_of(c));
    specs.push_back(other_codec_of(p, c, 0));
    specs.push_back(other_codec_of(p, c, 1));
    specs.push_back(snapshot_of(p, c));
  }
  return specs;
}

Result<void> Clips::prepare() {
  std::error_code e;
  fs::create_directories(dir_, e);
  if (e) return Error(Errc::device_error, "cannot make " + dir_.string() + ": " + e.message());
  std::vector<ClipSpec> missing;
  std::set<std::string> names;
  const auto look = [&] {
    missing.clear();
    names.clear();
    for (const ClipSpec& s : specs_of(profile_)) {
      if (names.insert(s.file_name()).second && !fs::exists(dir_ / s.file_name())) missing.push_back(s);
    }
    return missing.empty() && fs::exists(dir_ / "tone.aac");
  };
  if (look()) return {};
  const DirectoryLock lock(dir_);
  look();
  for (const ClipSpec& s : missing) {
    if (Result<void> made = make_clip(s, dir_ / s.file_name()); !made) return made;
  }
  if (!fs::exists(dir_ / "tone.aac")) return make_aac(dir_ / "tone.aac");
  return {};
}

std::shared_ptr<const Clip> Clips::load(const ClipSpec& spec) {
  std::shared_ptr<const Clip>& slot = loaded_[spec.file_name()];
  if (!slot) {
    const Bytes stream = read_file(dir_ / spec.file_name());
    slot = std::make_shared<const Clip>(split_clip(spec, stream));
  }
  return slot;
}

bool Clips::there(const ClipSpec& spec) const {
  std::error_code e;
  return fs::exists(dir_ / spec.file_name(), e);
}

Result<void> Clips::make(const ClipSpec& spec) const {
  const DirectoryLock lock(dir_);
  if (there(spec)) return {};
  return make_clip(spec, dir_ / spec.file_name());
}

std::shared_ptr<const Clip> Clips::other_size(int channel) {
  return load(other_size_of(channel));
}
std::shared_ptr<const Clip> Clips::other_codec(int channel, int subtype) {
  return load(other_codec_of(profile_, channel, subtype));
}

std::shared_ptr<const Sound> Clips::sound(Codec codec) {
  std::shared_ptr<const Sound>& slot = sounds_[codec];
  if (!slot) slot = codec == Codec::aac ? aac_tone(dir_ / "tone.aac") : alaw_tone();
  return slot;
}

Bytes Clips::snapshot(int channel) {
  return load(snapshot_of(profile_, channel))->bytes;
}

}  // namespace dmss::recorder
