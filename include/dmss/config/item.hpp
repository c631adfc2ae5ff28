// ConfigItem: what every typed configuration value has: where it stands, and what the device said when it was read.
#pragma once

#include <memory>

namespace dmss {

/// The device's own words that a value was read from. Kept so that writing changes only what the caller changed, and only when nobody
/// else has changed the same place in between. Copies share it; a value without one is written over whatever the device has now.
class ConfigOrigin {
 public:
  struct Impl;
  ConfigOrigin() = default;
  explicit ConfigOrigin(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  explicit operator bool() const noexcept { return impl_ != nullptr; }
  const Impl* get() const noexcept { return impl_.get(); }

 private:
  std::shared_ptr<const Impl> impl_;
};

struct ConfigItem {
  /// Channel, alarm input or alarm output from 1; 0 for tables of the whole device. Config::get fills it.
  int index = 0;
  ConfigOrigin origin;
};

}  // namespace dmss
