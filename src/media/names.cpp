#include "dmss/media.hpp"

namespace dmss {

std::string_view name(Codec c) noexcept {
  switch (c) {
    case Codec::unknown: break;
    case Codec::h264: return "h264";
    case Codec::h265: return "h265";
    case Codec::mjpeg: return "mjpeg";
    case Codec::mpeg4: return "mpeg4";
    case Codec::pcm_alaw: return "pcm_alaw";
    case Codec::pcm_mulaw: return "pcm_mulaw";
    case Codec::pcm_s16le: return "pcm_s16le";
    case Codec::pcm_s16be: return "pcm_s16be";
    case Codec::pcm_s8: return "pcm_s8";
    case Codec::aac: return "aac";
    case Codec::g726_16: return "g726_16";
    case Codec::g726_24: return "g726_24";
    case Codec::g726_32: return "g726_32";
    case Codec::g726_40: return "g726_40";
  }
  return "unknown";
}

std::string_view name(StreamKind k) noexcept {
  switch (k) {
    case StreamKind::main: return "main";
    case StreamKind::extra: return "extra";
    case StreamKind::extra2: return "extra2";
    case StreamKind::extra3: return "extra3";
  }
  return "unknown";
}

}  // namespace dmss
