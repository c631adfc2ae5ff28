// Lenient readers of answers about capabilities: typed leaves of JSON-RPC and the texts of CGI lines (cgi::to_text_tree) alike, so that one
// reader serves both routes (protocol http-rpc.md §2.2, §4.5).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "proto/rpc/message.hpp"

namespace dmss::proto::caps {

using rpc::Json;

inline constexpr std::size_t kMaxListItems = 512;  ///< of a list read by text_list
inline constexpr std::size_t kMaxItemBytes = 128;  ///< of an item of such a list

/// nullptr when there is no such member; `keys` are spellings of the same one, the first that is there counts.
const Json* any_member(const Json& object, std::initializer_list<const char*> keys) noexcept;
/// true, false, 0, 1 and their texts; nullopt when absent or anything else.
std::optional<bool> flag(const Json& object, const char* key);
/// Any finite number, also as text ("30.000000").
std::optional<double> real(const Json& value);
std::optional<double> real(const Json& object, const char* key);
/// Rounded towards zero; nullopt beyond an int's range, too.
std::optional<int> integer(const Json& object, const char* key);
/// A list of texts, whether it came as an array or as "a,b,c"; empty items are left out.
std::vector<std::string> text_list(const Json* value);

bool ends_with_ignoring_case(std::string_view text, std::string_view end) noexcept;

}  // namespace dmss::proto::caps
