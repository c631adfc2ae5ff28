// Commands: what a conversation with a logged-in device is written against: JSON-RPC where the device has it, CGI otherwise. One object
// serves one operation and knows its deadline. Tests put a scripted one in its place.
#pragma once

#include <memory>
#include <string>

#include "proto/cgi/kv.hpp"
#include "proto/cgi/url.hpp"
#include "proto/rpc/message.hpp"
#include "session/context.hpp"

namespace dmss::session {

class CapabilityCache;

/// Used on the network thread, held by shared_ptr by the conversation. Once the operation has ended (cancelled, deadline) every further request
/// answers with that, so a conversation needs no checks of its own.
class Commands {
 public:
  virtual ~Commands() = default;

  /// Which ways this device has. With JSON-RPC, CGI is the second choice: only for what has no JSON form.
  virtual bool has_rpc() const = 0;
  virtual bool has_cgi() const = 0;

  /// One JSON-RPC call. `params` null = none; `object` is an instance handle, 0 = none. Errors: unsupported (no JSON-RPC, or the device has
  /// no such method: device_code tells), device_error, no_permission, session_expired, timeout, cancelled …
  virtual awaitable<Result<proto::rpc::Reply>> rpc(std::string method, proto::rpc::Json params,
                                                   std::int64_t object) = 0;
  awaitable<Result<proto::rpc::Reply>> rpc(std::string method, proto::rpc::Json params = nullptr) {
    return rpc(std::move(method), std::move(params), 0);
  }
  /// The same with text in the device's own encoding (Reply::charset). Errors: invalid_argument, too: a character that it lacks.
  virtual awaitable<Result<proto::rpc::Reply>> rpc_in([[maybe_unused]] Charset charset, std::string method,
                                                      proto::rpc::Json params) {
    return rpc(std::move(method), std::move(params), 0);
  }

  /// GET /cgi-bin/`service`.cgi?action=`action`&`query`. The text of the answer, checked for the devices' ways of saying no
  /// (protocol http-rpc.md §2.2). Errors: unsupported (no CGI, or 501/404), device_error, no_permission …
  virtual awaitable<Result<std::string>> cgi(std::string service, std::string action,
                                             proto::cgi::Query query) = 0;
  /// The same as key=value lines, in UTF-8.
  awaitable<Result<proto::cgi::KeyValues>> cgi_values(std::string service, std::string action,
                                                      proto::cgi::Query query);

  virtual CapabilityCache& capabilities() = 0;
  /// Channels of the device, 0 = it does not say.
  virtual int channels() const = 0;
  virtual const Context& context() const = 0;
  virtual Duration time_left() const = 0;
  /// Commands to the same device that this operation's end does not end: for closing what it has opened, however it ended. They have
  /// a call's time from now on, or from the operation's deadline if that is later.
  virtual std::shared_ptr<Commands> lasting() = 0;
  /// rpc() for a question that CGI may answer as well: no answer within half of the time left is a timeout, so that CGI has the rest.
  virtual awaitable<Result<proto::rpc::Reply>> rpc_first(std::string method, proto::rpc::Json params,
                                                         std::int64_t object) {
    return rpc(std::move(method), std::move(params), object);
  }
};

/// no_such_channel or invalid_argument when the device cannot have this channel (from 1).
Error check_channel(const Commands& commands, int channel);

}  // namespace dmss::session
