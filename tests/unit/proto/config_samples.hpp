// Rows of configuration tables in the shapes of the notes (protocol http-rpc.md §5 to §7), one or more for each kind.
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "dmss/config.hpp"
#include "proto/rpc/message.hpp"

namespace dmss::samples {

using proto::rpc::Json;

struct Sample {
  ConfigKind kind;
  const char* variant;
  const char*
      json;  ///< one channel's part of the table; $WEEK, $WEEK8 and $HANDLER stand for the blocks below
};

inline constexpr const char* kDay =
    R"(["1 00:00:00-23:59:59","0 00:00:00-23:59:59","0 00:00:00-23:59:59","0 00:00:00-23:59:59","0 00:00:00-23:59:59","0 00:00:00-23:59:59"])";

inline constexpr const char* kHandler = R"({"AlarmBellEnable":false,"AlarmBellLatch":10,"AlarmOut":1,
  "AlarmOutChannels":[0],"AlarmOutEnable":false,"AlarmOutLatch":10,"BeepEnable":false,"Dejitter":5,"Delay":0,
  "LogEnable":true,"MailEnable":false,"PtzLink":[["None",0],["Preset",1,0]],"PtzLinkEnable":false,"Record":1,
  "RecordChannels":[0,2,3],"RecordEnable":true,"RecordLatch":10,"SnapshotChannels":[1],"SnapshotEnable":false,
  "SnapshotPeriod":1,"SnapshotTimes":0,"TimeSection":$WEEK,"TipEnable":true,"VoiceEnable":false})";

