// The public EventSubscription: posts to the hub on the network thread.
#include "dmss/events.hpp"

#include "session/device/device_handle.hpp"
#include "session/events/event_hub.hpp"

namespace dmss {

struct EventSubscription::Impl {
  Impl(std::shared_ptr<session::DeviceSession> d, std::shared_ptr<session::Subscription> s)
      : device(std::move(d)), subscription(std::move(s)) {}
  ~Impl() {
    subscription->release();
    stop();
  }
  void stop() const {
    device->core()->post([d = device, s = subscription] {
      if (auto hub = d->event_hub(s->options().route).lock()) hub->leave(*s);
      s->tell(EventState::stopped, {});
    });
  }
  const std::shared_ptr<session::DeviceSession> device;
  const std::shared_ptr<session::Subscription> subscription;
};

EventSubscription Device::events(EventOptions options, EventHandlers handlers) {
  const std::shared_ptr<session::DeviceSession>& device = impl_->session;
  const Error wrong = session::check_options(options);
  auto made = std::make_shared<session::Subscription>(device->core()->make_actor(), std::move(options),
                                                      std::move(handlers));
  const bool posted = device->core()->post([device, made, wrong] {
    if (wrong) return made->tell(EventState::failed, wrong);
    if (!session::EventHub::join(device, made)) made->tell(EventState::stopped, Errc::cancelled);
  });
  if (!posted) made->tell(EventState::stopped, Errc::cancelled);
  return EventSubscription(std::make_shared<EventSubscription::Impl>(device, std::move(made)));
}

EventSubscription& EventSubscription::operator=(EventSubscription&& other) noexcept {
  impl_ = std::move(other.impl_);
  return *this;
}

EventSubscription::~EventSubscription() = default;

void EventSubscription::stop() {
  if (impl_) impl_->stop();
}

EventStats EventSubscription::stats() const {
  return impl_ ? impl_->subscription->stats() : EventStats();
}

}  // namespace dmss
