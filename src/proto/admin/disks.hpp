// Disks of a device, in each of the shapes that devices tell them (protocol http-rpc.md §6.3).
#pragma once

#include <vector>

#include "dmss/admin.hpp"
#include "proto/cgi/kv.hpp"
#include "proto/rpc/message.hpp"

namespace dmss::proto::admin {

inline constexpr std::size_t kMaxDisks = 256;
inline constexpr std::size_t kMaxPartitions = 64;  ///< of one disk

/// storageDevice.cgi getDeviceAllInfo: "list.info[0].Detail[1].Path", or the prefix "list[0].". No such line is no disk. What is beyond
/// the limits is left out.
std::vector<Disk> read_disks(const cgi::KeyValues& values);
/// `params` of storage.getDeviceAllInfo: "info", or the bare array. Null rows are no disks. Errors: malformed (neither).
Result<std::vector<Disk>> read_disks(const rpc::Json& params);
/// `params` of StorageDeviceManager.getDeviceInfos: "device", null without a disk. Errors: malformed.
Result<std::vector<Disk>> read_device_infos(const rpc::Json& params);

}  // namespace dmss::proto::admin
