#include "scenario/dvrip_device.hpp"

#include "media/dhav/frame.hpp"
#include "proto/dvrip/legacy.hpp"
#include "proto/dvrip/media_frame.hpp"
#include "proto/dvrip/text.hpp"

namespace dmss::scenario {
namespace {

namespace dvrip = proto::dvrip;
using dvrip::Command;

constexpr std::uint32_t kTied = 1u << 20;  // streams of the old dialect have no connection id

Bytes system_reply(std::uint8_t sub) {
  switch (static_cast<dvrip::SystemInfo>(sub)) {
    case dvrip::SystemInfo::serial: return dvrip::write_system_reply(sub, as_bytes("3G0TEST0001"));
    case dvrip::SystemInfo::model: return dvrip::write_system_reply(sub, as_bytes("NVR5216"));
    case dvrip::SystemInfo::software: return dvrip::write_system_reply(sub, as_bytes("4.001"));
    case dvrip::SystemInfo::capabilities:
      return dvrip::write_system_reply(sub, as_bytes("FTP:1:Record,Snap&&SMTP:1"));
    default: return {};
  }
}

}  // namespace

Bytes golden_challenge() {
  Bytes frame = from_hex(
      "b0 00 00 68 31 00 00 00 01 0e 01 00 00 00 00 00 00 00 00 00 01 00 00 00 06 00 f9 00 00 00 00 02");
  Writer(frame).text("Realm:Login to 3G0TEST0001\r\nRandom:1852772904\r\n\r\n");
  return frame;
}

Bytes golden_digest_login() {
  Bytes frame = from_hex(
      "a0 05 00 60 47 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 05 02 00 08 00 00 a1 aa");
  Writer(frame).text("admin&&1D3FC968DF24594DEB31CED8FB5A01CB43512842F71FBF823BD350F282ABEE98");
  return frame;
}

Bytes DvripDevice::answer(const Bytes& frame, Peer* peer) {
  const auto parsed = dvrip::parse_frame(frame);
  const dvrip::Header& header = parsed.value().header;
  Bytes words;
  switch (header.command()) {
    case Command::login:
      if (frame.size() == dvrip::kHeaderSize) {
        words = challenge;
      } else {
        ++digest_logins;
        words = verdict;
      }
      break;
    case Command::keep_alive:
      ++keep_alives;
      words = dvrip::write_keep_alive_reply();
      break;
    case Command::system_info:
      if (drops[header.sub()]-- <= 0) words = system_reply(header.sub());
      break;
    case Command::channel_names:
      if (names_dialect.value_or(header.sub()) == header.sub())
        words = dvrip::write_channel_names_reply(header.sub(), {"Gate", "Yard"});
      break;
    case Command::logout:
      ++logouts;
      words = dvrip::write_logout_reply(kSession);
      break;
    case Command::tie:
      if (const auto tie = dvrip::parse_tie(header)) ties_[tie->channel] = peer;
      if (acknowledges_ties) words = frame;
      break;
    case Command::live:
      ++starts;
      if (deaf_to_starts > 0) {
        --deaf_to_starts;
      } else {
        take_live(frame);
      }
      break;
    case Command::text: words = answer_text(parsed.value().body, peer); break;
    default: break;
  }
  return silent ? Bytes() : words;
}

void DvripDevice::take_live(ByteView frame) {
  const auto parsed = dvrip::parse_frame(frame);
  const auto flags = dvrip::parse_live(parsed.value().header, parsed.value().body).flags;
  if (!flags) return;
  for (const auto& [channel, peer] : ties_) {
    const auto i = static_cast<std::size_t>(channel);
    Stream& s = streams_[kTied + static_cast<std::uint32_t>(channel)];
    s.channel = channel;
    s.stream = flags->stream[i];
    s.media = flags->on[i] ? peer : nullptr;
  }
}

Bytes DvripDevice::answer_text(ByteView body, Peer* peer) {
  const auto request = dvrip::Text::parse(body);
  dvrip::Text reply = dvrip::make_reply(*request);
  const std::uint32_t id = request->connection_id().value_or(0);
  if (request->parameter() == dvrip::kPassive && request->method() == "AddObject") {
    if (!sub_connections) return dvrip::write_text(dvrip::make_reply(*request, 1));
    const auto made = static_cast<std::uint32_t>(1000 + streams_.size());
    streams_[made] = {};
    reply.set("ConnectionID", static_cast<std::int64_t>(made));
  } else if (request->parameter() == dvrip::kPassive) {
    ++deleted_objects;
  } else if (request->parameter() == dvrip::kAckSubChannel) {
    streams_[id].media = peer;
  } else if (request->parameter() == dvrip::kMonitor) {
    Stream& s = streams_[id];
    s.channel = static_cast<int>(request->number("channel").value_or(-1));
    s.stream = static_cast<int>(request->number("stream").value_or(-1));
    if (request->number("state") != 1) s.media = nullptr;
  }
  return dvrip::write_text(reply, 0x58);
}

Script DvripDevice::script() {
  return [this](Peer& peer) {
    peers_.push_back(&peer);
    return converse(
        peer, dvrip_protocol(), [this, to = &peer](const Bytes& f) { return answer(f, to); }, -1,
        Fault::none);
  };
}

std::vector<DvripDevice::Stream> DvripDevice::streams() {
  std::vector<Stream> open;
  for (const auto& [id, s] : streams_) {
    if (s.media != nullptr && !s.media->client_gone()) open.push_back(s);
  }
  return open;
}

void DvripDevice::send_frames() {
  send_picture(true);
}

void DvripDevice::send_predicted() {
  send_picture(false);
}

void DvripDevice::send_picture(bool key) {
  namespace dhav = media::dhav;
  static const Bytes kKey = from_hex("00 00 00 01 67 42 00 0a 00 00 00 01 68 ce 00 00 00 01 65 88 84 00");
  static const Bytes kPredicted = from_hex("00 00 00 01 41 9a 24 00");
  for (auto& [id, s] : streams_) {
    if (s.media == nullptr || silent) continue;
    dhav::Header header;
    header.number = s.frames++;
    header.date = dhav::pack_date({2026, 6, 27, 22, 0, static_cast<int>(header.number % 60)});
    Bytes frame;
    header.type = key ? dhav::FrameType::key : dhav::FrameType::predicted;
    dhav::append_frame(frame, header, dhav::video_extension(Codec::h264, 352, 288, 1),
                       key ? kKey : kPredicted);
    Bytes packets;
    dvrip::append_media(packets, static_cast<std::uint8_t>(s.channel), frame);
    s.media->send(packets);
  }
}

void DvripDevice::reset_all() {
  for (Peer* p : peers_) p->reset();
  for (auto& [id, s] : streams_) s.media = nullptr;
}

}  // namespace dmss::scenario
