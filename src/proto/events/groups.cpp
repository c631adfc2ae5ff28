#include "proto/events/groups.hpp"

#include <algorithm>
#include <array>

namespace dmss::proto::events {
namespace {

using enum EventGroup;

constexpr CodeGroup kCodes[] = {
    {"APConnect", housekeeping},
    {"AccessControl", intercom},
    {"AccessSnap", intercom},
    {"AlarmIPC", sensor},
    {"AlarmInputSourceSignal", sensor},
    {"AlarmLocal", sensor},
    {"AlarmNet", sensor},
    {"AlarmOutput", sensor},
    {"AlarmPIR", sensor},
    {"AudioAnomaly", audio},
    {"AudioIntensity", audio},
    {"AudioMutation", audio},
    {"BackKeyLight", intercom},
    {"BackLightOff", housekeeping},
    {"BackLightOn", housekeeping},
    {"BatteryLowPower", battery},
    {"BetweenRuleTempDiffAlarm", thermal},
    {"CallNoAnswered", intercom},
    {"CallSnap", intercom},
    {"ColdSpotWarning", thermal},
    {"CrossLineDetection", ai_analysis},
    {"CrossRegionDetection", ai_analysis},
    {"CrowdDetection", ai_analysis},
    {"DoorStatus", intercom},
    {"Exit", housekeeping},
    {"FaceDetection", face},
    {"FaceRecognition", face},
    {"FingerPrintCheck", intercom},
    {"FireWarning", thermal},
    {"FireWarningInfo", thermal},
    {"HeadDetection", motion},
    {"Heartbeat", housekeeping},
    {"HeatImagingTemper", thermal},
    {"HotSpotWarning", thermal},
    {"Hungup", intercom},
    {"HungupPhone", intercom},
    {"IPConflict", network},
    {"IgnoreInvite", intercom},
    {"InfoTip", housekeeping},
    {"IntelliFrame", housekeeping},
    {"InterVideoAccess", housekeeping},
    {"Invite", intercom},
    {"KeepLightOn", housekeeping},
    {"LeFunctionStatusSync", housekeeping},
    {"LeftDetection", ai_analysis},
    {"LoginFailure", housekeeping},
    {"MDResult", motion},
    {"MacConflict", network},
    {"ManNumDetection", ai_analysis},
    {"MoveDetection", ai_analysis},
    {"NTPAdjustTime", housekeeping},
    {"NetAbort", network},
    {"NetAlarm", sensor},
    {"NewFile", housekeeping},
    {"NumberStat", ai_analysis},
    {"ParkingDetection", ai_analysis},
    {"PassiveHungup", intercom},
    {"PhoneCallDetect", intercom},
    {"PowerFault", voltage},
    {"ProfileAlarmTransmit", sensor},
    {"QueueNumDetection", ai_analysis},
    {"Reboot", housekeeping},
    {"RemoteIPModified", housekeeping},
    {"RequestCallState", intercom},
    {"Reset", housekeeping},
    {"RioterDetection", ai_analysis},
    {"RtspSessionDisconnect", housekeeping},
    {"SIPRegisterResult", housekeeping},
    {"SafetyAbnormal", housekeeping},
    {"SceneChange", masking},
    {"ScreenOff", housekeeping},
    {"ShutDown", housekeeping},
    {"SmartMotionHuman", ai_analysis},
    {"SmartMotionVehicle", ai_analysis},
    {"StorageChange", housekeeping},
    {"StorageFailure", disk},
    {"StorageLowSpace", disk},
    {"StorageNotExist", disk},
    {"SystemState", housekeeping},
    {"TakenAwayDetection", ai_analysis},
    {"TimeChange", housekeeping},
    {"VideoAbnormalDetection", masking},
    {"VideoBlind", masking},
    {"VideoLoss", masking},
    {"VideoMotion", motion},
    {"VideoMotionInfo", motion},
    {"VideoUnFocus", defocus},
    {"VthAlarm", intercom},
    {"WanderDetection", ai_analysis},
    {"_CallNoAnswer_", intercom},
    {"_DoTalkAction_", intercom},
};

constexpr bool by_code(const CodeGroup& a, const CodeGroup& b) {
  return a.first < b.first;
}
static_assert(std::is_sorted(std::begin(kCodes), std::end(kCodes), by_code));

constexpr std::string_view kNames[] = {"other",   "ai_analysis", "thermal", "motion",   "masking",
                                       "defocus", "face",        "audio",   "disk",     "voltage",
                                       "network", "sensor",      "battery", "intercom", "housekeeping"};

}  // namespace

std::span<const CodeGroup> known_codes() noexcept {
  return kCodes;
}

bool has_state(std::string_view code) noexcept {
  switch (event_group(code)) {
    case EventGroup::masking:
    case EventGroup::defocus:
    case EventGroup::disk:
    case EventGroup::voltage:
    case EventGroup::network: return true;
    case EventGroup::motion: return code == "VideoMotion";
    case EventGroup::audio: return code == "AudioMutation" || code == "AudioAnomaly";
    case EventGroup::sensor: return code == "AlarmLocal" || code == "AlarmIPC";
    default: return false;
  }
}

bool makes_suspicious(std::string_view code) noexcept {
  constexpr std::string_view kCodesOfRestarts[] = {"Reboot", "Reset", "ShutDown", "Exit", "TimeChange"};
  return std::find(std::begin(kCodesOfRestarts), std::end(kCodesOfRestarts), code) !=
         std::end(kCodesOfRestarts);
}

}  // namespace dmss::proto::events

