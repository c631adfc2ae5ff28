// Encode: the streams of a channel (protocol http-rpc.md §5.8).
#pragma once

#include "dmss/config/media.hpp"
#include "proto/config/codec.hpp"

namespace dmss::proto::config {

struct Size {
  int width = 0;
  int height = 0;
  bool operator==(const Size&) const = default;
};
/// "1920x1080", "1920*1080" or a name ("1080P", "D1"; PAL heights). {0,0} for anything else.
Size parse_resolution(std::string_view text);

template <>
struct Codec<EncodeSettings> {
  static Result<EncodeSettings> read(const Json& scope);
  static Error check(const EncodeSettings& value, const EncodeSettings& before);
  /// What differs in the main stream goes into MainFormat[0] to [2] alike.
  static Error apply(const EncodeSettings& value, const EncodeSettings& before, Json& scope);
};

}  // namespace dmss::proto::config
