#include "recorder/rtsp_sdp.hpp"

#include <fmt/core.h>

#include "media/rtp/packetiser.hpp"
#include "proto/auth/hash.hpp"

namespace dmss::recorder {
namespace {

struct ParameterSets {
  std::string vps, sps, pps;  // base64
  std::string profile;        // H.264: profile_idc, constraints, level_idc in hex
};

ParameterSets parameter_sets(const Clip& clip) {
  ParameterSets sets;
  if (clip.pictures.empty()) return sets;
  const bool h265 = clip.spec.codec == Codec::h265;
  media::for_each_nal(clip.picture(0), [&](ByteView nal) {
    if (nal.empty()) return;
    const int type = h265 ? (nal[0] >> 1) & 0x3f : nal[0] & 0x1f;
    std::string* slot = nullptr;
    if (h265) {
      slot = type == 32 ? &sets.vps : type == 33 ? &sets.sps : type == 34 ? &sets.pps : nullptr;
    } else {
      slot = type == 7 ? &sets.sps : type == 8 ? &sets.pps : nullptr;
      if (type == 7 && nal.size() >= 4)
        sets.profile = fmt::format("{:02X}{:02X}{:02X}", nal[1], nal[2], nal[3]);
    }
    if (slot != nullptr && slot->empty()) *slot = proto::auth::base64_encode(as_text(nal));
  });
  return sets;
}

std::string video_track(const Clip& clip, bool fmtp) {
  const bool h265 = clip.spec.codec == Codec::h265;
  const int pt = payload_type(clip.spec.codec);
  const ParameterSets sets = parameter_sets(clip);
  std::string out = fmt::format(
      "m=video 0 RTP/AVP {}\r\na=control:trackID=0\r\na=framerate:{:.6f}\r\na=rtpmap:{} {}/90000\r\n", pt,
      static_cast<double>(clip.spec.fps), pt, h265 ? "H265" : "H264");
  if (fmtp && h265) {
    out += fmt::format("a=fmtp:{} profile-id=1;sprop-sps={};sprop-pps={};sprop-vps={}\r\n", pt, sets.sps,
                       sets.pps, sets.vps);
  } else if (fmtp) {
    out += fmt::format("a=fmtp:{} packetization-mode=1;profile-level-id={};sprop-parameter-sets={},{}\r\n",
                       pt, sets.profile, sets.sps, sets.pps);
  }
  return out + "a=recvonly\r\n";
}

/// AudioSpecificConfig of AAC-LC, mono, 16 kHz.
constexpr const char* kAacConfig = "1408";

std::string audio_track(Codec codec, bool fmtp) {
  std::string out;
  if (codec == Codec::aac) {
    out = "m=audio 0 RTP/AVP 97\r\na=control:trackID=1\r\na=rtpmap:97 MPEG4-GENERIC/16000\r\n";
    if (fmtp)
      out += fmt::format(
          "a=fmtp:97 "
          "streamtype=5;profile-level-id=1;mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;"
          "config={}\r\n",
          kAacConfig);
  } else {
    out = "m=audio 0 RTP/AVP 8\r\na=control:trackID=1\r\na=rtpmap:8 PCMA/8000\r\n";
  }
  return out + "a=recvonly\r\n";
}

}  // namespace

std::uint8_t payload_type(Codec codec) {
  switch (codec) {
    case Codec::h265: return kH265Payload;
    case Codec::aac: return kAacPayload;
    case Codec::pcm_alaw: return kAlawPayload;
    default: return kH264Payload;
  }
}

std::string describe(Core& core, const std::string& service, int channel, int subtype) {
  const Where where{.service = service, .channel = channel};
  const bool fmtp = !core.faults.strikes("no_fmtp", where);
  const bool broken = core.faults.strikes("broken_sdp", where);
  const std::string id = std::to_string(core.random32());
  std::string out = fmt::format("v=0\r\no=- {0} {0} IN IP4 0.0.0.0\r\n", id);
  out += core.profile.rtsp.old_sdp ? "s=RTSP Session of ZheJiang Dahua Technology CO.,LTD.\r\n"
                                   : "s=Media Server\r\n";
  if (broken) out += "s=second name\r\no=broken\r\nc=\r\nt=now\r\nno such line\r\n";
  out +=
      "c=IN IP4 0.0.0.0\r\nt=0 "
      "0\r\na=control:*\r\na=packetization-supported:DH\r\na=rtppayload-supported:DH\r\na=range:npt=now-\r\n";
  if (!core.profile.rtsp.old_sdp)
    out += "a=x-summary:Oversea\r\na=x-packetization-supported:IV\r\na=x-rtppayload-supported:IV\r\n";
  out += video_track(*core.streams.video(channel, subtype), fmtp);
  if (core.streams.sound_on(channel, subtype))
    out += audio_track(core.streams.sound(channel, subtype)->codec, fmtp);
  if (broken) {
    out +=
        "m=odd 0 RTP/AVP 120\r\na=control:trackID=9\r\nm=application 0 RTP/AVP 107\r\na=rtpmap:107 "
        "vnd.onvif.metadata/90000";
  }
  return out;
}

}  // namespace dmss::recorder
