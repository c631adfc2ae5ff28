// Measuring control: calls on one session, events of many devices.
#pragma once

#include "bench/client/options.hpp"
#include "bench/client/steady.hpp"

namespace dmss::bench {

/// JSON calls, `windows` under way at a time.
Json calls(const ClientOptions& options);
/// `windows` devices, all events subscribed.
Json events(const ClientOptions& options);

}  // namespace dmss::bench
