// What a device tells of its time, disks, users and log, as text and as JSON.
#include "fuzz.hpp"
#include "proto/admin/device_time.hpp"
#include "proto/admin/disks.hpp"
#include "proto/admin/log_page.hpp"
#include "proto/admin/users.hpp"

using namespace dmss;
using namespace dmss::proto::admin;

namespace {

void check(const std::vector<Disk>& disks) {
  FUZZ_CHECK(disks.size() <= kMaxDisks);
  for (const Disk& d : disks) {
    FUZZ_CHECK(d.free <= d.total);
    FUZZ_CHECK(d.partitions.size() <= kMaxPartitions);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  if (const auto time = parse_device_time(text)) {
    FUZZ_CHECK(time->valid());
    FUZZ_CHECK(parse_device_time(time->to_string()).value() == *time);
  }
  if (const auto kv = proto::cgi::parse_kv(text)) {
    check(read_disks(*kv));
    FUZZ_CHECK(read_users(*kv).size() <= kMaxUsers);
  }
  if (const auto json = proto::rpc::parse_json(text)) {
    if (const auto disks = read_disks(*json)) check(*disks);
    if (const auto disks = read_device_infos(*json)) check(*disks);
    if (const auto users = read_users(*json)) FUZZ_CHECK(users->size() <= kMaxUsers);
    FUZZ_CHECK(read_log_page(*json, 100).size() <= 100);
  }
  return 0;
}
