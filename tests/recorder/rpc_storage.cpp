// storage, StorageDeviceManager (protocol http-rpc.md §6.3).
#include "recorder/rpc_answers.hpp"

namespace dmss::recorder {
namespace {

using namespace answers;

Json devices(const Core& core) {
  const Json* list = rpc::member(core.profile.storage, "devices");
  return list != nullptr && list->is_array() ? *list : Json::array();
}

double bytes(const Json& part, const char* key) {
  const Json* value = rpc::member(part, key);
  return value != nullptr && value->is_number() ? value->get<double>() : 0.0;
}

/// The newer form: what is left instead of what is used.
Json infos(const Core& core) {
  Json out = Json::array();
  for (const Json& device : devices(core)) {
    Json parts = Json::array();
    const Json* detail = rpc::member(device, "Detail");
    for (std::size_t i = 0; detail != nullptr && detail->is_array() && i < detail->size(); ++i) {
      const double total = bytes((*detail)[i], "TotalBytes");
      parts.push_back({{"Total", total}, {"Remain", total - bytes((*detail)[i], "UsedBytes")}});
    }
    out.push_back({{"Name", rpc::text_or(device, "Name", "")}, {"Partitions", std::move(parts)}});
  }
  return out.empty() ? Json(nullptr) : out;
}

}  // namespace

void add_storage_methods(Rpc& rpc) {
  Core& core = rpc.core();
  add_factory(rpc, "storage");
  rpc.add("storage.getDeviceAllInfo", [&core](const Request& r, Caller& c) {
    if (!has_object(r, c, "storage")) return error(r, code::invalid_request, "Invalid request!");
    const Json list = devices(core);
    if (rpc::text_or(core.profile.storage, "reply", "info") == "array") return rpc::make_reply(r, true, list);
    return rpc::make_reply(r, true, {{"info", list}});
  });
  tell(rpc, "StorageDeviceManager.getDeviceInfos",
       [&core](const Request&) { return Json{{"device", infos(core)}}; });
}

}  // namespace dmss::recorder
