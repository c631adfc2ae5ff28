// Templates: tables of a profile are written once for all channels; this makes the tables of them. A table that was
// recorded from a device is its own template. docs/recorder.md, "Profile format".
#pragma once

#include <vector>

#include "recorder/profile.hpp"

namespace dmss::recorder {

class Templates {
 public:
  explicit Templates(const Profile& profile) : profile_(profile) {}

  /// Beyond the limits the rest is null.
  Json expand(const Json& pattern);
  /// The same as the row of one channel, from 0.
  Json expand_row(const Json& pattern, int row);

  static constexpr int kMaxDepth = 32;
  static constexpr std::size_t kMaxNodes = 1u << 20;
  static constexpr std::int64_t kMaxRows = 4096;

 private:
  Json make(const Json& pattern, int depth);
  Json rows(const Json& pattern, int depth);
  Json keyed(const Json& pattern, int depth);
  Json object(const Json& pattern, int depth);
  Json text(const std::string& pattern) const;
  Json value(std::string_view name) const;
  std::int64_t count(const Json& of) const;

  const Profile& profile_;
  std::vector<std::int64_t> rows_;  // where expansion is, outermost first
  std::size_t nodes_ = 0;
};

/// `changes` over `base`: objects member by member, anything else replaced.
void merge(Json& base, const Json& changes);

}  // namespace dmss::recorder
