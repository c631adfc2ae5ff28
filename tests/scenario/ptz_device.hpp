// A PTZ camera behind JSON-RPC or CGI (protocol http-rpc.md §7.1): which codes run, and everything that was asked of it.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "scenario/rpc_device.hpp"

namespace dmss::scenario {

/// A fault that the device has once, `messages` from now.
struct FaultPlan {
  int messages = -1;  ///< -1 = none
  Fault fault = Fault::none;
};

struct PtzDevice {
  using Json = proto::rpc::Json;

  PtzDevice() {
    rpc.more = RpcDevice::in_words([this](const Json& request) { return answer(request); });
  }
  Script http() { return script(http_protocol(), true); }
  Script dhip() { return script(dhip_protocol(), false); }

  struct Command {
    std::string verb;  ///< "start", "stop"
    std::string code;
    int arg1 = 0, arg2 = 0, arg3 = 0;
    net::TimePoint at{};
    std::string text() const { return verb + " " + code; }
  };

  RpcDevice rpc;
  FaultPlan plan;
  bool has_ptz = true;
  bool cgi_only = false;                 ///< over HTTP: no JSON-RPC
  std::set<std::string> refuses;         ///< "start", "stop": answered with an error
  std::set<std::string> leaves_hanging;  ///< "start", "stop": done, but never answered
  int busy_for = 0;                      ///< so many starts and stops find the device busy: nothing is done
  Duration start_delay{};                ///< before a start is done; a stop elsewhere overtakes it
  bool session_expires = false;          ///< the next start or stop finds its session gone; nothing is done
  net::Clock* clock = nullptr;

  std::vector<Command> commands;
  std::set<std::string> moving;  ///< codes that were started and not stopped
  std::size_t asked = 0;         ///< requests of PTZ of any kind

  void forget_instances() { instances_.clear(); }
  std::vector<std::string> words() const;
  /// Where the first message of this method stands among all; npos = never.
  std::size_t index_of(const std::string& method) const;
  std::size_t last_index_of(const std::string& method) const;

 private:
  std::string answer(const Json& request);
  std::string cgi(const std::string& target);
  enum class Outcome { done, refused, busy, hanging };
  Outcome take(Command command);
  Script script(Protocol protocol, bool http);
  static awaitable<void> run(Peer& peer, Protocol protocol, Words words, PtzDevice* self);
  std::set<std::int64_t> instances_;
  std::int64_t next_instance_ = 1001;
};

}  // namespace dmss::scenario
