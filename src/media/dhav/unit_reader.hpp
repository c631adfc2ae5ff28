// UnitReader: DHAV bytes to access units.
#pragma once

#include <functional>
#include <optional>

#include "dmss/result.hpp"
#include "media/access_unit.hpp"
#include "media/dhav/crypto.hpp"
#include "media/dhav/demuxer.hpp"
#include "media/dhav/timeline.hpp"

namespace dmss::media::dhav {

class UnitReader {
 public:
  using Emit = std::function<void(AccessUnit&&)>;
  /// Something the viewer should know: encrypted, codec_unsupported. Told once a cause.
  using Notice = std::function<void(Error)>;

  UnitReader(Emit emit, Notice notice) : emit_(std::move(emit)), notice_(std::move(notice)) {}
  /// For encrypted payloads. Without it they are reported and left out.
  void set_key(std::string serial, Secret password);

  void push(ByteView data, std::chrono::steady_clock::time_point arrived);

  const DemuxerStats& stats() const { return demuxer_.stats(); }
  /// Video frames that never came, by their numbers.
  std::uint64_t lost() const { return lost_; }
  /// Pictures have come and no key frame before them: they are left out.
  bool waits_for_key() const { return waits_for_key_; }

 private:
  void on_frame(const Frame& frame);
  void on_video(const Frame& frame, const Moment& moment);
  void on_audio(const Frame& frame, const Moment& moment);
  bool decrypt_payload(const Encryption& record, bool key, BufferBuilder& payload);
  void tell(Errc code, std::string text);

  Emit emit_;
  Notice notice_;
  Demuxer demuxer_;
  Timeline timeline_;
  std::chrono::steady_clock::time_point arrived_;
  BufferBuilder builder_;
  Codec video_ = Codec::unknown;
  int frame_rate_ = 0;
  bool has_key_ = false;
  bool waits_for_key_ = false;
  bool has_number_ = false;
  std::uint32_t number_ = 0;
  std::uint64_t lost_ = 0;
  std::string serial_;
  Secret password_;
  std::optional<StreamKey> key_;
  std::vector<Errc> told_;
};

}  // namespace dmss::media::dhav
