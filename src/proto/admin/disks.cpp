#include "proto/admin/disks.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "base/text.hpp"

namespace dmss::proto::admin {
namespace {

using rpc::Json;

constexpr std::size_t kMaxText = 256;

std::uint64_t to_bytes(double value) noexcept {
  constexpr double kLimit = 9.0e18;
  if (!(value > 0)) return 0;  // NaN, too
  return static_cast<std::uint64_t>(std::min(value, kLimit));
}

/// "495636709376.000000"
std::uint64_t to_bytes(std::string_view text) noexcept {
  double value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  return ec == std::errc() && end != text.data() ? to_bytes(value) : 0;
}

std::uint64_t to_bytes(const Json* value) {
  if (value == nullptr) return 0;
  if (value->is_number()) return to_bytes(value->get<double>());
  return value->is_string() ? to_bytes(std::string_view(value->get_ref<const std::string&>())) : 0;
}

std::uint64_t sum(std::uint64_t a, std::uint64_t b) noexcept {
  return a > std::numeric_limits<std::uint64_t>::max() - b ? std::numeric_limits<std::uint64_t>::max()
                                                           : a + b;
}

/// What follows from the partitions and the state.
void complete(Disk& disk) {
  std::uint64_t used = 0;
  disk.healthy = disk.state.empty() || disk.state == "Success";
  for (const DiskPartition& p : disk.partitions) {
    disk.total = sum(disk.total, p.total);
    used = sum(used, std::min(p.used, p.total));
    if (p.error) disk.healthy = false;
  }
  disk.free = disk.total - used;
}

/// Takes "[12]" off the front.
std::optional<std::size_t> take_index(std::string_view& key) noexcept {
  if (key.empty() || key.front() != '[') return std::nullopt;
  std::size_t index = 0;
  const auto [end, ec] = std::from_chars(key.data() + 1, key.data() + key.size(), index);
  if (ec != std::errc() || end == key.data() + key.size() || *end != ']') return std::nullopt;
  key.remove_prefix(static_cast<std::size_t>(end + 1 - key.data()));
  return index;
}

bool take(std::string_view& key, std::string_view word) noexcept {
  if (!key.starts_with(word)) return false;
  key.remove_prefix(word.size());
  return true;
}

/// Rows may come with holes and in any order: the row for `index` is made when it is first named.
template <class T>
T* row(std::vector<std::pair<std::size_t, T>>& rows, std::size_t index, std::size_t limit) {
  for (auto& [at, value] : rows) {
    if (at == index) return &value;
  }
  if (rows.size() >= limit) return nullptr;
  return &rows.emplace_back(index, T{}).second;
}

struct Row {
  Disk disk;
  std::vector<std::pair<std::size_t, DiskPartition>> partitions;
};

void set(DiskPartition& p, std::string_view field, std::string_view value) {
  if (field == "Path") p.path = clean_text(value, kMaxText);
  if (field == "Type") p.type = clean_text(value, kMaxText);
  if (field == "TotalBytes") p.total = to_bytes(value);
  if (field == "UsedBytes") p.used = to_bytes(value);
  if (field == "IsError") p.error = value == "true" || value == "1";
}

void set(Row& row_of, std::string_view field, std::string_view value) {
  if (field == "Name") row_of.disk.name = clean_text(value, kMaxText);
  if (field == "State") row_of.disk.state = clean_text(value, kMaxText);
  if (!take(field, "Detail")) return;
  const auto index = take_index(field);
  if (!index || !take(field, ".")) return;
  if (DiskPartition* p = row(row_of.partitions, *index, kMaxPartitions)) set(*p, field, value);
}

DiskPartition read_detail(const Json& j) {
  DiskPartition p;
  p.path = clean_text(rpc::text_or(j, "Path", ""), kMaxText);
  p.type = clean_text(rpc::text_or(j, "Type", ""), kMaxText);
  p.total = to_bytes(rpc::member(j, "TotalBytes"));
  p.used = to_bytes(rpc::member(j, "UsedBytes"));
  p.error = rpc::bool_or(j, "IsError", false);
  return p;
}

DiskPartition read_partition(const Json& j) {
  DiskPartition p;
  p.path = clean_text(rpc::text_or(j, "Name", ""), kMaxText);
  p.total = to_bytes(rpc::member(j, "Total"));
  p.used = p.total - std::min(p.total, to_bytes(rpc::member(j, "Remain")));
  return p;
}

std::vector<Disk> read_rows(const Json& rows, const char* details, DiskPartition (*read)(const Json&)) {
  std::vector<Disk> disks;
  for (const Json& one : rows) {
    if (!one.is_object()) continue;
    if (disks.size() == kMaxDisks) break;
    Disk& disk = disks.emplace_back();
    disk.name = clean_text(rpc::text_or(one, "Name", ""), kMaxText);
    disk.state = clean_text(rpc::text_or(one, "State", ""), kMaxText);
    if (const Json* parts = rpc::member(one, details); parts != nullptr && parts->is_array()) {
      for (const Json& part : *parts) {
        if (part.is_object() && disk.partitions.size() < kMaxPartitions)
          disk.partitions.push_back(read(part));
      }
    }
    complete(disk);
  }
  return disks;
}

}  // namespace

std::vector<Disk> read_disks(const cgi::KeyValues& values) {
  std::vector<std::pair<std::size_t, Row>> rows;
  for (const auto& [key, value] : values.lines) {
    std::string_view rest = key;
    if (!take(rest, "list.info") && !take(rest, "list")) continue;
    const auto index = take_index(rest);
    if (!index || !take(rest, ".")) continue;
    if (Row* r = row(rows, *index, kMaxDisks)) set(*r, rest, value);
  }
  std::vector<Disk> disks;
  for (auto& [index, r] : rows) {
    for (auto& [at, partition] : r.partitions) r.disk.partitions.push_back(std::move(partition));
    complete(r.disk);
    disks.push_back(std::move(r.disk));
  }
  return disks;
}

Result<std::vector<Disk>> read_disks(const Json& params) {
  const Json* info = params.is_array() ? &params : rpc::member(params, "info");
  if (info != nullptr && info->is_null()) return std::vector<Disk>();
  if (info == nullptr || !info->is_array()) return Error(Errc::malformed, "no list of disks in the answer");
  return read_rows(*info, "Detail", read_detail);
}

Result<std::vector<Disk>> read_device_infos(const Json& params) {
  const Json* device = rpc::member(params, "device");
  if (device != nullptr && device->is_null()) return std::vector<Disk>();
  if (device == nullptr || !device->is_array())
    return Error(Errc::malformed, "no list of disks in the answer");
  return read_rows(*device, "Partitions", read_partition);
}

}  // namespace dmss::proto::admin
