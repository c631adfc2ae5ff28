// The report of dmss-info for people.
#include <iomanip>
#include <iostream>

#include "info/report.hpp"

namespace info {
namespace {

using example::Json;

constexpr int kColumn = 14;

void line(const std::string& head, const std::string& text) {
  std::cout << std::left << std::setw(kColumn) << head << text << '\n';
}

std::string text_of(const Json& j) {
  return j.is_string() ? j.get<std::string>() : j.dump();
}

/// True when the part is an error, which is then printed.
bool failed(const std::string& head, const Json& part) {
  if (!part.is_object() || !part.contains("error")) return false;
  line(head, text_of(part["error"]["name"]) + ": " + text_of(part["error"]["message"]));
  return true;
}

std::string marks(const Json& states) {
  std::string out;
  for (const Json& on : states) out += std::string(out.empty() ? "" : " ") + (on.get<bool>() ? "on" : "off");
  return out.empty() ? "not told" : out;
}

std::string features(const Json& capabilities, const char* support) {
  std::string out;
  for (const auto& [name, feature] : capabilities["features"].items()) {
    if (feature["support"] == support) out += (out.empty() ? "" : ", ") + name;
  }
  return out;
}

void print_capabilities(const std::string& head, const Json& capabilities) {
  if (failed(head, capabilities)) return;
  line(head, features(capabilities, "yes"));
  if (const std::string not_these = features(capabilities, "no"); !not_these.empty())
    line("", "not: " + not_these);
}

void print_disks(const Json& disks) {
  if (failed("disks", disks)) return;
  if (disks.empty()) line("disks", "none");
  for (const Json& d : disks) {
    const std::string size = example::size_text(d["total"]) + ", " + example::size_text(d["free"]) + " free";
    line("disk", text_of(d["name"]) + "  " + size + "  " + text_of(d["state"]) +
                     (d["healthy"].get<bool>() ? "" : "  NOT HEALTHY"));
  }
}

}  // namespace

void print(const Json& report) {
  const Json& device = report["device"];
  line("model", text_of(device["model"]) + " (" + text_of(device["class"]) + ")");
  line("serial", text_of(device["serial"]));
  line("software", text_of(device["software"]));
  line("connected", text_of(device["connection"]) + ", " + text_of(device["login"]));
  int number = 0;
  for (const Json& name : device["channel_names"]) line("channel " + std::to_string(++number), text_of(name));
  if (!failed("time", report["time"])) line("time", text_of(report["time"]));
  print_disks(report["disks"]);
  if (!failed("users", report["users"])) {
    for (const Json& u : report["users"]) {
      line("user", text_of(u["name"]) + " from " + text_of(u["address"]) + " by " + text_of(u["client"]) +
                       " since " + text_of(u["since"]));
    }
  }
  if (!failed("alarms", report["alarms"])) {
    line("inputs", marks(report["alarms"]["inputs"]));
    line("outputs", marks(report["alarms"]["outputs"]));
  }
  print_capabilities("device can", report["capabilities"]);
  for (const auto& [channel, capabilities] : report["channels"].items())
    print_capabilities(channel + " can", capabilities);
}

}  // namespace info
