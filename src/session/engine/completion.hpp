// Completion<T>: the caller's handler, called exactly once on its actor: by the first of result, error, cancel; and with
// Errc::cancelled when everything that could have answered is gone.
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "dmss/operation.hpp"
#include "dmss/result.hpp"
#include "session/engine/workers.hpp"

namespace dmss {

struct Operation::Impl {
  virtual ~Impl() = default;
  virtual void cancel() = 0;
};

}  // namespace dmss

namespace dmss::session {

template <class T>
class Completion {
 public:
  using Handler = std::function<void(Result<T>)>;

  Completion(std::shared_ptr<Actor> actor, Handler handler)
      : state_(std::make_shared<State>(std::move(actor), std::move(handler))) {}

  void operator()(Result<T> result) const { state_->finish(std::move(result)); }
  bool finished() const { return state_->done.load(std::memory_order_acquire); }
  /// Does not keep the completion alive: dropping every Completion still means cancelled.
  Operation operation() const { return Operation(std::make_shared<Cancel>(state_)); }

 private:
  struct State {
    State(std::shared_ptr<Actor> a, Handler h) : actor(std::move(a)), handler(std::move(h)) {}
    ~State() { finish(Errc::cancelled); }
    void finish(Result<T> result) {
      if (done.exchange(true, std::memory_order_acq_rel)) return;
      if (!handler) return;
      actor->post(
          [h = std::move(handler), r = std::move(result)]() mutable { call_handler(h, std::move(r)); });
      handler = nullptr;
    }
    std::atomic<bool> done{false};
    std::shared_ptr<Actor> actor;
    Handler handler;
  };
  struct Cancel final : Operation::Impl {
    explicit Cancel(std::weak_ptr<State> s) : state(std::move(s)) {}
    void cancel() override {
      if (auto s = state.lock()) s->finish(Errc::cancelled);
    }
    std::weak_ptr<State> state;
  };
  std::shared_ptr<State> state_;
};

}  // namespace dmss::session
