// H.264 and H.265 payloads: both are NAL units, whole, in aggregates, or in fragments.
#include "media/rtp/h26x.hpp"

#include <utility>

namespace dmss::media {
namespace {

constexpr std::uint8_t kStartCode[4] = {0, 0, 0, 1};

struct H264 {
  static constexpr std::size_t kNalHeader = 1;
  static constexpr int kFragment = 28;
  static int type(const std::uint8_t* nal) { return nal[0] & 0x1f; }
  static bool is_picture(int t) { return t >= 1 && t <= 5; }
  static bool is_usual_picture(int t) { return t == 1 || t == 5; }
  static bool is_key(int t) { return t == 5; }
  /// SPS, PPS
  static constexpr int kFirstSet = 7, kSets = 2;
  /// H.265's first bytes read as these; data partitioning (2 to 4) is of a profile that no camera has.
  static bool is_foreign(const std::uint8_t* nal) {
    const int t = type(nal);
    return t == 0 || (t >= 2 && t <= 4);
  }
  static bool is_forbidden(const std::uint8_t* nal) { return is_foreign(nal); }
};

struct H265 {
  static constexpr std::size_t kNalHeader = 2;
  static constexpr int kFragment = 49;
  static int type(const std::uint8_t* nal) { return nal[0] >> 1 & 0x3f; }
  static bool is_picture(int t) { return t < 32; }
  static bool is_usual_picture(int t) { return t <= 9 || (t >= 16 && t <= 21); }
  static bool is_key(int t) { return t >= 16 && t <= 21; }
  /// VPS, SPS, PPS
  static constexpr int kFirstSet = 32, kSets = 3;
  /// Another layer than the base, or the temporal id 0 that there is not: H.264's first bytes.
  static bool is_foreign(const std::uint8_t* nal) {
    return (nal[0] & 0x81) != 0 || (nal[1] & 0xf8) != 0 || (nal[1] & 0x07) == 0;
  }
  static bool is_forbidden(const std::uint8_t* nal) { return (nal[1] & 0x07) == 0; }
  static bool is_reserved(int t) {
    return (is_picture(t) && !is_usual_picture(t)) || t > 49 || (t > 40 && t < 48);
  }
};

}  // namespace

template <class Format>
class H26xDepacketiser final : public Depacketiser {
 public:
  H26xDepacketiser(Codec codec, Bytes parameter_sets, Emit emit)
      : Depacketiser(std::move(emit)),
        codec_(codec),
        parameter_sets_(std::move(parameter_sets)),
        unit_(kMaxAccessUnit) {}

  void push(const proto::rtp::Packet& packet, std::int64_t ticks, bool lost,
            std::chrono::steady_clock::time_point arrived) override {
    if (!has_first_) {
      has_first_ = true;
      first_ticks_ = ticks;
    }
    if (lost) {
      corrupt_ = true;
      in_fragment_ = false;
    }
    // Without a marker a new time stamp ends the unit; parameter sets alone wait for their picture. No unit ends inside a NAL unit.
    if (!unit_.empty() && ticks != ticks_ && has_picture_ && !continues_fragment(packet.payload)) {
      finish();
      corrupt_ =
          corrupt_ || lost;  // the loss may have taken the end of that unit and the beginning of this one
    }
    ticks_ = ticks;
    arrived_ = arrived;
    take(packet.payload);
    if (packet.marker && has_picture_) finish();
  }

 private:
  bool continues_fragment(ByteView payload) const {
    constexpr std::size_t head = Format::kNalHeader;
    return in_fragment_ && payload.size() > head && Format::type(payload.data()) == Format::kFragment &&
           (payload[head] & 0x80) == 0;
  }

  void take(ByteView payload) {
    if (payload.size() < Format::kNalHeader) {
      ++malformed_;
      return;
    }
    if (Format::is_foreign(payload.data())) {
      contradict();
      if (Format::is_forbidden(payload.data())) {
        ++malformed_;
        return;
      }
    }
    if constexpr (Format::kNalHeader == 1) {
      switch (H264::type(payload.data())) {
        case 24: return aggregate(payload.subspan(1));
        case 25: return aggregate(payload.size() > 3 ? payload.subspan(3) : ByteView());
        case 28: return fragment_h264(payload, 2);
        case 29: return fragment_h264(payload, 4);
        default: break;
      }
      if (H264::type(payload.data()) > 23) {
        ++malformed_;
        return;
      }
    } else {
      const int t = H265::type(payload.data());
      if (H265::is_reserved(t)) contradict();
      if (t == 48) return aggregate(payload.subspan(2));
      if (t == 49) return fragment_h265(payload);
      if (t > 47) {
        ++malformed_;
        return;
      }
    }
    whole(payload);
  }

  void aggregate(ByteView rest) {
    while (rest.size() > 2) {
      const std::size_t size = load_be16(rest.data());
      if (size < Format::kNalHeader || size > rest.size() - 2) {
        ++malformed_;
        corrupt_ = true;
        return;
      }
      whole(rest.subspan(2, size));
      rest = rest.subspan(2 + size);
    }
  }

