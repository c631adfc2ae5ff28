#include "proto/config/system.hpp"

namespace dmss::proto::config {
namespace {

constexpr std::size_t kMaxName = 63;
constexpr std::size_t kMaxHost = 255;
constexpr int kMaxPort = 65535;
constexpr int kMaxPeriod = 65535;  // minutes, about six weeks
constexpr int kMaxZone = 255;
constexpr int kMaxYear = 9999;
constexpr int kLastWeek = -1;
constexpr int kMaxWeek = 4;
constexpr int kMaxDay = 31;
constexpr int kMaxWeekday = 6;

using Turn = DaylightSaving::Turn;

std::optional<int> optional_number(const View& row, const char* key) {
  if (row.find(key) == nullptr) return std::nullopt;
  return row.number(key, 0);
}

Turn read_turn(const View& row) {
  Turn t;
  t.year = row.number("Year", t.year);
  t.month = row.number("Month", t.month);
  t.week = row.number("Week", t.week);
  t.day = row.number("Day", t.day);
  t.hour = row.number("Hour", t.hour);
  t.minute = row.number("Minute", t.minute);
  return t;
}

void apply_turn(const Turn& value, const Turn& before, Edit row) {
  row.number("Year", value.year, before.year);
  row.number("Month", value.month, before.month);
  row.number("Week", value.week, before.week);
  row.number("Day", value.day, before.day);
  row.number("Hour", value.hour, before.hour);
  row.number("Minute", value.minute, before.minute);
}

void check_turn(const Turn& value, const Turn& before, const std::string& at, Ranges& r) {
  if (value == before) return;
  const auto field = [&](const char* name) { return at + name; };
  r.within(field("year").c_str(), value.year, before.year, 0, kMaxYear);
  r.within(field("month").c_str(), value.month, before.month, 1, 12);
  r.within(field("week").c_str(), value.week, before.week, kLastWeek, kMaxWeek);
  // What a day is depends on `week`, so that both are judged when either differs.
  const int least = value.week == 0 ? 1 : 0, most = value.week == 0 ? kMaxDay : kMaxWeekday;
  r.within(field("day").c_str(), value.day, value.week == before.week ? before.day : -1, least, most);
  r.within(field("hour").c_str(), value.hour, before.hour, 0, 23);
  r.within(field("minute").c_str(), value.minute, before.minute, 0, 59);
}

}  // namespace

Result<GeneralSettings> Codec<GeneralSettings>::read(const Json& scope) {
  if (!scope.is_object()) return no_object("General");
  const View row(scope);
  GeneralSettings g;
  g.machine_name = row.text("MachineName");
  if (row.flag("LockLoginEnable", true)) {
    g.lock_tries = optional_number(row, spelled(&scope, {"LockLoginTimes", "MaxLoginError"}));
    g.lock_seconds = optional_number(row, "LoginFailLockTime");
  }
  return g;
}

Error Codec<GeneralSettings>::check(const GeneralSettings& value, const GeneralSettings& before) {
  Ranges r;
  r.not_empty("machine_name", value.machine_name, before.machine_name, kMaxName);
  return r.error();
}

Error Codec<GeneralSettings>::apply(const GeneralSettings& value, const GeneralSettings& before,
                                    Json& scope) {
  Error error = check(value, before);
  Edit row(error, "", &scope);
  if ((value.lock_tries && value.lock_tries != before.lock_tries) ||
      (value.lock_seconds && value.lock_seconds != before.lock_seconds))
    row.fail(Error(Errc::invalid_argument, "lock_tries and lock_seconds are read only"));
  row.text("MachineName", value.machine_name, before.machine_name);
  return error;
}

Result<ChannelName> Codec<ChannelName>::read(const Json& scope) {
  if (!scope.is_object()) return no_object("ChannelTitle");
  ChannelName c;
  c.name = View(scope).text("Name");
  return c;
}

Error Codec<ChannelName>::check(const ChannelName& value, const ChannelName& before) {
  Ranges r;
  r.not_empty("name", value.name, before.name, kMaxName);
  return r.error();
}

Error Codec<ChannelName>::apply(const ChannelName& value, const ChannelName& before, Json& scope) {
  Error error = check(value, before);
  Edit(error, "", &scope).text("Name", value.name, before.name);
  return error;
}

Result<TimeSettings> Codec<TimeSettings>::read(const Json& scope) {
  if (!scope.is_object()) return no_object("NTP");
  const View row(scope);
  TimeSettings t;
  t.ntp_enable = row.flag("Enable", t.ntp_enable);
  t.ntp_server = row.text("Address");
  t.ntp_port = row.number("Port", t.ntp_port);
  t.ntp_period = row.number("UpdatePeriod", t.ntp_period);
  t.time_zone = row.number("TimeZone", t.time_zone);
  t.time_zone_text = row.text("TimeZoneDesc");
  return t;
}

Error Codec<TimeSettings>::check(const TimeSettings& value, const TimeSettings& before) {
  Ranges r;
  r.not_empty("ntp_server", value.ntp_server, before.ntp_server, kMaxHost);
  r.within("ntp_port", value.ntp_port, before.ntp_port, 1, kMaxPort);
  r.within("ntp_period", value.ntp_period, before.ntp_period, 1, kMaxPeriod);
  r.within("time_zone", value.time_zone, before.time_zone, 0, kMaxZone);
  r.not_empty("time_zone_text", value.time_zone_text, before.time_zone_text, kMaxName);
  return r.error();
}

Error Codec<TimeSettings>::apply(const TimeSettings& value, const TimeSettings& before, Json& scope) {
  Error error = check(value, before);
  Edit row(error, "", &scope);
  row.flag("Enable", value.ntp_enable, before.ntp_enable);
  row.text("Address", value.ntp_server, before.ntp_server);
  row.number("Port", value.ntp_port, before.ntp_port);
  row.number("UpdatePeriod", value.ntp_period, before.ntp_period);
  row.number("TimeZone", value.time_zone, before.time_zone);
  row.text("TimeZoneDesc", value.time_zone_text, before.time_zone_text);
  return error;
}

Result<DaylightSaving> Codec<DaylightSaving>::read(const Json& scope) {
  if (!scope.is_object()) return no_object("Locales");
  const View row(scope);
  DaylightSaving d;
  d.enable = row.flag("DSTEnable", d.enable);
  d.begin = read_turn(row.at("DSTStart"));
  d.end = read_turn(row.at("DSTEnd"));
  d.time_format = row.text("TimeFormat");
  return d;
}

Error Codec<DaylightSaving>::check(const DaylightSaving& value, const DaylightSaving& before) {
  Ranges r;
  check_turn(value.begin, before.begin, "begin.", r);
  check_turn(value.end, before.end, "end.", r);
  r.not_empty("time_format", value.time_format, before.time_format, kMaxName);
  return r.error();
}

Error Codec<DaylightSaving>::apply(const DaylightSaving& value, const DaylightSaving& before, Json& scope) {
  Error error = check(value, before);
  Edit row(error, "", &scope);
  row.flag("DSTEnable", value.enable, before.enable);
  apply_turn(value.begin, before.begin, row.at("DSTStart"));
  apply_turn(value.end, before.end, row.at("DSTEnd"));
  row.text("TimeFormat", value.time_format, before.time_format);
  return error;
}

}  // namespace dmss::proto::config
