#include "session/events/subscription.hpp"

#include <algorithm>

namespace dmss::session {
namespace {

constexpr std::size_t kMaxQueuedBytes = 32u << 20;
constexpr std::size_t kMaxKeys = 8192;
constexpr std::size_t kEventCost = 256;  // besides its data
constexpr int kItemsPerTurn = 16;

std::size_t cost(const Event& e) {
  return kEventCost + e.data.size() + e.picture.size() + e.objects.size() * sizeof(EventObject);
}

bool is_edge(const Event& e) {
  return e.action == EventAction::start || e.action == EventAction::stop;
}

EventKey key_of(const Event& e) {
  return {e.code, e.index};
}

void remember(std::map<EventKey, bool>& states, const Event& e) {
  if (states.size() >= kMaxKeys) std::erase_if(states, [](const auto& s) { return !s.second; });
  if (states.size() < kMaxKeys) states[key_of(e)] = e.action == EventAction::start;
}

}  // namespace

Event recovered_event(const EventKey& key, bool on, std::chrono::system_clock::time_point now) {
  Event e;
  e.code = key.code;
  e.group = event_group(key.code);
  e.index = key.index;
  e.action = on ? EventAction::start : EventAction::stop;
  e.action_text = on ? "Start" : "Stop";
  e.received = now;
  e.recovered = true;
  return e;
}

Subscription::Subscription(std::shared_ptr<Actor> actor, EventOptions options, EventHandlers handlers)
    : actor_(std::move(actor)),
      options_(std::move(options)),
      filter_(options_),
      handlers_(std::move(handlers)) {}

void Subscription::event(SharedEvent event) {
  if (state_ == EventState::stopped || released()) return;
  const bool wanted = filter_.wants(*event);
  {
    std::lock_guard lock(stats_mutex_);
    if (!wanted) {
      ++stats_.filtered;
      return;
    }
    ++stats_.events;
    if (event->recovered) ++stats_.recovered;
    if (!event->picture.empty()) ++stats_.pictures;
  }
  if (handlers_.on_event) push(std::move(event));
}

void Subscription::gap(const EventGap& gap) {
  if (state_ == EventState::stopped) return;
  {
    std::lock_guard lock(stats_mutex_);
    ++stats_.gaps;
  }
  if (handlers_.on_gap) push(gap);
}

void Subscription::tell(EventState state, const Error& why) {
  if (state_ == EventState::stopped) return;
  if (told_ && state_ == state && why_.code() == why.code()) return;
  told_ = true;
  state_ = state;
  why_ = why;
  {
    std::lock_guard lock(stats_mutex_);
    stats_.state = state;
  }
  if (handlers_.on_state) push(StateChange(state, why));
}

void Subscription::attached(EventRoute route) {
  was_attached_ = true;
  {
    std::lock_guard lock(stats_mutex_);
    stats_.route = route;
  }
  tell(EventState::attached, {});
}

void Subscription::note_duplicate(const Event& event) {
  if (!filter_.wants(event)) return;
  std::lock_guard lock(stats_mutex_);
  ++stats_.duplicates;
}

void Subscription::note_malformed(std::uint64_t pieces) {
  std::lock_guard lock(stats_mutex_);
  stats_.malformed += pieces;
}

void Subscription::note_attach() {
  std::lock_guard lock(stats_mutex_);
  ++stats_.attaches;
}

void Subscription::note_pictures(bool attached) {
  std::lock_guard lock(stats_mutex_);
  stats_.pictures_attached = attached;
}

EventStats Subscription::stats() const {
  std::lock_guard lock(stats_mutex_);
  return stats_;
}

void Subscription::push(Item item) {
  bool start = false;
  {
    std::lock_guard lock(queue_mutex_);
    if (const auto* event = std::get_if<SharedEvent>(&item)) {
      queued_bytes_ += cost(**event);
      if (is_edge(**event)) remember(pushed_, **event);
    }
    queue_.push_back(std::move(item));
    make_room();
    start = !std::exchange(draining_, true);
  }
  if (start) actor_->post([self = shared_from_this()] { self->drain(); });
}

void Subscription::drop(std::size_t at) {
  const auto it = queue_.begin() + static_cast<std::ptrdiff_t>(at);
  const Event& event = *std::get<SharedEvent>(*it);
  queued_bytes_ -= cost(event);
  if (is_edge(event) && unsure_.size() < kMaxKeys) unsure_[key_of(event)] = event.received;
  queue_.erase(it);
  std::lock_guard lock(stats_mutex_);
  ++stats_.dropped;
}

/// No event is left to drop: two gaps become one that spans both, and of the states the newest counts.
void Subscription::merge_oldest() {
  const auto is_gap = [](const Item& i) { return std::holds_alternative<EventGap>(i); };
  const auto first = std::find_if(queue_.begin(), queue_.end(), is_gap);
  if (first == queue_.begin()) {
    const auto next = std::find_if(first + 1, queue_.end(), is_gap);
    if (next != queue_.end()) std::get<EventGap>(*next).begin = std::get<EventGap>(*first).begin;
  }
  queue_.pop_front();
}

void Subscription::make_room() {
  while (queue_.size() > options_.queue || queued_bytes_ > kMaxQueuedBytes) {
    const auto event = std::find_if(queue_.begin(), queue_.end(),
                                    [](const Item& i) { return std::holds_alternative<SharedEvent>(i); });
    if (event == queue_.end()) {
      merge_oldest();
    } else {
      drop(static_cast<std::size_t>(event - queue_.begin()));
    }
  }
}

bool Subscription::take(Item& item) {
  std::lock_guard lock(queue_mutex_);
  if (queue_.empty()) {
    draining_ = false;
    return false;
  }
  item = std::move(queue_.front());
  queue_.pop_front();
  if (const auto* event = std::get_if<SharedEvent>(&item)) queued_bytes_ -= cost(**event);
  return true;
}

void Subscription::drain() {
  for (int i = 0; i < kItemsPerTurn; ++i) {
    Item item;
    restore();
    if (!take(item)) return;
    handle(item);
  }
  actor_->post([self = shared_from_this()] { self->drain(); });
}

/// Once the queue is empty: an end that was dropped must not leave something on for ever.
void Subscription::restore() {
  std::vector<Event> wrong;
  {
    std::lock_guard lock(queue_mutex_);
    if (unsure_.empty() || !queue_.empty()) return;
    for (const auto& [key, received] : std::exchange(unsure_, {})) {
      const bool on = pushed_[key];
      const auto told = delivered_.find(key);
      if ((told != delivered_.end() && told->second) != on)
        wrong.push_back(recovered_event(key, on, received));
    }
  }
  for (Event& event : wrong) {
    {
      std::lock_guard lock(stats_mutex_);
      ++stats_.recovered;
    }
    handle(std::make_shared<const Event>(std::move(event)));
  }
}

void Subscription::handle(const Item& item) {
  if (released()) return;
  if (const auto* event = std::get_if<SharedEvent>(&item)) {
    if (is_edge(**event)) remember(delivered_, **event);
    call_handler(handlers_.on_event, **event);
  } else if (const auto* gap = std::get_if<EventGap>(&item)) {
    call_handler(handlers_.on_gap, *gap);
  } else {
    const auto& [state, why] = std::get<StateChange>(item);
    call_handler(handlers_.on_state, state, why);
    if (state == EventState::stopped) release();
  }
}

}  // namespace dmss::session
