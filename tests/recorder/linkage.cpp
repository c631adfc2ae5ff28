#include "recorder/linkage.hpp"

#include <fmt/chrono.h>

namespace dmss::recorder {
namespace {

namespace rpc = proto::rpc;

constexpr std::size_t kMaxLinked = 256;

const char* table_of(const std::string& code) {
  static constexpr std::pair<const char*, const char*> kTables[] = {{"AlarmLocal", "Alarm"},
                                                                    {"NetAlarm", "NetAlarm"},
                                                                    {"VideoMotion", "MotionDetect"},
                                                                    {"VideoBlind", "BlindDetect"},
                                                                    {"VideoLoss", "LossDetect"}};
  for (const auto& [event, table] : kTables) {
    if (code == event) return table;
  }
  return nullptr;
}

/// What a file's name says of why it was made.
char tag_of(const std::string& code) {
  return code == "VideoMotion" ? 'M' : code == "AlarmLocal" || code == "NetAlarm" ? 'A' : 'E';
}

}  // namespace

const Json* event_handler(const Tables& tables, const DeviceEvent& e) {
  const char* table = table_of(e.code);
  if (table == nullptr || e.index < 0) return nullptr;
  return tables.find(std::string(table) + "[" + std::to_string(e.index) + "].EventHandler");
}

std::vector<int> linked(const Json& handler, const char* key) {
  std::vector<int> out;
  const Json* list = rpc::member(handler, key);
  if (list == nullptr || !list->is_array()) return out;
  for (const Json& one : *list) {
    if (one.is_number_integer() && one >= 0 && one < 4096 && out.size() < kMaxLinked)
      out.push_back(one.get<int>());
  }
  return out;
}

EventPictures::EventPictures(const Tables& tables, EventHub& events, const net::Clock& clock,
                             const Profile& profile)
    : tables_(tables), events_(events), clock_(clock), profile_(profile) {
  events.observe([this](const DeviceEvent& e) { take(e); });
}

void EventPictures::take(const DeviceEvent& e) {
  const Json* handler = e.action == "Stop" ? nullptr : event_handler(tables_, e);
  if (handler == nullptr || !rpc::bool_or(*handler, "SnapshotEnable", false)) return;
  const auto time = fmt::gmtime(std::chrono::system_clock::to_time_t(clock_.wall_now()));
  for (const int channel : linked(*handler, "SnapshotChannels")) {
    if (channel >= profile_.channels) continue;
    const std::string file = fmt::format("/mnt/dvr/{:%Y-%m-%d}/{}/jpg/{:%H/%M/%S}[{}][0@0][0][1].jpg", time,
                                         channel, time, tag_of(e.code));
    events_.raise({"NewFile",
                   "Pulse",
                   channel,
                   {{"Event", e.code},
                    {"File", file},
                    {"Index", channel},
                    {"Size", 65536},
                    {"StoragePoint", "Temporary"}}});
  }
}

}  // namespace dmss::recorder
