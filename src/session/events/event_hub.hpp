// EventHub: one attachment to a device's events, shared by all subscriptions of a route; it comes back after every loss, tells what may
// have been missed and reads the device's state again. Lives on the network thread.
#pragma once

#include <memory>
#include <optional>
#include <random>
#include <vector>

#include "session/device/device_session.hpp"
#include "session/events/event_source.hpp"
#include "session/events/ledger.hpp"
#include "session/events/state_watch.hpp"
#include "session/events/subscription.hpp"

namespace dmss::session {

class PictureDesk;

class EventHub final : public Tenant, public StateWatchOwner, public std::enable_shared_from_this<EventHub> {
 public:
  /// The hub of the subscription's route, made when there is none; false when the device is closed.
  static bool join(const std::shared_ptr<DeviceSession>& device,
                   const std::shared_ptr<Subscription>& subscription);

  EventHub(std::shared_ptr<DeviceSession> device, EventRoute route);
  ~EventHub() override;

  /// The last one to leave closes the attachment. The subscription is told `stopped`.
  void leave(Subscription& subscription);

  void close(const Error& why) override;
  void on_changed() override;
  void on_notification(std::string_view json) override;

  // What the watch over the device's state needs.
  EventLedger& ledger() override { return ledger_; }
  bool wants_code(const std::string& code) const override;
  bool names_code(const std::string& code) const override;
  bool asks_code(const std::string& code) const override;
  void deliver_recovered(const EventLedger::Difference& difference) override;
  void deliver_polled(const EventLedger::Difference& difference) override;
  void polled(bool answered) override;
  void settled() override;
  std::set<std::string> listed_codes() const override { return union_of_codes(); }
  void tell_gap(net::TimePoint begin, net::TimePoint end, const Error& why) override;

 private:
  /// Why the attachment is to be made anew although it seems to live.
  struct Suspicion {
    net::TimePoint since;  ///< from then on events may be missing
    net::TimePoint due;
    Error why;
    bool certain = false;  ///< a gap for sure
  };

  /// On when the subscription came, and not certain after a gap.
  struct Untold {
    std::weak_ptr<Subscription> subscription;
    EventKey key;
    std::uint64_t at;  ///< EventLedger::heard_at()
  };

  void add(const std::shared_ptr<Subscription>& subscription);
  void finish(const Error& why);
  awaitable<void> run(std::shared_ptr<EventHub> self);
  awaitable<bool> ready();
  awaitable<Error> attach();
  awaitable<Result<std::shared_ptr<EventSource>>> open(EventRoute route);
  awaitable<Error> stay();
  awaitable<Error> renew(Suspicion suspicion);
  bool may_be_dead(net::TimePoint now) const;
  void put_off(Suspicion suspected, const Error& refusal);
  void attached(std::shared_ptr<EventSource> source);
  void interrupted(const Error& why);
  void fail(const Error& why);
  bool is_final(const Error& why) const;
  std::optional<Suspicion> suspicion() const;
  void suspect(Suspicion suspicion);
  EventRoute best_route() const;
  bool another_way(EventRoute failed, const Error& why);
  std::chrono::seconds heartbeat() const;
  std::shared_ptr<EventSource> make_source(EventRoute route);
  std::set<std::string> union_of_codes() const;
  void on_event(int source, const proto::events::WireEvent& event);
  void deliver(Event event);
  void wake() { wake_.notify(); }
  awaitable<void> wait_until(net::TimePoint at);
  Duration next_pause(const Error& why);
  void update_pictures();
  template <class F>
  void for_each(F&& f) {
    const auto present = subscriptions_;
    for (const auto& s : present) f(*s);
  }

  const std::shared_ptr<DeviceSession> device_;
  const EventRoute route_;
  const Logger log_;
  std::vector<std::shared_ptr<Subscription>> subscriptions_;
  EventLedger ledger_;
  std::vector<Untold> untold_;
  std::shared_ptr<StateWatch> watch_;
  std::shared_ptr<PictureDesk> pictures_;
  Signal wake_;
  net::Timer timer_;

  std::shared_ptr<EventSource> current_;
  std::shared_ptr<EventSource> opening_;
  net::TimePoint attached_at_{};
  net::TimePoint last_event_{};
  std::uint64_t generation_ = 0;  // of the session when it was attached
  std::set<std::string> codes_;   // asked of the present attachment; empty = everything
  bool everything_ = false;       // the device does not like lists
  bool no_push_ = false;          // automatic: this session has none
  bool push_silent_ = false;      // or does not answer
  bool no_stream_ = false;        // automatic: nor that
  bool detour_ = false;           // another way comes next
  const std::shared_ptr<StreamHabits> habits_ = std::make_shared<StreamHabits>();
  std::optional<Suspicion> suspicion_;

  std::optional<Error> failed_;  // nothing is tried until the device's situation changes
  std::optional<net::TimePoint> gap_begin_;
  Error gap_why_;
  net::TimePoint next_attempt_{};
  net::TimePoint next_renewal_{};  // after one that was refused
  Duration backoff_{};
  std::minstd_rand jitter_;
  int sources_ = 0;         // attempts so far
  int current_number_ = 0;  // of current_
  bool closed_ = false;
};

}  // namespace dmss::session
