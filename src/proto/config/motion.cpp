#include "proto/config/motion.hpp"

#include <algorithm>

#include "proto/config/grid.hpp"
#include "proto/config/linkage.hpp"

namespace dmss::proto::config {
namespace {

constexpr int kPercent = 100;
constexpr int kLevels = 6;
constexpr std::size_t kMaxWindows = 64;
constexpr std::size_t kMaxName = 63;

const Json* window_list(const Json& row, const char*& key) {
  // Some firmware keeps its windows, as objects, where the old grid was.
  for (const char* candidate : {"MotionDetectWindow", "Region"}) {
    const Json* list = rpc::member(row, candidate);
    if (list == nullptr || !list->is_array() || list->empty() || !list->front().is_object()) continue;
    key = candidate;
    return list;
  }
  return nullptr;
}

int percent_of_level(int level) {
  return (level * kPercent + kLevels / 2) / kLevels;
}

int level_of_percent(int percent) {
  return std::clamp((percent * kLevels + kPercent / 2) / kPercent, 1, kLevels);
}

MotionWindow old_window(const View& row, int level) {
  MotionWindow w;
  w.sensitivity = percent_of_level(level);
  w.region = read_grid(row.find("Region"), BitOrder::left_is_low);
  return w;
}

constexpr std::pair<SmartMotion::Sensitivity, const char*> kSensitivities[] = {
    {SmartMotion::Sensitivity::low, "Low"},
    {SmartMotion::Sensitivity::middle, "Middle"},
    {SmartMotion::Sensitivity::high, "High"},
};

std::string word(SmartMotion::Sensitivity s) {
  for (const auto& [value, text] : kSensitivities) {
    if (value == s) return text;
  }
  return {};
}

}  // namespace

std::vector<MotionWindow> read_windows(const Json* list) {
  std::vector<MotionWindow> out;
  if (list == nullptr || !list->is_array()) return out;
  for (std::size_t i = 0; i < std::min(list->size(), kMaxWindows); ++i) {
    const View row((*list)[i]);
    MotionWindow w;
    w.id = row.number("Id", static_cast<int>(i));
    w.name = row.text("Name");
    w.sensitivity = row.number("Sensitive", w.sensitivity);
    w.threshold = row.number("Threshold", w.threshold);
    w.region = read_grid(row.find("Region"), BitOrder::left_is_high);
    out.push_back(std::move(w));
  }
  return out;
}

void apply_windows(const std::vector<MotionWindow>& value, const std::vector<MotionWindow>& before,
                   const char* key, Edit& edit) {
  if (value == before || edit.failed()) return;
  if (value.size() != before.size())
    return edit.fail(Error(Errc::invalid_argument, "windows: the device has " +
                                                       std::to_string(before.size()) + ", not " +
                                                       std::to_string(value.size())));
  Json* list = edit.find(key);
  for (std::size_t i = 0; i < value.size(); ++i) {
    Json* row = list != nullptr && list->is_array() && i < list->size() ? &(*list)[i] : nullptr;
    Edit window(edit.error(), edit.where() + key + "[" + std::to_string(i) + "].", row);
    window.text("Name", value[i].name, before[i].name);
    window.number("Sensitive", value[i].sensitivity, before[i].sensitivity);
    window.number("Threshold", value[i].threshold, before[i].threshold);
    apply_grid(value[i].region, before[i].region, BitOrder::left_is_high, "Region", window);
  }
}

void check_windows(const std::vector<MotionWindow>& value, const std::vector<MotionWindow>& before,
                   Ranges& out) {
  for (std::size_t i = 0; i < value.size(); ++i) {
    const bool known = i < before.size();
    const MotionWindow& was = known ? before[i] : MotionWindow();
    const std::string at = "windows[" + std::to_string(i) + "].";
    out.within((at + "sensitivity").c_str(), value[i].sensitivity, was.sensitivity, 0, kPercent);
    out.within((at + "threshold").c_str(), value[i].threshold, was.threshold, 0, kPercent);
    out.not_empty((at + "name").c_str(), value[i].name, was.name, kMaxName);
    out.same((at + "id").c_str(), !known || value[i].id == was.id);
  }
}

Result<MotionDetection> Codec<MotionDetection>::read(const Json& scope) {
  if (!scope.is_object()) return no_object("MotionDetect");
  const View row(scope);
  MotionDetection m;
  m.enable = row.flag("Enable", m.enable);
  m.level = row.number("Level", m.level);
  const char* key = nullptr;
  if (const Json* list = window_list(scope, key)) {
    m.has_windows = true;
    m.windows = read_windows(list);
  } else {
    m.windows.push_back(old_window(row, m.level));
  }
  m.linkage = read_linkage(row.at("EventHandler"));
  return m;
}

Error Codec<MotionDetection>::check(const MotionDetection& value, const MotionDetection& before) {
  Ranges r;
  r.within("level", value.level, before.level, 1, kLevels);
  check_windows(value.windows, before.windows, r);
  check_linkage(value.linkage, before.linkage, r);
  return r.error();
}

Error Codec<MotionDetection>::apply(const MotionDetection& value, const MotionDetection& before,
                                    Json& scope) {
  Error error = check(value, before);
  Edit row(error, "", &scope);
  row.flag("Enable", value.enable, before.enable);
  const char* key = nullptr;
  if (window_list(scope, key) != nullptr) {
    row.number("Level", value.level, before.level);
    apply_windows(value.windows, before.windows, key, row);
  } else if (value.windows.size() != 1 || before.windows.size() != 1) {
    row.fail(Error(Errc::invalid_argument, "windows: the device has one, from its old grid"));
  } else {
    const MotionWindow &now = value.windows[0], &was = before.windows[0];
    if (now.threshold != was.threshold) row.lacks("Threshold");
    if (now.name != was.name) row.lacks("Name");
    int level = value.level;
    if (level == before.level && now.sensitivity != was.sensitivity)
      level = level_of_percent(now.sensitivity);
    row.number("Level", level, before.level);
    apply_grid(now.region, was.region, BitOrder::left_is_low, "Region", row);
  }
  Edit handler = row.at("EventHandler");
  apply_linkage(value.linkage, before.linkage, handler);
  return error;
}

Result<SmartMotion> Codec<SmartMotion>::read(const Json& scope) {
  if (!scope.is_object()) return no_object("SmartMotionDetect");
  const View row(scope);
  const View types = row.at(spelled(&scope, {"ObjectTypes", "ObjectType"}));
  SmartMotion m;
  m.enable = row.flag("Enable", m.enable);
  m.human = types.flag("Human", m.human);
  m.vehicle = types.flag("Vehicle", m.vehicle);
  const std::string sensitivity = row.text("Sensitivity");
  for (const auto& [value, text] : kSensitivities) {
    if (sensitivity == text) m.sensitivity = value;
  }
  return m;
}

Error Codec<SmartMotion>::check(const SmartMotion& value, const SmartMotion&) {
  Ranges r;
  if (word(value.sensitivity).empty()) r.fail("sensitivity", "is none of low, middle, high");
  return r.error();
}

Error Codec<SmartMotion>::apply(const SmartMotion& value, const SmartMotion& before, Json& scope) {
  Error error = check(value, before);
  Edit row(error, "", &scope);
  row.flag("Enable", value.enable, before.enable);
  Edit types = row.at(spelled(&scope, {"ObjectTypes", "ObjectType"}));
  types.flag("Human", value.human, before.human);
  types.flag("Vehicle", value.vehicle, before.vehicle);
  row.text("Sensitivity", word(value.sensitivity), word(before.sensitivity));
  return error;
}

}  // namespace dmss::proto::config
