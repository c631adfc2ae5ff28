// The server's side of 37777: login, identity, sub-connections and the start of media.
#include <map>

#include "bench/media_server/dvrip_json.hpp"
#include "bench/media_server/media_server.hpp"
#include "proto/dvrip/legacy.hpp"
#include "proto/dvrip/login.hpp"
#include "proto/dvrip/text.hpp"

namespace dmss::bench {
namespace {

namespace dvrip = proto::dvrip;
using dvrip::Command;
using dvrip::Text;

constexpr int kChannels = 1024;

class DvripPeer final : public Peer {
 public:
  DvripPeer(MediaServer& server, std::shared_ptr<Connection> connection)
      : server_(server),
        connection_(std::move(connection)),
        session_(server.next_id()),
        json_(server.loop(), *connection_, session_, server.events_per_second()) {}

  std::size_t consume(ByteView in) override {
    std::size_t used = 0;
    for (;;) {
      const auto frame = dvrip::parse_frame(in.subspan(used));
      if (frame.failed()) connection_->close();
      if (!frame.ok()) return used;
      used += frame.consumed();
      handle(frame.value());
    }
  }

 private:
  void handle(const dvrip::FrameView& frame) {
    switch (frame.header.command()) {
      case Command::login: return login(frame);
      case Command::keep_alive: return connection_->send(dvrip::write_keep_alive_reply());
      case Command::system_info: return system_info(frame.header.sub());
      case Command::channel_names:
        if (frame.header.sub() == 0) connection_->send(dvrip::write_channel_names_reply(0, {"one"}));
        return;
      case Command::json: return json_.take(frame);
      case Command::text: return text(frame.body);
      case Command::logout: return connection_->send(dvrip::write_logout_reply(session_));
      default: return;
    }
  }

  void login(const dvrip::FrameView& frame) {
    const auto variant = dvrip::parse_login(frame).variant;
    if (variant == dvrip::LoginVariant::realm_request || variant == dvrip::LoginVariant::realm_request_old) {
      connection_->send(dvrip::write_challenge({"Login to BENCH0000000001", "123456789"}));
    } else {
      connection_->send(dvrip::write_verdict(dvrip::make_accepted(session_, kChannels & 0xff)));
    }
  }

  void system_info(std::uint8_t what) {
    const auto is = [what](dvrip::SystemInfo s) { return what == static_cast<std::uint8_t>(s); };
    const char* answer = is(dvrip::SystemInfo::serial)         ? "BENCH0000000001"
                         : is(dvrip::SystemInfo::capabilities) ? "Dahua_Config:1:Json,V3"
                                                               : "bench";
    connection_->send(dvrip::write_system_reply(what, as_bytes(answer)));
  }

  void text(ByteView body) {
    const Result<Text> request = Text::parse(body);
    if (!request) return connection_->close();
    Text reply = dvrip::make_reply(*request);
    const unsigned id = request->connection_id().value_or(0);
    if (request->parameter() == dvrip::kPassive && request->method() == "AddObject") {
      reply.set("ConnectionID", std::int64_t{server_.next_id()});
    } else if (request->parameter() == dvrip::kPassive) {
      drop(id);
    } else if (request->parameter() == dvrip::kAckSubChannel) {
      server_.sub_connections()[id] = connection_;
    } else if (request->parameter() == dvrip::kMonitor) {
      connection_->send(dvrip::write_text(reply));
      const auto stream = static_cast<int>(request->number("stream").value_or(0));
      return monitor(id, stream, request->get("state") != "0");
    }
    connection_->send(dvrip::write_text(reply));
  }

  void monitor(unsigned id, int stream, bool on) {
    if (!on) return void(streams_.erase(id));
    const auto media = server_.sub_connections()[id].lock();
    if (!media) return;
    Route route;
    route.kind = Route::Kind::dvrip;
    streams_[id] = server_.stream(media, stream, route);
  }

  void drop(unsigned id) {
    streams_.erase(id);
    const auto media = server_.sub_connections()[id].lock();
    server_.sub_connections().erase(id);
    if (media) media->close();
  }

  MediaServer& server_;
  const std::shared_ptr<Connection> connection_;
  const std::uint32_t session_;
  DvripJson json_;
  std::map<unsigned, std::unique_ptr<Streamer>> streams_;
};

}  // namespace

std::unique_ptr<Peer> make_dvrip_peer(MediaServer& server, std::shared_ptr<Connection> connection) {
  return std::make_unique<DvripPeer>(server, std::move(connection));
}

}  // namespace dmss::bench
