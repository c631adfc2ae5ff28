// What a channel can be told besides moving (protocol http-rpc.md §5.9, §7.2 to §7.7). Channels from 1.
#pragma once

#include "dmss/config.hpp"
#include "dmss/controls.hpp"
#include "session/config/table_locks.hpp"
#include "session/device/commands.hpp"

namespace dmss::session {

// wiper.cpp
awaitable<Result<void>> wipe_once(std::shared_ptr<Commands> commands, int channel);
awaitable<Result<void>> wipe_continuously(std::shared_ptr<Commands> commands, int channel,
                                          std::chrono::seconds interval);
awaitable<Result<void>> stop_wiper(std::shared_ptr<Commands> commands, int channel);

// deterrence.cpp
enum class Deterrent { light, siren };
awaitable<Result<void>> set_deterrent(std::shared_ptr<Commands> commands, int channel, Deterrent which,
                                      bool on);
awaitable<Result<DeterrenceStatus>> deterrence_status(std::shared_ptr<Commands> commands, int channel);

// tracking.cpp
awaitable<Result<void>> set_smart_tracking(std::shared_ptr<Commands> commands,
                                           std::shared_ptr<TableLocks> locks, int channel, bool on);

// lens.cpp
awaitable<Result<void>> set_lens(std::shared_ptr<Commands> commands, int channel, double zoom, double focus);
awaitable<Result<void>> auto_focus(std::shared_ptr<Commands> commands, int channel);
awaitable<Result<LensStatus>> lens_status(std::shared_ptr<Commands> commands, int channel);

// image_reset.cpp
awaitable<Result<void>> reset_image(std::shared_ptr<Commands> commands, std::shared_ptr<TableLocks> locks,
                                    int channel);

// recording.cpp
awaitable<Result<void>> set_recording(std::shared_ptr<Commands> commands, std::shared_ptr<TableLocks> locks,
                                      int channel, RecordMode::Mode mode);
awaitable<Result<bool>> is_recording(std::shared_ptr<Commands> commands, int channel);

}  // namespace dmss::session
