// interop_write_dhav PROFILE CHANNEL FILE: four seconds of the channel's extra stream, with sound, as a DHAV file. Prints a line a
// frame: kind, key, size of the payload, milliseconds from the start.
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "media/dhav/frame.hpp"
#include "recorder/clips.hpp"

namespace {

namespace dhav = dmss::media::dhav;
using namespace dmss::recorder;

constexpr int kSeconds = 4;
/// Over the end of a leap year's February, and over the wrap of the 16-bit milliseconds.
constexpr dhav::Date kStart{2024, 2, 29, 23, 59, 58};
constexpr int kFirstMilliseconds = 64000;

dhav::Date date_at(int seconds) {
  dhav::Date d = kStart;
  d.second += seconds;
  if (d.second >= 60) d = {2024, 3, 1, 0, 0, d.second - 60};
  return d;
}

void write(std::ofstream& out, dhav::FrameType type, int number, int ms, dmss::ByteView extension,
           dmss::ByteView payload) {
  dhav::Header h;
  h.type = type;
  h.number = static_cast<std::uint32_t>(number);
  h.date = dhav::pack_date(date_at(ms / 1000));
  h.milliseconds = static_cast<std::uint16_t>(kFirstMilliseconds + ms);
  dmss::Bytes frame;
  dhav::append_frame(frame, h, extension, payload);
  out.write(reinterpret_cast<const char*>(frame.data()), static_cast<std::streamsize>(frame.size()));
  std::printf("%s %d %zu %d\n", h.is_video() ? "video" : "audio", type == dhav::FrameType::key ? 1 : 0,
              payload.size(), ms);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const auto profile = load_profile(argv[1]);
  if (!profile) return 1;
  const int channel = std::atoi(argv[2]);
  Clips clips(*profile, {});
  if (!clips.prepare()) return 1;
  const auto video = clips.load(Clips::spec_of(*profile, channel, 1));
  const auto sound = clips.sound(profile->audio(channel));
  const ClipSpec& spec = video->spec;
  std::ofstream out(argv[3], std::ios::binary);

  const auto picture_ms = [&](int i) { return i * 1000 / spec.fps; };
  const auto packet_ms = [&](int i) { return i * sound->samples * 1000 / sound->sample_rate; };
  const dmss::Bytes with_key = dhav::video_extension(spec.codec, spec.width, spec.height, spec.fps);
  const dmss::Bytes with_sound = dhav::audio_extension(sound->codec, sound->sample_rate);
  for (int picture = 0, packet = 0; picture < kSeconds * spec.fps;) {
    if (packet_ms(packet) < picture_ms(picture)) {
      const auto& payload = sound->packets[static_cast<std::size_t>(packet) % sound->packets.size()];
      write(out, dhav::FrameType::audio, packet, packet_ms(packet), with_sound, payload);
      ++packet;
      continue;
    }
    const auto at = static_cast<std::size_t>(picture) % video->pictures.size();
    const bool key = video->pictures[at].key;
    write(out, key ? dhav::FrameType::key : dhav::FrameType::predicted, picture, picture_ms(picture),
          key ? dmss::ByteView(with_key) : dmss::ByteView(), video->picture(at));
    ++picture;
  }
  return out.flush() ? 0 : 1;
}
