#include "recorder/accounts.hpp"

#include <algorithm>
#include <cctype>

#include "proto/auth/hash.hpp"
#include "proto/rpc/codes.hpp"

namespace dmss::recorder {
namespace {

using proto::rpc::bool_or;
using proto::rpc::int_or;
using proto::rpc::text_or;
namespace auth = proto::auth;
using Kind = Judgement::Kind;

constexpr std::size_t kMaxAccounts =
    256;  // strangers' names are remembered for the tests, but not without end

std::uint8_t byte_or(const Json& j, const char* key, int fallback) {
  return static_cast<std::uint8_t>(int_or(j, key, fallback) & 0xff);
}

Judgement pair(Kind kind, int b8, int b9, std::int64_t code, const Json& arguments = nullptr) {
  Judgement j;
  j.kind = kind;
  j.b8 = byte_or(arguments, "b8", b8);
  j.b9 = byte_or(arguments, "b9", b9);
  j.code = int_or(arguments, "code", code);
  return j;
}

}  // namespace

Accounts::Accounts(std::string user, std::string password, const Profile& profile, Faults& faults,
                   net::Clock& clock)
    : profile_(profile), faults_(faults), clock_(clock) {
  add(user, std::move(password),
      {{"Group", "admin"},
       {"Id", 1},
       {"Memo", user + " 's account"},
       {"Reserved", true},
       {"Sharable", true}});
  for (const Json& one : profile.users) {
    Json info = one;
    const std::string name = text_or(info, "Name", "");
    if (!info.is_object() || name.empty()) continue;
    std::string secret = text_or(info, "Password", "");
    for (const char* own : {"Name", "Password"}) info.erase(own);
    add(name, std::move(secret), std::move(info));
  }
}

void Accounts::add(const std::string& user, std::string password, Json info) {
  Account& a = accounts_[user];
  a.info = std::move(info);
  a.gen2 = auth::gen2(user, profile_.realm(), password);
  a.password = std::move(password);
}

const Accounts::Account* Accounts::find(std::string_view user) const {
  const auto found = accounts_.find(user);
  return found == accounts_.end() || found->second.gen2.empty() ? nullptr : &found->second;
}

bool Accounts::right(const auth::Authorization& a, std::string_view method) const {
  const Account* one = find(a.user);
  if (one == nullptr) return false;
  if (one->password) return auth::verify(a, method, *one->password);
  if (a.algorithm != auth::Algorithm::md5) return false;
  std::string ha1 = one->gen2;
  for (char& c : ha1) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return auth::verify_ha1(a, method, ha1);
}

bool Accounts::right(const proto::rpc::LoginRequest& login, const proto::rpc::Challenge& challenge) const {
  const Account* one = find(login.user);
  if (one == nullptr) return false;
  if (one->password) return proto::rpc::verify_login(login, challenge, *one->password);
  return challenge.kind() == proto::rpc::Encryption::digest &&
         right_h2(login.user, challenge.random, login.password.reveal());
}

bool Accounts::right_h2(std::string_view user, std::string_view random, std::string_view h2) const {
  const Account* one = find(user);
  return one != nullptr && auth::equal_constant_time(auth::h2_from_gen2(user, random, one->gen2), h2);
}

bool Accounts::right_text(std::string_view user, std::string_view password) const {
  const Account* one = find(user);
  return one != nullptr && auth::equal_constant_time(one->gen2, auth::gen2(user, profile_.realm(), password));
}

bool Accounts::right_hash(std::string_view user, std::string_view gen2) const {
  const Account* one = find(user);
  return one != nullptr && auth::equal_constant_time(one->gen2, gen2);
}

std::optional<std::string> Accounts::password(std::string_view user) const {
  const Account* one = find(user);
  return one == nullptr ? std::nullopt : one->password;
}

bool Accounts::known(std::string_view user) const {
  return find(user) != nullptr;
}

void Accounts::set_password(std::string_view user, std::string password) {
  Account& a = account(user);
  if (a.info.is_null()) a.info = {{"Group", "user"}, {"Id", accounts_.size()}};
  a.gen2 = auth::gen2(user, profile_.realm(), password);
  a.password = std::move(password);
}

void Accounts::set_hash(std::string_view user, std::string gen2) {
  Account& a = account(user);
  a.gen2 = std::move(gen2);
  a.password.reset();
}

Json Accounts::users() const {
  Json out = Json::array();
  for (const auto& [name, a] : accounts_) {
    if (a.gen2.empty()) continue;
    Json one = a.info;
    one["Name"] = name;
    out.push_back(std::move(one));
  }
  return out;
}

Accounts::Account& Accounts::account(std::string_view user) {
  const auto found = accounts_.find(user);
  if (found != accounts_.end()) return found->second;
  return accounts_[accounts_.size() < kMaxAccounts ? std::string(user.substr(0, 128))
                                                   : std::string("(others)")];
}

int Accounts::locked_seconds(std::string_view user) {
  const auto found = accounts_.find(user);
  if (found == accounts_.end() || !found->second.locked_until) return 0;
  const auto left = *found->second.locked_until - clock_.now();
  if (left <= net::Duration::zero()) {
    found->second.locked_until.reset();
    found->second.failures = 0;
    return 0;
  }
  return static_cast<int>(std::chrono::ceil<std::chrono::seconds>(left).count());
}

void Accounts::unlock() {
  for (auto& [name, a] : accounts_) {
    a.locked_until.reset();
    a.failures = 0;
  }
}

std::optional<Judgement> Accounts::by_fault(const Where& where, bool early) {
  namespace code = proto::rpc::code;
  const auto hit = [&](std::string_view name, bool by_default) {
    const Json* found = faults_.find(name, where);
    return found != nullptr && bool_or(*found, "early", by_default) == early ? faults_.take(name, where)
                                                                             : std::nullopt;
  };
  if (auto a = hit("not_initialised", true))
    return pair(Kind::not_initialised, 1, 0x11, code::not_initialised, *a);
  if (auto a = hit("too_many_users", false)) return pair(Kind::too_many_users, 3, 3, code::already_used, *a);
  if (auto a = hit("busy", false)) return pair(Kind::busy, 1, 7, code::busy, *a);
  if (auto a = hit("verdict", false)) return pair(Kind::other, 1, 0, code::generic, *a);
  return std::nullopt;
}

std::optional<Judgement> Accounts::early(std::string_view service) {
  if (faults_.none()) return std::nullopt;
  return by_fault({.service = service}, true);
}

Judgement Accounts::decide(std::string_view service, std::string_view user, Account& a, bool right) {
  namespace code = proto::rpc::code;
  const Where where{.service = service, .user = user};
  if (auto locking = faults_.none() ? std::nullopt : faults_.take("lock", where)) {
    // One use starts the countdown; after it the account is open again.
    a.locked_until = clock_.now() + std::chrono::seconds(int_or(*locking, "seconds", profile_.lock_seconds));
    faults_.clear("lock");
  }
  if (const int seconds = locked_seconds(user); seconds > 0) {
    Judgement j = pair(Kind::locked, 1, 4, code::locked);
    j.lock_seconds = seconds;
    return j;
  }
  if (!faults_.none()) {
    if (auto j = by_fault(where, false)) return *j;
    if (auto j = by_fault(where, true)) return *j;
  }
  if (a.gen2.empty()) return pair(Kind::unknown_user, 1, 1, code::user_or_password);
  if (right && !faults_.strikes("wrong_password", where)) {
    a.failures = 0;
    return {};
  }
  ++a.failures;
  Judgement j = pair(Kind::wrong_password, 1, 0, code::user_or_password);
  j.tries_left = std::max(0, profile_.lock_tries - a.failures);
  j.tell_tries = !faults_.strikes("no_tries_left", where);
  if (profile_.lock_tries > 0 && j.tries_left == 0)
    a.locked_until = clock_.now() + std::chrono::seconds(profile_.lock_seconds);
  return j;
}

Judgement Accounts::judge(std::string_view service, std::string_view user, bool right) {
  Account& a = account(user);
  const Judgement j = decide(service, user, a, right);
  Count& count = a.services[std::string(service)];
  ++count.attempts;
  ++(j.accepted() ? count.accepted : count.refused);
  return j;
}

Json Accounts::to_json() const {
  Json out = Json::object();
  for (const auto& [name, a] : accounts_) {
    Json one = Json::object();
    int attempts = 0, accepted = 0, refused = 0;
    for (const auto& [service, c] : a.services) {
      one[service] = {{"attempts", c.attempts}, {"accepted", c.accepted}, {"refused", c.refused}};
      attempts += c.attempts;
      accepted += c.accepted;
      refused += c.refused;
    }
    one["attempts"] = attempts;
    one["accepted"] = accepted;
    one["refused"] = refused;
    one["locked"] = a.locked_until.has_value() && *a.locked_until > clock_.now();
    out[name] = std::move(one);
  }
  return out;
}

}  // namespace dmss::recorder