namespace dmss {

EventGroup event_group(std::string_view code) noexcept {
  const auto codes = proto::events::known_codes();
  const auto at =
      std::lower_bound(codes.begin(), codes.end(), code,
                       [](const auto& known, std::string_view wanted) { return known.first < wanted; });
  return at != codes.end() && at->first == code ? at->second : EventGroup::other;
}

EventIndex event_index(std::string_view code) noexcept {
  switch (event_group(code)) {
    case EventGroup::disk:
    case EventGroup::voltage:
    case EventGroup::network:
    case EventGroup::battery:
    case EventGroup::intercom:
    case EventGroup::housekeeping: return EventIndex::other;
    case EventGroup::sensor:
      if (code == "AlarmIPC" || code == "AlarmPIR") return EventIndex::channel;
      if (code == "AlarmOutput") return EventIndex::output;
      return code == "ProfileAlarmTransmit" ? EventIndex::other : EventIndex::input;
    default: return EventIndex::channel;
  }
}

std::string_view name(EventIndex index) noexcept {
  switch (index) {
    case EventIndex::other: break;
    case EventIndex::channel: return "channel";
    case EventIndex::input: return "input";
    case EventIndex::output: return "output";
  }
  return "other";
}

std::string_view name(EventGroup group) noexcept {
  const auto i = static_cast<std::size_t>(group);
  return i < std::size(proto::events::kNames) ? proto::events::kNames[i] : "other";
}

std::string_view name(EventAction action) noexcept {
  switch (action) {
    case EventAction::pulse: return "pulse";
    case EventAction::start: return "start";
    case EventAction::stop: return "stop";
    case EventAction::state: return "state";
    case EventAction::unknown: break;
  }
  return "unknown";
}

std::string_view name(EventState state) noexcept {
  switch (state) {
    case EventState::attaching: return "attaching";
    case EventState::attached: return "attached";
    case EventState::interrupted: return "interrupted";
    case EventState::failed: return "failed";
    case EventState::stopped: break;
  }
  return "stopped";
}

std::string_view name(EventRoute route) noexcept {
  switch (route) {
    case EventRoute::automatic: break;
    case EventRoute::rpc: return "rpc";
    case EventRoute::cgi: return "cgi";
    case EventRoute::poll: return "poll";
  }
  return "automatic";
}

Result<EventGroup> parse_event_group(std::string_view text) {
  const auto known = std::find(std::begin(proto::events::kNames), std::end(proto::events::kNames), text);
  if (known == std::end(proto::events::kNames))
    return Error(Errc::invalid_argument, "no such group of events");
  return static_cast<EventGroup>(known - std::begin(proto::events::kNames));
}

}  // namespace dmss
