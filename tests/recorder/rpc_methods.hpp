// Rpc: the JSON-RPC methods, one set for DVRIP f6, DHIP and HTTP.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "proto/rpc/codes.hpp"
#include "proto/rpc/login.hpp"
#include "proto/rpc/message.hpp"
#include "recorder/core.hpp"

namespace dmss::recorder {

using proto::rpc::Reply;
using proto::rpc::Request;

/// Who calls: a connection with a session of its own (DVRIP, DHIP), or an HTTP request that names its
/// session.
struct Caller {
  std::string service;
  std::string address;
  std::shared_ptr<Session> session;
  bool by_connection = false;  // the session belongs to the connection
  bool outside = false;        // /OutsideCmd: some methods need no session
  bool in_multicall = false;
  bool secure = false;            // inside system.multiSec
  std::size_t request_bytes = 0;  // of the whole call as text
  std::function<void(const Json&, int copies)> notify;
};

class Rpc {
 public:
  explicit Rpc(Core& core);

  /// nullopt when a fault says that no answer comes.
  std::optional<Reply> call(const Request& request, Caller& caller);
  /// Answers every call of a body that came under `id`; what is no call is answered by a parse error.
  void answer_body(std::string_view body, std::uint32_t id, Caller& caller,
                   const std::function<void(const Reply&)>& send);
  /// The reply as JSON text, with the faults of shape.
  std::string text(const Reply& reply) const;

  using Method = std::function<Reply(const Request&, Caller&)>;
  void add(const std::string& name, Method method) { methods_[name] = std::move(method); }
  void remove(const std::string& name) { methods_.erase(name); }
  Core& core() noexcept { return core_; }
  /// Runs one call with all refusals, as a call of its own would be.
  Reply dispatch(const Request& request, Caller& caller);
  /// An array of calls.
  Json dispatch_all(const Json& calls, Caller& caller);

 private:
  std::optional<Reply> refusal(const Request& request, const Caller& caller);
  Reply run(const Request& request, Caller& caller);
  Reply login(const Request& request, Caller& caller);
  Reply first_step(const Request& request, const proto::rpc::LoginRequest& login, Caller& caller);
  Reply refused(const Request& request, const Judgement& judgement) const;
  Reply multicall(const Request& request, Caller& caller);
  Reply list_service(const Request& request) const;
  Reply list_method(const Request& request) const;
  std::shared_ptr<Session> session_of(const Request& request, const Caller& caller);
  void add_system_methods();

  struct Pending {
    proto::rpc::Challenge challenge;
    std::string user;
  };
  Core& core_;
  std::map<std::string, Method> methods_;
  std::deque<Pending> pending_;  // newest last; bounded
};

void add_device_methods(Rpc& rpc);
void add_control_methods(Rpc& rpc);
/// Families of add_control_methods().
void add_event_methods(Rpc& rpc);
void add_input_methods(Rpc& rpc);
void add_live_controls(Rpc& rpc);
void add_ptz_methods(Rpc& rpc);
void add_config_methods(Rpc& rpc);
void add_log_methods(Rpc& rpc);
void add_record_methods(Rpc& rpc);
void add_security_methods(Rpc& rpc);
void add_smart_methods(Rpc& rpc);
void add_storage_methods(Rpc& rpc);
void add_user_methods(Rpc& rpc);
void add_video_methods(Rpc& rpc);

}  // namespace dmss::recorder
