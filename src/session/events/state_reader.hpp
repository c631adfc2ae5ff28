// What is on now, asked of the device (protocol http-rpc.md §11.1 poll form, §5.5).
#pragma once

#include <optional>
#include <set>
#include <string>

#include "session/device/commands.hpp"

namespace dmss::session {

/// What was learned of the ways to ask one session; outlives the questions.
struct StateWays {
  bool rpc_silent = false;  ///< JSON-RPC does not answer this, CGI does
};

/// Indexes from 1 at which `code` is on. nullopt: this device cannot tell. Errors: only those after which asking again may help.
awaitable<Result<std::optional<std::set<int>>>> read_event_state(std::shared_ptr<Commands> commands,
                                                                 std::string code, StateWays& ways);

}  // namespace dmss::session
