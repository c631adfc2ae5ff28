// The Commands of a real device: its control link for JSON-RPC, its HTTP port for CGI.
#pragma once

#include "session/device/device_session.hpp"

namespace dmss::session {

class DeviceCommands final : public Commands {
 public:
  DeviceCommands(std::shared_ptr<DeviceSession> session, std::shared_ptr<CapabilityCache> capabilities,
                 net::TimePoint deadline, std::function<bool()> ended);
  /// For last words: they may be said although the session is closed.
  DeviceCommands(std::shared_ptr<DeviceSession> session, std::shared_ptr<CapabilityCache> capabilities,
                 net::TimePoint deadline);

  using Commands::rpc;
  bool has_rpc() const override;
  bool has_cgi() const override;
  awaitable<Result<proto::rpc::Reply>> rpc(std::string method, proto::rpc::Json params,
                                           std::int64_t object) override;
  awaitable<Result<proto::rpc::Reply>> rpc_first(std::string method, proto::rpc::Json params,
                                                 std::int64_t object) override;
  awaitable<Result<proto::rpc::Reply>> rpc_in(Charset charset, std::string method,
                                              proto::rpc::Json params) override;
  awaitable<Result<std::string>> cgi(std::string service, std::string action,
                                     proto::cgi::Query query) override;
  std::shared_ptr<Commands> lasting() override;
  CapabilityCache& capabilities() override { return *capabilities_; }
  int channels() const override;
  const Context& context() const override { return session_->context(); }
  Duration time_left() const override;

 private:
  struct Lasting {};
  DeviceCommands(const DeviceCommands& operation, Lasting);

  /// Why nobody waits for answers any more; ok while somebody does.
  Error over() const;
  /// The session it was made for has ended: what was decided for that one does not hold for the next.
  bool lost() const;
  /// Why nothing may be asked any more; ok while it may.
  Error cannot_ask() const;
  Duration limit() const;
  awaitable<Result<proto::rpc::Reply>> call(std::string method, std::string params, std::int64_t object,
                                            Duration limit);

  const std::shared_ptr<DeviceSession> session_;
  const std::shared_ptr<ControlLink> link_;
  const std::shared_ptr<CapabilityCache> capabilities_;
  const net::TimePoint deadline_;
  const std::function<bool()> ended_;
  const bool last_words_ = false;
};

}  // namespace dmss::session
