#include "session/admin/storage.hpp"

#include "proto/admin/disks.hpp"
#include "session/admin/ask.hpp"
#include "session/capabilities/probe.hpp"

namespace dmss::session {
namespace {

namespace admin = proto::admin;
namespace rpc = proto::rpc;

awaitable<Result<std::vector<Disk>>> ask_storage(std::shared_ptr<Commands> commands,
                                                 std::shared_ptr<Commands> lasting) {
  Result<rpc::Reply> instance = co_await ask(lasting, "storage.factory.instance");
  if (!instance) co_return instance.error();
  const std::int64_t object = instance->handle().value_or(0);
  rpc::Json none;
  Result<rpc::Reply> reply = co_await ask(commands, "storage.getDeviceAllInfo", none, object);
  if (object != 0) {
    [[maybe_unused]] const auto returned = co_await lasting->rpc("storage.destroy", none, object);
  }
  if (!reply) co_return reply.error();
  co_return admin::read_disks(reply->params);
}

awaitable<Result<std::vector<Disk>>> ask_storage_manager(std::shared_ptr<Commands> commands) {
  Result<rpc::Reply> reply = co_await ask(std::move(commands), "StorageDeviceManager.getDeviceInfos");
  if (!reply) co_return reply.error();
  co_return admin::read_device_infos(reply->params);
}

}  // namespace

awaitable<Result<std::vector<Disk>>> read_disks(std::shared_ptr<Commands> commands,
                                                std::shared_ptr<Commands> lasting) {
  if (Error why = known_lack(*commands, 0, Feature::storage)) co_return why;
  if (commands->has_rpc()) {
    Result<std::vector<Disk>> disks = co_await ask_storage(commands, std::move(lasting));
    if (disks || disks.error() != Errc::unsupported) co_return disks;
    disks = co_await ask_storage_manager(commands);
    if (disks || !goes_to_cgi(disks.error(), *commands)) co_return disks;
  }
  proto::cgi::Query none;
  Result<proto::cgi::KeyValues> answer =
      co_await ask_cgi(commands, "storageDevice", "getDeviceAllInfo", none);
  if (!answer) co_return answer.error();
  co_return admin::read_disks(*answer);
}

}  // namespace dmss::session
