// Sizes of pictures as devices write them: "1920x1080", "1920*1080", or a name whose height depends on the video standard
// (protocol http-rpc.md §5.8).
#pragma once

#include <optional>
#include <string_view>

namespace dmss::proto {

enum class VideoStandard { pal, ntsc };

struct PictureSize {
  int width = 0;
  int height = 0;
  bool operator==(const PictureSize&) const = default;
};

/// "1920x1080", "1920X1080", "1920*1080", each side 1 to 32768; nullopt for anything else.
std::optional<PictureSize> size_by_numbers(std::string_view text);
/// "1080P", "D1" …, in any case; nullopt when no such name is known.
std::optional<PictureSize> size_by_name(std::string_view name, VideoStandard standard);
/// Empty when the size has none.
std::string_view name_of_size(const PictureSize& size, VideoStandard standard);

}  // namespace dmss::proto
