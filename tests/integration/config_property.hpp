// What holds for every typed table: reading and writing it back changes nothing, changing one field changes that field alone.
#pragma once

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "integration/wait_for.hpp"

namespace dmss::test {

using Json = nlohmann::json;

template <class T>
Result<T> get_config(Device& device, int index) {
  return wait_for<T>([&](auto done) { device.config().get<T>(index, done); });
}

template <class T>
Result<ConfigWritten> set_config(Device& device, T value) {
  return wait_for<ConfigWritten>([&](auto done) { device.config().set<T>(std::move(value), done); });
}

/// One profile of the recorder, reached over JSON-RPC where it has that, and as a device that has nothing but CGI.
class ProfileOverBoth {
 public:
  explicit ProfileOverBoth(const std::string& name);

  /// Null when the device has no such table.
  Json table(const std::string& name) const;
  void put_table(const std::string& name, const Json& value) const;
  std::vector<Session*> sessions() { return {&first_, &by_cgi_}; }

  const std::string name;

 private:
  static DeviceOptions options(const RecorderProcess& recorder, const std::string& name, ControlRoute route);

  RecorderProcess recorder_;
  Session first_, by_cgi_;
};

template <class T>
struct Property {
  std::vector<std::string> tables;  ///< names it may have on the device
  std::string member;               ///< the one that `change` alters
  void (*change)(T&);
  bool of_device = false;
};

/// First, second and last.
std::vector<int> rows_to_try(const Json& table, bool of_device);
/// Only leaves of this name, in this row (from 1; 0 = no rows).
void check_only_member_differs(const Json& before, const Json& after, int row, const std::string& member);
bool has_member(const Json& row, const std::string& member);

template <class T>
void check_row(ProfileOverBoth& device, Session& session, const Property<T>& property,
               const std::string& table, int row) {
  const Json before = device.table(table);
  const std::size_t at = static_cast<std::size_t>(std::max(row - 1, 0));
  const Json place = row > 0 && before.is_array() ? before[at] : before;
  Result<T> value = get_config<T>(session.device, row);
  INFO(value.error().to_string());
  if (place.is_null()) {
    CHECK(value.error() == Errc::no_such_channel);
    return;
  }
  REQUIRE(value);
  value->origin = {};  // over whatever is there, which is the same
  const Result<ConfigWritten> same = set_config(session.device, *value);
  INFO(same.error().to_string());
  REQUIRE(same);
  CHECK(device.table(table) == before);

  value = get_config<T>(session.device, row);
  REQUIRE(value);
  property.change(*value);
  const Result<ConfigWritten> written = set_config(session.device, *value);
  INFO(written.error().to_string());
  if (!has_member(place, property.member)) {
    CHECK(written.error() == Errc::unsupported);
    CHECK(device.table(table) == before);
    return;
  }
  REQUIRE(written);
  check_only_member_differs(before, device.table(table), before.is_array() ? row : 0, property.member);
}

template <class T>
void check_property(ProfileOverBoth& device, const Property<T>& property) {
  std::string table;
  for (const std::string& name : property.tables) {
    if (table.empty() && !device.table(name).is_null()) table = name;
  }
  CAPTURE(device.name, property.tables.front());
  for (Session* session : device.sessions()) {
    CAPTURE(session == device.sessions().back());
    if (table.empty()) {
      const Error none = get_config<T>(session->device, property.of_device ? 0 : 1).error();
      CHECK((none == Errc::unsupported || none == Errc::no_permission));
      continue;
    }
    for (const int row : rows_to_try(device.table(table), property.of_device)) {
      CAPTURE(row);
      check_row(device, *session, property, table, row);
    }
  }
}

}  // namespace dmss::test
