// What the stress test acts on: one engine with a device, a window, a subscription and a watch, shared by threads and callbacks, and
// objects that end themselves inside their own callbacks. Everything handed out is counted and must come back.
#pragma once

#include <atomic>
#include <memory>
#include <set>
#include <span>

#include "capi/handles.hpp"

namespace capi::stress {

class Rig;

/// An object with callbacks of its own, which may give itself back in one of them.
class Own {
 public:
  virtual ~Own() = default;
  /// From outside, unless it has done so.
  virtual void give_back() = 0;
};

struct Tally {
  template <class F>
  void note(F&& f) {
    std::lock_guard lock(mutex);
    f(*this);
    changed.notify_all();
  }
  bool wait(const std::function<bool(const Tally&)>& f) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, std::chrono::seconds(60), [&] { return f(*this); });
  }

  std::mutex mutex;
  std::condition_variable changed;
  int made = 0, destroyed = 0;     // user_data
  int started = 0, completed = 0;  // requests
  // Of the present round.
  int succeeded = 0;     // requests
  int ended_inside = 0;  // objects that a callback of their own gave back
  int audio = 0, packets = 0, frames = 0, states = 0, lines = 0;
  std::set<std::shared_ptr<Own>> owned;  // whose user_data has not come back
  std::set<std::shared_ptr<Own>> open;   // of these, what nobody outside has given back
};

/// user_data of a request.
struct Ticket {
  Tally& tally;
  std::weak_ptr<Rig> rig;
};

inline void destroy_ticket(void* user) {
  auto* ticket = static_cast<Ticket*>(user);
  Tally& tally = ticket->tally;
  delete ticket;
  tally.note([](Tally& t) { ++t.destroyed; });
}

/// Calls one exported function, on what the rig has or on objects of its own.
struct Row {
  const char* name;
  void (*call)(Rig&);
};
std::span<const Row> table();

class Rig : public std::enable_shared_from_this<Rig> {
 public:
  static std::shared_ptr<Rig> make(Tally& tally, const RecorderProcess& recorder);
  /// Gives everything back: on whichever thread lets go last, often in a callback.
  ~Rig();

  void call_from_callback();
  /// How many rows callbacks have called.
  int called_from_callbacks() const { return next_; }

  /// Another device of the same recorder.
  dmss_device_config config() const { return config_; }
  Ticket* ticket() {
    tally.note([](Tally& t) { ++t.made; });
    return new Ticket{tally, weak_from_this()};
  }
  /// `call(user, destroy, operation)` starts what completes `times` times.
  template <class F>
  void request(F&& call, int times = 1) {
    Ticket* user = ticket();
    tally.note([&](Tally& t) { t.started += times; });
    dmss_operation* operation = nullptr;
    if (call(user, destroy_ticket, &operation) != DMSS_OK) {
      tally.note([&](Tally& t) { t.started -= times; });
      destroy_ticket(user);
    }
    if (turn_++ % 5 == 0) dmss_operation_cancel(operation);
    dmss_operation_destroy(operation);
  }
  /// A reference of the caller's to the latest picture; may be NULL.
  dmss_frame* frame();
  void keep(const dmss_frame* frame);
  void keep(dmss_config_origin* origin);

  Tally& tally;
  dmss_engine* engine = nullptr;
  dmss_device* device = nullptr;
  dmss_device* offline = nullptr;  // for what must not really happen
  dmss_live* live = nullptr;
  dmss_events* events = nullptr;

  explicit Rig(Tally& t) : tally(t) {}

 private:
  dmss_device_config config_ = DMSS_DEVICE_CONFIG_INIT;
  std::atomic<int> next_{0};
  std::atomic<int> turn_{0};
  std::mutex mutex_;
  dmss_frame* frame_ = nullptr;
  dmss_config_origin* origin_ = nullptr;
};

/// The callback of any request: makes another call and counts.
template <class... Results>
void answered(void* user, const dmss_error* error, Results...) {
  auto* ticket = static_cast<Ticket*>(user);
  if (const auto rig = ticket->rig.lock()) rig->call_from_callback();
  ticket->tally.note([&](Tally& t) {
    ++t.completed;
    t.succeeded += error == nullptr ? 1 : 0;
  });
}

template <class Handle>
class OwnHandle final : public Own, public std::enable_shared_from_this<OwnHandle<Handle>> {
 public:
  using Destroy = void (*)(Handle*);
  /// Ends itself in its callback number `calls`; 0 = never.
  OwnHandle(Rig& rig, Destroy destroy, int calls)
      : tally_(rig.tally), rig_(rig.weak_from_this()), destroy_(destroy), calls_(calls) {}

  /// `open(user, &handle)`; what it opened is counted until destroyed() is called.
  template <class F>
  void open(F&& open) {
    const auto self = this->shared_from_this();
    tally_.note([&](Tally& t) {
      ++t.made;
      t.owned.insert(self);
    });
    bool opened = false;
    {
      std::lock_guard lock(mutex_);  // its callbacks may come before the handle is known
      opened = open(static_cast<void*>(this), &handle_) == DMSS_OK;
    }
    if (!opened) return destroyed(this);
    tally_.note([&](Tally& t) { t.open.insert(self); });
  }
  /// Calls with the handle as long as there is one.
  template <class F>
  void use(F&& f) {
    std::lock_guard lock(mutex_);
    if (handle_ != nullptr) f(handle_);
  }
  void give_back() override {
    Handle* mine = nullptr;
    {
      std::lock_guard lock(mutex_);
      mine = std::exchange(handle_, nullptr);
    }
    destroy_(mine);
  }

  /// In each of its callbacks.
  static void called(void* user) {
    auto* self = static_cast<OwnHandle*>(user);
    Tally& tally = self->tally_;
    if (const auto rig = self->rig_.lock()) rig->call_from_callback();
    Handle* mine = nullptr;
    {
      std::lock_guard lock(self->mutex_);
      if (self->handle_ != nullptr && self->calls_ > 0 && --self->calls_ == 0)
        mine = std::exchange(self->handle_, nullptr);
    }
    if (mine == nullptr) return;
    self->destroy_(mine);
    tally.note([](Tally& t) { ++t.ended_inside; });
  }
  static void destroyed(void* user) {
    const auto self = static_cast<OwnHandle*>(user)->shared_from_this();
    self->tally_.note([&](Tally& t) {
      ++t.destroyed;
      t.owned.erase(self);
      t.open.erase(self);
    });
  }

 private:
  Tally& tally_;
  const std::weak_ptr<Rig> rig_;
  const Destroy destroy_;
  std::recursive_mutex mutex_;
  Handle* handle_ = nullptr;
  int calls_;
};

}  // namespace capi::stress
