#include "session/admin/password.hpp"

#include "proto/auth/hash.hpp"
#include "proto/auth/password_rules.hpp"
#include "session/admin/ask.hpp"

namespace dmss::session {
namespace {

namespace auth = proto::auth;
namespace rpc = proto::rpc;

Error check(const Account& account, const Secret& old_password, const Secret& new_password) {
  const auto& [user, password] = account.credentials;
  // Asking the device would count towards a lock.
  if (!(old_password == password))
    return Error(Errc::wrong_password, "not the password this session has logged in with; nothing was sent");
  if (const char* rule = auth::broken_password_rule(user, new_password.reveal()))
    return Error(Errc::invalid_argument, rule);
  return {};
}

/// Nobody knows then which password holds.
Error unheard(Error error) {
  const bool lost = error == Errc::timeout || error.category() == ErrorCategory::network;
  if (!lost) return error;
  return Error(error.code(), "the device has not answered: it may have changed the password or not")
      .with_cause(std::move(error));
}

/// Whether this device takes such calls only in an encrypted envelope: one that offers it, does.
awaitable<Result<bool>> demands_envelope(std::shared_ptr<Commands> commands) {
  Result<rpc::Reply> reply = co_await ask(std::move(commands), "Security.getEncryptInfo");
  if (reply) co_return !rpc::text_or(reply->params, "asymmetric", "").empty();
  const Errc code = reply.error().code();
  if (code == Errc::unsupported || code == Errc::device_error || code == Errc::no_permission) co_return false;
  co_return reply.error();
}

awaitable<Result<void>> change_by_rpc(std::shared_ptr<Commands> commands, Account account,
                                      Secret old_password, Secret new_password) {
  if (account.realm.empty())
    co_return Error(Errc::unsupported, "a login without a realm: the form of the new password is not known");
  Result<bool> envelope = co_await demands_envelope(commands);
  if (!envelope) co_return envelope.error();
  if (*envelope) {
    co_return Error(Errc::unsupported,
                    "this device takes a new password only encrypted, in a form that is not known");
  }
  const std::string& user = account.credentials.user;
  rpc::Json params = {{"name", user},
                      {"pwd", auth::gen2(user, account.realm, new_password.reveal())},
                      {"pwdOld", auth::gen2(user, account.realm, old_password.reveal())}};
  Result<rpc::Reply> reply = co_await ask(commands, "userManager.modifyPassword", std::move(params));
  if (!reply) co_return unheard(reply.error());
  co_return Result<void>();
}

awaitable<Result<void>> change_by_cgi(std::shared_ptr<Commands> commands, Account account,
                                      Secret old_password, Secret new_password) {
  if (!account.encrypted && !account.allow_plaintext)
    co_return Error(Errc::plaintext_refused, "over CGI both passwords would be readable");
  proto::cgi::Query query;
  query.add("name", account.credentials.user)
      .add("pwd", new_password.reveal())
      .add("pwdOld", old_password.reveal());
  Result<proto::cgi::KeyValues> answer =
      co_await ask_cgi(std::move(commands), "userManager", "modifyPassword", std::move(query));
  if (!answer) co_return unheard(answer.error());
  co_return Result<void>();
}

}  // namespace

awaitable<Result<void>> change_password(std::shared_ptr<Commands> lasting, Account account,
                                        Secret old_password, Secret new_password) {
  if (Error wrong = check(account, old_password, new_password)) co_return wrong;
  // One way or the other, never both: that would be a second try. A device with JSON-RPC is not asked by CGI.
  if (lasting->has_rpc()) {
    co_return co_await change_by_rpc(std::move(lasting), std::move(account), std::move(old_password),
                                     std::move(new_password));
  }
  if (!lasting->has_cgi()) co_return Errc::unsupported;
  co_return co_await change_by_cgi(std::move(lasting), std::move(account), std::move(old_password),
                                   std::move(new_password));
}

}  // namespace dmss::session
