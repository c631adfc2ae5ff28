// The linkage block of alarm tables, EventHandler (protocol http-rpc.md §5.2).
#pragma once

#include <vector>

#include "dmss/config/linkage.hpp"
#include "proto/config/fields.hpp"

namespace dmss::proto::config {

/// Channels from 1, ascending. The wire has indexes from 0 ("[0,2]") or a 0/1 for each channel ("[1,0,1]"); lists that could be either
/// ("[0]", "[1]", "[0,1]") are indexes.
std::vector<int> read_channels(const Json* list);
/// In the shape that stands there.
void apply_channels(const std::vector<int>& value, const std::vector<int>& before, const char* key,
                    Edit& edit);

Linkage read_linkage(const View& handler);
void apply_linkage(const Linkage& value, const Linkage& before, Edit& handler);
void check_linkage(const Linkage& value, const Linkage& before, Ranges& out);

}  // namespace dmss::proto::config
