// Subscription: one caller's share of a device's events: what he wants of them, a bounded queue, his handlers, his statistics.
#pragma once

#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <utility>
#include <variant>

#include "net/clock.hpp"
#include "session/engine/workers.hpp"
#include "session/events/filter.hpp"
#include "session/events/ledger.hpp"

namespace dmss::session {

class Subscription final : public std::enable_shared_from_this<Subscription> {
 public:
  using SharedEvent = std::shared_ptr<const Event>;

  Subscription(std::shared_ptr<Actor> actor, EventOptions options, EventHandlers handlers);

  // Network thread.
  /// Does nothing with an event that is not wanted but count it.
  void event(SharedEvent event);
  void gap(const EventGap& gap);
  /// The same state with the same reason is told once; nothing comes after `stopped`.
  void tell(EventState state, const Error& why);
  void attached(EventRoute route);
  void note_duplicate(const Event& event);
  void note_malformed(std::uint64_t pieces);
  void note_attach();
  void note_pictures(bool attached);
  EventState state() const { return state_; }
  /// Has been attached before: what it misses is a gap.
  bool was_attached() const { return was_attached_; }

  // Any thread.
  const EventOptions& options() const { return options_; }
  const EventFilter& filter() const { return filter_; }
  EventStats stats() const;
  /// No further handler starts.
  void release() { released_.store(true, std::memory_order_release); }

 private:
  using StateChange = std::pair<EventState, Error>;
  using Item = std::variant<SharedEvent, EventGap, StateChange>;

  void push(Item item);
  void make_room();
  void drop(std::size_t at);
  void merge_oldest();
  bool take(Item& item);
  void drain();
  void handle(const Item& item);
  void restore();
  bool released() const { return released_.load(std::memory_order_acquire); }

  const std::shared_ptr<Actor> actor_;
  const EventOptions options_;
  const EventFilter filter_;
  const EventHandlers handlers_;
  std::atomic<bool> released_{false};

  // Network thread.
  EventState state_ = EventState::attaching;
  Error why_;
  bool told_ = false;
  bool was_attached_ = false;

  std::mutex queue_mutex_;
  std::deque<Item> queue_;
  std::size_t queued_bytes_ = 0;
  bool draining_ = false;
  std::map<EventKey, bool> pushed_;  // what is on by the events that were pushed
  /// Of which a beginning or an end was dropped, and when that one had come.
  std::map<EventKey, std::chrono::system_clock::time_point> unsure_;

  std::map<EventKey, bool> delivered_;  // actor: what is on by the events the caller has heard

  mutable std::mutex stats_mutex_;
  EventStats stats_;
};

/// An event of the SDK's own making, from what the device says of itself.
Event recovered_event(const EventKey& key, bool on, std::chrono::system_clock::time_point now);

}  // namespace dmss::session
