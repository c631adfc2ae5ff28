#include "proto/dvrip/login.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "proto/auth/hash.hpp"

namespace dmss::proto::dvrip {
namespace {

constexpr std::size_t kMaxBodyText = 4096;
constexpr std::size_t kHashSize = 32;
using Tail = std::array<std::uint8_t, 8>;

constexpr Tail kTailRealm = {0x05, 0x02, 0x00, 0x01, 0x00, 0x00, 0xa1, 0xaa};
constexpr Tail kTailDigest = {0x05, 0x02, 0x00, 0x08, 0x00, 0x00, 0xa1, 0xaa};
constexpr Tail kTailGen0V2 = {0x04, 0x02, 0x00, 0x01, 0x00, 0x00, 0xa1, 0xaa};
constexpr Tail kTailPlain = {0x04, 0x01, 0x00, 0x00, 0x00, 0x00, 0xa1, 0xaa};

Header login_header(std::uint8_t byte1, std::uint8_t byte3, const Tail& tail) {
  Header h(Command::login, byte3);
  h.set_u8(1, byte1);
  std::copy(tail.begin(), tail.end(), h.raw.begin() + 24);
  return h;
}

void put_fields(Header& h, ByteView user, ByteView password) {
  std::copy_n(user.begin(), std::min<std::size_t>(user.size(), 8), h.raw.begin() + 8);
  std::copy_n(password.begin(), std::min<std::size_t>(password.size(), 8), h.raw.begin() + 16);
}

Bytes write_gen0(Header h, std::string_view user, std::string_view password) {
  put_fields(h, auth::gen0(user), auth::gen0(password));
  return write_frame(h);
}

/// The rest of the line after `key`, wherever it stands.
std::optional<std::string_view> line_after(std::string_view text, std::string_view key) {
  const std::size_t at = text.find(key);
  if (at == std::string_view::npos) return std::nullopt;
  const std::size_t start = at + key.size();
  constexpr std::string_view line_end("\r\n\0", 3);
  const std::size_t end = std::min(text.find_first_of(line_end, start), text.size());
  return trim(text.substr(start, end - start));
}

std::string_view bounded_text(ByteView body) {
  return as_text(body.first(std::min(body.size(), kMaxBodyText)));
}

/// Text up to the first NUL.
std::string field_text(const std::array<std::uint8_t, 8>& field) {
  const auto end = std::find(field.begin(), field.end(), std::uint8_t{0});
  return std::string(field.begin(), end);
}

bool is_hex(std::string_view s) {
  return std::all_of(s.begin(), s.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
  });
}

void parse_body(LoginRequest& r, std::string_view text, bool digest_mark) {
  const std::size_t split = text.find("&&");
  r.user = std::string(text.substr(0, split));
  std::string_view rest = text.substr(split + 2);
  if (digest_mark) {
    rest = trim(rest);
    r.variant = LoginVariant::digest;
    r.h2 = std::string(rest.substr(0, kHashSize));
    if (rest.size() > kHashSize) r.h1 = std::string(rest.substr(kHashSize, kHashSize));
    if (!is_hex(r.h2) || !is_hex(r.h1)) r.variant = LoginVariant::unknown;
    return;
  }
  const std::size_t nul = rest.find('\0');
  r.password = Secret(rest.substr(0, nul));
  r.variant = LoginVariant::plain_long;
  if (nul == std::string_view::npos) return;
  if (const auto random = line_after(rest.substr(nul), "Random:")) {
    r.variant = LoginVariant::plain_random;
    r.random = std::string(*random);
  }
}

void parse_fields(LoginRequest& r, const Header& h) {
  const bool empty =
      std::all_of(h.raw.begin() + 8, h.raw.begin() + 24, [](std::uint8_t b) { return b == 0; });
  const std::uint8_t generation = h.u8(24);
  if (h.u8(1) == 1) {
    r.variant = LoginVariant::realm_request_old;
  } else if (empty) {
    r.variant = generation == kTailRealm[0] ? LoginVariant::realm_request : LoginVariant::unknown;
  } else if (generation == kTailRealm[0]) {
    r.variant = LoginVariant::gen0;
  } else if (std::equal(kTailGen0V2.begin(), kTailGen0V2.begin() + 4, h.raw.begin() + 24)) {
    r.variant = LoginVariant::gen0_v2;
  } else {
    r.variant = LoginVariant::plain_short;
    r.user = field_text(r.user_field);
    r.password = Secret(field_text(r.password_field));
  }
}

}  // namespace

