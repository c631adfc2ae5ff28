// Instances of services: "<service>.factory.instance" gives a handle, further calls carry it as "object" (protocol
// http-rpc.md §2.3, dvrip-dhip.md §7.4).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "recorder/rpc_methods.hpp"

namespace dmss::recorder {

/// The code of a call whose object has gone.
inline constexpr std::int64_t kInstanceGone = -267976703;

/// Adds "<service>.factory.instance", which remembers params.channel where there is one, and "<service>.destroy".
void add_factory(Rpc& rpc, const std::string& service);

/// The channel, from 1, of the instance that a call names; otherwise the refusal.
struct Instance {
  int channel = 0;
  std::optional<Reply> refusal;
};
Instance instance_of(const Request& request, const Caller& caller, const std::string& service);

/// What a method of an instance does.
using InstanceMethod = std::function<Reply(const Request&, Caller&, int channel)>;
void add_instance_method(Rpc& rpc, const std::string& service, const std::string& name,
                         InstanceMethod method);

/// params[key] as numbers; what is none is left out.
std::vector<double> numbers_of(const proto::rpc::Json& params, const char* key);
double number_of(const proto::rpc::Json& params, const char* key, double fallback);

}  // namespace dmss::recorder
