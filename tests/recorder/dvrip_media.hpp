// DvripMedia: one running stream as DHAV in bc frames.
#pragma once

#include <memory>

#include "recorder/core.hpp"
#include "recorder/link.hpp"

namespace dmss::recorder {

class DvripMedia final : public MediaSink {
 public:
  /// channel from 1, subtype 0 main, 1 extra.
  DvripMedia(Core& core, std::shared_ptr<Link> link, int channel, int subtype);
  bool on_media(const MediaUnit& unit) override;
  int channel() const noexcept { return channel_; }
  int subtype() const noexcept { return subtype_; }

 private:
  Core& core_;
  std::shared_ptr<Link> link_;
  const int channel_, subtype_;
  std::uint32_t first_ms_;
  Bytes frame_, packets_;
  std::unique_ptr<Viewer> viewer_;
};

}  // namespace dmss::recorder
