// What a typed value was read from.
#pragma once

#include "dmss/config/item.hpp"
#include "proto/rpc/message.hpp"

namespace dmss {

struct ConfigOrigin::Impl {
  std::string table;
  int index = 0;
  proto::rpc::Json value;
};

}  // namespace dmss
