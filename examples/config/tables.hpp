// Tables of a device as JSON: list, show, change, compare, keep.
#pragma once

#include "common/program.hpp"
#include "config/assignment.hpp"

namespace config {

int list(dmss::Config config, bool json);
int get(dmss::Config config, const std::string& path, int channel, bool json);
/// "MotionDetect[2].Enable=true" reads and writes that row alone: recorders refuse long requests.
int set(dmss::Config config, int channel, const std::vector<Assignment>& changes);
/// Without names: all tables that the device lists.
int dump(dmss::Config config, const std::string& file, std::vector<std::string> names);
/// Lines "path: here | there". kFailed when there are any, as diff(1) has it.
int diff(dmss::Config here, dmss::Config there, std::vector<std::string> names, bool json);

}  // namespace config
