#include "scenario/dvrip_device.hpp"

#include "proto/dvrip/legacy.hpp"
#include "proto/dvrip/text.hpp"

namespace dmss::scenario {
namespace {

namespace dvrip = proto::dvrip;
using dvrip::Command;

Bytes system_reply(std::uint8_t sub) {
  switch (static_cast<dvrip::SystemInfo>(sub)) {
    case dvrip::SystemInfo::serial: return dvrip::write_system_reply(sub, as_bytes("3G0TEST0001"));
    case dvrip::SystemInfo::model: return dvrip::write_system_reply(sub, as_bytes("NVR5216"));
    case dvrip::SystemInfo::software: return dvrip::write_system_reply(sub, as_bytes("4.001"));
    case dvrip::SystemInfo::capabilities: return dvrip::write_system_reply(sub, as_bytes("FTP:1:Record,Snap&&SMTP:1"));
    default: return {};
  }
}

}  // namespace

Bytes golden_challenge() {
  Bytes frame = from_hex("b0 00 00 68 31 00 00 00 01 0e 01 00 00 00 00 00 00 00 00 00 01 00 00 00 06 00 f9 00 00 00 00 02");
  Writer(frame).text("Realm:Login to 3G0TEST0001\r\nRandom:1852772904\r\n\r\n");
  return frame;
}

Bytes golden_digest_login() {
  Bytes frame = from_hex("a0 05 00 60 47 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 05 02 00 08 00 00 a1 aa");
  Writer(frame).text("admin&&1D3FC968DF24594DEB31CED8FB5A01CB43512842F71FBF823BD350F282ABEE98");
  return frame;
}

Bytes DvripDevice::answer(const Bytes& frame) {
  const auto parsed = dvrip::parse_frame(frame);
  const dvrip::Header& header = parsed.value().header;
  switch (header.command()) {
    case Command::login:
      if (frame.size() == dvrip::kHeaderSize) return challenge;
      ++digest_logins;
      return verdict;
    case Command::keep_alive:
      ++keep_alives;
      return answers_keep_alive ? dvrip::write_keep_alive_reply() : Bytes();
    case Command::system_info: return system_reply(header.sub());
    case Command::channel_names: return dvrip::write_channel_names_reply(header.sub(), {"Gate", "Yard"});
    case Command::logout: ++logouts; return dvrip::write_logout_reply(kSession);
    default: return {};
  }
}

}  // namespace dmss::scenario