inline constexpr Sample kSamples[] = {
    {ConfigKind::motion_detection, "windows",
     R"({"Enable":true,"Level":3,"DetectVersion":"V3.0","EventHandler":$HANDLER,
        "Region":[3,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,4194303],
        "MotionDetectWindow":[{"Id":0,"Name":"Region1","Sensitive":60,"Threshold":5,
          "Region":[3145728,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,4194303],"Window":[0,0,8191,8191]},
          {"Id":1,"Name":"Region2","Sensitive":70,"Threshold":6,
          "Region":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0],"Window":[0,0,0,0]}],
        "OsdTwinkleEnable":false,"PtzManualEnable":false,"PirMotionLevel":3})"},
    {ConfigKind::motion_detection, "old grid",
     R"({"Enable":false,"Level":4,"EventHandler":$HANDLER,
        "Region":[3,4194303,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1]})"},
    {ConfigKind::smart_motion, "plural",
     R"({"Enable":true,"ObjectTypes":{"Human":true,"Vehicle":false},"Sensitivity":"Middle"})"},
    {ConfigKind::smart_motion, "singular",
     R"({"Enable":false,"ObjectType":{"Human":false,"Vehicle":true},"Sensitivity":"High"})"},
    {ConfigKind::video_mask, "recorder", R"({"Duration":5,"Enable":true,"EventHandler":$HANDLER,"Level":3})"},
    {ConfigKind::local_alarm, "recorder",
     R"({"Enable":true,"EventHandler":$HANDLER,"Name":"Door","SensorType":"NC"})"},
    {ConfigKind::local_alarm, "hub",
     R"({"Ctrl":"Normal","DefenceAreaType":"InTime","Enable":true,"EventHandler":$HANDLER,"Level1":3,"Level2":-1,
        "Name":"Zone 1","SenseMethod":"PIRCam","SensorType":"NO","Slot":0})"},
    {ConfigKind::network_alarm, "recorder", R"({"Enable":false,"EventHandler":$HANDLER,"Name":"Net 1"})"},
    {ConfigKind::ipc_external_alarm, "assumed", R"({"Enable":true,"EventHandler":$HANDLER})"},
    {ConfigKind::ipc_offline_alarm, "assumed", R"({"Enable":true,"EventHandler":$HANDLER})"},
    {ConfigKind::pir_alarm, "under PirLink",
     R"({"Enable":true,"DetectWindow":[{"Id":1,"Level":3,"Name":"Region1","Sensitive":60,"Threshold":5,
          "Region":[3932160,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]}],
        "PirLink":{"AlarmOutChannels":[1,0],"AlarmOutEnable":true,"AlarmOutLatch":10,"Dejitter":5,
          "LightingLink":{"Enable":true,"FilckerIntevalTime":5,"LightDuration":10,"LightLinkType":"Filcker"},
          "LogEnable":true,"RecordChannels":[0,1,0],"RecordEnable":true,"RecordLatch":10,
          "SnapshotChannels":[0,1,2],"SnapshotEnable":true,"TimeSection":$WEEK}})"},
    {ConfigKind::pir_alarm, "beside PirLink, spelled right, steady",
     R"({"AlarmOutChannels":[0,1,2],"AlarmOutEnable":true,"AlarmOutLatch":10,"Dejitter":5,"DetectWindow":[],"Enable":false,
        "PirLink":{"LightingLink":{"Enable":true,"FlickerIntervalTime":5,"LightDuration":10,"LightLinkType":"Steady"},
          "TimeSection":$WEEK},
        "RecordChannels":[0,1,2],"RecordEnable":true,"RecordLatch":10,"SnapshotChannels":[0],"SnapshotEnable":true})"},
    {ConfigKind::alarm_output, "recorder", R"({"Mode":0,"Name":"Siren","TriggerMode":-1})"},
    {ConfigKind::encode, "four record types, sizes in both forms",
     R"({"ExtraFormat":[$FORMAT_SUB,$FORMAT_SUB],"MainFormat":[$FORMAT,$FORMAT,$FORMAT,$FORMAT],"SnapFormat":[$FORMAT_SUB]})"},
    {ConfigKind::encode, "three record types, resolution only, no profile",
     R"({"ExtraFormat":[],"MainFormat":[
        {"Audio":{"Compression":"G.711A"},"AudioEnable":false,"Video":{"BitRate":4096,"BitRateControl":"VBR","Compression":"H.264",
          "FPS":12.5,"GOP":50,"Quality":4,"resolution":"2688x1520"},"VideoEnable":true},
        {"Audio":{"Compression":"G.711A"},"AudioEnable":false,"Video":{"BitRate":4096,"BitRateControl":"VBR","Compression":"H.264",
          "FPS":12.5,"GOP":50,"Quality":4,"resolution":"2688x1520"},"VideoEnable":true},
        {"Audio":{"Compression":"G.711A"},"AudioEnable":false,"Video":{"BitRate":2048,"BitRateControl":"CBR","Compression":"H.264",
          "FPS":12.5,"GOP":50,"Quality":4,"resolution":"2688x1520"},"VideoEnable":true}]})"},
    {ConfigKind::record_schedule, "eight rows",
     R"({"Format":"dav","HolidayEnable":false,"PreRecord":4,"Redundancy":false,"SnapShot":false,"Stream":0,"TimeSection":$WEEK8})"},
    {ConfigKind::record_mode, "recorder", R"({"Mode":0,"ModeExtra1":2,"ModeExtra2":2})"},
    {ConfigKind::record_mode, "camera", R"({"Mode":1})"},
    {ConfigKind::channel_name, "recorder", R"({"Name":"Gate","SerialNo":""})"},
    {ConfigKind::image_color, "one row",
     R"({"Brightness":50,"Contrast":51,"Gamma":50,"Hue":52,"Saturation":53,"TimeSection":"1 00:00:00-24:00:00"})"},
    {ConfigKind::image_color, "by time, the first in force",
     R"([{"Brightness":50,"Contrast":51,"Hue":52,"Saturation":53,"TimeSection":"1 00:00:00-24:00:00"},
        {"Brightness":10,"Contrast":11,"Hue":12,"Saturation":13,"TimeSection":"0 00:00:00-24:00:00"}])"},
    {ConfigKind::image_color, "by time, the second in force",
     R"([{"Brightness":10,"Contrast":11,"Hue":12,"Saturation":13,"TimeSection":"0 00:00:00-24:00:00"},
        {"Brightness":50,"Contrast":51,"Hue":52,"Saturation":53,"TimeSection":"1 00:00:00-24:00:00"}])"},
    {ConfigKind::image_orientation, "VideoImageControl",
     R"({"Flip":false,"Freeze":false,"Mirror":true,"Rotate90":0,"Stable":0})"},
    {ConfigKind::image_orientation, "VideoInOptions",
     R"({"Flip":true,"Mirror":false,"NightOptions":{"SwitchMode":0},"NormalOptions":{}})"},
    {ConfigKind::general, "recorder",
     R"({"LocalNo":8,"LockLoginEnable":true,"LockLoginTimes":5,"LoginFailLockTime":1800,"MachineName":"NVR","MaxOnlineTime":3600})"},
    {ConfigKind::general, "older", R"({"LocalNo":8,"MachineName":"DVR","MaxLoginError":3})"},
    {ConfigKind::network, "two interfaces",
     R"({"DefaultInterface":"eth0","Domain":"dahua","Hostname":"NVR",
        "eth0":{"DefaultGateway":"192.0.2.1","DhcpEnable":false,"DnsServers":["192.0.2.1","8.8.8.8"],"EnableDhcpReservedIP":false,
          "IPAddress":"192.0.2.10","MTU":1500,"PhysicalAddress":"02:00:00:00:00:10","SubnetMask":"255.255.255.0"},
        "eth1":{"DefaultGateway":"198.51.100.1","DhcpEnable":true,"DnsServers":["198.51.100.1","8.8.8.8"],
          "IPAddress":"198.51.100.10","MTU":1492,"PhysicalAddress":"02:00:00:00:00:11","SubnetMask":"255.255.255.0"}})"},
    {ConfigKind::time, "recorder",
     R"({"Address":"clock.example","Enable":false,"Port":123,"ServerList":[{"Address":"a.example"}],"TimeZone":25,
        "TimeZoneDesc":"Easterntime","UpdatePeriod":60})"},
    {ConfigKind::daylight_saving, "by week",
     R"({"DSTEnable":true,"DSTEnd":{"Day":0,"Hour":3,"Minute":0,"Month":10,"Week":-1,"Year":2026},
        "DSTStart":{"Day":0,"Hour":2,"Minute":0,"Month":3,"Week":-1,"Year":2026},"TimeFormat":"yyyy-MM-dd HH:mm:ss"})"},
};

