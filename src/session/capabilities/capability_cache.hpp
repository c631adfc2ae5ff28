// CapabilityCache: what was found out about a device since its latest login.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "dmss/capabilities.hpp"
#include "dmss/error.hpp"
#include "proto/caps/encode.hpp"

namespace dmss::session {

class Signal;

/// What is asked together: a call that needs to know one feature asks for its group alone.
enum class ProbeGroup {
  // of the device
  device,
  slots,
  events,
  storage,
  recording,
  pictures,
  log,
  security,
  alarm_caps,
  // of a channel
  ptz,
  streams,
  lens,
  image,
  deterrence,
  tracking,
  wiper,
  sound,
  detection,
  pir
};

/// What probes of channels need to know of the device.
struct DeviceFacts {
  bool recorder = false;  ///< its channels are cameras of their own
  std::optional<proto::VideoStandard> standard;
  std::optional<int> extra_streams;
  std::optional<bool> has_talk, has_audio, has_ptz;
};

/// What the probes of one group tell.
struct Findings {
  std::map<Feature, Capability> features;
  std::optional<DeviceFacts> facts;
  std::optional<bool> pir;  ///< of the device
  std::optional<PtzCapabilities> ptz;
  std::optional<std::vector<StreamCapabilities>> streams;
  std::optional<int> alarm_inputs, alarm_outputs;
  std::optional<std::vector<std::string>> event_codes;
};

/// Network thread.
class CapabilityCache {
 public:
  /// What is known so far; nullptr = nothing was probed yet. channel 0 = the device.
  const Capabilities* find(int channel) const;
  const Capabilities& put(Capabilities capabilities);
  void forget(int channel);
  const DeviceFacts& facts() const { return facts_; }
  /// Whether any camera of the device has a PIR detector, as far as it tells.
  std::optional<bool> pir() const { return pir_; }

  bool probed(int channel, ProbeGroup group) const { return done_.contains({channel, group}); }
  void merge(int channel, ProbeGroup group, Findings findings);
  /// Something it depends on was changed: whoever needs it next asks the device.
  void expire(int channel, ProbeGroup group) { done_.erase({channel, group}); }
  /// The signal of those who wait for a probe that is under way; nullptr when none is.
  std::shared_ptr<Signal> under_way(int channel, ProbeGroup group) const;

  /// Marks a probe as under way while it lives, then wakes those who wait for it.
  class Turn {
   public:
    Turn(CapabilityCache& cache, int channel, ProbeGroup group, std::shared_ptr<Signal> signal);
    ~Turn();
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    CapabilityCache& cache_;
    const std::pair<int, ProbeGroup> key_;
  };

  /// Refusals for good (protocol http-rpc.md §2.4): a control that a channel lacks is not tried again.
  std::optional<Error> refused(int channel, const std::string& control) const;
  /// Remembers `error` if it is one of those; others leave no trace.
  void remember(int channel, const std::string& control, const Error& error);
  void forget_refusals(int channel);

  // Instance handles that are kept until the session ends ("ptz.factory.instance").
  std::optional<std::int64_t> instance(const std::string& service, int channel) const;
  /// False when enough are kept: the caller lets go of it after its call.
  bool keep_instance(const std::string& service, int channel, std::int64_t handle);
  void forget_instance(const std::string& service, int channel) { instances_.erase({service, channel}); }

  /// What worked where devices differ ("coaxial channel base"); nullopt = not tried yet.
  std::optional<int> habit(const std::string& name) const;
  void learn(const std::string& name, int value) { habits_.insert_or_assign(name, value); }

 private:
  std::map<int, Capabilities> known_;
  std::set<std::pair<int, ProbeGroup>> done_;
  std::map<std::pair<int, ProbeGroup>, std::shared_ptr<Signal>> under_way_;
  DeviceFacts facts_;
  std::optional<bool> pir_;
  std::map<std::pair<int, std::string>, Error> refusals_;
  std::map<std::pair<std::string, int>, std::int64_t> instances_;
  std::map<std::string, int> habits_;
};

/// HTTP 403 without a lock, "no authority", "method not found" and "interface not found": the same question gets the same answer.
bool is_final_refusal(const Error& error);

}  // namespace dmss::session
