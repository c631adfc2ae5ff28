#include "session/capabilities/capability_cache.hpp"

#include "proto/rpc/codes.hpp"
#include "session/engine/signal.hpp"

namespace dmss::session {
namespace {

constexpr std::size_t kMaxRefusals = 10000;
constexpr std::size_t kMaxInstances = 32;  // a device has only so many in a session

}  // namespace

const Capabilities* CapabilityCache::find(int channel) const {
  const auto it = known_.find(channel);
  return it != known_.end() ? &it->second : nullptr;
}

const Capabilities& CapabilityCache::put(Capabilities capabilities) {
  Capabilities& place = known_[capabilities.channel];
  place = std::move(capabilities);
  return place;
}

void CapabilityCache::forget(int channel) {
  known_.erase(channel);
  std::erase_if(done_, [&](const auto& key) { return key.first == channel; });
}

void CapabilityCache::merge(int channel, ProbeGroup group, Findings findings) {
  Capabilities& place = known_[channel];
  place.channel = channel;
  for (auto& [feature, capability] : findings.features)
    place.features.insert_or_assign(feature, std::move(capability));
  if (findings.facts) facts_ = *findings.facts;
  if (findings.pir) pir_ = *findings.pir;
  if (findings.ptz) place.ptz = std::move(*findings.ptz);
  if (findings.streams) place.streams = std::move(*findings.streams);
  if (findings.alarm_inputs) place.alarm_inputs = *findings.alarm_inputs;
  if (findings.alarm_outputs) place.alarm_outputs = *findings.alarm_outputs;
  if (findings.event_codes) place.event_codes = std::move(*findings.event_codes);
  done_.insert({channel, group});
}

std::shared_ptr<Signal> CapabilityCache::under_way(int channel, ProbeGroup group) const {
  const auto it = under_way_.find({channel, group});
  return it != under_way_.end() ? it->second : nullptr;
}

CapabilityCache::Turn::Turn(CapabilityCache& cache, int channel, ProbeGroup group,
                            std::shared_ptr<Signal> signal)
    : cache_(cache), key_(channel, group) {
  cache_.under_way_[key_] = std::move(signal);
}

CapabilityCache::Turn::~Turn() {
  const auto it = cache_.under_way_.find(key_);
  const std::shared_ptr<Signal> signal = it->second;
  cache_.under_way_.erase(it);
  signal->notify();
}

std::optional<Error> CapabilityCache::refused(int channel, const std::string& control) const {
  const auto it = refusals_.find({channel, control});
  if (it == refusals_.end()) return std::nullopt;
  return it->second;
}

void CapabilityCache::remember(int channel, const std::string& control, const Error& error) {
  if (is_final_refusal(error) && refusals_.size() < kMaxRefusals)
    refusals_.insert_or_assign({channel, control}, error);
}

void CapabilityCache::forget_refusals(int channel) {
  std::erase_if(refusals_, [&](const auto& row) { return row.first.first == channel; });
}

std::optional<std::int64_t> CapabilityCache::instance(const std::string& service, int channel) const {
  const auto it = instances_.find({service, channel});
  if (it == instances_.end()) return std::nullopt;
  return it->second;
}

bool CapabilityCache::keep_instance(const std::string& service, int channel, std::int64_t handle) {
  if (instances_.size() >= kMaxInstances) return false;
  return instances_.emplace(std::pair(service, channel), handle).second;
}

std::optional<int> CapabilityCache::habit(const std::string& name) const {
  const auto it = habits_.find(name);
  if (it == habits_.end()) return std::nullopt;
  return it->second;
}

bool is_final_refusal(const Error& error) {
  namespace code = proto::rpc::code;
  // A lock carries 403, too, and passes.
  if (error != Errc::no_permission && error != Errc::unsupported) return false;
  constexpr std::int64_t kForbidden = 403;
  const std::int64_t said = error.device_code();
  return said == kForbidden || said == code::no_authority || said == code::method_not_found ||
         said == code::interface_not_found;
}

}  // namespace dmss::session
