// The profiles compiled in from profiles/*.json, by name.
#pragma once

#include <map>
#include <string>

namespace dmss::recorder {

const std::map<std::string, std::string>& builtin_profiles();

}  // namespace dmss::recorder
