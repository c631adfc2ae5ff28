// EventHub: which way to the events, what is asked for there, and the pictures beside them.
#include <algorithm>

#include "session/events/event_hub.hpp"
#include "session/events/picture_desk.hpp"

namespace dmss::session {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMaxCodes = 24;  // in one list; beyond that: everything

}  // namespace

EventRoute EventHub::best_route() const {
  if (route_ != EventRoute::automatic) return route_;
  const ControlRoute control = device_->info()->route;
  const bool pushes = control == ControlRoute::dvrip || control == ControlRoute::dhip;
  if (pushes && device_->link()->has_json() && !no_push_) return EventRoute::rpc;
  return no_stream_ ? EventRoute::poll : EventRoute::cgi;
}

/// On automatic, the next attempt may go another way: this session's firmware has not the one that failed, or it answers nothing there.
bool EventHub::another_way(EventRoute failed, const Error& why) {
  if (route_ != EventRoute::automatic || !device_->online()) return false;
  if (failed == EventRoute::rpc) {
    push_silent_ = why == Errc::timeout && device_->cgi_client() != nullptr;
    no_push_ = push_silent_ || why == Errc::unsupported;
    return no_push_;
  }
  if (failed == EventRoute::cgi && why == Errc::unsupported) return no_stream_ = true;
  return false;
}

std::chrono::seconds EventHub::heartbeat() const {
  std::chrono::seconds out = 60s;
  for (const auto& s : subscriptions_) out = std::min(out, s->options().heartbeat);
  return out;
}

std::set<std::string> EventHub::union_of_codes() const {
  if (everything_) return {};
  std::set<std::string> out;
  for (const auto& s : subscriptions_) {
    const std::set<std::string>& codes = s->filter().codes();
    if (codes.empty()) return {};
    out.insert(codes.begin(), codes.end());
  }
  return out.size() > kMaxCodes ? std::set<std::string>() : out;
}

std::shared_ptr<EventSource> EventHub::make_source(EventRoute route) {
  SourceOptions options;
  options.number = ++sources_;
  options.codes = union_of_codes();
  if (route == EventRoute::poll) {
    codes_.clear();  // whatever is wanted will be asked
  } else {
    codes_ = options.codes;
  }
  // Word of a restart is worth hearing, whoever asked for it.
  if (!options.codes.empty() && route != EventRoute::poll) options.codes.insert({"Reboot", "TimeChange"});
  options.heartbeat = heartbeat();
  options.habits = habits_;
  SourceEvents events;
  events.on_event = [weak = weak_from_this(), n = options.number](const proto::events::WireEvent& e) {
    if (auto self = weak.lock()) self->on_event(n, e);
  };
  events.on_malformed = [weak = weak_from_this()](std::uint64_t pieces) {
    if (auto self = weak.lock()) self->for_each([&](Subscription& s) { s.note_malformed(pieces); });
  };
  events.on_end = [weak = weak_from_this()] {
    if (auto self = weak.lock()) self->wake();
  };
  if (route == EventRoute::rpc) return make_rpc_source(device_, std::move(options), std::move(events));
  if (route == EventRoute::poll) return make_poll_source(device_, std::move(options), std::move(events));
  return make_cgi_source(device_, std::move(options), std::move(events));
}

void EventHub::update_pictures() {
  const auto wants = [](const auto& s) { return s->options().pictures; };
  const bool wanted = std::any_of(subscriptions_.begin(), subscriptions_.end(), wants);
  if (!wanted) {
    if (pictures_) pictures_->close();
    pictures_.reset();
    return;
  }
  if (!pictures_) {
    PictureEvents events;
    events.deliver = [weak = weak_from_this()](const std::shared_ptr<const Event>& event) {
      auto self = weak.lock();
      if (!self) return;
      self->for_each([&](Subscription& s) {
        if (s.options().pictures) s.event(event);
      });
    };
    events.on_attached = [weak = weak_from_this()](bool attached) {
      auto self = weak.lock();
      if (!self) return;
      self->for_each([&](Subscription& s) {
        if (s.options().pictures) s.note_pictures(attached);
      });
    };
    pictures_ = std::make_shared<PictureDesk>(device_, std::move(events));
  }
  PictureWishes wishes;
  for (const auto& s : subscriptions_) {
    if (wants(s)) wishes.add(s->options(), s->filter().codes());
  }
  pictures_->want(wishes);
}

}  // namespace dmss::session
