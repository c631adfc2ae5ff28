// The SDP of a stream, as Dahua devices write it (protocol media.md §2.3).
#pragma once

#include <string>

#include "recorder/core.hpp"

namespace dmss::recorder {

inline constexpr std::uint8_t kH264Payload = 96, kH265Payload = 98, kAacPayload = 97, kAlawPayload = 8;

std::uint8_t payload_type(Codec codec);
std::string describe(Core& core, const std::string& service, int channel, int subtype);

}  // namespace dmss::recorder
