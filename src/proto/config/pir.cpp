#include "proto/config/pir.hpp"

#include "proto/config/linkage.hpp"
#include "proto/config/motion.hpp"

namespace dmss::proto::config {
namespace {

constexpr int kMaxSeconds = 86400;
constexpr const char* kLinkage = "PirLink";
constexpr const char* kLight = "LightingLink";
constexpr const char* kInterval = "FilckerIntevalTime";
constexpr const char* kIntervalSpelledRight = "FlickerIntervalTime";

bool is_flash(std::string_view type) {
  return type == "Filcker" || type == "Flicker";
}

void apply_light(PirAlarm::Light value, PirAlarm::Light before, const char* interval, Edit& light) {
  if (value == before || light.failed()) return;
  // What devices call steady light is not documented; flashing is, in two spellings.
  if (value == PirAlarm::Light::keep_on)
    return light.fail(
        Error(Errc::unsupported, "the device's word for a light that stays on is not known (LightLinkType)"));
  Json* leaf = light.find("LightLinkType");
  if (leaf == nullptr || !leaf->is_string()) return light.lacks("LightLinkType");
  *leaf = std::string_view(interval) == kIntervalSpelledRight ? "Flicker" : "Filcker";
}

}  // namespace

Result<PirAlarm> Codec<PirAlarm>::read(const Json& scope) {
  if (!scope.is_object()) return no_object("configEx");
  const Json* link = rpc::member(scope, kLinkage);
  const View row(scope), both(link, &scope), light = both.at(kLight);
  PirAlarm p;
  p.enable = row.flag("Enable", p.enable);
  p.light_enable = light.flag("Enable", p.light_enable);
  if (is_flash(light.text("LightLinkType"))) p.light = PirAlarm::Light::flash;
  p.light_duration = light.number("LightDuration", p.light_duration);
  p.flash_interval =
      light.number(spelled(both.find(kLight), {kInterval, kIntervalSpelledRight}), p.flash_interval);
  p.windows = read_windows(row.find("DetectWindow"));
  p.linkage = read_linkage(both);
  return p;
}

Error Codec<PirAlarm>::check(const PirAlarm& value, const PirAlarm& before) {
  Ranges r;
  r.within("light_duration", value.light_duration, before.light_duration, 0, kMaxSeconds);
  r.within("flash_interval", value.flash_interval, before.flash_interval, 0, kMaxSeconds);
  check_windows(value.windows, before.windows, r);
  check_linkage(value.linkage, before.linkage, r);
  return r.error();
}

Error Codec<PirAlarm>::apply(const PirAlarm& value, const PirAlarm& before, Json& scope) {
  Error error = check(value, before);
  Edit row(error, "", &scope);
  Edit both(error, "", row.find(kLinkage), &scope);
  row.flag("Enable", value.enable, before.enable);
  Edit light = both.at(kLight);
  light.flag("Enable", value.light_enable, before.light_enable);
  const char* interval = spelled(both.find(kLight), {kInterval, kIntervalSpelledRight});
  apply_light(value.light, before.light, interval, light);
  light.number("LightDuration", value.light_duration, before.light_duration);
  light.number(interval, value.flash_interval, before.flash_interval);
  apply_windows(value.windows, before.windows, "DetectWindow", row);
  apply_linkage(value.linkage, before.linkage, both);
  return error;
}

}  // namespace dmss::proto::config
