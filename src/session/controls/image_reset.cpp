// Brightness, contrast, hue and saturation back to their middle (protocol http-rpc.md §7.3).
#include "session/capabilities/probe.hpp"
#include "session/controls/config_rows.hpp"
#include "session/controls/control_conversations.hpp"

namespace dmss::session {
namespace {

using proto::rpc::Json;

constexpr std::int64_t kMiddle = 50;
constexpr const char* kColours[] = {"Brightness", "Contrast", "Hue", "Saturation"};

/// "1 00:00:00-24:00:00": the mask in front says that the row counts.
bool in_force(const Json& row) {
  const std::string section = proto::rpc::text_or(row, "TimeSection", "");
  return section.starts_with("1 ");
}

bool reset_row(Json& row) {
  bool any = false;
  for (const char* key : kColours) {
    if (!row.is_object() || !row.contains(key)) continue;
    set_leaf(row, key, kMiddle);
    any = true;
  }
  return any;
}

/// The rows in force; the first where none says that it is. Simple devices have one row without an array.
bool reset_rows(Json& rows) {
  if (!rows.is_array()) return reset_row(rows);
  bool any = false;
  for (Json& row : rows) {
    if (in_force(row)) any = reset_row(row) || any;
  }
  if (any || rows.empty()) return any;
  return reset_row(rows[0]);
}

}  // namespace

awaitable<Result<void>> reset_image(std::shared_ptr<Commands> commands, int channel) {
  if (Error e = co_await require(commands, channel, Feature::image_color)) co_return e;
  RowChange change = reset_rows;
  co_return co_await change_row(commands, "VideoColor", channel, std::move(change));
}

}  // namespace dmss::session
