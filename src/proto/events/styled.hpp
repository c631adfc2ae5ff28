// JSON laid out as devices lay it out in text blocks: three spaces a level, " : ", short arrays on one line.
#pragma once

#include <string>

#include "proto/rpc/message.hpp"

namespace dmss::proto::events {

std::string styled(const rpc::Json& value, std::size_t level = 0);

}  // namespace dmss::proto::events
