#include "proto/picture_size.hpp"

#include <charconv>

#include "base/text.hpp"

namespace dmss::proto {
namespace {

constexpr int kMaxSide = 32768;

struct Named {
  std::string_view name;
  int width;
  int ntsc;  // height
  int pal;

  PictureSize size(VideoStandard standard) const {
    return {width, standard == VideoStandard::ntsc ? ntsc : pal};
  }
};
constexpr Named kNamed[] = {
    {"1080P", 1920, 1080, 1080}, {"720P", 1280, 720, 720}, {"1.3M", 1280, 960, 960},
    {"SXGA", 1280, 1024, 1024},  {"D1", 704, 480, 576},    {"HD1", 352, 480, 576},
    {"BCIF", 528, 240, 288},     {"2CIF", 704, 240, 288},  {"CIF", 352, 240, 288},
    {"QCIF", 176, 120, 144},     {"VGA", 640, 480, 480},   {"QVGA", 320, 240, 240},
    {"NHD", 640, 360, 360},
};

std::optional<int> side(std::string_view digits) {
  int n = 0;
  const auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), n);
  if (ec != std::errc() || end != digits.data() + digits.size() || n < 1 || n > kMaxSide) return std::nullopt;
  return n;
}

}  // namespace

std::optional<PictureSize> size_by_numbers(std::string_view text) {
  const std::size_t by = text.find_first_of("xX*");
  if (by == std::string_view::npos) return std::nullopt;
  const auto width = side(text.substr(0, by)), height = side(text.substr(by + 1));
  if (!width || !height) return std::nullopt;
  return PictureSize{*width, *height};
}

std::optional<PictureSize> size_by_name(std::string_view name, VideoStandard standard) {
  for (const Named& n : kNamed) {
    if (equal_ignoring_case(n.name, name)) return n.size(standard);
  }
  return std::nullopt;
}

std::string_view name_of_size(const PictureSize& size, VideoStandard standard) {
  for (const Named& n : kNamed) {
    if (n.size(standard) == size) return n.name;
  }
  return {};
}

}  // namespace dmss::proto
