#include "session/admin/password.hpp"

#include "proto/auth/hash.hpp"
#include "proto/auth/password_rules.hpp"
#include "proto/rpc/codes.hpp"
#include "proto/rpc/envelope.hpp"
#include "session/admin/ask.hpp"
#include "session/random.hpp"

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
  const bool lost =
      error == Errc::timeout || error == Errc::malformed || error.category() == ErrorCategory::network;
  if (!lost) return error;
  return Error(error.code(), "no answer that could be read: the device may have changed the password or not")
      .with_cause(std::move(error));
}

using EncryptInfo = std::optional<rpc::EncryptInfo>;

/// The envelope this device wants around such calls, if any.
awaitable<Result<EncryptInfo>> ask_envelope(std::shared_ptr<Commands> commands) {
  Result<rpc::Reply> reply = co_await ask(std::move(commands), "Security.getEncryptInfo");
  if (reply) co_return rpc::read_encrypt_info(reply->params);
  const Errc code = reply.error().code();
  if (code == Errc::unsupported || code == Errc::device_error || code == Errc::no_permission)
    co_return EncryptInfo();
  co_return reply.error();
}

/// The call inside an envelope: system.multiSec takes a list of whole calls and answers a list of whole answers.
awaitable<Result<rpc::Reply>> call_sealed(std::shared_ptr<Commands> commands, rpc::EncryptInfo info,
                                          rpc::Request inner) {
  Result<rpc::Envelope> envelope = rpc::Envelope::make(info, random_digits(rpc::key_digits(info.cipher)));
  if (!envelope) co_return envelope.error();
  rpc::Json calls = rpc::Json::array();
  calls.push_back(inner.to_json());
  Result<rpc::Reply> reply = co_await ask(std::move(commands), "system.multiSec", envelope->seal(calls));
  if (!reply) co_return reply.error();
  Result<rpc::Json> answers = envelope->open(reply->params);
  if (!answers) co_return answers.error();
  if (!answers->is_array() || answers->size() != 1)
    co_return Error(Errc::malformed, "an envelope with another number of answers than calls");
  rpc::Reply answer = rpc::to_reply(answers->front());
  if (Error error = rpc::call_error(answer)) co_return error;
  co_return answer;
}

awaitable<Result<void>> change_by_rpc(std::shared_ptr<Commands> commands, Account account,
                                      Secret old_password, Secret new_password) {
  if (account.realm.empty())
    co_return Error(Errc::unsupported, "a login without a realm: the form of the new password is not known");
  Result<EncryptInfo> info = co_await ask_envelope(commands);
  if (!info) co_return info.error();
  const std::string& user = account.credentials.user;
  rpc::Request change;
  change.method = "userManager.modifyPassword";
  change.params = {{"name", user},
                   {"pwd", auth::gen2(user, account.realm, new_password.reveal())},
                   {"pwdOld", auth::gen2(user, account.realm, old_password.reveal())}};
  Result<rpc::Reply> reply(Errc::internal);
  if (*info) {
    change.id = 1;
    if (account.session != 0) change.session = account.session;
    reply = co_await call_sealed(std::move(commands), std::move(**info), std::move(change));
  } else {
    reply = co_await ask(std::move(commands), change.method, change.params);
  }
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
