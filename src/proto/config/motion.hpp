// MotionDetect and SmartMotionDetect, and the windows that PIR tables share with them (protocol http-rpc.md §5.3).
#pragma once

#include "dmss/config/alarms.hpp"
#include "proto/config/codec.hpp"

namespace dmss::proto::config {

std::vector<MotionWindow> read_windows(const Json* list);
void apply_windows(const std::vector<MotionWindow>& value, const std::vector<MotionWindow>& before,
                   const char* key, Edit& edit);
void check_windows(const std::vector<MotionWindow>& value, const std::vector<MotionWindow>& before,
                   Ranges& out);

template <>
struct Codec<MotionDetection> {
  static Result<MotionDetection> read(const Json& scope);
  static Error check(const MotionDetection& value, const MotionDetection& before);
  static Error apply(const MotionDetection& value, const MotionDetection& before, Json& scope);
};

template <>
struct Codec<SmartMotion> {
  static Result<SmartMotion> read(const Json& scope);
  static Error check(const SmartMotion& value, const SmartMotion& before);
  static Error apply(const SmartMotion& value, const SmartMotion& before, Json& scope);
};

}  // namespace dmss::proto::config
