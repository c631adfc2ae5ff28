#include "session/config/needs.hpp"

#include "session/capabilities/probe.hpp"

namespace dmss::session {

awaitable<Error> check_need(std::shared_ptr<Commands> commands, std::optional<Need> need, int index,
                            bool writes) {
  if (!need) co_return Error();
  const bool asks = need->ask == Need::Ask::always || (need->ask == Need::Ask::writes && writes);
  if (asks) co_return co_await require(std::move(commands), index, need->feature);
  co_return known_lack(*commands, index, need->feature);
}

}  // namespace dmss::session