  void whole(ByteView nal) {
    // Some firmware glues NAL units with start codes into one payload; the bytes are Annex-B already, only the flags must be seen.
    corrupt_ = corrupt_ || std::exchange(in_fragment_, false);
    note(nal);
    if (!unit_.append(kStartCode) || !unit_.append(nal)) return overflow();
    for (std::size_t i = 0; i + 4 < nal.size() && i < kGlueSearch; ++i) {
      if (nal[i] == 0 && nal[i + 1] == 0 && nal[i + 2] == 1 && nal.size() - i - 3 >= Format::kNalHeader)
        note(nal.subspan(i + 3));
    }
  }

  void fragment_h264(ByteView payload, std::size_t head) {
    if (payload.size() <= head) {
      ++malformed_;
      return;
    }
    const std::uint8_t nal_header = static_cast<std::uint8_t>((payload[0] & 0xe0) | (payload[1] & 0x1f));
    fragment((payload[1] & 0x80) != 0, (payload[1] & 0x40) != 0, {&nal_header, 1}, payload.subspan(head));
  }

  void fragment_h265(ByteView payload) {
    if (payload.size() <= 3) {
      ++malformed_;
      return;
    }
    const std::uint8_t nal_header[2] = {
        static_cast<std::uint8_t>((payload[0] & 0x81) | (payload[2] & 0x3f) << 1), payload[1]};
    fragment((payload[2] & 0x80) != 0, (payload[2] & 0x40) != 0, nal_header, payload.subspan(3));
  }

  void fragment(bool start, bool end, ByteView nal_header, ByteView body) {
    if (start) {
      corrupt_ = corrupt_ || in_fragment_;
      std::uint8_t head[4] = {nal_header[0], nal_header.size() > 1 ? nal_header[1] : body[0], body[0], 0};
      note({head, nal_header.size() + 1});
      if (!unit_.append(kStartCode) || !unit_.append(nal_header) || !unit_.append(body)) return overflow();
      in_fragment_ = !end;
      return;
    }
    if (!in_fragment_) {
      corrupt_ = true;  // its beginning was lost
      return;
    }
    if (!unit_.append(body)) return overflow();
    if (end) in_fragment_ = false;
  }

  void note(ByteView nal) {
    const int t = Format::type(nal.data());
    if (Format::is_picture(t)) {
      has_picture_ = true;
      if (Format::is_usual_picture(t) && !Format::is_foreign(nal.data())) agree();
      if (Format::is_key(t)) key_ = true;
    } else if (t >= Format::kFirstSet && t < Format::kFirstSet + Format::kSets) {
      sets_ |= 1u << (t - Format::kFirstSet);
    }
  }

  void overflow() {
    ++malformed_;
    reset();
    corrupt_ = true;
  }

  void finish() {
    AccessUnit u;
    u.kind = MediaKind::video;
    u.codec = codec_;
    u.key = key_;
    u.corrupt = corrupt_ || in_fragment_;
    // RTP video clocks run at 90 kHz.
    u.time = MediaTime((ticks_ - first_ticks_) * 100 / 9);
    u.arrived = arrived_;
    // Those of the SDP come first, so that one that the stream has itself is the later, which counts.
    constexpr unsigned kAllSets = (1u << Format::kSets) - 1;
    if (key_ && sets_ != kAllSets && !parameter_sets_.empty()) {
      BufferBuilder with_sets(parameter_sets_.size() + unit_.size());
      if (!with_sets.append(parameter_sets_) || !with_sets.append({unit_.data(), unit_.size()}))
        return overflow();
      u.data = with_sets.take();
      unit_.clear();
    } else {
      u.data = unit_.take();
    }
    reset();
    emit_(std::move(u));
  }

  void reset() {
    unit_.clear();
    key_ = has_picture_ = corrupt_ = in_fragment_ = false;
    sets_ = 0;
  }

  static constexpr std::size_t kGlueSearch = 256;
  const Codec codec_;
  const Bytes parameter_sets_;
  BufferBuilder unit_;
  bool has_first_ = false;
  std::int64_t first_ticks_ = 0;
  std::int64_t ticks_ = 0;
  std::chrono::steady_clock::time_point arrived_;
  bool key_ = false;
  bool has_picture_ = false;
  unsigned sets_ = 0;  // kinds that the unit has, by bit
  bool corrupt_ = false;
  bool in_fragment_ = false;
};

std::unique_ptr<Depacketiser> make_h264_depacketiser(Bytes parameter_sets, Depacketiser::Emit emit) {
  return std::make_unique<H26xDepacketiser<H264>>(Codec::h264, std::move(parameter_sets), std::move(emit));
}

std::unique_ptr<Depacketiser> make_h265_depacketiser(Bytes parameter_sets, Depacketiser::Emit emit) {
  return std::make_unique<H26xDepacketiser<H265>>(Codec::h265, std::move(parameter_sets), std::move(emit));
}

}  // namespace dmss::media
