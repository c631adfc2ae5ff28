// Cuts JSON objects out of bytes that hold several of them, glued or on lines, or raw data behind them
// (protocol http-rpc.md §2.3, dvrip-dhip.md §6.1, §7). Counts brackets and needs no JSON library.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/parse.hpp"

namespace dmss::proto::rpc {

inline constexpr std::size_t kMaxJsonBytes = 8u << 20;
inline constexpr std::size_t kMaxJsonDepth = 64;
inline constexpr std::size_t kMaxJsonValues = 400000;  ///< in one document, counted roughly
inline constexpr std::size_t kMaxGlued = 4096;         ///< objects in one body

struct JsonLimits {
  std::size_t max_bytes = kMaxJsonBytes;
  std::size_t max_depth = kMaxJsonDepth;
  std::size_t max_values = kMaxJsonValues;
};

/// The first object or array in `data`, skipping white space, NULs and BOM before it. The value is a view
/// into `data`; consumed() counts from the start of `data`. Text in GBK may hold backslashes that are halves of
/// characters. Errors: malformed (something else stands there), too_large (a limit).
Parsed<std::string_view> next_object(std::string_view data, const JsonLimits& limits = {});

struct JsonBody {
  std::vector<std::string_view> objects;
  std::string_view
      rest;  ///< what follows them without being JSON: a binary attachment, its leading LF removed
};
/// Every object of a whole body. An unfinished last object is part of `rest`.
JsonBody split_body(std::string_view body, const JsonLimits& limits = {});

}  // namespace dmss::proto::rpc
