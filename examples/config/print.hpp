// Tables for people: one "path = value" a line.
#pragma once

#include <string>

#include "common/program.hpp"

namespace config {

/// `path` is that of `value` itself; empty for the root. Regions are pictures of rows, the periods of a day one line without those that are
/// not used, lists of single values one line.
void print(const example::Json& value, const std::string& path);

}  // namespace config