inline void replace_all(std::string& text, const std::string& what, const std::string& by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
}

inline Json row(const Sample& sample) {
  const std::string format =
      R"({"Audio":{"Bitrate":64,"Channels":[0],"Compression":"G.711A","Depth":16,"Frequency":8000,"Mode":0},"AudioEnable":true,
        "Video":{"BitRate":4096,"BitRateControl":"CBR","Compression":"H.265","CustomResolutionName":"1080P","FPS":25,"GOP":50,
          "Height":1080,"Pack":"DHAV","Priority":0,"Profile":"Main","Quality":4,"QualityRange":6,"SVCTLayer":1,"Width":1920,
          "resolution":"1920x1080"},"VideoEnable":true})";
  std::string sub = format;
  replace_all(sub, "1920", "704");
  replace_all(sub, "1080P", "D1");
  replace_all(sub, "1080", "576");
  std::string week, text = sample.json;
  for (int day = 0; day < 7; ++day) week += (day > 0 ? "," : "") + std::string(kDay);
  replace_all(text, "$HANDLER", kHandler);
  replace_all(text, "$FORMAT_SUB", sub);
  replace_all(text, "$FORMAT", format);
  replace_all(text, "$WEEK8", "[" + week + "," + kDay + "]");
  replace_all(text, "$WEEK", "[" + week + "]");
  const auto json = proto::rpc::parse_json(text);
  INFO(text);
  REQUIRE(json);
  return *json;
}

inline Json row(ConfigKind kind, std::size_t n = 0) {
  for (const Sample& sample : kSamples) {
    if (sample.kind == kind && n-- == 0) return row(sample);
  }
  FAIL("no such sample");
  return {};
}

}  // namespace dmss::samples
