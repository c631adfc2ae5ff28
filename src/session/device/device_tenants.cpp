// What lives on a device's session besides windows, and the messages that a device sends by itself.
#include "session/device/device_session.hpp"

namespace dmss::session {
namespace {

constexpr std::size_t kMaxNotifications = 8u << 20;
constexpr std::size_t kNotificationCost = 256;  // of one, besides its text

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

void DeviceSession::close_tenants(const Error& why) {
  std::set<std::shared_ptr<Tenant>> leaving;
  leaving.swap(tenants_);
  for (const auto& tenant : leaving) tenant->close(why);
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
    self->handlers_.on_notification(text);
  });
}

}  // namespace dmss::session
