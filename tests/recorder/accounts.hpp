// Accounts: who may log in, what was tried, and when an account is locked. One rule for all services, as on a
// device.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "net/clock.hpp"
#include "proto/auth/digest.hpp"
#include "proto/rpc/login.hpp"
#include "recorder/faults.hpp"
#include "recorder/profile.hpp"

namespace dmss::recorder {

struct Judgement {
  enum class Kind {
    accepted,
    wrong_password,
    unknown_user,
    locked,
    not_initialised,
    too_many_users,
    busy,
    other
  };
  Kind kind = Kind::accepted;
  int tries_left = 0;
  bool tell_tries = true;
  int lock_seconds = 0;
  std::uint8_t b8 = 1, b9 = 0;  // the DVRIP pair
  std::int64_t code = 0;        // the RPC code

  bool accepted() const { return kind == Kind::accepted; }
};

class Accounts {
 public:
  Accounts(std::string user, std::string password, const Profile& profile, Faults& faults, net::Clock& clock);

  /// Whether credentials fit. A password that was changed by its hash is right for whatever is made of that hash:
  /// MD5 digests and Default logins, no more.
  bool right(const proto::auth::Authorization& a, std::string_view method) const;
  bool right(const proto::rpc::LoginRequest& login, const proto::rpc::Challenge& challenge) const;
  bool right_h2(std::string_view user, std::string_view random, std::string_view h2) const;
  bool right_text(std::string_view user, std::string_view password) const;
  /// Upper MD5(user:realm:password), which modifyPassword of JSON-RPC carries.
  bool right_hash(std::string_view user, std::string_view gen2) const;
  /// The text; nullopt when there is no such user or only the hash is known.
  std::optional<std::string> password(std::string_view user) const;
  bool known(std::string_view user) const;
  void set_password(std::string_view user, std::string password);
  void set_hash(std::string_view user, std::string gen2);
  /// As userManager.getUserInfoAll tells them.
  Json users() const;

  /// Credentials for `user` came over `service`; `right` says whether they fit. Counts and decides.
  Judgement judge(std::string_view service, std::string_view user, bool right);
  /// A refusal that needs no credentials: faults told to strike early.
  std::optional<Judgement> early(std::string_view service);
  /// Seconds until the account opens again; 0 = it is open.
  int locked_seconds(std::string_view user);
  void unlock();

  Json to_json() const;

 private:
  struct Count {
    int attempts = 0, accepted = 0, refused = 0;
  };
  struct Account {
    std::optional<std::string> password;
    std::string gen2;  // empty for strangers
    Json info;         // Group, Memo and the like; null for strangers
    int failures = 0;
    std::optional<net::TimePoint> locked_until;
    std::map<std::string, Count, std::less<>> services;
  };
  Account& account(std::string_view user);
  const Account* find(std::string_view user) const;
  void add(const std::string& user, std::string password, Json info);
  Judgement decide(std::string_view service, std::string_view user, Account& account, bool right);
  std::optional<Judgement> by_fault(const Where& where, bool early);

  const Profile& profile_;
  Faults& faults_;
  net::Clock& clock_;
  std::map<std::string, Account, std::less<>> accounts_;
};

}  // namespace dmss::recorder
