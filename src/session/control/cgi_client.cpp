#include "session/control/cgi_client.hpp"

#include <limits>

#include "proto/rpc/codes.hpp"
#include "session/control/reads.hpp"
#include "session/device/credential_guard.hpp"
#include "session/random.hpp"

namespace dmss::session {
namespace {

namespace rpc = proto::rpc;
namespace auth = proto::auth;

constexpr int kMaxSends = 4;  // of one request: bare, signed, and once more of each

}  // namespace

/// What became of one request so far.
struct CgiClient::Attempt {
  int sends = 0;
  bool has_credentials = false;  // the latest one sent
  bool reused = false;           // with a nonce that had passed before
  bool crossed = false;          // on another connection than the one that got the nonce
  bool again = false;            // the challenge was run once more
};

struct CgiClient::Opening {
  std::shared_ptr<net::Abort> abort = std::make_shared<net::Abort>();
  net::Stream* stream = nullptr;  // while a head is awaited on it
};

CgiClient::CgiClient(Context context, CgiOptions options, std::shared_ptr<HttpConnections> connections)
    : context_(std::move(context)),
      options_(std::move(options)),
      connections_(connections ? std::move(connections)
                               : std::make_shared<HttpConnections>(context_, options_.target)),
      judging_(context_, 1) {}

auth::Authenticator CgiClient::make_auth() const {
  return {options_.credentials.user, options_.credentials.password, options_.allow_plaintext_password};
}

std::optional<Error> CgiClient::held_back() const {
  if (!refused_) return std::nullopt;
  if (!refused_until_) return Error(Errc::credentials_held_back).with_cause(*refused_);
  const Duration left = *refused_until_ - context_.clock.now();
  if (left <= Duration::zero()) return std::nullopt;
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(left).count();
  return Error(*refused_).with_seconds_left(static_cast<int>(seconds));
}

Error CgiClient::refuse(Error why) {
  refused_ = why;
  refused_until_.reset();
  if (why == Errc::locked && why.seconds_left())
    refused_until_ = context_.clock.now() + std::chrono::seconds(*why.seconds_left());
  return why;
}

void CgiClient::set_credentials(Credentials credentials) {
  options_.credentials = std::move(credentials);
  ++credentials_number_;
  connections_->forget_challenges();
  refused_.reset();
  refused_until_.reset();
  if (std::exchange(verified_, false)) judging_.limit(1);
}

void CgiClient::accepted(const auth::Authenticator& auth) {
  if (auth.challenge()) scheme_ = auth.challenge()->scheme;
  refused_.reset();
  if (std::exchange(verified_, true)) return;
  judging_.limit(std::numeric_limits<int>::max());
}

void CgiClient::sign(auth::Authenticator& auth, net::HttpRequest& request, Attempt& attempt) {
  ++attempt.sends;
  const auto authorization = auth.authorize(request.method, request.target, random_hex());
  attempt.has_credentials = authorization.has_value();
  if (!authorization) return;
  request.headers.emplace_back("Authorization", *authorization);
  if (!std::exchange(told_, true) && options_.on_credentials_sent) options_.on_credentials_sent();
}

/// After a 401: nothing when the request can be sent by the new challenge.
std::optional<Error> CgiClient::challenged(auth::Authenticator& auth, const net::HttpResponse& response,
                                           Attempt& attempt) {
  bool judged = attempt.has_credentials;
  if (judged && verified_ && attempt.crossed && attempt.reused && !attempt.again) {
    nonce_stays_ = true;
    attempt.again = true;
    judged = false;
    auth.reset();
  }
  using Verdict = auth::Authenticator::Verdict;
  const std::vector<std::string> challenges = response.get_all("WWW-Authenticate");
  switch (auth.challenged(challenges, judged)) {
    case Verdict::retry:
      if (attempt.sends < kMaxSends) return std::nullopt;
      return Error(Errc::login_refused, "one challenge after the other").with_device(401, "");
    case Verdict::basic_only: return Error(Errc::plaintext_refused);
    case Verdict::no_challenge:
      if (!judged)
        return Error(Errc::login_refused, "401 without a challenge")
            .with_device(401, response.body.substr(0, 200));
      [[fallthrough]];
    case Verdict::refused: break;
  }
  const Error e = rpc::cgi_error(401, response.body);
  return refuse(e ? e : Error(Errc::wrong_password));
}

/// The answer's meaning: an error, Errc::ok, or nothing when the request is to be sent again.
std::optional<Error> CgiClient::judge(auth::Authenticator& auth, const net::HttpResponse& response,
                                      Attempt& attempt) {
  if (response.status == 401) return challenged(auth, response, attempt);
  const bool nonce_reused = attempt.has_credentials && attempt.reused && auth.challenge() &&
                            auth.challenge()->scheme == auth::Scheme::digest;
  if (response.status == 403 && nonce_reused && !attempt.again && rpc::is_authority_failure(response.body)) {
    // It may be the nonce that the device no longer likes.
    attempt.again = true;
    auth.reset();
    return std::nullopt;
  }
  const Error e = rpc::cgi_error(response.status, response.body, response.get("Content-Type"));
  if (speaks_against_credentials(e.code())) return attempt.has_credentials ? refuse(e) : e;
  if (attempt.has_credentials && response.status < 500) accepted(auth);
  return e;
}

awaitable<Result<net::HttpResponse>> CgiClient::get(std::string target, Duration timeout, Priority priority) {
  auto self = shared_from_this();
  const net::TimePoint deadline = context_.clock.now() + timeout;
  const bool alone = !verified_;
  if (alone) {
    Result<void> turn = co_await judging_.take(deadline);
    if (!turn) co_return connections_->labelled(turn.error());
  }
  Result<net::HttpResponse> response = co_await ask(std::move(target), deadline, priority);
  if (alone) judging_.give_back();
  co_return response;
}

awaitable<Result<net::HttpResponse>> CgiClient::ask(std::string target, net::TimePoint deadline,
                                                    Priority priority) {
  using Resend = HttpConnections::Resend;
  Result<HttpConnections::Turn> taken = co_await connections_->take(deadline, priority);
  if (!taken) co_return taken.error();
  HttpConnections::Turn& turn = *taken;
  Attempt attempt;
  for (;;) {
    if (auto held = held_back()) co_return connections_->labelled(*held);
    Result<void> open = co_await connections_->ready(turn, deadline);
    if (!open) co_return connections_->labelled(open.error());
    if (!turn->auth) turn->auth = make_auth();
    if (attempt.sends == 0 && nonce_stays_ && turn->challenged != turn->number) turn->auth->reset();
    const std::uint64_t nonce_from = turn->challenged;
    attempt.reused = turn->nonce_passed;
    net::HttpRequest request;
    request.target = target;
    sign(*turn->auth, request, attempt);
    const std::uint64_t credentials = credentials_number_;
    const bool unjudged = attempt.has_credentials && !verified_;
    const Resend resend = unjudged || !is_read_target(target) ? Resend::never : Resend::if_dropped;
    Result<net::HttpResponse> response =
        co_await connections_->exchange(turn, std::move(request), deadline, resend);
    if (!response) co_return response.error();
    if (credentials != credentials_number_)
      attempt.has_credentials = false;  // the answer is about former ones
    attempt.crossed = turn->number != nonce_from;
    if (!turn->auth) turn->auth = make_auth();
    const std::optional<Error> verdict = judge(*turn->auth, *response, attempt);
    if (!verdict) {
      turn->challenged = turn->number;
      turn->nonce_passed = false;
      continue;
    }
    if (*verdict) co_return connections_->labelled(*verdict);
    if (attempt.has_credentials && turn->challenged == nonce_from) turn->nonce_passed = true;
    co_return response;
  }
}

awaitable<Result<OpenedStream>> CgiClient::open_stream(std::string target, Duration timeout) {
  auto self = shared_from_this();
  const net::TimePoint deadline = context_.clock.now() + timeout;
  const bool alone = !verified_;
  if (alone) {
    Result<void> turn = co_await judging_.take(deadline);
    if (!turn) co_return connections_->labelled(turn.error());
  }
  auto opening = std::make_shared<Opening>();
  std::erase_if(openings_, [](const auto& o) { return o.expired(); });
  openings_.push_back(opening);
  Result<OpenedStream> opened = co_await open(opening, std::move(target), deadline);
  if (alone) judging_.give_back();
  co_return opened;
}

awaitable<Result<OpenedStream>> CgiClient::open(std::shared_ptr<Opening> opening, std::string target,
                                                net::TimePoint deadline) {
  const std::string host = options_.target.endpoint.to_string();
  auth::Authenticator auth = make_auth();
  std::unique_ptr<net::Stream> stream;
  Attempt attempt;
  for (;;) {
    if (closed_) co_return Errc::cancelled;
    if (auto held = held_back()) co_return connections_->labelled(*held);
    if (!stream) {
      net::ConnectOptions o;
      o.to = options_.target.endpoint;
      o.tls = options_.target.tls;
      o.timeout = std::min(options_.target.connect_timeout, deadline - context_.clock.now());
      o.abort = opening->abort;
      Result<std::unique_ptr<net::Stream>> connected = co_await context_.connector.connect(std::move(o));
      if (closed_) co_return Errc::cancelled;
      if (!connected) co_return connected.error();
      stream = std::move(*connected);
    }
    net::HttpRequest request;
    request.target = target;
    sign(auth, request, attempt);
    opening->stream = stream.get();
    std::string to = host;
    const std::uint64_t credentials = credentials_number_;
    Result<net::HttpOpened> opened =
        co_await net::http_open(std::move(stream), context_.clock, std::move(request), std::move(to),
                                deadline - context_.clock.now());
    opening->stream = nullptr;
    if (closed_) co_return Errc::cancelled;
    if (!opened) co_return connections_->labelled(opened.error());
    if (credentials != credentials_number_) {
      auth = make_auth();
      attempt.has_credentials = false;
    }
    net::HttpResponse seen = opened->head;
    if (seen.status == 200) seen.body = as_text(opened->first);
    const std::optional<Error> verdict = judge(auth, seen, attempt);
    if (!verdict) {
      stream = std::move(opened->stream);
      continue;
    }
    if (*verdict) co_return connections_->labelled(*verdict);
    if (opened->head.status != 200) {
      co_return connections_->labelled(
          Error(Errc::malformed, "a stream was asked for").with_device(opened->head.status, ""));
    }
    OpenedStream out;
    out.head = std::move(opened->head);
    out.first = std::move(opened->first);
    out.stream = std::move(opened->stream);
    co_return out;
  }
}

void CgiClient::close() {
  if (std::exchange(closed_, true)) return;
  auto self = shared_from_this();
  judging_.close();
  connections_->close();
  for (const auto& weak : openings_) {
    auto opening = weak.lock();
    if (!opening) continue;
    opening->abort->abort();
    if (opening->stream != nullptr) opening->stream->close();
  }
}

LinkStats CgiClient::stats() const {
  LinkStats s;
  s.bytes_in = connections_->bytes_in();
  s.bytes_out = connections_->bytes_out();
  return s;
}

}  // namespace dmss::session
