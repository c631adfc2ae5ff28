#include "media/decode/quiet.hpp"

#include <mutex>

extern "C" {
#include <libavutil/log.h>
}

namespace dmss::media {

void quiet_ffmpeg() {
  static std::once_flag once;
  std::call_once(once, [] { av_log_set_level(AV_LOG_PANIC); });
}

}  // namespace dmss::media
