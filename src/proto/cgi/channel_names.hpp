// The channels' names out of a ChannelTitle table (protocol http-rpc.md §6.2).
#pragma once

#include <string>
#include <vector>

#include "proto/cgi/kv.hpp"

namespace dmss::proto::cgi {

/// "table.ChannelTitle[<index from 0>].Name=…": each at its index, the others empty. Devices leave rows out.
std::vector<std::string> channel_names(const KeyValues& titles);

}  // namespace dmss::proto::cgi
