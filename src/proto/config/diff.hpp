// What differs between two states of a table: written, verified, and told in errors by its path.
#pragma once

#include <string>
#include <vector>

#include "proto/config/fields.hpp"

namespace dmss::proto::config {

struct Step {
  std::string name;  ///< of a member; empty: a row
  std::size_t index = 0;
};
using Path = std::vector<Step>;

/// "EventHandler.RecordChannels[0]", "[1].Brightness"
std::string to_text(const Path& path);
/// nullptr when nothing stands there.
const Json* find(const Json& root, const Path& path);

struct Change {
  Path path;
  Json before;  ///< null: was not there
  Json after;   ///< null: is not there any more
};

/// Leaves that differ. A list whose length differs is one change.
std::vector<Change> differences(const Json& before, const Json& after);

/// Means the same: 25 and 25.0, "5" and 5, true and 1, time sections with either midnight, an empty list and none.
bool means_same(const Json& a, const Json& b);

/// Short enough for an error.
std::string in_words(const Json* value);

}  // namespace dmss::proto::config
