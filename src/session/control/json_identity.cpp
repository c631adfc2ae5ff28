#include "session/control/json_identity.hpp"

#include "proto/rpc/message.hpp"

namespace dmss::session {
namespace {

namespace rpc = proto::rpc;

constexpr std::size_t kMaxNames = 1024;

awaitable<rpc::Json> ask(std::shared_ptr<ControlLink> link, std::string method, std::string params,
                         Duration timeout) {
  Result<std::string> reply = co_await link->call(std::move(method), std::move(params), 0, timeout);
  if (!reply) co_return rpc::Json();
  auto json = rpc::parse_json(*reply);
  if (!json) co_return rpc::Json();
  co_return rpc::to_reply(*json).params;
}

/// Where nobody tells what an answer looks like, it is not worth a long wait.
constexpr Duration kHardwareTimeout = std::chrono::seconds(3);

awaitable<void> ask_versions(std::shared_ptr<ControlLink> link, DeviceInfo& info, Duration timeout) {
  const rpc::Json p = co_await ask(link, "magicBox.getSoftwareVersion", "", timeout);
  const rpc::Json* version = rpc::member(p, "version");
  if (version == nullptr) co_return;
  read_version(version->is_string() ? version->get<std::string>() : rpc::text_or(*version, "Version", ""),
               info);
  if (info.build.empty()) info.build = rpc::text_or(*version, "BuildDate", "");
}

awaitable<void> ask_channel_names(std::shared_ptr<ControlLink> link, DeviceInfo& info, Duration timeout) {
  const rpc::Json p = co_await ask(link, "configManager.getConfig", R"({"name":"ChannelTitle"})", timeout);
  const rpc::Json* table = rpc::member(p, "table");
  if (table == nullptr || !table->is_array()) co_return;
  for (const rpc::Json& row : *table) {
    if (info.channel_names.size() >= kMaxNames) break;
    info.channel_names.push_back(rpc::text_or(row, "Name", ""));
  }
  if (info.channels == 0) info.channels = static_cast<int>(info.channel_names.size());
}

}  // namespace

void read_version(std::string_view text, DeviceInfo& info) {
  constexpr std::string_view kBuild = ",build:";
  const std::size_t at = text.find(kBuild);
  info.software = std::string(text.substr(0, at));
  if (at != std::string_view::npos) info.build = std::string(text.substr(at + kBuild.size()));
}

awaitable<void> complete_identity(std::shared_ptr<ControlLink> link, DeviceInfo& info, Duration timeout) {
  if (info.serial.empty()) {
    const rpc::Json p = co_await ask(link, "magicBox.getSerialNo", "", timeout);
    info.serial = rpc::text_or(p, "sn", "");
  }
  if (info.model.empty()) {
    const rpc::Json p = co_await ask(link, "magicBox.getDeviceType", "", timeout);
    info.model = rpc::text_or(p, "type", "");
  }
  if (info.device_class.empty()) {
    const rpc::Json p = co_await ask(link, "magicBox.getDeviceClass", "", timeout);
    info.device_class = rpc::text_or(p, "type", "");
  }
  if (info.software.empty()) co_await ask_versions(link, info, timeout);
  if (info.channel_names.empty()) co_await ask_channel_names(link, info, timeout);
  if (info.hardware.empty() && !info.software.empty()) {
    const rpc::Json p =
        co_await ask(link, "magicBox.getHardwareVersion", "", std::min(timeout, kHardwareTimeout));
    info.hardware = rpc::text_or(p, "version", "");
  }
}

}  // namespace dmss::session
