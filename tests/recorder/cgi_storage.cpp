// Disks and recordings: storageDevice.cgi, mediaFileFind.cgi (protocol http-rpc.md §6.3, §10.2).
#include "recorder/cgi.hpp"

namespace dmss::recorder {
namespace {

HttpAnswer storage_device(const CgiCall& call) {
  const Json& storage = call.core.profile.storage;
  const Json* list = proto::rpc::member(storage, "devices");
  proto::cgi::KeyValues kv;
  if (call.action == "factory.getCollect") {
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i)
      kv.add("list[" + std::to_string(i) + "]", proto::rpc::text_or((*list)[i], "Name", ""));
    return cgi::lines(kv);
  }
  if (call.action != "getDeviceAllInfo") return cgi::not_implemented();
  if (list != nullptr) flatten(proto::rpc::text_or(storage, "prefix", "list.info"), *list, kv);
  return cgi::lines(kv);
}

/// A search that finds nothing: no recordings are kept.
HttpAnswer media_file_find(const CgiCall& call) {
  if (call.action == "factory.create") return cgi::line("result", "1");
  if (call.action == "findNextFile") return cgi::line("found", "0");
  const bool known = call.action == "findFile" || call.action == "close" || call.action == "destroy";
  return known ? cgi::ok() : cgi::invalid_request();
}

}  // namespace

void add_cgi_storage(Cgi& c) {
  c.add("storageDevice.cgi", storage_device);
  c.add("mediaFileFind.cgi", media_file_find);
}

}  // namespace dmss::recorder
