// Question: the same thing asked over JSON-RPC, or over CGI where that has no answer; and calls on instances.
#pragma once

#include <string>

#include "session/device/commands.hpp"

namespace dmss::session {

struct Question {
  // JSON-RPC; an empty method = it has no JSON form.
  std::string method;
  proto::rpc::Json params;
  std::int64_t object = 0;
  // CGI; an empty service = it has no CGI form.
  std::string service;
  std::string action;
  proto::cgi::Query query;
};

struct Answer {
  Result<proto::rpc::Json> tree = Errc::unsupported;  ///< params of the reply, or the lines as a tree
  std::string probe;                                  ///< who said so: "ptz.getStatus", "ptz.cgi getStatus"
  bool by_cgi = false;
};

/// For what only reads. JSON-RPC first. CGI is asked when the device has no JSON-RPC, no such method, refuses it, or does not answer (some
/// firmware is silent about some methods on 37777); what JSON-RPC said counts when CGI is not there.
awaitable<Answer> ask(std::shared_ptr<Commands> commands, Question question);
/// ask() for a command: nothing of the answer but whether it was taken. What got no answer may have been done: it is not said again by CGI.
awaitable<Result<void>> tell(std::shared_ptr<Commands> commands, Question question);

/// The operation is over, or the connection is: nothing more can be found out by asking on.
bool ends_asking(const Commands& commands, const Error& error);

/// An instance of `service` for a channel (from 1), kept for the session where there is room.
awaitable<Result<std::int64_t>> kept_instance(std::shared_ptr<Commands> commands, std::string service,
                                              int channel);
/// Did the device forget the instance, or never have it?
bool is_instance_gone(const Error& error);
/// A call on a kept instance, made anew once when the device has forgotten it.
awaitable<Result<proto::rpc::Reply>> call_kept(std::shared_ptr<Commands> commands, std::string service,
                                               int channel, std::string method, proto::rpc::Json params);
/// A new instance, which the caller lets go of with drop_instance(): both work for an operation that has ended, too. Its handle is 0
/// where a device makes none but agrees.
awaitable<Result<std::int64_t>> make_instance(std::shared_ptr<Commands> commands, std::string service,
                                              proto::rpc::Json params);
awaitable<void> drop_instance(std::shared_ptr<Commands> commands, std::string service, std::int64_t object);
/// A call on an instance that is made for it.
awaitable<Result<proto::rpc::Reply>> call_once(std::shared_ptr<Commands> commands, std::string service,
                                               int channel, std::string method, proto::rpc::Json params);

}  // namespace dmss::session
