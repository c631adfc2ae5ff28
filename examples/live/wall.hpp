// Wall: the newest picture of every window, side by side in one JPEG.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "dmss/media.hpp"

class Wall {
 public:
  explicit Wall(int windows);
  /// Keeps a reference to the picture; any thread.
  void put(int window, const dmss::Frame& frame);
  /// False when nothing could be written.
  bool write_jpeg(const std::string& path) const;

 private:
  mutable std::mutex mutex_;
  std::vector<dmss::Frame> newest_;
};
