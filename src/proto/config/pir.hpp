// What pirAlarm.cgi tells of a channel, "configEx[0].…" (protocol http-rpc.md §5.7).
#pragma once

#include "dmss/config/alarms.hpp"
#include "proto/config/codec.hpp"

namespace dmss::proto::config {

/// `scope` is configEx[0]. Members of the linkage stand under PirLink or beside it.
template <>
struct Codec<PirAlarm> {
  static Result<PirAlarm> read(const Json& scope);
  static Error check(const PirAlarm& value, const PirAlarm& before);
  /// unsupported: from flashing to steady light on a device whose word for steady light has not been seen.
  static Error apply(const PirAlarm& value, const PirAlarm& before, Json& scope);
};

}  // namespace dmss::proto::config
