// The tree behind configuration lines: "table.MotionDetect[0].EventHandler.Dejitter=5" (protocol http-rpc.md §2.2, §3.2).
#pragma once

#include <string>
#include <string_view>

#include "proto/cgi/kv.hpp"
#include "proto/rpc/message.hpp"

namespace dmss::proto::cgi {

inline constexpr std::size_t kMaxTreeDepth = 32;
inline constexpr std::size_t kMaxTreeIndex = 4095;
inline constexpr std::size_t kMaxTreeNodes = 200000;  ///< null rows between others count, too
inline constexpr std::size_t kMaxKeyBytes = 512;

/// true, false, whole and decimal numbers as programs print them; everything else is text.
rpc::Json to_json_leaf(std::string_view text);

/// An object of what the first segments name ("table", "configEx"). Rows that no line tells of are null, as in JSON-RPC. Of two lines for one
/// place the first counts; keys that make no sense, or need an object where a value stands, are skipped. Errors: too_large.
Result<rpc::Json> to_tree(const KeyValues& lines);

/// The same for answers that are only read: every leaf stays text, and what lies beyond the limits is left out.
rpc::Json to_text_tree(const KeyValues& lines);

/// Lines of a tree, keys beginning with `prefix` ("table.General"). What has no leaf (null, an empty list) gives no line.
void flatten(const rpc::Json& tree, const std::string& prefix, KeyValues& out);

/// A leaf as devices spell it, in the manner of `like`: decimals as many as there ("30.000000"), booleans as true/false or 1/0.
std::string spell(const rpc::Json& leaf, std::string_view like = {});

}  // namespace dmss::proto::cgi
