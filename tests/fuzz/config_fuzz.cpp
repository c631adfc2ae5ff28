// Rows of configuration tables: schedules, linkages, regions and every codec. What is read can be written back unchanged without a trace.
#include <string_view>

#include "fuzz.hpp"
#include "proto/config/codecs.hpp"
#include "proto/config/diff.hpp"
#include "proto/config/linkage.hpp"
#include "proto/config/schedule.hpp"

using namespace dmss;
using namespace dmss::proto;
using namespace dmss::proto::config;

namespace {

template <class T>
void unchanged(const Json& scope) {
  const auto value = Codec<T>::read(scope);
  if (!value) return;
  Json copy = scope;
  FUZZ_CHECK(!Codec<T>::apply(*value, *value, copy));
  FUZZ_CHECK(copy == scope);
  // A standard value over whatever this is: an error or a row that reads back.
  if (!Codec<T>::apply(T{}, *value, copy)) FUZZ_CHECK(Codec<T>::read(copy).has_value());
}

void schedules(const Json& scope) {
  const Json* week = rpc::member(scope, "TimeSection");
  Schedule before = read_schedule(week);
  Schedule value = Schedule::always(3);
  value.holiday = before.holiday;
  Ranges ranges;
  check_schedule(value, before, 1, "period", ranges);
  Json copy = scope;
  Error error;
  Edit edit(error, "", &copy);
  apply_schedule(value, before, "TimeSection", edit);
  if (!error) FUZZ_CHECK(read_schedule(rpc::member(copy, "TimeSection")) == value);
}

void channels(const Json& scope) {
  const Json* list = rpc::member(scope, "RecordChannels");
  const std::vector<int> before = read_channels(list);
  Json copy = scope;
  Error error;
  Edit edit(error, "", &copy);
  apply_channels({1, 3}, before, "RecordChannels", edit);
  if (!error && before != std::vector{1, 3})
    FUZZ_CHECK(read_channels(rpc::member(copy, "RecordChannels")) == std::vector({1, 3}));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  if (const auto period = parse_time_section(text)) {
    FUZZ_CHECK(parse_time_section(write_time_section(*period)) == *period);
    FUZZ_CHECK(same_time_section(text, write_time_section(*period, "24:00:00")));
  }
  parse_resolution(text);
  const auto json = rpc::parse_json(text);
  if (!json) return 0;
  schedules(*json);
  channels(*json);
  FUZZ_CHECK(means_same(*json, *json) || json->dump().find("null") == std::string::npos);
  FUZZ_CHECK(differences(*json, *json).empty());
  unchanged<MotionDetection>(*json);
  unchanged<SmartMotion>(*json);
  unchanged<VideoMask>(*json);
  unchanged<LocalAlarm>(*json);
  unchanged<NetworkAlarm>(*json);
  unchanged<PirAlarm>(*json);
  unchanged<AlarmOutput>(*json);
  unchanged<IpcExternalAlarm>(*json);
  unchanged<IpcOfflineAlarm>(*json);
  unchanged<EncodeSettings>(*json);
  unchanged<RecordSchedule>(*json);
  unchanged<RecordMode>(*json);
  unchanged<ChannelName>(*json);
  unchanged<ImageColor>(*json);
  unchanged<ImageOrientation>(*json);
  unchanged<GeneralSettings>(*json);
  unchanged<NetworkSettings>(*json);
  unchanged<TimeSettings>(*json);
  unchanged<DaylightSaving>(*json);
  return 0;
}
