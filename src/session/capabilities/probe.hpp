// Probes: finds out what a device and its channels can do (protocol http-rpc.md §4.5). Each group of features is asked once a login.
#pragma once

#include <memory>

#include "session/capabilities/capability_cache.hpp"
#include "session/device/commands.hpp"

namespace dmss::session {

/// Makes sure that the group is in the cache of capabilities. Concurrent askers of the same group share one probe; when the one who runs it
/// ends early, the next takes over. `refresh` asks although it is known. Errors: what ends the operation or the connection; whatever else a
/// device says is a finding.
awaitable<Error> ensure_probed(std::shared_ptr<Commands> commands, int channel, ProbeGroup group,
                               bool refresh = false);

/// Everything of a channel (from 1) or of the device (0).
awaitable<Result<Capabilities>> probe_all(std::shared_ptr<Commands> commands, int channel, bool refresh);

/// ok when the channel has the feature or nobody knows; else unsupported, with who told and why. Asks for the feature's group if need be.
/// Other errors: no_such_channel, and those of ensure_probed().
awaitable<Error> require(std::shared_ptr<Commands> commands, int channel, Feature feature);

/// What require() would say by what is known already: asks nothing.
Error known_lack(Commands& commands, int channel, Feature feature);

ProbeGroup group_of(Feature feature) noexcept;

// One group each. Never fails but for what ends asking.
awaitable<Result<Findings>> probe_device(std::shared_ptr<Commands> commands);
awaitable<Result<Findings>> probe_slots(std::shared_ptr<Commands> commands);
awaitable<Result<Findings>> probe_events(std::shared_ptr<Commands> commands);
awaitable<Result<Findings>> probe_storage(std::shared_ptr<Commands> commands);
awaitable<Result<Findings>> probe_recording(std::shared_ptr<Commands> commands);
awaitable<Result<Findings>> probe_pictures(std::shared_ptr<Commands> commands);
awaitable<Result<Findings>> probe_log(std::shared_ptr<Commands> commands);
awaitable<Result<Findings>> probe_security(std::shared_ptr<Commands> commands);
awaitable<Result<Findings>> probe_alarm_caps(std::shared_ptr<Commands> commands);
awaitable<Result<Findings>> probe_ptz(std::shared_ptr<Commands> commands, int channel);
awaitable<Result<Findings>> probe_wiper(std::shared_ptr<Commands> commands, int channel);
awaitable<Result<Findings>> probe_tracking(std::shared_ptr<Commands> commands, int channel);
awaitable<Result<Findings>> probe_streams(std::shared_ptr<Commands> commands, int channel);
awaitable<Result<Findings>> probe_sound(std::shared_ptr<Commands> commands, int channel);
awaitable<Result<Findings>> probe_lens(std::shared_ptr<Commands> commands, int channel);
awaitable<Result<Findings>> probe_image(std::shared_ptr<Commands> commands, int channel);
awaitable<Result<Findings>> probe_detection(std::shared_ptr<Commands> commands, int channel);
awaitable<Result<Findings>> probe_pir(std::shared_ptr<Commands> commands, int channel);
awaitable<Result<Findings>> probe_deterrence(std::shared_ptr<Commands> commands, int channel);

}  // namespace dmss::session
