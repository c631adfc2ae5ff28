// General, ChannelTitle, NTP and Locales (protocol http-rpc.md §6.1, §6.2, §6.4).
#pragma once

#include "dmss/config/media.hpp"
#include "dmss/config/system.hpp"
#include "proto/config/codec.hpp"

namespace dmss::proto::config {

template <>
struct Codec<GeneralSettings> {
  static Result<GeneralSettings> read(const Json& scope);
  static Error check(const GeneralSettings& value, const GeneralSettings& before);
  static Error apply(const GeneralSettings& value, const GeneralSettings& before, Json& scope);
};

template <>
struct Codec<ChannelName> {
  static Result<ChannelName> read(const Json& scope);
  static Error check(const ChannelName& value, const ChannelName& before);
  static Error apply(const ChannelName& value, const ChannelName& before, Json& scope);
};

template <>
struct Codec<TimeSettings> {
  static Result<TimeSettings> read(const Json& scope);
  static Error check(const TimeSettings& value, const TimeSettings& before);
  static Error apply(const TimeSettings& value, const TimeSettings& before, Json& scope);
};

template <>
struct Codec<DaylightSaving> {
  static Result<DaylightSaving> read(const Json& scope);
  static Error check(const DaylightSaving& value, const DaylightSaving& before);
  static Error apply(const DaylightSaving& value, const DaylightSaving& before, Json& scope);
};

}  // namespace dmss::proto::config
