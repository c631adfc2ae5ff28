#include "session/live/rtsp_dialogue.hpp"

#include "base/text.hpp"
#include "session/random.hpp"

namespace dmss::session {
namespace {

using proto::rtsp::Message;

constexpr Duration kFlightLimit =
    std::chrono::seconds(3);  // a device that takes one request at a time leaves the others unanswered

bool says_close(const Message& answer) {
  return equal_ignoring_case(trim(answer.get("Connection")), "close");
}

}  // namespace

RtspDialogue::RtspDialogue(Context context, RtspTarget target)
    : context_(std::move(context)), target_(std::move(target)) {}

proto::auth::Authenticator RtspDialogue::new_auth() const {
  return {target_.credentials.user, target_.credentials.password, target_.allow_plaintext_password};
}

awaitable<Result<void>> RtspDialogue::connect(bool may_reuse) {
  reused_ = false;
  if (may_reuse) {
    if (auto left = target_.memory->take()) {
      use(std::move(left->connection));
      own_auth_ = std::move(left->auth);
      bytes_before_ = connection_->bytes_in();
      skipped_before_ = connection_->skipped();
      reused_ = nonce_is_old_ = true;
      reuses_nonce_ = false;
      co_return Result<void>();
    }
  }
  if (auto dialled = co_await dial(); !dialled) co_return dialled;
  nonce_is_old_ = false;
  reuses_nonce_ = target_.memory->accepted.has_value() && target_.memory->nonce_is_shared;
  if (!reuses_nonce_) own_auth_ = new_auth();
  co_return Result<void>();
}

void RtspDialogue::use(std::shared_ptr<RtspConnection> connection) {
  connection_ = std::move(connection);
  connection_->packets = packets_;
  connection_->on_end = on_end_;
}

awaitable<Result<void>> RtspDialogue::dial() {
  net::ConnectOptions o;
  o.to = target_.endpoint;
  o.tls = target_.tls;
  o.timeout = target_.connect_timeout;
  o.abort = abort_;
  Result<std::unique_ptr<net::Stream>> stream = co_await context_.connector.connect(std::move(o));
  if (!stream) co_return stream.error();
  if (abort_->aborted()) {
    (*stream)->close();
    co_return Errc::cancelled;
  }
  use(std::make_shared<RtspConnection>(context_, std::move(*stream)));
  connection_->start();
  bytes_before_ = skipped_before_ = 0;
  co_return Result<void>();
}

/// Some devices close the connection with the challenge and want the answer on another one; its nonce is good there, and a refusal is a
/// verdict on the password.
awaitable<Result<void>> RtspDialogue::dial_again() {
  drop();
  if (auto dialled = co_await dial(); !dialled) co_return dialled;
  reused_ = false;
  co_return Result<void>();
}

bool RtspDialogue::sends_flights() const {
  using Flights = RtspMemory::Flights;
  const Flights known = target_.memory->flights;
  return known == Flights::work ||
         (known == Flights::untried && reused_ && connection_->answers_are_numbered());
}

bool RtspDialogue::sign(Message& m) {
  const auto value = auth().authorize(m.method, m.uri, random_hex());
  if (!value) return false;
  m.set("Authorization", *value);
  if (!std::exchange(told_credentials_, true) && target_.on_credentials_sent) target_.on_credentials_sent();
  return true;
}

void RtspDialogue::add_session(Message& m) const {
  if (!session_.id.empty()) m.set("Session", session_.id);
}

bool RtspDialogue::challenged(const Message& answer) {
  std::vector<std::string> challenges;
  for (std::string_view v : answer.get_all("WWW-Authenticate")) challenges.emplace_back(v);
  if (reuses_nonce_) own_auth_ = new_auth();
  const bool judged = !std::exchange(reuses_nonce_, false);
  return own_auth_.challenged(challenges, judged) == proto::auth::Authenticator::Verdict::retry;
}

awaitable<Result<Message>> RtspDialogue::request(Message plain) {
  add_session(plain);
  bool dialled_again = false;
  for (int attempt = 0;; ++attempt) {
    Message m = plain;
    const bool sent_credentials = sign(m);
    Messages one;
    one.push_back(std::move(m));
    Result<Messages> answers = co_await connection_->exchange(std::move(one), target_.request_timeout);
    if (!answers) co_return answers.error();
    Message& answer = answers->front();
    if (answer.status != 401) {
      nonce_is_old_ = false;
      note_methods(answer);
      if (sent_credentials && answer.status < 300 && !reuses_nonce_ && own_auth_.challenge())
        target_.memory->accepted = own_auth_;
      co_return std::move(answer);
    }
    std::vector<std::string> challenges;
    for (std::string_view v : answer.get_all("WWW-Authenticate")) challenges.emplace_back(v);
    bool judged = sent_credentials;
    if (reuses_nonce_) {
      // The nonce belonged to another connection: this says nothing about the password.
      target_.memory->nonce_is_shared = false;
      reuses_nonce_ = false;
      own_auth_ = new_auth();
      judged = false;
    } else if (std::exchange(nonce_is_old_, false)) {
      own_auth_ = new_auth();
      judged = false;
    }
    using Verdict = proto::auth::Authenticator::Verdict;
    const Verdict verdict = attempt < 3 ? own_auth_.challenged(challenges, judged) : Verdict::refused;
    switch (verdict) {
      case Verdict::retry:
        // Only where nothing was sent after the challenge: credentials without a verdict are not sent again.
        if ((connection_->ends() || says_close(answer)) && session_.id.empty() &&
            !std::exchange(dialled_again, true)) {
          if (auto dialled = co_await dial_again(); !dialled) co_return dialled.error();
        }
        break;
      case Verdict::refused: co_return refusal(Errc::wrong_password, answer);
      case Verdict::basic_only: co_return refusal(Errc::plaintext_refused, answer);
      case Verdict::no_challenge:
        co_return refusal(sent_credentials ? Errc::wrong_password : Errc::login_refused, answer);
    }
  }
}

awaitable<Result<RtspDialogue::Messages>> RtspDialogue::flight(Messages plain) {
  for (Message& m : plain) {
    add_session(m);
    sign(m);
  }
  const Duration limit = std::min(kFlightLimit, target_.request_timeout);
  Result<Messages> answers = co_await connection_->exchange(std::move(plain), limit);
  using Flights = RtspMemory::Flights;
  if (!answers) {
    if (answers.error() == Errc::timeout) target_.memory->flights = Flights::fail;
    co_return answers;
  }
  target_.memory->flights = Flights::work;
  for (const Message& m : *answers) {
    note_methods(m);
    if (m.status != 401) continue;
    target_.memory->accepted.reset();  // its nonce has grown too old, or the password has changed
    co_return labelled(Errc::session_expired);
  }
  co_return answers;
}

void RtspDialogue::send(Message plain, RtspConnection::Answered answered) {
  add_session(plain);
  sign(plain);
  connection_->send_request(std::move(plain), std::move(answered));
}

void RtspDialogue::note_methods(const Message& answer) {
  const std::string_view methods = answer.get("Public");
  if (!methods.empty() && methods.find("GET_PARAMETER") == std::string_view::npos)
    target_.memory->get_parameter = false;
}

Error RtspDialogue::labelled(Error e) const {
  return connection_ && e.connection().empty()
             ? Error(std::move(e)).with_connection("rtsp/" + connection_->info().label())
             : e;
}

Error RtspDialogue::refusal(Errc code, const Message& answer) const {
  return labelled(Error(code).with_device(answer.status, answer.reason));
}

Error RtspDialogue::status_error(const Message& answer, const char* method) const {
  if (answer.status >= 200 && answer.status < 300) return {};
  Errc code = Errc::device_error;
  switch (answer.status) {
    case 400:
    case 404: code = Errc::no_such_channel; break;
    case 403: code = Errc::no_permission; break;
    case 415:
    case 461:
    case 501:
    case 551: code = Errc::unsupported; break;
    case 453: code = Errc::stream_limit; break;
    case 454: code = Errc::session_expired; break;
    case 503: code = Errc::device_busy; break;
    default: break;
  }
  return labelled(Error(code, std::string(method) + " was answered with " + std::to_string(answer.status))
                      .with_device(answer.status, answer.reason));
}

void RtspDialogue::note_session(const Message& answer) {
  if (auto s = proto::rtsp::parse_session(answer.get("Session"))) session_ = *s;
}

bool RtspDialogue::leave() {
  if (!connection_ || connection_->end() || reuses_nonce_ || !connection_->answers_are_numbered())
    return false;
  if (!target_.memory->leave({connection_, own_auth_})) return false;
  connection_->packets = nullptr;
  connection_->on_end = nullptr;
  connection_.reset();
  session_ = {};
  return true;
}

void RtspDialogue::drop() {
  session_ = {};
  if (!connection_) return;
  connection_->packets = nullptr;
  connection_->on_end = nullptr;
  std::exchange(connection_, nullptr)->close();
}

void RtspDialogue::close() {
  abort_->abort();
  if (connection_) connection_->close();
}

}  // namespace dmss::session
