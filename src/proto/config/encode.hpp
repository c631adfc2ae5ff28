// Encode: the streams of a channel (protocol http-rpc.md §5.8).
#pragma once

#include "dmss/config/media.hpp"
#include "proto/config/codec.hpp"
#include "proto/picture_size.hpp"

namespace dmss::proto::config {

/// By numbers or by name (PAL heights). {0,0} for anything else.
PictureSize parse_resolution(std::string_view text);

template <>
struct Codec<EncodeSettings> {
  static Result<EncodeSettings> read(const Json& scope);
  static Error check(const EncodeSettings& value, const EncodeSettings& before);
  /// What differs in the main stream goes into MainFormat[0] to [2] alike.
  static Error apply(const EncodeSettings& value, const EncodeSettings& before, Json& scope);
};

}  // namespace dmss::proto::config
