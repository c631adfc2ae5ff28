// Network: one interface of a device (protocol http-rpc.md §6; shape of the table as PA and IV read it).
#pragma once

#include "dmss/config/system.hpp"
#include "proto/config/codec.hpp"

namespace dmss::proto::config {

/// read() takes the default interface; apply() that of `value.interface_name`.
template <>
struct Codec<NetworkSettings> {
  static Result<NetworkSettings> read(const Json& scope);
  static Result<NetworkSettings> read(const Json& scope, const std::string& interface_name);
  static Error check(const NetworkSettings& value, const NetworkSettings& before);
  static Error apply(const NetworkSettings& value, const NetworkSettings& before, Json& scope);
};

}  // namespace dmss::proto::config
