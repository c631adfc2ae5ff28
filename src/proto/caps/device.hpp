// What a device tells of itself (protocol http-rpc.md §4.2, §4.5, §5.5, §6.1).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "proto/caps/fields.hpp"

namespace dmss::proto::caps {

inline constexpr int kMaxSlots = 1024;  ///< alarm inputs or outputs of a device

/// Of getInSlots and getOutSlots: params {"inputs":n} or {"outputs":n}, or CGI "result=n".
std::optional<int> parse_slots(const Json& answer, const char* key);
/// Of getCollect: CGI "result=n".
std::optional<int> parse_collect(const Json& answer);
/// Of magicBox.getProductDefinition: params.definition, or CGI "table.<name>=…".
std::optional<Json> parse_definition(const Json& answer, const char* name);
std::optional<bool> definition_flag(const Json& answer, const char* name);
std::optional<int> definition_number(const Json& answer, const char* name);
/// Of alarm.getAlarmCaps.
std::optional<bool> parse_pir(const Json& answer);
/// Of eventManager.getCaps and getExposureEvents: the codes, wherever the firmware puts its list.
std::vector<std::string> parse_event_codes(const Json& answer);
/// Of LogicDeviceManager.getCameraAll: how many cameras; nullopt when that is not told.
std::optional<int> parse_camera_count(const Json& answer);
/// Of RemoteSpeak.getCaps, for the one channel asked for.
std::optional<bool> parse_remote_siren(const Json& answer);

/// A recorder, by its class ("NVR", "HCVR", "XVR", "EVS" …): its channels are cameras of their own.
bool is_recorder_class(std::string_view device_class) noexcept;

}  // namespace dmss::proto::caps
