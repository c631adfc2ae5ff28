// The login conversation on 37777 (protocol dvrip-dhip.md §2).
#pragma once

#include "session/control/control_link.hpp"
#include "session/control/dvrip_connection.hpp"

namespace dmss::session {

/// Sends the realm request and then at most one set of credentials on this connection.
awaitable<Result<LoginOutcome>> log_in_dvrip(std::shared_ptr<DvripConnection> connection,
                                             const LinkOptions& options);

}  // namespace dmss::session
