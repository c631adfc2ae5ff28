#include "proto/caps/device.hpp"

namespace dmss::proto::caps {
namespace {

std::optional<int> bounded_count(std::optional<int> n) {
  if (!n || *n < 0 || *n > kMaxSlots) return std::nullopt;
  return n;
}

}  // namespace

std::optional<int> parse_slots(const Json& answer, const char* key) {
  const auto named = integer(answer, key);
  return bounded_count(named ? named : integer(answer, "result"));
}

std::optional<int> parse_collect(const Json& answer) {
  return bounded_count(integer(answer, "result"));
}

std::optional<Json> parse_definition(const Json& answer, const char* name) {
  if (const Json* definition = rpc::member(answer, "definition")) return *definition;
  const Json* table = rpc::member(answer, "table");
  const Json* value = table ? rpc::member(*table, name) : nullptr;
  if (value == nullptr) return std::nullopt;
  return *value;
}

std::optional<bool> definition_flag(const Json& answer, const char* name) {
  const auto value = parse_definition(answer, name);
  if (!value) return std::nullopt;
  return flag(Json{{"v", *value}}, "v");
}

std::optional<int> definition_number(const Json& answer, const char* name) {
  const auto value = parse_definition(answer, name);
  if (!value) return std::nullopt;
  return bounded_count(integer(Json{{"v", *value}}, "v"));
}

std::optional<bool> parse_pir(const Json& answer) {
  const Json* caps = rpc::member(answer, "caps");
  return caps ? flag(*caps, "AlarmPir") : std::nullopt;
}

std::vector<std::string> parse_event_codes(const Json& answer) {
  const Json* caps = rpc::member(answer, "caps");
  for (const Json* place : {&answer, caps}) {
    if (place == nullptr) continue;
    if (place->is_array()) return text_list(place);
    auto codes = text_list(any_member(*place, {"events", "Events", "Codes", "codes"}));
    if (!codes.empty()) return codes;
  }
  return {};
}

std::optional<int> parse_camera_count(const Json& answer) {
  const Json* cameras = rpc::member(answer, "camera");
  if (cameras == nullptr || !cameras->is_array()) return std::nullopt;
  return static_cast<int>(std::min<std::size_t>(cameras->size(), kMaxSlots));
}

std::optional<bool> parse_remote_siren(const Json& answer) {
  const Json* caps = any_member(answer, {"Caps", "caps"});
  if (caps == nullptr || !caps->is_array() || caps->size() != 1) return std::nullopt;
  return flag((*caps)[0], "SupportSiren");
}

bool is_recorder_class(std::string_view device_class) noexcept {
  for (const char* end : {"NVR", "DVR", "XVR", "CVR", "EVS", "IVSS"}) {
    if (ends_with_ignoring_case(device_class, end)) return true;
  }
  return false;
}

}  // namespace dmss::proto::caps
