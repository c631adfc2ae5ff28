#include "recorder/sessions.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace dmss::recorder {

std::shared_ptr<Session> Sessions::open(std::string user, std::string service, std::string address) {
  auto s = std::make_shared<Session>();
  do {
    next_id_ = (next_id_ * 1664525u + 1013904223u) & 0x7fffffff;
  } while (next_id_ == 0 || sessions_.count(next_id_) != 0);
  s->id = next_id_;
  const bool http = service == "http" || service == "https";
  if (profile_.rpc.text_session && http) {
    s->key = fmt::format("{:08x}{:08x}{:08x}{:08x}", s->id, ~s->id, s->id * 2654435761u, s->id ^ 0x5a5aa5a5u);
  } else {
    s->key = s->id;
  }
  s->user = std::move(user);
  s->service = std::move(service);
  s->address = std::move(address);
  s->since = clock_.wall_now();
  s->heard = clock_.now();
  sessions_[s->id] = s;
  return s;
}

std::shared_ptr<Session> Sessions::find(std::uint32_t id) {
  const auto found = sessions_.find(id);
  return found == sessions_.end() ? nullptr : found->second;
}

std::shared_ptr<Session> Sessions::find(const Json& key) {
  const auto same = [&](const auto& entry) {
    const Session& one = *entry.second;
    return one.key == key || (!one.alias.is_null() && one.alias == key);
  };
  const auto found = std::find_if(sessions_.begin(), sessions_.end(), same);
  if (found == sessions_.end()) return nullptr;
  const std::shared_ptr<Session> s = found->second;
  // Devices give a little more than the interval they tell.
  if (clock_.now() - s->heard > std::chrono::seconds(profile_.rpc.keep_alive + profile_.rpc.keep_alive / 4)) {
    sessions_.erase(found);
    return nullptr;
  }
  s->heard = clock_.now();
  return s;
}

void Sessions::close(std::uint32_t id) {
  sessions_.erase(id);
}

}  // namespace dmss::recorder
