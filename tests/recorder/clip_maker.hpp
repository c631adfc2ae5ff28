// Draws and encodes clips.
#pragma once

#include <filesystem>

#include "dmss/result.hpp"
#include "recorder/clips.hpp"

namespace dmss::recorder {

/// Changes when the pictures or the coding change, so that old files are not taken for new ones.
inline constexpr const char* kClipVersion = "v1";

/// Encodes one clip into `file` (written beside it first, then renamed). Errors: device_error (no ffmpeg,
/// encoder missing).
Result<void> make_clip(const ClipSpec& spec, const std::filesystem::path& file);
/// A tone, ADTS frames of 1024 samples at 16 kHz.
Result<void> make_aac(const std::filesystem::path& file);

}  // namespace dmss::recorder
