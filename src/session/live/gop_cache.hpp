// GopCache: the latest key frame of a stream and the pictures after it, so that a window that joins need not wait for the next one.
#pragma once

#include <vector>

#include "media/access_unit.hpp"

namespace dmss::session {

/// Holds references, not copies. A group of pictures beyond the limits is not worth its memory and is let go as a whole.
class GopCache {
 public:
  static constexpr std::size_t kMaxUnits = 300;
  /// Of a stream that one window takes without decoding, where it is most of what the stream costs: all of an extra stream's.
  static constexpr std::size_t kReceivedBytes = 512u << 10;
  /// Of one that is decoded or has several windows: four seconds of a 4K main stream.
  static constexpr std::size_t kWatchedBytes = 4u << 20;

  /// For what comes; a group that is too large already goes with its next picture.
  void watched(bool yes) { max_bytes_ = yes ? kWatchedBytes : kReceivedBytes; }

  void add(const media::AccessUnit& unit) {
    if (unit.kind != MediaKind::video) return;
    if (unit.key) clear();
    if (unit.key ? unit.corrupt : units_.empty()) return;
    units_.push_back(unit);
    bytes_ += unit.data.size();
    if (units_.size() > kMaxUnits || bytes_ > max_bytes_) clear();
  }
  void clear() {
    units_.clear();
    bytes_ = 0;
  }
  /// Empty, or a clean key frame and what came after it.
  const std::vector<media::AccessUnit>& units() const { return units_; }

 private:
  std::vector<media::AccessUnit> units_;
  std::size_t bytes_ = 0;
  std::size_t max_bytes_ = kReceivedBytes;
};

}  // namespace dmss::session
