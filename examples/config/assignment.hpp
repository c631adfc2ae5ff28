// "MotionDetect[0].EventHandler.RecordEnable=true": one value of a table, as people write it.
#pragma once

#include <string>
#include <vector>

#include "common/program.hpp"

namespace config {

struct Assignment {
  std::string path;  ///< "MotionDetect[0].EventHandler.RecordEnable"
  std::string value;
};

/// Errors: invalid_argument (no '=').
dmss::Result<Assignment> parse_assignment(const std::string& text);

/// The part before the first '.' or '[', and what is behind it.
std::pair<std::string, std::string> split_table(const std::string& path);
/// "[2].Enable" of a whole table: channel 3 and what is behind the row. 0 when the path does not begin with a row.
std::pair<int, std::string> split_row(const std::string& path);

/// What stands at a path; nullptr when there is nothing.
const example::Json* find(const example::Json& root, const std::string& path);

/// Sets what is there already: a path that the device has not is a spelling mistake. Text stays text; anything else is read as JSON.
/// Errors: invalid_argument.
dmss::Result<void> assign(example::Json& root, const std::string& path, const std::string& value);

/// Every single value by its path: {"[0].Enable": true, …}.
std::vector<std::pair<std::string, example::Json>> flatten(const example::Json& root);

}  // namespace config
