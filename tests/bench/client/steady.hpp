// Measuring a span of time in which the client does its work undisturbed.
#pragma once

#include <nlohmann/json.hpp>

#include "bench/support/usage.hpp"

namespace dmss::bench {

using Json = nlohmann::json;

void rest(double seconds);
/// What was used in between, and the threads and memory there are now.
Json steady(const Usage& from, const Usage& to);

}  // namespace dmss::bench
