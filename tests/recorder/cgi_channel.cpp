#include "recorder/cgi_channel.hpp"

#include <fmt/core.h>

namespace dmss::recorder {

int cgi_channel(const CgiCall& call) {
  if (!call.query.get("channel")) return 1;
  const int channels = call.core.profile.channels;
  const std::int64_t channel = call.number("channel", -1);
  if (channel == 0 && channels == 1) return 1;
  return channel >= 1 && channel <= channels ? static_cast<int>(channel) : 0;
}

proto::rpc::Json real_numbers(proto::rpc::Json value) {
  if (value.is_number_float()) return fmt::format("{:f}", value.get<double>());
  if (value.is_structured()) {
    for (auto& child : value) child = real_numbers(std::move(child));
  }
  return value;
}

}  // namespace dmss::recorder
