#include "proto/config/image.hpp"

#include "proto/config/schedule.hpp"

namespace dmss::proto::config {
namespace {

constexpr int kPercent = 100;
constexpr int kRotations = 2;

bool in_force(const Json& row) {
  const auto period = parse_time_section(View(row).text("TimeSection"));
  return row.is_object() && period && period->mask == 1;
}

/// Which rows of the list count; empty when there is none.
std::vector<std::size_t> rows_in_force(const Json& list) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (in_force(list[i])) out.push_back(i);
  }
  if (out.empty() && !list.empty() && list.front().is_object()) out.push_back(0);
  return out;
}

ImageColor read_color(const View& row) {
  ImageColor c;
  c.brightness = row.number("Brightness", c.brightness);
  c.contrast = row.number("Contrast", c.contrast);
  c.hue = row.number("Hue", c.hue);
  c.saturation = row.number("Saturation", c.saturation);
  return c;
}

void apply_color(const ImageColor& value, const ImageColor& before, Edit row) {
  row.number("Brightness", value.brightness, before.brightness);
  row.number("Contrast", value.contrast, before.contrast);
  row.number("Hue", value.hue, before.hue);
  row.number("Saturation", value.saturation, before.saturation);
}

}  // namespace

std::vector<Json*> color_rows_in_force(Json& scope) {
  if (scope.is_object()) return {&scope};
  std::vector<Json*> out;
  if (!scope.is_array()) return out;
  for (std::size_t i : rows_in_force(scope)) out.push_back(&scope[i]);
  return out;
}

Result<ImageColor> Codec<ImageColor>::read(const Json& scope) {
  if (scope.is_object()) return read_color(scope);
  const auto rows = scope.is_array() ? rows_in_force(scope) : std::vector<std::size_t>();
  if (rows.empty()) return no_object("VideoColor");
  return read_color(scope[rows.front()]);
}

Error Codec<ImageColor>::check(const ImageColor& value, const ImageColor& before) {
  Ranges r;
  r.within("brightness", value.brightness, before.brightness, 0, kPercent);
  r.within("contrast", value.contrast, before.contrast, 0, kPercent);
  r.within("hue", value.hue, before.hue, 0, kPercent);
  r.within("saturation", value.saturation, before.saturation, 0, kPercent);
  return r.error();
}

Error Codec<ImageColor>::apply(const ImageColor& value, const ImageColor& before, Json& scope) {
  Error error = check(value, before);
  if (!scope.is_array()) {
    apply_color(value, before, Edit(error, "", &scope));
    return error;
  }
  for (std::size_t i : rows_in_force(scope))
    apply_color(value, before, Edit(error, "[" + std::to_string(i) + "].", &scope[i]));
  return error;
}

Result<ImageOrientation> Codec<ImageOrientation>::read(const Json& scope) {
  if (!scope.is_object()) return no_object("VideoImageControl");
  const View row(scope);
  ImageOrientation o;
  o.flip = row.flag("Flip", o.flip);
  o.mirror = row.flag("Mirror", o.mirror);
  if (row.find("Rotate90") != nullptr) {
    const int n = row.number("Rotate90", 0);
    o.rotation = n >= 0 && n <= kRotations ? static_cast<ImageOrientation::Rotation>(n)
                                           : ImageOrientation::Rotation::none;
  }
  return o;
}

Error Codec<ImageOrientation>::check(const ImageOrientation& value, const ImageOrientation& before) {
  Ranges r;
  if (value.rotation)
    r.within("rotation", static_cast<int>(*value.rotation),
             before.rotation ? static_cast<int>(*before.rotation) : -1, 0, kRotations);
  return r.error();
}

Error Codec<ImageOrientation>::apply(const ImageOrientation& value, const ImageOrientation& before,
                                     Json& scope) {
  Error error = check(value, before);
  Edit row(error, "", &scope);
  row.flag("Flip", value.flip, before.flip);
  row.flag("Mirror", value.mirror, before.mirror);
  if (value.rotation == before.rotation) return error;
  if (!value.rotation || !before.rotation)
    row.lacks("Rotate90");
  else
    row.number("Rotate90", static_cast<int>(*value.rotation), static_cast<int>(*before.rotation));
  return error;
}

}  // namespace dmss::proto::config
