#include "recorder/dvrip_service.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "proto/dvrip/dhip.hpp"
#include "recorder/dvrip_connection.hpp"

namespace dmss::recorder {
namespace {

namespace dvrip = proto::dvrip;

constexpr std::size_t kMaxBody = 1u << 20;  // clients send little
constexpr auto kWatchPeriod = std::chrono::milliseconds(250);

/// Ends the session of a control connection that went silent; the media of it stops with it.
net::awaitable<void> watch(Core& core, std::weak_ptr<Link> weak, std::weak_ptr<DvripConnection> connection) {
  for (;;) {
    co_await net::sleep_for(core.clock, kWatchPeriod);
    const auto link = weak.lock();
    const auto c = connection.lock();
    if (!link || !c || !link->open()) co_return;
    if (!c->logged_in() || !c->silent_too_long()) continue;
    core.count("dvrip_keep_alive_lost");
    c->end_session();
    link->close();
    co_return;
  }
}

}  // namespace

std::uint32_t DvripService::add_sub_channel(std::uint32_t session) {
  const std::uint32_t id = next_connection_++;
  subs_[id].session = session;
  return id;
}

DvripService::SubChannel* DvripService::find(std::uint32_t connection) {
  const auto found = subs_.find(connection);
  return found == subs_.end() ? nullptr : &found->second;
}

void DvripService::drop_session(std::uint32_t session) {
  const auto take = [session](auto& map) {
    std::vector<std::shared_ptr<Link>> links;
    for (auto i = map.begin(); i != map.end();) {
      if (i->second.session != session) {
        ++i;
        continue;
      }
      if (auto link = i->second.link.lock()) links.push_back(std::move(link));
      i = map.erase(i);
    }
    for (const auto& link : links) link->close();
  };
  take(subs_);
  take(ties_);
  core_.sessions.close(session);
}

net::awaitable<void> DvripService::serve(std::shared_ptr<Link> link) {
  dvrip::FrameReader reader(kMaxBody);
  const auto connection = std::make_shared<DvripConnection>(*this, link);
  auto watching = watch(core_, link, connection);
  net::asio::co_spawn(core_.io, std::move(watching), net::asio::detached);
  Bytes first;
  bool known = false;
  for (;;) {
    const auto room = reader.prepare();
    const Result<std::size_t> n = co_await link->read_some(room);
    if (!n) co_return;
    if (!known) {
      first.insert(first.end(), room.begin(), room.begin() + static_cast<std::ptrdiff_t>(*n));
      const dvrip::Protocol protocol = dvrip::detect(first);
      if (protocol == dvrip::Protocol::unknown) co_return;
      if (protocol == dvrip::Protocol::dhip) {
        co_await serve_dhip(link, std::move(first));
        co_return;
      }
      known = protocol == dvrip::Protocol::dvrip;
    }
    reader.commit(*n);
    if (!known) continue;
    for (;;) {
      const auto frame = reader.next();
      if (frame.need_more()) break;
      if (frame.failed() || !connection->handle(frame.value())) co_return;
    }
  }
}

net::awaitable<void> DvripService::serve_dhip(std::shared_ptr<Link> link) {
  return serve_dhip(std::move(link), {});
}

}  // namespace dmss::recorder
