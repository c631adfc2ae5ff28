// What every object on the network thread needs from its engine.
#pragma once

#include "base/log.hpp"
#include "dmss/secret.hpp"
#include "net/clock.hpp"
#include "net/connector.hpp"

namespace dmss::session {

using net::awaitable;
using net::Duration;

/// References outlive every user: the engine's core owns them and everything holds the core.
struct Context {
  net::Executor executor;  ///< the network thread
  net::Clock& clock;
  net::Connector& connector;
  Logger log;

  Context scoped(std::string scope) const {
    return {executor, clock, connector, log.scoped(std::move(scope))};
  }
};

struct Credentials {
  std::string user;
  Secret password;
};

}  // namespace dmss::session
