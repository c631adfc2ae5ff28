#include "proto/cgi/channel_names.hpp"

#include <charconv>

namespace dmss::proto::cgi {

std::vector<std::string> channel_names(const KeyValues& titles) {
  constexpr std::string_view kRow = "ChannelTitle[";
  constexpr std::string_view kName = "].Name";
  constexpr std::size_t kMaxChannels = 1024;
  std::vector<std::string> names;
  for (const auto& [key, value] : titles.lines) {
    const std::size_t at = key.find(kRow);
    if (at == std::string::npos) continue;
    const char* const end = key.data() + key.size();
    std::size_t index = 0;
    const auto number = std::from_chars(key.data() + at + kRow.size(), end, index);
    if (number.ec != std::errc() || index >= kMaxChannels) continue;
    if (std::string_view(number.ptr, static_cast<std::size_t>(end - number.ptr)) != kName) continue;
    if (names.size() <= index) names.resize(index + 1);
    names[index] = value;
  }
  return names;
}

}  // namespace dmss::proto::cgi
