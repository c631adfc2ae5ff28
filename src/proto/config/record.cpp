#include "proto/config/record.hpp"

#include "proto/config/schedule.hpp"

namespace dmss::proto::config {
namespace {

constexpr int kMaxPreRecord = 300;
constexpr int kModes = 2;
constexpr std::uint32_t kRecordBits = (record_pos << 1) - 1;

using Mode = RecordMode::Mode;

std::optional<Mode> optional_mode(const View& row, const char* key) {
  if (row.find(key) == nullptr) return std::nullopt;
  return static_cast<Mode>(row.number(key, 0));
}

void check_mode(const char* field, const std::optional<Mode>& value, const std::optional<Mode>& before,
                Ranges& r) {
  if (value) r.within(field, static_cast<int>(*value), before ? static_cast<int>(*before) : -1, 0, kModes);
}

void apply_mode(const char* key, const std::optional<Mode>& value, const std::optional<Mode>& before,
                Edit& row) {
  if (value == before) return;
  if (!value || !before) return row.lacks(key);
  row.number(key, static_cast<int>(*value), static_cast<int>(*before));
}

}  // namespace

Result<RecordSchedule> Codec<RecordSchedule>::read(const Json& scope) {
  if (!scope.is_object()) return no_object("Record");
  const View row(scope);
  RecordSchedule r;
  r.period = read_schedule(row.find("TimeSection"));
  r.holiday_enable = row.flag("HolidayEnable", r.holiday_enable);
  r.pre_record = row.number("PreRecord", r.pre_record);
  r.redundancy = row.flag("Redundancy", r.redundancy);
  return r;
}

Error Codec<RecordSchedule>::check(const RecordSchedule& value, const RecordSchedule& before) {
  Ranges r;
  check_schedule(value.period, before.period, kRecordBits, "period", r);
  r.within("pre_record", value.pre_record, before.pre_record, 0, kMaxPreRecord);
  return r.error();
}

Error Codec<RecordSchedule>::apply(const RecordSchedule& value, const RecordSchedule& before, Json& scope) {
  Error error = check(value, before);
  Edit row(error, "", &scope);
  apply_schedule(value.period, before.period, "TimeSection", row);
  row.flag("HolidayEnable", value.holiday_enable, before.holiday_enable);
  row.number("PreRecord", value.pre_record, before.pre_record);
  row.flag("Redundancy", value.redundancy, before.redundancy);
  return error;
}

Result<RecordMode> Codec<RecordMode>::read(const Json& scope) {
  if (!scope.is_object()) return no_object("RecordMode");
  const View row(scope);
  RecordMode m;
  m.main = static_cast<Mode>(row.number("Mode", 0));
  m.extra1 = optional_mode(row, "ModeExtra1");
  m.extra2 = optional_mode(row, "ModeExtra2");
  return m;
}

Error Codec<RecordMode>::check(const RecordMode& value, const RecordMode& before) {
  Ranges r;
  check_mode("main", value.main, before.main, r);
  check_mode("extra1", value.extra1, before.extra1, r);
  check_mode("extra2", value.extra2, before.extra2, r);
  return r.error();
}

Error Codec<RecordMode>::apply(const RecordMode& value, const RecordMode& before, Json& scope) {
  Error error = check(value, before);
  Edit row(error, "", &scope);
  row.number("Mode", static_cast<int>(value.main), static_cast<int>(before.main));
  apply_mode("ModeExtra1", value.extra1, before.extra1, row);
  apply_mode("ModeExtra2", value.extra2, before.extra2, row);
  return error;
}

}  // namespace dmss::proto::config
