// The profiles compiled in from profiles/*.json, and what several of them share from profiles/parts/*.json, by name.
#pragma once

#include <map>
#include <string>

namespace dmss::recorder {

const std::map<std::string, std::string>& builtin_profiles();
const std::map<std::string, std::string>& builtin_parts();

}  // namespace dmss::recorder
