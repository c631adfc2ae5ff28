#include "recorder/dvrip_connection.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "proto/dvrip/media_frame.hpp"

namespace dmss::recorder {
namespace {

namespace dvrip = proto::dvrip;
namespace rpc = proto::rpc;
using dvrip::Command;

/// Longer JSON goes out in pieces, as large answers of devices do.
constexpr std::size_t kFragment = 32u << 10;

std::string hex_name(std::uint8_t command) {
  return fmt::format("{:02x}", command);
}

Bytes text_reply(std::uint8_t sub, const std::string& text) {
  return dvrip::write_system_reply(sub, as_bytes(text));
}

/// a4/01: type bytes of a captured camera, with this device's channels and build date.
Bytes basic_info(const Profile& p) {
  Bytes b = from_hex(
      "02 2a 01 00 00 00 02 01 02 01 00 00 e0 07 0c 09 00 00 33 2e 32 2e 00 00 00 00 01 00 00 00 00 00");
  b[2] = b[26] = static_cast<std::uint8_t>(p.channels);
  int year = 2020, month = 1, day = 1;
  if (std::sscanf(p.build.c_str(), "%d-%d-%d", &year, &month, &day) == 3) {
    store_le16(&b[12], static_cast<std::uint16_t>(year));
    b[14] = static_cast<std::uint8_t>(month);
    b[15] = static_cast<std::uint8_t>(day);
  }
  return b;
}

}  // namespace

DvripConnection::DvripConnection(DvripService& service, std::shared_ptr<Link> link)
    : service_(service), core_(service.core()), link_(std::move(link)), heard_(core_.clock.now()) {
  caller_.service = "dvrip";
  caller_.address = link_->address();
  caller_.by_connection = true;
  caller_.notify = [this](const Json& note, int copies) { notify(note, copies); };
}

DvripConnection::~DvripConnection() {
  end_session();
}

void DvripConnection::end_session() {
  if (!caller_.session) return;
  caller_.session->notify = nullptr;
  service_.drop_session(caller_.session->id);
  caller_.session.reset();
}

bool DvripConnection::silent_too_long() const {
  std::int64_t seconds = core_.profile.dvrip.keep_alive_timeout;
  if (const Json* f = core_.faults.find("keep_alive_timeout", where("a1")))
    seconds = rpc::int_or(*f, "seconds", seconds);
  return core_.clock.now() - heard_ > std::chrono::seconds(seconds);
}

void DvripConnection::answer(std::string_view what, Bytes message) {
  if (!core_.faults.none()) {
    if (core_.faults.strikes("no_reply", where(what))) return;
    if (core_.faults.strikes("unsolicited", where(what))) {
      const std::uint8_t junk[] = {'n', 'o', 'b', 'o', 'd', 'y'};
      link_->send(dvrip::write_frame(dvrip::Header(static_cast<Command>(0x99), version()), junk));
    }
    if (core_.faults.strikes("oversize", where(what))) store_le32(&message[4], 0x7fffffff);
  }
  message[3] = message[0] == static_cast<std::uint8_t>(Command::media) ? message[3] : version();
  link_->send(message);
}

bool DvripConnection::handle(const dvrip::FrameView& frame) {
  const dvrip::Header& h = frame.header;
  heard_ = core_.clock.now();
  core_.count("dvrip_" + hex_name(h.u8(0)));
  switch (h.command()) {
    case Command::login: return login(frame);
    case Command::text: return text(frame);
    case Command::tie: tie(h); return true;
    case Command::keep_alive:
      // On a sub-connection it may stay unanswered.
      if (logged_in()) answer("a1", dvrip::write_keep_alive_reply());
      return true;
    default: break;
  }
  if (!logged_in()) return false;
  switch (h.command()) {
    case Command::logout:
      core_.count("dvrip_logouts");
      answer("0a", dvrip::write_logout_reply(session()));
      end_session();
      return false;
    case Command::json: json(frame); break;
    case Command::system_info: system_info(h); break;
    case Command::channel_names: channel_names(h); break;
    case Command::alarm_subscribe: answer("68", dvrip::write_alarm_ack(h)); break;
    case Command::live: live(frame); break;
    case Command::config:
      answer("a3", dvrip::write_frame(dvrip::Header(Command::config_reply).set_u8(16, h.u8(16))));
      break;
    default: break;  // others are met with silence, as on devices
  }
  return true;
}

void DvripConnection::system_info(const dvrip::Header& h) {
  const Profile& p = core_.profile;
  Bytes reply;
  switch (static_cast<dvrip::SystemInfo>(h.sub())) {
    case dvrip::SystemInfo::basic: reply = dvrip::write_system_reply(h.sub(), basic_info(p)); break;
    case dvrip::SystemInfo::disks: reply = dvrip::write_system_reply(h.sub(), Bytes(288)); break;
    case dvrip::SystemInfo::serial: reply = text_reply(h.sub(), p.serial); break;
    case dvrip::SystemInfo::software: reply = text_reply(h.sub(), p.version); break;
    case dvrip::SystemInfo::model: reply = text_reply(h.sub(), p.type); break;
    case dvrip::SystemInfo::capabilities: reply = text_reply(h.sub(), p.dvrip.capabilities); break;
    default: reply = dvrip::write_system_reply(h.sub(), {}); break;
  }
  answer("a4", std::move(reply));
}

void DvripConnection::channel_names(const dvrip::Header& h) {
  const std::uint8_t dialect = core_.profile.dvrip.old_live && !core_.profile.dvrip.sub_connections ? 1 : 0;
  if (h.sub() != dialect) return;
  std::vector<std::string> names;
  const Json* titles = core_.tables.find("ChannelTitle");
  for (int c = 0; titles != nullptr && c < core_.profile.channels; ++c)
    names.push_back(rpc::text_or((*titles)[static_cast<std::size_t>(c)], "Name", ""));
  answer("a8", dvrip::write_channel_names_reply(dialect, names));
}

dvrip::JsonFrameOptions DvripConnection::json_options(std::string_view) const {
  dvrip::JsonFrameOptions options;
  options.version = version();
  options.trailer = "\n";
  options.max_fragment = kFragment;
  if (core_.faults.none()) return options;
  if (const Json* f = core_.faults.find("fragments", where("f6")))
    options.max_fragment = static_cast<std::size_t>(std::max<std::int64_t>(1, rpc::int_or(*f, "size", 16)));
  if (const Json* f = core_.faults.find("json_trailer", where("f6"))) {
    const std::string trailer = rpc::text_or(*f, "trailer", "lf");
    options.trailer = trailer == "none"    ? std::string_view()
                      : trailer == "lfnul" ? std::string_view("\n\0", 2)
                                           : std::string_view("\n");
  }
  return options;
}

void DvripConnection::json(const dvrip::FrameView& frame) {
  if (!core_.profile.dvrip.json) return;
  const auto message = json_.add(frame);
  if (!message.ok()) return;
  const std::uint32_t id = message.value().id;
  const std::uint32_t session_before = session();
  service_.rpc().answer_body(message.value().text(), id, caller_, [&](const Reply& reply) {
    answer("f6", dvrip::write_json(id, session_before, service_.rpc().text(reply), json_options("f6")));
  });
}

void DvripConnection::notify(const Json& note, int copies) {
  const Bytes one = dvrip::write_json(static_cast<std::uint32_t>(rpc::int_or(note, "id", 0)), session(),
                                      rpc::dump(note), json_options("f6"));
  Bytes all;
  for (; copies > 0; --copies) all.insert(all.end(), one.begin(), one.end());
  link_->send(all);
}

void DvripConnection::tie(const dvrip::Header& h) {
  const auto tie = dvrip::parse_tie(h);
  if (!tie || !core_.profile.dvrip.old_live || !core_.sessions.find(tie->session)) return;
  const DvripService::TieKey key{tie->session, tie->channel};
  if (tie->close) {
    service_.ties().erase(key);
    return;
  }
  DvripService::SubChannel& sub = service_.ties()[key];
  sub.session = tie->session;
  sub.link = link_;
  sub.media.reset();
  link_->on_closed([&service = service_, key, closed = link_.get()] {
    const auto found = service.ties().find(key);
    // The channel may have been tied to another connection since.
    if (found != service.ties().end() && found->second.link.lock().get() == closed)
      found->second.media.reset();
  });
  if (!core_.faults.strikes("tie_without_ack", where("f1"))) answer("f1", dvrip::write_frame(h));
}

void DvripConnection::old_live(int channel, int subtype, bool on) {
  const auto found = service_.ties().find({session(), channel});
  if (found == service_.ties().end()) return;
  std::unique_ptr<DvripMedia>& media = found->second.media;
  if (!on || channel >= core_.profile.channels) {
    media.reset();
    return;
  }
  if (media && media->subtype() == subtype) return;
  const auto link = found->second.link.lock();
  if (link && link->open()) media = std::make_unique<DvripMedia>(core_, link, channel + 1, subtype);
}

void DvripConnection::live(const dvrip::FrameView& frame) {
  const dvrip::LiveCommand command = dvrip::parse_live(frame.header, frame.body);
  if (command.snapshot) return snapshot(command.snapshot->channel + 1);
  if (!core_.profile.dvrip.old_live) return;
  if (command.flags) {
    for (int c = 0; c < dvrip::kFlagChannels; ++c) {
      const auto i = static_cast<std::size_t>(c);
      old_live(c, command.flags->stream[i] == 0 ? 0 : 1, command.flags->on[i]);
    }
  } else if (command.by_name) {
    old_live(command.by_name->channel, command.by_name->stream == 0 ? 0 : 1, command.by_name->on);
  } else if (command.pair) {
    const bool there = command.pair->channel < core_.profile.channels;
    const Bytes verdict = dvrip::write_live_verdict({{command.pair->channel, there ? 0 : 2}});
    answer("11", verdict);
    old_live(command.pair->channel, command.pair->stream, command.pair->on);
  }
}

void DvripConnection::snapshot(int channel) {
  core_.count("snapshots");
  if (channel > core_.profile.channels ||
      core_.faults.strikes("no_snapshot", {.service = "dvrip", .what = "11", .channel = channel}))
    return;
  Bytes out;
  dvrip::append_snapshot(out, static_cast<std::uint8_t>(channel - 1), core_.clips.snapshot(channel));
  answer("11", std::move(out));
}

}  // namespace dmss::recorder
