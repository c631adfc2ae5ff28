// RouteRace: which of a device's services answers. Each is given a head start over the next, so that the preferred one wins wherever it
// is reached about as fast as the others, and a port that swallows connections does not hold up the rest.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "session/control/control_link.hpp"

namespace dmss::session {

/// On the automatic route: does this error only say that the service is not there? Never true where going on would be a
/// downgrade (a TLS failure must not lead to plain HTTP) or would send refused credentials again.
bool leads_to_next_route(Errc code);

/// Network thread, held by shared_ptr.
class RouteRace : public std::enable_shared_from_this<RouteRace> {
 public:
  struct Runner {
    std::shared_ptr<ControlLink> link;
    Duration head_start{};  ///< over the one behind it
    Error error;            ///< why it is out; ok while it is in
  };
  /// The preferred one first.
  RouteRace(const Context& context, std::vector<Runner> runners);

  /// The first link that is connected; the others are closed. Null when none is, or after close().
  awaitable<std::shared_ptr<ControlLink>> run();
  /// Called once when nothing has answered for kSlow.
  std::function<void()> on_slow;
  void close();

  const std::vector<Runner>& runners() const { return runners_; }
  /// Without a winner: the error that ends the search for a route, else that of the preferred one.
  Error error() const;

 private:
  static constexpr Duration kSlow = std::chrono::seconds(1);

  awaitable<void> attempt(std::shared_ptr<RouteRace> self, std::size_t index);
  void start_next();
  bool more() const { return started_ < runners_.size() && !ends_; }

  const Context context_;
  std::vector<Runner> runners_;
  std::shared_ptr<ControlLink> winner_;
  std::size_t started_ = 0;
  std::size_t running_ = 0;
  bool ends_ = false;  // nobody may be started any more
  bool closed_ = false;
  net::TimePoint next_start_{};
  net::Timer wake_;
};

}  // namespace dmss::session
