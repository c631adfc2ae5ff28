// LivePainter: pictures of a channel drawn and encoded as they are watched, because they show where its camera points now.
// They carry the frame stamp of the clip they stand for, and the position stamp.
#pragma once

#include <memory>
#include <optional>

#include "base/bytes.hpp"
#include "media/stamp/position_stamp.hpp"
#include "recorder/clips.hpp"

namespace dmss::recorder {

class LivePainter {
 public:
  explicit LivePainter(const ClipSpec& spec);
  ~LivePainter();

  struct Picture {
    ByteView data;  // Annex-B; valid until the next one
    bool key = false;
  };
  /// `number` is the place in the loop; the first picture and those where the clip has a key frame are key frames. Nullopt
  /// when it cannot be encoded: no encoder for that codec.
  std::optional<Picture> paint(std::uint32_t number, const media::PositionStamp& position);

 private:
  struct Encoder;
  void draw(std::uint32_t number, const media::PositionStamp& position);
  void draw_view(const media::PositionStamp& position);

  const ClipSpec spec_;
  std::unique_ptr<Encoder> encoder_;
  bool started_ = false;
};

}  // namespace dmss::recorder