Bytes write_realm_request() {
  return write_frame(login_header(0x05, 0x60, kTailRealm));
}
Bytes write_realm_request_old() {
  return write_frame(login_header(0x01, 0x00, kTailRealm));
}

Bytes write_digest_login_hashes(std::string_view user, std::string_view h2, std::string_view h1) {
  std::string body(user);
  body.append("&&").append(h2).append(h1);
  return write_frame(login_header(0x05, 0x60, kTailDigest), as_bytes(body));
}

Bytes write_digest_login(std::string_view user, std::string_view password, const LoginChallenge& c) {
  return write_digest_login_hashes(user, auth::h2(user, c.realm, c.random, password),
                                   auth::h1(user, c.random, password));
}

Bytes write_gen0_login(std::string_view user, std::string_view password) {
  return write_gen0(login_header(0x00, 0x00, kTailRealm), user, password);
}

Bytes write_gen0_v2_login(std::string_view user, std::string_view password) {
  return write_gen0(login_header(0x05, 0x60, kTailGen0V2), user, password);
}

Bytes write_plain_short_login(std::string_view user, std::string_view password) {
  if (user.size() > 8 || password.size() > 8) return {};
  Header h = login_header(0x00, 0x60, kTailPlain);
  put_fields(h, as_bytes(user), as_bytes(password));
  return write_frame(h);
}

Bytes write_plain_long_login(std::string_view user, std::string_view password) {
  Bytes out;
  Header h = login_header(0x00, 0x60, kTailPlain);
  h.set_body_size(static_cast<std::uint32_t>(user.size() + 2 + password.size()));
  Writer(out).bytes(h.raw).text(user).text("&&").text(password);
  return out;
}

Bytes write_plain_random_login(std::string_view user, std::string_view password, std::uint64_t unix_time) {
  Header h = login_header(0x00, 0x60, kTailPlain);
  put_fields(h, as_bytes(user), as_bytes(password));
  const std::string random = "Random:" + std::to_string(unix_time) + "\r\n\r\n";
  h.set_body_size(static_cast<std::uint32_t>(user.size() + 2 + password.size() + 1 + random.size()));
  Bytes out;
  Writer(out).bytes(h.raw).text(user).text("&&").text(password).u8(0).text(random);
  return out;
}

LoginRequest parse_login(const Header& h, ByteView body) {
  LoginRequest r;
  if (h.command() != Command::login) return r;
  std::copy_n(h.raw.begin() + 8, 8, r.user_field.begin());
  std::copy_n(h.raw.begin() + 16, 8, r.password_field.begin());
  const std::string_view text = bounded_text(body);
  if (text.find("&&") != std::string_view::npos) {
    parse_body(r, text, h.u8(27) == kTailDigest[3]);
  } else if (body.empty()) {
    parse_fields(r, h);
  }
  return r;
}

Bytes write_challenge(const LoginChallenge& challenge) {
  Header h(Command::login_reply, 0x68);
  h.set_le32(8, 0x00010e01).set_le32(20, 1).set_le32(24, 0x00f90006).set_u8(31, 0x02);
  const std::string body = "Realm:" + challenge.realm + "\r\nRandom:" + challenge.random + "\r\n\r\n";
  return write_frame(h, as_bytes(body));
}

std::optional<LoginChallenge> parse_challenge(ByteView body) {
  const std::string_view text = bounded_text(body);
  const auto realm = line_after(text, "Realm:");
  const auto random = line_after(text, "Random:");
  if (!realm || !random || realm->empty() || random->empty()) return std::nullopt;
  return LoginChallenge{std::string(*realm), std::string(*random)};
}

