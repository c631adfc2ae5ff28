#include "recorder/rpc_instance.hpp"

#include <cmath>

namespace dmss::recorder {
namespace {

namespace rpc = proto::rpc;
namespace code = proto::rpc::code;

constexpr std::size_t kMaxInstances = 256;
constexpr std::size_t kMaxNumbers = 16;

}  // namespace

void add_factory(Rpc& rpc, const std::string& service) {
  Core& core = rpc.core();
  rpc.add(service + ".factory.instance", [&core, service](const Request& r, Caller& c) {
    if (!c.session || c.session->objects.size() >= kMaxInstances)
      return rpc::make_error(r, code::server_error, "Server internal error!");
    const std::int64_t channel = rpc::int_or(r.params, "channel", rpc::int_or(r.params, "Channel", 0));
    if (channel < 0 || channel >= core.profile.channels)
      return rpc::make_error(r, code::invalid_param, "Bad parameter!");
    const std::int64_t handle = core.sessions.next_object();
    c.session->objects[handle] = service;
    c.session->object_channels[handle] = static_cast<int>(channel) + 1;
    return rpc::make_reply(r, handle);
  });
  rpc.add(service + ".destroy", [service](const Request& r, Caller& c) {
    const Instance instance = instance_of(r, c, service);
    if (instance.refusal) return *instance.refusal;
    c.session->objects.erase(*r.object);
    c.session->object_channels.erase(*r.object);
    return rpc::make_reply(r, true);
  });
}

Instance instance_of(const Request& r, const Caller& c, const std::string& service) {
  Instance out;
  if (!r.object || !c.session) {
    out.refusal = rpc::make_error(r, code::invalid_request, "Invalid request! Object needed.");
    return out;
  }
  const auto found = c.session->objects.find(*r.object);
  if (found == c.session->objects.end() || found->second != service) {
    out.refusal = rpc::make_error(r, kInstanceGone, "Object not found!");
    return out;
  }
  const auto channel = c.session->object_channels.find(*r.object);
  out.channel = channel == c.session->object_channels.end() ? 1 : channel->second;
  return out;
}

void add_instance_method(Rpc& rpc, const std::string& service, const std::string& name,
                         InstanceMethod method) {
  rpc.add(service + "." + name, [service, method = std::move(method)](const Request& r, Caller& c) {
    const Instance instance = instance_of(r, c, service);
    return instance.refusal ? *instance.refusal : method(r, c, instance.channel);
  });
}

std::vector<double> numbers_of(const Json& params, const char* key) {
  std::vector<double> out;
  const Json* list = rpc::member(params, key);
  if (list == nullptr || !list->is_array()) return out;
  for (const Json& item : *list) {
    if (item.is_number() && out.size() < kMaxNumbers) out.push_back(item.get<double>());
  }
  return out;
}

double number_of(const Json& params, const char* key, double fallback) {
  const Json* found = rpc::member(params, key);
  if (found == nullptr) return fallback;
  return found->is_number()
             ? found->get<double>()
             : static_cast<double>(rpc::int_or(params, key, static_cast<std::int64_t>(fallback)));
}

}  // namespace dmss::recorder
