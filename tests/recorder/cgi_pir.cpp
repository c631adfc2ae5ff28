// pirAlarm.cgi: the passive infrared sensor of some cameras, whose settings are in no table (protocol http-rpc.md §5.7).
#include "recorder/cgi.hpp"
#include "recorder/config.hpp"

namespace dmss::recorder {
namespace {

constexpr std::string_view kPrefix = "configEx";

HttpAnswer pir_alarm(const CgiCall& call) {
  Tables& tables = call.core.tables;
  const Json* rows = tables.find("$Pir");
  if (rows == nullptr) return cgi::bad_request();
  const std::int64_t channel = call.number("channel", 1);
  if (channel < 1 || channel > static_cast<std::int64_t>(rows->size())) return cgi::bad_request();
  const Json& row = (*rows)[static_cast<std::size_t>(channel - 1)];
  if (call.action == "getPirParam") {
    proto::cgi::KeyValues kv;
    flatten(std::string(kPrefix) + "[0]", row, kv);
    return cgi::lines(kv);
  }
  if (call.action != "setPirParam") return cgi::not_implemented();
  Json whole = {{std::string(kPrefix), Json::array({row})}};
  std::vector<std::pair<std::string, Json>> changes;
  for (const auto& [key, value] : call.query.pairs()) {
    if (key == "action" || key == "channel") continue;
    switch (write_text(whole, key, value)) {
      case TextWrite::unknown: return cgi::bad_request();
      case TextWrite::declined: return cgi::declined();
      case TextWrite::done: break;
    }
    changes.emplace_back(key, value);
  }
  if (changes.empty()) return cgi::bad_request();
  Json all = *rows;
  all[static_cast<std::size_t>(channel - 1)] = whole[std::string(kPrefix)][0];
  write_config(call.core, {call.over, call.user, call.path}, "$Pir", std::move(all), changes);
  return cgi::ok();
}

}  // namespace

void add_cgi_pir(Cgi& c) {
  c.add("pirAlarm.cgi", pir_alarm);
}

}  // namespace dmss::recorder
