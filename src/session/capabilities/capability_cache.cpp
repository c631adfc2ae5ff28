#include "session/capabilities/capability_cache.hpp"

#include "proto/rpc/codes.hpp"

namespace dmss::session {

const Capabilities* CapabilityCache::find(int channel) const {
  const auto it = probed_.find(channel);
  return it != probed_.end() ? &it->second : nullptr;
}

const Capabilities& CapabilityCache::put(Capabilities capabilities) {
  Capabilities& place = probed_[capabilities.channel];
  place = std::move(capabilities);
  return place;
}

std::optional<Error> CapabilityCache::refused(int channel, const std::string& control) const {
  const auto it = refusals_.find({channel, control});
  if (it == refusals_.end()) return std::nullopt;
  return it->second;
}

void CapabilityCache::remember(int channel, const std::string& control, const Error& error) {
  constexpr std::size_t kMaxRefusals = 10000;
  if (is_final_refusal(error) && refusals_.size() < kMaxRefusals)
    refusals_.insert_or_assign({channel, control}, error);
}

std::optional<int> CapabilityCache::habit(const std::string& name) const {
  const auto it = habits_.find(name);
  if (it == habits_.end()) return std::nullopt;
  return it->second;
}

bool is_final_refusal(const Error& error) {
  namespace code = proto::rpc::code;
  constexpr std::int64_t kForbidden = 403;
  const std::int64_t said = error.device_code();
  return said == kForbidden || said == code::no_authority || said == code::method_not_found ||
         said == code::interface_not_found;
}

}  // namespace dmss::session
