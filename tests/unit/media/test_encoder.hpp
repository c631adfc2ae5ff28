// Coded pictures made in the test by libavcodec, each with its frame stamp.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "media/access_unit.hpp"

struct AVCodecContext;

namespace dmss::media {

struct EncoderSettings {
  Codec codec = Codec::h264;
  int width = 352;
  int height = 288;
  int gop = 10;
  bool full_range = true;
  bool bt709 = false;
  bool chroma_422 = false;
  int b_frames = 0;
  bool standard_huffman = true;  ///< MJPEG: the tables RTP assumes
};

/// Draws into three planes.
struct Canvas {
  std::uint8_t* plane[3];
  int stride[3];
  int width;
  int height;
  int chroma_height;
};
using Paint = std::function<void(const Canvas&, int number)>;

/// Low delay: unit n is picture n. Parameter sets are in front of key frames.
std::vector<AccessUnit> encode_pictures(const EncoderSettings& settings, int count, const Paint& paint);
/// A moving gradient with the stamp of channel 3, number n.
std::vector<AccessUnit> encode_stamped(const EncoderSettings& settings, int count);

/// Sine tone as AAC-LC; `adts`: with headers.
std::vector<AccessUnit> encode_aac(int rate, int channels, int frames, bool adts);

/// Sine tone at 8 kHz as G.726, codes from the low bit up; the caller sets the codec.
std::vector<AccessUnit> encode_g726(int bits, double frequency, int samples);

}  // namespace dmss::media
