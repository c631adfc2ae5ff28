// The entries of a page whose list the notes do not name.
#pragma once

#include "proto/rpc/message.hpp"

namespace dmss::proto::admin {

/// The first list of objects in `params`, or `params` itself when it is one; nullptr = none, so also for an empty list.
const rpc::Json* entry_list(const rpc::Json& params);

}  // namespace dmss::proto::admin
