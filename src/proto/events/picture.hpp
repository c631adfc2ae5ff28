// The text that comes before each picture of snapManager.cgi?action=attachFileProc (protocol http-rpc.md §6.6).
#pragma once

#include <string>
#include <string_view>

#include "proto/events/event.hpp"

namespace dmss::proto::events {

/// Lines "Events[0].EventBaseInfo.Code=VideoMotion", of whose keys the last word counts, or a text block of the event stream. Of
/// several events the first. Errors: malformed (no code), too_large.
Result<WireEvent> parse_picture_text(std::string_view text);
std::string write_picture_text(const Event& event);

}  // namespace dmss::proto::events
