// GopCache: the latest key frame of a stream and the pictures after it, so that a window that joins need not wait for the next one.
#pragma once

#include <vector>

#include "media/access_unit.hpp"

namespace dmss::session {

/// Holds references, not copies. A group of pictures beyond the limits is not worth its memory and is let go as a whole; as long as a
/// stream's groups are that large none is begun: memory that is kept is memory the caches do not have, and every picture would pay
/// for what only a window that joins early in a group could use.
class GopCache {
 public:
  static constexpr std::size_t kMaxUnits = 300;
  /// Of a stream with one window that plays: all of an extra stream's. More would be most of what such a stream costs.
  static constexpr std::size_t kUsualBytes = 512u << 10;
  /// Where another window has come already, or one will go on from here: four seconds of a 4K main stream.
  static constexpr std::size_t kWantedBytes = 4u << 20;

  /// For what comes; a group that is too large already goes with its next picture.
  void wanted(bool yes) { max_bytes_ = yes ? kWantedBytes : kUsualBytes; }

  void add(const media::AccessUnit& unit) {
    if (unit.kind != MediaKind::video) return;
    if (unit.key) {
      too_large_ = !fits();
      units_.clear();
      count_ = bytes_ = 0;
    }
    ++count_;
    bytes_ += unit.data.size();
    if (!fits()) {
      units_.clear();
    } else if (!too_large_ && (unit.key ? !unit.corrupt : !units_.empty())) {
      units_.push_back(unit);
    }
  }
  void clear() {
    units_.clear();
    count_ = bytes_ = 0;
    too_large_ = false;
  }
  /// Empty, or a clean key frame and what came after it.
  const std::vector<media::AccessUnit>& units() const { return units_; }

 private:
  bool fits() const { return count_ <= kMaxUnits && bytes_ <= max_bytes_; }

  std::vector<media::AccessUnit> units_;
  // Of the present group, kept or not.
  std::size_t count_ = 0;
  std::size_t bytes_ = 0;
  std::size_t max_bytes_ = kUsualBytes;
  bool too_large_ = false;  // the group before was
};

}  // namespace dmss::session
