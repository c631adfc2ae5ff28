// Walks a device by questions that change nothing, one at a time and slowly.
#pragma once

#include <chrono>

#include "common/program.hpp"

namespace probe {

struct WalkOptions {
  std::chrono::milliseconds pause{250};  ///< between two questions
};

class Walk {
 public:
  Walk(dmss::Device device, dmss::DeviceInfo identity, WalkOptions options);
  /// The profile, with everything the device told in it. Errors: when the device was lost on the way; then `profile` has what came before.
  dmss::Result<void> run();
  example::Json& profile() { return profile_; }
  int questions() const { return questions_; }

 private:
  /// The "params" of the answer; null when it was refused, which is noted.
  example::Json ask(const std::string& method, const example::Json& params = nullptr, std::int64_t object = 0,
                    bool notes = true);
  /// Through an instance of the service, which is given back.
  example::Json ask_instance(const std::string& service, const std::string& method, const example::Json& make,
                             const example::Json& params = nullptr);
  void pause();
  bool lost(const dmss::Error& error);
  void walk_identity();
  void walk_abilities();
  void walk_storage();
  void walk_tables();
  void walk_clock();

  dmss::Device device_;
  const dmss::DeviceInfo identity_;
  const WalkOptions options_;
  example::Json profile_;
  dmss::Error lost_;
  int questions_ = 0;
  bool json_ = false;  // it answered JSON-RPC, if only to refuse
};

}  // namespace probe
