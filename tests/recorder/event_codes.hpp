// The events a device says it can tell of (protocol http-rpc.md §11.3).
#pragma once

#include <string>
#include <vector>

#include "recorder/profile.hpp"

namespace dmss::recorder {

inline std::vector<std::string> exposed_events(const Profile& profile) {
  std::vector<std::string> codes{"VideoMotion",     "VideoLoss",      "VideoBlind",      "AlarmLocal",
                                 "StorageNotExist", "StorageFailure", "StorageLowSpace", "NetAbort",
                                 "IPConflict",      "NewFile"};
  if (profile.device_class == "NVR") codes.insert(codes.end(), {"AlarmIPC", "VideoUnFocus", "AudioMutation"});
  return codes;
}

}  // namespace dmss::recorder
