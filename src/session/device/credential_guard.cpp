#include "session/device/credential_guard.hpp"

#include <openssl/rand.h>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <cctype>

#include "proto/auth/hash.hpp"

namespace dmss::session {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMaxKeys = 4096;
constexpr Duration kFirstHold = 30s;  // protocol dvrip-dhip.md §2.4
constexpr Duration kLongestHold = 30min;

}  // namespace

bool speaks_against_credentials(Errc code) {
  switch (code) {
    case Errc::wrong_user:
    case Errc::wrong_password:
    case Errc::locked:
    case Errc::blocked:
    case Errc::login_refused: return true;
    default: return false;
  }
}

CredentialGuard& CredentialGuard::instance() {
  static CredentialGuard* guard = new CredentialGuard;  // engines may end during exit
  return *guard;
}

CredentialGuard::CredentialGuard() : salt_(32, '\0') {
  RAND_bytes(reinterpret_cast<unsigned char*>(salt_.data()), static_cast<int>(salt_.size()));
}

CredentialGuard::Key CredentialGuard::key(const net::Endpoint& device, const Credentials& credentials) const {
  std::string host = device.to_string();
  std::transform(host.begin(), host.end(), host.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const std::string length = std::to_string(credentials.user.size());
  return {std::move(host),
          proto::auth::sha256_hex({salt_, length, ":", credentials.user, credentials.password.reveal()})};
}

awaitable<CredentialGuard::Lease> CredentialGuard::acquire(std::string device, std::shared_ptr<Signal> turn,
                                                           std::function<bool()> gives_up) {
  auto waiting = std::make_shared<Waiting>();
  waiting->turn = std::move(turn);
  {
    std::lock_guard lock(mutex_);
    auto [it, free] = gates_.try_emplace(device);
    waiting->mine = free;
    if (!free) it->second.push_back(waiting);
  }
  while (!waiting->mine) {
    co_await waiting->turn->wait();
    if (waiting->mine || !gives_up()) continue;
    std::lock_guard lock(mutex_);
    const auto it = gates_.find(device);
    // Not in the queue any more: the lease is already on its way here.
    if (it != gates_.end() && std::erase(it->second, waiting) != 0) co_return Lease();
  }
  co_return Lease(this, std::move(device));
}

void CredentialGuard::Lease::release() {
  if (CredentialGuard* g = std::exchange(guard_, nullptr)) g->release(device_);
}

void CredentialGuard::release(const std::string& device) {
  std::lock_guard lock(mutex_);
  const auto it = gates_.find(device);
  if (it == gates_.end()) return;
  if (it->second.empty()) {
    gates_.erase(it);
    return;
  }
  std::shared_ptr<Waiting> next = std::move(it->second.front());
  it->second.pop_front();
  // On that one's own thread, which cannot end before it has left acquire().
  const net::Executor executor = next->turn->executor();
  boost::asio::post(executor, [next = std::move(next)] {
    next->mine = true;
    next->turn->notify();
  });
}

std::optional<Error> CredentialGuard::held_back(const Key& key, net::TimePoint now) const {
  std::lock_guard lock(mutex_);
  const auto it = refusals_.find(key);
  if (it == refusals_.end()) return std::nullopt;
  const Refusal& r = it->second;
  Error held = Error(Errc::credentials_held_back).with_cause(r.why);
  if (!r.until) return held;
  if (now >= *r.until) return std::nullopt;
  if (r.why == Errc::locked) held = r.why;
  const auto left = std::chrono::ceil<std::chrono::seconds>(*r.until - now).count();
  return Error(std::move(held)).with_seconds_left(static_cast<int>(left));
}

void CredentialGuard::refused(const Key& key, const Error& why, net::TimePoint now) {
  if (!speaks_against_credentials(why.code())) return;
  std::lock_guard lock(mutex_);
  if (why == Errc::login_refused) return hold(key, why, now);
  if (why == Errc::wrong_user || why == Errc::wrong_password) accepted_.erase(key);
  Refusal r{why, std::nullopt};
  if (why == Errc::locked && why.seconds_left()) r.until = now + std::chrono::seconds(*why.seconds_left());
  remember(key, std::move(r));
}

void CredentialGuard::unanswered(const Key& key, const Error& why, net::TimePoint now) {
  std::lock_guard lock(mutex_);
  hold(key, why, now);
}

void CredentialGuard::hold(const Key& key, const Error& why, net::TimePoint now) {
  if (accepted_.contains(key)) return;
  const auto it = refusals_.find(key);
  const Duration before = it == refusals_.end() ? Duration::zero() : it->second.hold;
  const Duration next =
      before == Duration::zero() ? kFirstHold : std::min<Duration>(before * 2, kLongestHold);
  remember(key, {why, now + next, next});
}

void CredentialGuard::remember(const Key& key, Refusal refusal) {
  if (refusals_.size() >= kMaxKeys) refusals_.erase(refusals_.begin());
  refusals_.insert_or_assign(key, std::move(refusal));
}

void CredentialGuard::accepted(const Key& key) {
  std::lock_guard lock(mutex_);
  refusals_.erase(key);
  if (accepted_.size() >= kMaxKeys) accepted_.erase(accepted_.begin());
  accepted_.insert(key);
}

bool CredentialGuard::was_accepted(const Key& key) const {
  std::lock_guard lock(mutex_);
  return accepted_.contains(key);
}

void CredentialGuard::forget(const Key& key) {
  std::lock_guard lock(mutex_);
  refusals_.erase(key);
}

}  // namespace dmss::session
