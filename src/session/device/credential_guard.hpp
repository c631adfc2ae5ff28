// CredentialGuard: keeps the SDK from locking anybody's account. One login at a time for each device, and what a device has
// refused is not sent to it again until it changes or the caller says so. Shared by all engines of the process, because a
// device counts wrong passwords per address, not per engine.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "session/context.hpp"
#include "session/engine/signal.hpp"

namespace dmss::session {

class CredentialGuard {
 public:
  static CredentialGuard& instance();

  /// Identifies device, user and password; the password is kept only as a salted hash.
  struct Key {
    std::string device;  ///< lower-case host and port
    std::string login;   ///< user and salted hash of the password
    bool operator<(const Key& o) const { return std::tie(device, login) < std::tie(o.device, o.login); }
  };
  Key key(const net::Endpoint& device, const Credentials& credentials) const;

  /// The right to send credentials to one device; others wait until it is gone.
  class Lease {
   public:
    Lease() = default;
    Lease(CredentialGuard* guard, std::string device) : guard_(guard), device_(std::move(device)) {}
    Lease(Lease&& o) noexcept : guard_(std::exchange(o.guard_, nullptr)), device_(std::move(o.device_)) {}
    Lease& operator=(Lease&& o) noexcept {
      if (this != &o) {
        release();
        guard_ = std::exchange(o.guard_, nullptr);
        device_ = std::move(o.device_);
      }
      return *this;
    }
    ~Lease() { release(); }
    void release();
    explicit operator bool() const { return guard_ != nullptr; }

   private:
    CredentialGuard* guard_ = nullptr;
    std::string device_;
  };
  /// Waits for the lease on `turn`, which others may notify, too; without a lease when `gives_up` says so after a notification.
  awaitable<Lease> acquire(std::string device, std::shared_ptr<Signal> turn, std::function<bool()> gives_up);

  /// What the device said to these credentials, if they must not be sent: credentials_held_back with the refusal as its cause,
  /// or `locked`; with the seconds that remain where it is for a time only.
  std::optional<Error> held_back(const Key& key, net::TimePoint now) const;
  /// A refusal that nobody has documented holds only what the device has not accepted before, and for a time, as unanswered().
  void refused(const Key& key, const Error& why, net::TimePoint now);
  /// They went out and no verdict came: some devices refuse in silence. Held for 30 s, each further time for twice as long, up to half an
  /// hour; never when the device has accepted them before.
  void unanswered(const Key& key, const Error& why, net::TimePoint now);
  void accepted(const Key& key);
  /// And not refused as wrong since.
  bool was_accepted(const Key& key) const;
  void forget(const Key& key);

 private:
  CredentialGuard();
  void release(const std::string& device);

  struct Refusal {
    Error why;
    std::optional<net::TimePoint> until;  // none: until it changes
    Duration hold{};                      // of one without a known verdict
  };
  void hold(const Key& key, const Error& why, net::TimePoint now);
  void remember(const Key& key, Refusal refusal);
  std::string salt_;
  mutable std::mutex mutex_;
  std::map<Key, Refusal> refusals_;
  std::set<Key> accepted_;
  struct Waiting {
    std::shared_ptr<Signal> turn;
    bool mine = false;  // network thread of the one who waits
  };
  std::map<std::string, std::deque<std::shared_ptr<Waiting>>> gates_;  // present = taken; the queue waits
};

/// True for refusals after which the same credentials must not be sent again by themselves, for a time at least.
bool speaks_against_credentials(Errc code);

}  // namespace dmss::session
