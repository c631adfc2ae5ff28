// Text of firmware that knows no UTF-8: told apart, converted on reading and back on writing (protocol http-rpc.md §2.2).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dmss {

enum class Charset { utf8, gbk, latin1 };

bool is_utf8(std::string_view text) noexcept;
/// Lead and trail byte of GBK at the beginning of `text`; the trail may be an ASCII character, the backslash too.
bool is_gbk_pair(std::string_view text) noexcept;

/// UTF-8 where it is well-formed (ASCII too), or but for a few bytes, as where a device cuts names. Else GBK when its bytes pair up as
/// Chinese text does, else Latin-1. Two letters with accents side by side look like a pair: the more text, the surer.
Charset guess_charset(std::string_view text);

/// Bytes that are none of `from` become U+FFFD.
std::string to_utf8(std::string_view text, Charset from);
/// nullopt when a character has no place in `to`, or `text` is no UTF-8.
std::optional<std::string> from_utf8(std::string_view text, Charset to);

}  // namespace dmss
