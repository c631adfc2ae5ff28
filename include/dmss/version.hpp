#pragma once

#define DMSS_VERSION_MAJOR 0
#define DMSS_VERSION_MINOR 1
#define DMSS_VERSION_PATCH 0
#define DMSS_VERSION_STRING "0.1.0"

namespace dmss {

/// Of the library that is running, e.g. "0.1.0".
const char* version() noexcept;

}  // namespace dmss