namespace {
struct ReasonRow {
  Reason reason;
  std::uint16_t bytes;
};
constexpr ReasonRow kReasons[] = {
    {Reason::accepted, 0x0008},          {Reason::wrong_password, 0x0100},
    {Reason::unknown_user, 0x0101},      {Reason::locked, 0x0104},
    {Reason::blocked, 0x0105},           {Reason::challenge_required, 0x010e},
    {Reason::not_initialised, 0x0111},   {Reason::not_implemented, 0x0113},
    {Reason::already_logged_in, 0x0303},
};
constexpr std::uint16_t kNoReason = 0xffff;
}  // namespace

std::uint16_t reason_bytes(Reason reason) noexcept {
  for (const ReasonRow& row : kReasons) {
    if (row.reason == reason) return row.bytes;
  }
  return kNoReason;
}

Reason reason_of(std::uint8_t b8, std::uint8_t b9) noexcept {
  if (b8 == 0) return Reason::accepted;
  for (const ReasonRow& row : kReasons) {
    if (row.bytes == (b8 << 8 | b9)) return row.reason;
  }
  return Reason::unknown;
}

Verdict parse_verdict(const Header& h, ByteView body) {
  Verdict v;
  v.b8 = h.u8(8);
  v.b9 = h.u8(9);
  v.reason = reason_of(v.b8, v.b9);
  v.accepted = v.b8 == 0;
  v.session = h.le32(16);
  if (v.accepted) v.channels = h.u8(10);
  // Old devices leave [24..25] empty and use byte 28 for something else.
  const bool has_mark = h.le16(24) == 0x0006;
  if (v.reason == Reason::wrong_password && has_mark) v.tries_left = load_be16(&h.raw[28]);
  const std::string_view text = bounded_text(body);
  v.text = std::string(trim(text));
  if (const auto c = line_after(text, "DeviceClass:")) v.device_class = std::string(*c);
  if (const auto t = line_after(text, "DeviceType:")) v.device_type = std::string(*t);
  if (auto left = line_after(text, "LockLeftTime")) {
    // The separator differs in what is known of this text.
    const std::size_t digit = left->find_first_of("0123456789");
    int seconds = 0;
    if (digit != std::string_view::npos &&
        std::from_chars(left->data() + digit, left->data() + left->size(), seconds).ec == std::errc()) {
      v.lock_seconds = seconds;
    }
  }
  return v;
}

Bytes write_verdict(const Verdict& v) {
  Header h(Command::login_reply, 0x68);
  h.set_u8(8, v.b8).set_u8(9, v.b9).set_u8(10, static_cast<std::uint8_t>(std::clamp(v.channels, 0, 255)));
  h.set_le32(16, v.session).set_le32(20, 1).set_le32(24, 0x00f90006).set_u8(31, 0x02);
  constexpr int accepted_field = 7;  // as captured; its meaning is not known
  const int field28 = v.b8 == 0 ? accepted_field : std::clamp(v.tries_left.value_or(0), 0, 0xffff);
  store_be16(&h.raw[28], static_cast<std::uint16_t>(field28));
  std::string body;
  if (!v.device_class.empty()) body += "DeviceClass:" + v.device_class + "\r\n";
  if (!v.device_type.empty()) body += "DeviceType:" + v.device_type + "\r\n";
  if (v.lock_seconds) body += "LockLeftTime:" + std::to_string(*v.lock_seconds) + "\r\n";
  if (!body.empty()) body += "\r\n";
  return write_frame(h, as_bytes(body));
}

Verdict make_accepted(std::uint32_t session, int channels) {
  Verdict v;
  v.accepted = true;
  v.reason = Reason::accepted;
  v.b9 = 0x08;
  v.session = session;
  v.channels = channels;
  return v;
}

Verdict make_refused(Reason reason, std::optional<int> tries_left) {
  Verdict v;
  const std::uint16_t bytes = reason_bytes(reason);
  v.reason = reason;
  v.b8 = static_cast<std::uint8_t>(bytes >> 8);
  v.b9 = static_cast<std::uint8_t>(bytes);
  v.tries_left = tries_left;
  return v;
}

}  // namespace dmss::proto::dvrip
