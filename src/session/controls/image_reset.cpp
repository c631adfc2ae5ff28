// Brightness, contrast, hue and saturation back to their middle (protocol http-rpc.md §7.3).
#include "session/capabilities/probe.hpp"
#include "session/controls/control_conversations.hpp"
#include "session/controls/setting.hpp"

namespace dmss::session {
namespace {

using Codec = proto::config::Codec<ImageColor>;

const ImageColor kMiddle;

bool has_colour(const Json& row) {
  constexpr const char* kColours[] = {"Brightness", "Contrast", "Hue", "Saturation"};
  return std::any_of(std::begin(kColours), std::end(kColours),
                     [&](const char* key) { return row.is_object() && row.contains(key); });
}

/// Each row by itself: one that is at its middle says nothing of the next.
Error reset_rows(Json& scope) {
  bool any = false;
  for (Json* row : proto::config::color_rows_in_force(scope)) {
    if (!has_colour(*row)) continue;
    any = true;
    const Result<ImageColor> before = Codec::read(*row);
    if (!before) return before.error();
    if (Error why = Codec::apply(kMiddle, *before, *row)) return why;
  }
  return any ? Error() : Error(Errc::unsupported, "VideoColor of this device has no colours");
}

}  // namespace

awaitable<Result<void>> reset_image(std::shared_ptr<Commands> commands, std::shared_ptr<TableLocks> locks,
                                    int channel) {
  if (Error e = co_await require(commands, channel, Feature::image_color)) co_return e;
  std::function<Error(Json&)> change = reset_rows;
  co_return co_await change_setting<ImageColor>(commands, std::move(locks), channel, std::move(change));
}

}  // namespace dmss::session
