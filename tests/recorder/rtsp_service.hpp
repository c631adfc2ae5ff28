// RtspService: live streams over RTSP and RTSPS.
#pragma once

#include <memory>

#include "recorder/core.hpp"
#include "recorder/link.hpp"

namespace dmss::recorder {

class RtspService {
 public:
  explicit RtspService(Core& core) : core_(core) {}
  net::awaitable<void> serve(std::shared_ptr<Link> link);

 private:
  Core& core_;
};

}  // namespace dmss::recorder
