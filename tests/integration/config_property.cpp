#include "integration/config_property.hpp"

#include <set>

namespace dmss::test {
namespace {

std::vector<std::string> steps_of(const std::string& pointer) {
  std::vector<std::string> steps;
  for (std::size_t at = 1; at < pointer.size();) {
    const std::size_t end = std::min(pointer.find('/', at), pointer.size());
    steps.push_back(pointer.substr(at, end - at));
    at = end + 1;
  }
  return steps;
}

bool is_index(const std::string& step) {
  return step.find_first_not_of("0123456789") == std::string::npos;
}

}  // namespace

ProfileOverBoth::ProfileOverBoth(const std::string& profile)
    : name(profile),
      recorder_({"--profile", profile}),
      first_(options(recorder_, profile, ControlRoute::dvrip)),
      by_cgi_(options(recorder_, profile, ControlRoute::http)) {}

DeviceOptions ProfileOverBoth::options(const RecorderProcess& recorder, const std::string& name,
                                       ControlRoute route) {
  if (route == ControlRoute::http)
    recorder.fault(R"({"name":"http_status","what":"/RPC2_Login","status":404})");
  DeviceOptions o = device_options(recorder);
  o.control = route;
  if (name == "olddvr") {
    o.legacy_login = LegacyLogin::plain;
    o.allow_plaintext_password = true;
  }
  return o;
}

Json ProfileOverBoth::table(const std::string& table) const {
  const Json names = Json::parse(recorder_.get("/tables")).at("names");
  const bool there = table.front() == '$' || std::find(names.begin(), names.end(), table) != names.end();
  try {
    return there ? Json::parse(recorder_.get("/tables?name=" + table)).at("value") : Json();
  } catch (const std::runtime_error&) {
    return nullptr;
  }
}

void ProfileOverBoth::put_table(const std::string& table, const Json& value) const {
  recorder_.post("/table", Json{{"name", table}, {"value", value}}.dump());
}

std::vector<int> rows_to_try(const Json& table, bool of_device) {
  if (of_device) return {0};
  if (!table.is_array()) return {1};
  std::set<int> rows;
  const int last = static_cast<int>(table.size());
  for (const int row : {1, 2, last}) {
    if (row >= 1 && row <= last) rows.insert(row);
  }
  return {rows.begin(), rows.end()};
}

void check_only_member_differs(const Json& before, const Json& after, int row, const std::string& member) {
  const Json changes = Json::diff(before, after);
  CHECK_FALSE(changes.empty());
  for (const Json& change : changes) {
    CAPTURE(change.dump());
    CHECK(change.at("op") == "replace");
    std::vector<std::string> steps = steps_of(change.at("path").get<std::string>());
    REQUIRE_FALSE(steps.empty());
    if (row > 0) CHECK(steps.front() == std::to_string(row - 1));
    while (steps.size() > 1 && is_index(steps.back())) steps.pop_back();
    CHECK(steps.back() == member);
  }
}

bool has_member(const Json& row, const std::string& member) {
  if (!row.is_structured()) return false;
  if (row.is_object() && row.contains(member)) return true;
  return std::any_of(row.begin(), row.end(), [&](const Json& child) { return has_member(child, member); });
}

}  // namespace dmss::test
