// The settings that controls change: a refusal for good is remembered, so that nobody asks for it again.
#pragma once

#include "session/config/kinds.hpp"

namespace dmss::session {

/// edit_place() on the row of `channel`, unless it was refused for good before.
template <class T>
awaitable<Result<void>> change_setting(std::shared_ptr<Commands> commands, std::shared_ptr<TableLocks> locks,
                                       int channel, std::function<Error(Json&)> change) {
  Edition edition;
  edition.place = place_of<T>(channel);
  const std::string control = "setConfig " + edition.place.tables.front();
  if (const auto refused = commands->capabilities().refused(channel, control)) co_return *refused;
  edition.change = std::move(change);
  Result<Edited> edited = co_await edit_place(commands, std::move(locks), std::move(edition));
  if (edited) co_return Result<void>();
  commands->capabilities().remember(channel, control, edited.error());
  co_return edited.error();
}

}  // namespace dmss::session
