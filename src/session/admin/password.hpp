// Changes the password of the user that is logged in (protocol http-rpc.md §6.1).
#pragma once

#include "session/device/commands.hpp"

namespace dmss::session {

/// Of the session that asks.
struct Account {
  Credentials credentials;
  std::string realm;             ///< of the login's challenge; empty = it had none
  std::uint32_t session = 0;     ///< its number; 0 = it has none
  bool encrypted = false;        ///< CGI goes over TLS
  bool allow_plaintext = false;  ///< DeviceOptions::allow_plaintext_password
};

/// On success the device has the new password. Once the request has gone out, its answer is waited for on `lasting`: whether it was changed
/// matters to the session even when the caller has lost interest.
awaitable<Result<void>> change_password(std::shared_ptr<Commands> lasting, Account account,
                                        Secret old_password, Secret new_password);

}  // namespace dmss::session
