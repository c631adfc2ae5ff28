// What lives on a device's session besides windows, its last words, and the messages that a device sends by itself.
#include "session/device/device_commands.hpp"
#include "session/device/device_session.hpp"
#include "session/device/route_race.hpp"
#include "session/engine/spawn.hpp"

namespace dmss::session {
namespace {

constexpr std::size_t kMaxNotifications = 8u << 20;
constexpr std::size_t kNotificationCost = 256;  // of one, besides its text
constexpr Duration kLastWords = std::chrono::seconds(1);

/// Those who still have something to say.
struct Farewell {
  explicit Farewell(const Context& c) : timer(c.executor, c.clock) {}
  net::Timer timer;
  std::size_t speaking = 0;
};

awaitable<void> speak(std::shared_ptr<Tenant> tenant, std::shared_ptr<Commands> commands,
                      std::shared_ptr<Farewell> farewell) {
  co_await tenant->last_words(std::move(commands));
  if (--farewell->speaking == 0) farewell->timer.cancel();
}

}  // namespace

bool DeviceSession::add_tenant(std::shared_ptr<Tenant> tenant) {
  if (closed_) return false;
  tenants_.insert(std::move(tenant));
  want();
  return true;
}

void DeviceSession::remove_tenant(const Tenant& tenant) {
  std::erase_if(tenants_, [&](const auto& t) { return t.get() == &tenant; });
  if (unused() && handle_released_) close();
}

std::set<std::shared_ptr<Tenant>> DeviceSession::close_tenants(const Error& why) {
  std::set<std::shared_ptr<Tenant>> leaving;
  leaving.swap(tenants_);
  for (const auto& tenant : leaving) tenant->close(why);
  return leaving;
}

void DeviceSession::say_goodbye(std::set<std::shared_ptr<Tenant>> leaving) {
  if (race_) race_->close();
  if (trying_) trying_->close();
  if (!link_ || parting_.lock() == link_) {
    for (const auto& tenant : leaving) tenant->unheard();
  }
  if (!link_) {
    if (closed_ && cgi_) cgi_->close();
    return;
  }
  // Who left meanwhile has said nothing on this link: it was not online any more. A second logout would cut off the last words.
  if (parting_.lock() == link_) return;
  parting_ = link_;
  std::shared_ptr<Commands> commands;
  if (!leaving.empty())
    commands = std::make_shared<DeviceCommands>(shared_from_this(), capabilities_,
                                                context_.clock.now() + kLastWords);
  spawn(context_.executor, goodbye(shared_from_this(), link_, std::move(commands), std::move(leaving)),
        context_.log);
}

awaitable<void> DeviceSession::goodbye([[maybe_unused]] std::shared_ptr<DeviceSession> self,
                                       std::shared_ptr<ControlLink> link, std::shared_ptr<Commands> commands,
                                       std::set<std::shared_ptr<Tenant>> leaving) {
  if (!leaving.empty()) {
    auto farewell = std::make_shared<Farewell>(context_);
    farewell->speaking = leaving.size();
    farewell->timer.expires_after(kLastWords);
    for (const auto& tenant : leaving)
      spawn(context_.executor, speak(tenant, commands, farewell), context_.log);
    leaving.clear();
    co_await farewell->timer.wait();
  }
  if (closed_ && cgi_) cgi_->close();
  co_await link->logout();
}

void DeviceSession::tell_changed() {
  changed_.notify();
  tell_tenants();
}

void DeviceSession::tell_tenants() {
  const auto tenants = tenants_;
  for (const auto& tenant : tenants) tenant->on_changed();
}

std::optional<Error> DeviceSession::given_up() const {
  if (running_ || !last_error_) return std::nullopt;
  return last_error_;
}

void DeviceSession::notify(std::string_view json) {
  const auto tenants = tenants_;  // one may leave when it hears this
  for (const auto& tenant : tenants) tenant->on_notification(json);
  if (!handlers_.on_notification) return;
  const std::size_t cost = json.size() + kNotificationCost;
  if (notifications_ + cost > kMaxNotifications) {
    std::lock_guard lock(stats_mutex_);
    ++stats_.dropped_notifications;
    return;
  }
  notifications_ += cost;
  actor_->post([self = shared_from_this(), text = std::string(json), cost] {
    self->notifications_ -= cost;
    call_handler(self->handlers_.on_notification, text);
  });
}

}  // namespace dmss::session
