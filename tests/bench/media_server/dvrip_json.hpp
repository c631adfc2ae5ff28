// DvripJson: the JSON-RPC side of one control connection.
#pragma once

#include "bench/media_server/connection.hpp"
#include "proto/dvrip/json_frame.hpp"

namespace dmss::bench {

class DvripJson {
 public:
  DvripJson(Loop& loop, Connection& connection, std::uint32_t session, double events_per_second);
  ~DvripJson();
  DvripJson(const DvripJson&) = delete;
  DvripJson& operator=(const DvripJson&) = delete;

  void take(const proto::dvrip::FrameView& frame);

 private:
  void send(std::uint32_t id, std::string_view json);
  void tick(Time due);

  Loop& loop_;
  Connection& connection_;
  const std::uint32_t session_;
  const double per_tick_;
  double owed_ = 0;
  std::uint64_t number_ = 0;
  proto::dvrip::JsonAssembler assembler_;
  std::optional<Loop::TimerId> timer_;
};

}  // namespace dmss::bench
