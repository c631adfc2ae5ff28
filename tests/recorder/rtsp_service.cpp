#include "recorder/rtsp_service.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "proto/dvrip/receive_buffer.hpp"
#include "proto/rtsp/framing.hpp"
#include "recorder/rtsp_session.hpp"

namespace dmss::recorder {
namespace {

namespace rtsp = proto::rtsp;

constexpr auto kWatchPeriod = std::chrono::milliseconds(250);

net::awaitable<void> watch(Core& core, std::weak_ptr<RtspSession> weak) {
  for (;;) {
    co_await net::sleep_for(core.clock, kWatchPeriod);
    const auto session = weak.lock();
    if (!session || !session->link().open()) co_return;
    if (!session->timed_out()) continue;
    core.count("rtsp_timeouts");
    session->end();
    session->link().close();
    co_return;
  }
}

/// Takes the next item off the buffer; false when more must come or nothing sensible can.
bool take(proto::dvrip::ReceiveBuffer& buffer, RtspSession& session, bool& broken) {
  const rtsp::Item item = rtsp::next_item(buffer.view(), rtsp::Interleaving::rtp);
  switch (item.kind) {
    case rtsp::Item::Kind::need_more: return false;
    case rtsp::Item::Kind::packet: session.receive(item.data); break;
    case rtsp::Item::Kind::junk: break;
    case rtsp::Item::Kind::text: {
      const auto message = rtsp::parse_message(buffer.view());
      if (message.need_more()) return false;
      broken = message.failed();
      if (broken) return false;
      session.handle(message.value());
      buffer.consume(message.consumed());
      return true;
    }
  }
  buffer.consume(item.size);
  return true;
}

}  // namespace

net::awaitable<void> RtspService::serve(std::shared_ptr<Link> link) {
  const auto session = std::make_shared<RtspSession>(core_, link);
  auto watching = watch(core_, session);
  net::asio::co_spawn(core_.io, std::move(watching), net::asio::detached);
  proto::dvrip::ReceiveBuffer buffer;
  bool broken = false;
  while (!broken) {
    const auto room = buffer.prepare();
    const Result<std::size_t> n = co_await link->read_some(room);
    if (!n) break;
    buffer.commit(*n);
    while (take(buffer, *session, broken)) {
    }
  }
  session->end();
}

}  // namespace dmss::recorder
