// What dmss-probe asks: getters and tables, nothing that changes a device (protocol http-rpc.md §4, §5).
#pragma once

namespace probe {

struct Question {
  const char* service;
  const char* method;
  const char* params;  ///< JSON
  bool instance;       ///< of "<service>.factory.instance", channel 1
};

inline constexpr Question kAbilities[] = {
    {"eventManager", "getCaps", "null", false},
    {"recordManager", "getCaps", "null", false},
    {"snapManager", "getCaps", "null", false},
    {"storage", "getCaps", "null", false},
    {"userManager", "getCaps", "null", false},
    {"alarm", "getAlarmCaps", "null", false},
    {"CoaxialControlIO", "getCaps", R"({"channel":0})", false},
    {"RemoteSpeak", "getCaps", R"({"Channels":[0]})", false},
    {"devVideoInput", "getCaps", "null", true},
    {"devVideoInput", "getCapsEx", R"({"name":"VideoInFishEye"})", true},
    {"ptz", "getCurrentProtocolCaps", "null", true},
    {"encode", "getConfigCaps", R"({"channel":0,"stream":"All"})", false},
};

inline constexpr const char* kDefinitions[] = {
    "MaxExtraStream",
    "HasTalk",
    "HasAlarm",
    "HasAudio",
    "HasPtz",
    "VideoAnalyse",
    "RemoteVideoAnalyse",
    "LinkingDetail",
    "SirenFileManager",
    "SupportEventLinkList",
    "PlayFormat",
    "PlayFormet",
};

inline constexpr const char* kTables[] = {
    "General",
    "ChannelTitle",
    "NTP",
    "Locales",
    "Network",
    "VideoStandard",
    "Encode",
    "Record",
    "RecordMode",
    "StorageGroup",
    "Snap",
    "MotionDetect",
    "SmartMotionDetect",
    "BlindDetect",
    "LossDetect",
    "MovedDetect",
    "UnFocusDetect",
    "AudioDetect",
    "Alarm",
    "NetAlarm",
    "ExAlarm",
    "AlarmOut",
    "VideoColor",
    "VideoImageControl",
    "VideoInOptions",
    "VideoInFocus",
    "VideoInZoom",
    "VideoWidget",
    "FishEye",
    "Lighting",
    "Lighting_V2",
    "RainBrush",
    "VideoAnalyseRule",
    "StorageNotExist",
    "StorageFailure",
    "StorageLowSpace",
    "Ptz",
    "PtzPreset",
    "PtzTour",
    "RemoteDevice",
    "RecordStoragePoint",
    "AutoMaintain",
    "DisableLinkage",
    "CommGlobal",
    "AccessControl",
};

}  // namespace probe
