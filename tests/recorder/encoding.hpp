// Text of firmware that keeps it in another encoding than UTF-8: the fault `charset`. Tables and the control port stay in UTF-8.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/charset.hpp"
#include "recorder/core.hpp"

namespace dmss::recorder {

/// What this firmware's text is in; nullopt: nobody has said otherwise than UTF-8.
std::optional<Charset> wire_charset(const Core& core);
/// Text with a character that the encoding lacks stays as it is.
std::string to_wire(const Core& core, std::string text);
/// Whatever comes is taken for text in that encoding, as a device does.
std::string from_wire(const Core& core, std::string_view text);

}  // namespace dmss::recorder
