#include "recorder/restart.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "recorder/core.hpp"
#include "recorder/link.hpp"

namespace dmss::recorder {
namespace {

constexpr auto kLastWords = std::chrono::milliseconds(100);  // for the answer to the command itself

net::awaitable<void> after(net::Clock& clock, net::Duration pause, std::function<void()> then) {
  co_await net::sleep_for(clock, pause);
  then();
}

}  // namespace

Restart::Restart(Core& core) : core_(core), takes_(core.profile.reboot_seconds) {}

bool Restart::away() const {
  return core_.clock.now() < back_at_;
}

void Restart::begin() {
  if (begun_) return;
  begun_ = true;
  core_.count("reboots");
  core_.logbook.add("System.Reboot");
  auto down = after(core_.clock, kLastWords, [this] { go_down(); });
  net::asio::co_spawn(core_.io, std::move(down), net::asio::detached);
}

void Restart::go_down() {
  begun_ = needed_ = false;
  back_at_ = core_.clock.now() + takes_;
  core_.sessions.close_all();
  for (const auto& heard : heard_) heard();
  std::vector<std::shared_ptr<Link>> links;
  for (const auto& [raw, weak] : core_.links) {
    auto link = weak.lock();
    if (link && link->service() != "control") links.push_back(std::move(link));
  }
  for (const auto& link : links) link->close();
}

}  // namespace dmss::recorder
