// AudioDecoder: coded sound to signed 16 bit. One stream, one thread at a time (protocol media.md §5.6).
#pragma once

#include <functional>
#include <memory>

#include "dmss/media.hpp"
#include "media/access_unit.hpp"

namespace dmss::media {

class AudioDecoder {
 public:
  AudioDecoder();
  ~AudioDecoder();
  AudioDecoder(const AudioDecoder&) = delete;
  AudioDecoder& operator=(const AudioDecoder&) = delete;

  /// False when the unit was refused or its codec is not supported. AAC with or without ADTS; G.726 in the RTP (little-endian) bit
  /// order. A change of codec or rate in mid-stream is followed.
  bool decode(const AccessUnit& unit, const std::function<void(const AudioBlock&)>& on_block);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dmss::media
