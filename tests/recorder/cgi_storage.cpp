// Disks and recordings: storageDevice.cgi, mediaFileFind.cgi (protocol http-rpc.md §6.3, §10.2).
#include "recorder/cgi.hpp"

namespace dmss::recorder {
namespace {

/// One disk, being overwritten: UsedBytes is TotalBytes.
HttpAnswer storage_device(const CgiCall& call) {
  if (call.action == "factory.getCollect") return cgi::line("list[0]", "/dev/sda");
  if (call.action != "getDeviceAllInfo") return cgi::not_implemented();
  proto::cgi::KeyValues kv;
  const std::string disk = "list.info[0].", part = disk + "Detail[0].";
  kv.add(disk + "Name", "/dev/sda");
  kv.add(disk + "State", "Success");
  kv.add(disk + "HealthDataFlag", "0");
  kv.add(part + "Path", "/dev/sda0");
  kv.add(part + "Type", "ReadWrite");
  kv.add(part + "IsError", "false");
  kv.add(part + "TotalBytes", "495636709376.000000");
  kv.add(part + "UsedBytes", "495636709376.000000");
  return cgi::lines(kv);
}

HttpAnswer media_file_find(const CgiCall& call) {
  return call.action == "factory.create" ? cgi::line("result", "1") : cgi::invalid_request();
}

}  // namespace

void add_cgi_storage(Cgi& c) {
  c.add("storageDevice.cgi", storage_device);
  c.add("mediaFileFind.cgi", media_file_find);
}

}  // namespace dmss::recorder
