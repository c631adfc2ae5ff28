// The report of dmss-info: asked for once, shown in two ways.
#pragma once

#include "common/program.hpp"

namespace info {

struct What {
  std::string channels = "all";
};

dmss::Result<std::vector<int>> chosen_channels(const What& what, const dmss::DeviceInfo& identity);

/// What a device cannot or will not tell stands in its place as {"error": …}.
example::Json collect(dmss::Device& device, const dmss::DeviceInfo& identity,
                      const std::vector<int>& channels);

/// For people.
void print(const example::Json& report);

}  // namespace info
