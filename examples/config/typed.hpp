// Typed tables as JSON for people, and back.
#pragma once

#include "common/program.hpp"
#include "config/assignment.hpp"

namespace config {

/// Reads a table as its type and shows it.
int show(const dmss::Config& config, dmss::ConfigKind kind, int index, bool json);
/// Reads it, changes some members ("linkage.record=true") and writes what has changed.
int edit(const dmss::Config& config, dmss::ConfigKind kind, int index,
         const std::vector<Assignment>& changes);

}  // namespace config
