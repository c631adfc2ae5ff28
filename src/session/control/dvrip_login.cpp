#include "session/control/dvrip_login.hpp"

#include "proto/dvrip/login.hpp"
#include "proto/rpc/codes.hpp"

namespace dmss::session {
namespace {

namespace dvrip = proto::dvrip;

constexpr int kMaxUnexpectedFrames = 32;

struct Answer {
  std::optional<dvrip::LoginChallenge> challenge;
  dvrip::Verdict verdict;
};

awaitable<Result<Answer>> read_answer(std::shared_ptr<DvripConnection> connection, Duration timeout) {
  for (int i = 0; i < kMaxUnexpectedFrames; ++i) {
    Result<dvrip::FrameView> frame = co_await connection->read(timeout);
    if (!frame) co_return frame.error();
    if (frame->header.command() != dvrip::Command::login_reply) continue;
    Answer a;
    a.challenge = dvrip::parse_challenge(frame->body);
    if (!a.challenge) a.verdict = dvrip::parse_verdict(*frame);
    co_return a;
  }
  co_return connection->labelled(Error(Errc::malformed, "no answer to the login among other frames"));
}

Result<LoginOutcome> outcome(const DvripConnection& connection, const dvrip::Verdict& verdict,
                             LoginKind kind) {
  if (!verdict.accepted) return connection.labelled(proto::rpc::verdict_error(verdict));
  LoginOutcome o;
  o.login = kind;
  o.route = ControlRoute::dvrip;
  o.connection = connection.info();
  o.session = verdict.session;
  o.channels = verdict.channels;
  o.device_class = verdict.device_class;
  return o;
}

/// Does a verdict on the empty realm request mean "I do not know this kind of login", or is it about the device?
bool asks_for_legacy(const dvrip::Verdict& v) {
  switch (v.reason) {
    case dvrip::Reason::locked:
    case dvrip::Reason::blocked:
    case dvrip::Reason::not_initialised:
    case dvrip::Reason::already_logged_in: return false;
    default: return !v.accepted;
  }
}

}  // namespace

awaitable<Result<LoginOutcome>> log_in_dvrip(std::shared_ptr<DvripConnection> connection,
                                             const LinkOptions& options) {
  const auto send_credentials = [&](Bytes frame) {
    if (options.on_credentials_sent) options.on_credentials_sent();
    connection->send(std::move(frame));
  };
  const std::string_view password = options.credentials.password.reveal();
  const std::string& user = options.credentials.user;

  connection->send(dvrip::write_realm_request());
  Result<Answer> first = co_await read_answer(connection, options.call_timeout);
  if (!first) co_return first.error();
  if (first->challenge) {
    send_credentials(dvrip::write_digest_login(user, password, *first->challenge));
    Result<Answer> second = co_await read_answer(connection, options.call_timeout);
    if (!second) co_return second.error();
    if (second->challenge)
      co_return connection->labelled(Error(Errc::malformed, "a second challenge instead of a verdict"));
    Result<LoginOutcome> accepted = outcome(*connection, second->verdict, LoginKind::dvrip_digest);
    if (accepted) accepted->realm = first->challenge->realm;
    co_return accepted;
  }
  if (!asks_for_legacy(first->verdict)) co_return outcome(*connection, first->verdict, LoginKind::none);
  if (options.legacy_login == LegacyLogin::none) {
    co_return connection->labelled(
        Error(Errc::legacy_login_needed).with_device(first->verdict.device_code(), first->verdict.text));
  }
  // A device that judges an empty realm request predates challenges. What it knows instead, only the caller can tell.
  const bool gen0 = options.legacy_login == LegacyLogin::gen0;
  Bytes request =
      gen0 ? dvrip::write_gen0_login(user, password) : dvrip::write_plain_short_login(user, password);
  if (request.empty()) request = dvrip::write_plain_long_login(user, password);
  send_credentials(std::move(request));
  Result<Answer> second = co_await read_answer(connection, options.call_timeout);
  if (!second) co_return second.error();
  if (second->challenge)
    co_return connection->labelled(Error(Errc::malformed, "a challenge after a legacy login"));
  co_return outcome(*connection, second->verdict, gen0 ? LoginKind::dvrip_gen0 : LoginKind::dvrip_plain);
}

}  // namespace dmss::session
