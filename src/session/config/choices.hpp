// What the streams of a channel may be set to, as its capabilities tell.
#pragma once

#include "dmss/capabilities.hpp"
#include "dmss/config.hpp"
#include "session/device/commands.hpp"

namespace dmss::session {

/// Whether the device's choices have a say in it.
bool changes_choices(const EncodeSettings& value, const EncodeSettings& before);

/// Of what differs. Frame rate and bit rate count where codec and size stay, as their choices depend on those. What the device does not
/// tell passes. Errors: invalid_argument, which names the choices; unsupported (an extra stream where there is none).
Error check_choices(const Capabilities& known, const EncodeSettings& value, const EncodeSettings& before);

/// Asks for them once a login. Errors: those of ensure_probed().
awaitable<Error> learn_choices(std::shared_ptr<Commands> commands, int channel);
/// After a write: the next choices may be others.
void expire_choices(Commands& commands, int channel);

}  // namespace dmss::session
