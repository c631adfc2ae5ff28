// VideoColor, and flip, mirror and rotation in VideoImageControl or VideoInOptions (protocol http-rpc.md §7.3).
#pragma once

#include "dmss/config/media.hpp"
#include "proto/config/codec.hpp"

namespace dmss::proto::config {

/// Rows of VideoColor that count: those whose TimeSection has the mask 1, else the first; the scope itself where it is one row.
std::vector<Json*> color_rows_in_force(Json& scope);

/// `scope` is one row, or a list of them for times or profiles. Read from the first row in force (its time has mask 1), else the first,, written to all
/// of those.
template <>
struct Codec<ImageColor> {
  static Result<ImageColor> read(const Json& scope);
  static Error check(const ImageColor& value, const ImageColor& before);
  static Error apply(const ImageColor& value, const ImageColor& before, Json& scope);
};

template <>
struct Codec<ImageOrientation> {
  static Result<ImageOrientation> read(const Json& scope);
  static Error check(const ImageOrientation& value, const ImageOrientation& before);
  static Error apply(const ImageOrientation& value, const ImageOrientation& before, Json& scope);
};

}  // namespace dmss::proto::config
