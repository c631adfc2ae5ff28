#include "media/dhav/unit_reader.hpp"

#include <algorithm>

#include "media/sniff.hpp"

namespace dmss::media::dhav {

void UnitReader::set_key(std::string serial, Secret password) {
  serial_ = std::move(serial);
  password_ = std::move(password);
  key_.reset();
}

void UnitReader::push(ByteView data, std::chrono::steady_clock::time_point arrived) {
  arrived_ = arrived;
  demuxer_.push(data, [this](const Frame& f) { on_frame(f); });
  if (demuxer_.foreign() != Foreign::none)
    tell(Errc::codec_unsupported, "the device sends another format than DHAV");
}

void UnitReader::on_frame(const Frame& frame) {
  if (frame.payload.empty()) return;
  const Moment moment = timeline_.next(frame.header, frame_rate_);
  if (frame.header.is_video()) {
    on_video(frame, moment);
  } else if (frame.header.type == FrameType::audio) {
    on_audio(frame, moment);
  } else if (frame.header.type == FrameType::auxiliary) {
    AccessUnit u;
    u.kind = MediaKind::data;
    u.time = moment.time;
    u.arrived = arrived_;
    u.data = Buffer::copy_of(frame.payload);
    emit_(std::move(u));
  }
}

void UnitReader::on_video(const Frame& frame, const Moment& moment) {
  AccessUnit u;
  u.kind = MediaKind::video;
  u.key = frame.header.type == FrameType::key;
  has_key_ = has_key_ || u.key;
  waits_for_key_ = !has_key_;
  u.time = moment.time;
  u.discontinuity = moment.discontinuity;
  u.arrived = arrived_;
  const auto missing = static_cast<std::int32_t>(frame.header.number - number_ - 1);
  if (has_number_ && missing > 0 && missing < 100000) {
    lost_ += static_cast<std::uint64_t>(missing);
    u.corrupt = !u.key;
    u.discontinuity = true;
  }
  has_number_ = true;
  number_ = frame.header.number;

  const Extensions x = parse_extensions(frame.extension);
  if (x.frame_rate > 0) frame_rate_ = x.frame_rate;
  builder_.clear();
  if (!builder_.append(frame.payload)) return;
  if (x.encryption && !decrypt_payload(*x.encryption, u.key, builder_)) {
    video_ = Codec::unknown;  // the pictures that build on this one have no use either
    return;
  }
  if (u.key) {
    const Codec label = x.video_codec ? video_codec(*x.video_codec) : video_;
    const Codec seen = sniff_key_frame({builder_.data(), builder_.size()});
    video_ = seen != Codec::unknown ? seen : label;
    if (video_ == Codec::unknown) {
      const std::string id = x.video_codec ? std::to_string(*x.video_codec) : std::string("none");
      tell(Errc::codec_unsupported, "video codec id " + id);
    }
  }
  if (video_ == Codec::unknown) return;
  u.codec = video_;
  u.data = builder_.take();
  emit_(std::move(u));
}

void UnitReader::on_audio(const Frame& frame, const Moment& moment) {
  const Extensions x = parse_extensions(frame.extension);
  if (!x.audio_codec) return;
  AccessUnit u;
  u.kind = MediaKind::audio;
  u.key = true;
  u.codec = audio_codec(*x.audio_codec);
  const bool adts = frame.payload.size() > 1 && frame.payload[0] == 0xff && (frame.payload[1] & 0xf0) == 0xf0;
  if (u.codec == Codec::aac && !adts) {
    // Consumer cameras write the id of AAC on G.711, too.
    u.codec = Codec::pcm_alaw;
    tell(Errc::codec_unsupported, "sound labelled AAC is not; taken as G.711");
  }
  if (u.codec == Codec::unknown)
    return tell(Errc::codec_unsupported, "audio codec id " + std::to_string(*x.audio_codec));
  u.time = moment.time;
  u.discontinuity = moment.discontinuity;
  u.sample_rate = sample_rate(x.sample_rate_index);
  u.channels = std::clamp(x.audio_channels, 1, 8);
  u.arrived = arrived_;
  u.data = Buffer::copy_of(frame.payload);
  emit_(std::move(u));
}

/// Key frames are encrypted; the others are known as clear, but one that has a record is believed to be what the record says
/// unless its head, where that is encrypted, reads as a picture already.
bool UnitReader::decrypt_payload(const Encryption& record, bool key, BufferBuilder& payload) {
  constexpr std::uint32_t kReadableHead = 5;          // start code and the NAL unit's first byte
  if (!key && video_ == Codec::unknown) return true;  // left out in any case
  const auto reads = [&] {
    const ByteView unit{payload.data(), payload.size()};
    return key ? sniff_key_frame(unit) != Codec::unknown : starts_picture(video_, unit);
  };
  if (!record.known) {
    tell(Errc::encrypted, "the stream is encrypted in a way that is not known");
    return false;
  }
  if (record.encrypted == 0) return true;
  if (!key && record.clear < kReadableHead && reads()) return true;
  if (password_.empty() || serial_.empty()) {
    tell(Errc::encrypted, "the stream is encrypted and no password or serial number is known");
    return false;
  }
  if (!key_) key_ = derive_stream_key(serial_, password_);
  if (decrypt(*key_, record, payload.data(), payload.size()) && reads()) return true;
  tell(Errc::encrypted, "the stream is encrypted with another password or in another way");
  return false;
}

void UnitReader::tell(Errc code, std::string text) {
  if (std::find(told_.begin(), told_.end(), code) != told_.end()) return;
  told_.push_back(code);
  notice_(Error(code, std::move(text)));
}

}  // namespace dmss::media::dhav
