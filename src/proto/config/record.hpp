// Record and RecordMode (protocol http-rpc.md §5.9).
#pragma once

#include "dmss/config/media.hpp"
#include "proto/config/codec.hpp"

namespace dmss::proto::config {

template <>
struct Codec<RecordSchedule> {
  static Result<RecordSchedule> read(const Json& scope);
  static Error check(const RecordSchedule& value, const RecordSchedule& before);
  static Error apply(const RecordSchedule& value, const RecordSchedule& before, Json& scope);
};

template <>
struct Codec<RecordMode> {
  static Result<RecordMode> read(const Json& scope);
  static Error check(const RecordMode& value, const RecordMode& before);
  static Error apply(const RecordMode& value, const RecordMode& before, Json& scope);
};

}  // namespace dmss::proto::config
