// What is said to a PTZ camera besides a running move (protocol http-rpc.md §7.1). Channels from 1.
#pragma once

#include <vector>

#include "session/device/commands.hpp"
#include "session/ptz/ptz_codes.hpp"

namespace dmss::session {

enum class PtzVerb { start, stop };

/// ptz.start or ptz.stop over JSON-RPC, ptz.cgi where the device has no such method.
awaitable<Result<void>> send_ptz(std::shared_ptr<Commands> commands, int channel, PtzVerb verb, PtzCode code);

/// Stops every kind of move, whoever started it.
awaitable<Result<void>> stop_all_ptz(std::shared_ptr<Commands> commands, int channel);

/// GotoPreset, ClearPreset.
awaitable<Result<void>> goto_preset(std::shared_ptr<Commands> commands, int channel, int number);
awaitable<Result<void>> set_preset(std::shared_ptr<Commands> commands, int channel, int number,
                                   std::string name);
awaitable<Result<void>> clear_preset(std::shared_ptr<Commands> commands, int channel, int number);
awaitable<Result<std::vector<PtzPreset>>> list_presets(std::shared_ptr<Commands> commands, int channel);

/// `code` is StartTour, StopTour, AddTour, DelTour or ClearTour (static text); preset 0 where it takes none.
awaitable<Result<void>> send_tour(std::shared_ptr<Commands> commands, int channel, std::string_view code,
                                  int tour, int preset);

awaitable<Result<PtzStatus>> ptz_status(std::shared_ptr<Commands> commands, int channel);
awaitable<Result<void>> move_to_position(std::shared_ptr<Commands> commands, int channel,
                                         PtzPosition position);
awaitable<Result<void>> move_relatively(std::shared_ptr<Commands> commands, int channel, double right,
                                        double up, double zoom_in);
/// 0 to 1 from the top left of the picture.
awaitable<Result<void>> zoom_to_rectangle(std::shared_ptr<Commands> commands, int channel, double left,
                                          double top, double right, double bottom);

}  // namespace dmss::session
