// PtzHead: the moves of one channel, one after the other, each brought to rest (protocol http-rpc.md §7.1: a start must be followed by a stop
// with the same code).
#pragma once

#include <memory>
#include <vector>

#include "session/device/device_session.hpp"
#include "session/ptz/ptz_codes.hpp"

namespace dmss::session {

class PtzHead;

/// One public move. Network thread after it was made.
struct PtzRun {
  PtzRun(std::shared_ptr<Actor> actor, PtzAction a, PtzMoveOptions options);

  /// Nothing of it was sent, so nothing moves because of it.
  void end_unsent(const Error& why);
  void end(const Result<void>& how);

  const PtzAction action;
  const int speed;
  const Duration duration;  ///< zero = until it is stopped
  const Completion<void> on_stopped;
  const Completion<void> on_started;  // after on_stopped: dropped unanswered, it is the first to be told

  std::weak_ptr<PtzHead> head;
  PtzCode code;
  bool stop_wanted = false;
  bool sent = false;  ///< the start may have reached the device
  net::TimePoint sent_at{};
  bool start_known = false;  ///< the device answered the start, or nobody waits for that any more
};

/// Network thread. A tenant of the session while a move of its channel is not at rest.
class PtzHead final : public Tenant, public std::enable_shared_from_this<PtzHead> {
 public:
  PtzHead(std::shared_ptr<DeviceSession> session, int channel);

  /// Of the channel; nullptr when none of its moves runs.
  static std::shared_ptr<PtzHead> find(const DeviceSession& session, int channel);
  /// Starts the move on its channel after what runs there has been stopped.
  static void start(DeviceSession& session, int channel, std::shared_ptr<PtzRun> run);

  void stop(PtzRun& run);
  void stop_all();

  void close(const Error& why) override;
  awaitable<void> last_words(std::shared_ptr<Commands> commands) override;
  void unheard() override;
  void on_handle_released() override;
  void on_changed() override;

 private:
  awaitable<void> run(std::shared_ptr<PtzHead> self);
  awaitable<void> begin(std::shared_ptr<PtzHead> self, std::shared_ptr<PtzRun> move);
  awaitable<Error> try_start(std::shared_ptr<PtzRun> move);
  awaitable<void> wait_for_stop(std::shared_ptr<PtzRun> move);
  awaitable<void> bring_to_rest(std::shared_ptr<PtzRun> move);
  awaitable<Result<void>> send_stop(PtzCode code);
  awaitable<void> wait_for_start(std::shared_ptr<PtzRun> move, Duration limit);
  awaitable<void> pause(Duration d);
  awaitable<void> pay_owed();
  void owe(PtzCode code);
  void settle(const PtzCode& code);
  bool is_locked_out(const Error& why) const;
  bool is_last_user() const;
  void give_up();

  const std::shared_ptr<DeviceSession> session_;
  const int channel_;
  net::Timer wake_;
  net::Timer patience_;  // after the caller has dropped the device
  std::shared_ptr<PtzRun> active_;
  std::shared_ptr<PtzRun> next_;
  std::vector<PtzCode> owed_;  // stops that the device refused, and that are said again until it takes them
  Duration owed_pause_{};
  bool closed_ = false;
};

}  // namespace dmss::session
