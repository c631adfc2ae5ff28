// A device's JSON-RPC: login, identity, keep-alive; over HTTP and over DHIP (protocol http-rpc.md §2.3, dvrip-dhip.md §7).
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "proto/rpc/message.hpp"
#include "scenario/conversation.hpp"

namespace dmss::scenario {

/// Of "admin" with "123" for the notes' realm and random.
inline constexpr std::string_view kRpcPassword = "123";
inline constexpr std::string_view kRpcHash = "2E9AD6D2DB08E0882F376A622BC76B9A";

struct RpcDevice {
  using Json = proto::rpc::Json;

  Json first_session = 2147483643;  ///< of the challenge; not usable afterwards
  Json session = 2147483644;
  std::string encryption = "Default";
  int keep_alive_interval = 60;
  bool silent = false;
  std::string ignores;                                        ///< a method that gets no answer
  bool closes_after_each = false;                             ///< HTTP: "Connection: close"
  std::string verdict;                                        ///< JSON in place of "accepted"
  std::string keep_alive_answer;                              ///< JSON in place of "fine"
  std::map<std::string, std::string> answers;                 ///< by method; JSON without id and session
  std::function<void(const std::string& method)> on_request;  ///< before it is answered

  /// Answers of a device that knows more methods; nullopt: it does not know this one.
  using More = std::function<std::optional<Json>(const Json& request)>;
  More more;
  /// One that answers in JSON text; empty: it does not know this one.
  static More in_words(std::function<std::string(const Json& request)> words);

  std::vector<Json> heard;
  int hashes = 0;  ///< requests that carried the password's hash
  int keep_alives = 0;
  int logouts = 0;
  int wrong_sessions = 0;  ///< requests after the login in another session

  Script http(int step = -1, Fault fault = Fault::none);
  Script dhip(int step = -1, Fault fault = Fault::none);
  /// One answer, for scripts of one's own.
  Bytes http_answer(const Bytes& message);
  Bytes dhip_answer(const Bytes& message);

 private:
  std::string reply(const std::string& text);
};

}  // namespace dmss::scenario
