// Which codes belong to which group (manual table 9-1; protocol http-rpc.md §8, §11.3).
#pragma once

#include <span>
#include <string_view>
#include <utility>

#include "dmss/events.hpp"

namespace dmss::proto::events {

using CodeGroup = std::pair<std::string_view, EventGroup>;

/// Every code known, in the order of the codes.
std::span<const CodeGroup> known_codes() noexcept;

/// Tells a state that begins and ends, and that a device can be asked for again (getEventIndexes).
bool has_state(std::string_view code) noexcept;

/// After these the device may forget who listens: it restarts, or its clock has jumped.
bool makes_suspicious(std::string_view code) noexcept;

}  // namespace dmss::proto::events
