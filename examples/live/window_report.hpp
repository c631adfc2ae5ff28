// WindowReport: one window's handlers and what they saw.
#pragma once

#include <cstdint>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "dmss/dmss.hpp"
#include "media/stamp/position_stamp.hpp"
#include "wall.hpp"

class WindowReport {
 public:
  WindowReport(int index, int channel, dmss::StreamKind stream, Wall& wall)
      : index_(index), channel_(channel), stream_(stream), wall_(wall) {}

  dmss::LiveHandlers handlers();
  nlohmann::json to_json(const dmss::LiveStats& stats) const;
  std::string table_line(const dmss::LiveStats& stats) const;
  /// Why the window will not come back, or has shown nothing; empty when all is well.
  std::string failure() const;

 private:
  void on_frame(const dmss::Frame& frame);
  void check_stamp(const dmss::Frame& frame);

  const int index_;
  const int channel_;
  const dmss::StreamKind stream_;
  Wall& wall_;

  mutable std::mutex mutex_;
  dmss::LiveState state_ = dmss::LiveState::opening;
  dmss::Error why_;
  std::uint64_t frames_ = 0;
  std::int64_t first_stamp_ = -1;
  std::int64_t last_stamp_ = -1;
  int width_ = 0;
  std::uint64_t missing_ = 0;
  std::uint64_t wrong_ = 0;
  std::optional<dmss::media::PositionStamp> position_;
};
