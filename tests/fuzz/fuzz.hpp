// Shared by the fuzz targets: a check that is never compiled out, and input cut into pieces as a socket would
// cut it.
#pragma once

#include <algorithm>
#include <cstdlib>

#include "base/bytes.hpp"

#define FUZZ_CHECK(condition)       \
  do {                              \
    if (!(condition)) std::abort(); \
  } while (false)

namespace dmss::fuzz {

/// Calls `feed` with consecutive pieces of `data`; their sizes come from the first byte.
template <class F>
void in_pieces(ByteView data, F feed) {
  if (data.empty()) return;
  std::size_t step = data[0] % 64 + 1u;
  data = data.subspan(1);
  while (!data.empty()) {
    const ByteView piece = data.first(std::min(step, data.size()));
    if (!feed(piece)) return;
    data = data.subspan(piece.size());
    step = step * 7 % 97 + 1;
  }
}

}  // namespace dmss::fuzz
