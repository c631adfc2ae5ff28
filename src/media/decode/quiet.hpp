// FFmpeg's log is per process; camera streams make it talk without end about harmless things.
#pragma once

namespace dmss::media {

/// Leaves only what ends the process (a picture that is no JPEG is FATAL to FFmpeg). Called by whatever opens a codec.
void quiet_ffmpeg();

}  // namespace dmss::media
