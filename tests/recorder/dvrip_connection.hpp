// DvripConnection: one DVRIP connection, control or sub.
#pragma once

#include <optional>

#include "proto/dvrip/json_frame.hpp"
#include "proto/dvrip/legacy.hpp"
#include "proto/dvrip/login.hpp"
#include "proto/dvrip/text.hpp"
#include "recorder/dvrip_service.hpp"

namespace dmss::recorder {

class DvripConnection {
 public:
  DvripConnection(DvripService& service, std::shared_ptr<Link> link);
  ~DvripConnection();

  /// False when the connection is to be closed.
  bool handle(const proto::dvrip::FrameView& frame);
  bool logged_in() const noexcept { return caller_.session != nullptr; }
  /// Whether the control connection was silent for longer than the device allows.
  bool silent_too_long() const;
  void end_session();

 private:
  bool login(const proto::dvrip::FrameView& frame);
  bool refuse(const Judgement& judgement);
  bool judge(const std::string& user, bool right);
  bool not_offered();

  bool text(const proto::dvrip::FrameView& frame);
  void add_object(const proto::dvrip::Text& request);
  bool ack_sub_channel(const proto::dvrip::Text& request);
  void monitor(const proto::dvrip::Text& request);
  void values(const proto::dvrip::Text& request);
  void fail(const proto::dvrip::Text& request, int reason);

  void json(const proto::dvrip::FrameView& frame);
  void notify(const Json& note, int copies);
  proto::dvrip::JsonFrameOptions json_options(std::string_view request) const;

  void system_info(const proto::dvrip::Header& header);
  void channel_names(const proto::dvrip::Header& header);
  void tie(const proto::dvrip::Header& header);
  void live(const proto::dvrip::FrameView& frame);
  void old_live(int channel, int subtype, bool on);
  void snapshot(int channel);

  /// Sends unless a fault says otherwise. `what` names the request for the filters of faults.
  void answer(std::string_view what, Bytes message);
  Where where(std::string_view what) const { return {.service = "dvrip", .what = what}; }
  std::uint32_t session() const { return caller_.session ? caller_.session->id : 0; }
  std::uint8_t version() const { return core_.profile.dvrip.reply_version; }

  DvripService& service_;
  Core& core_;
  std::shared_ptr<Link> link_;
  Caller caller_;
  net::TimePoint heard_;
  std::optional<proto::dvrip::LoginChallenge> challenge_;
  proto::dvrip::JsonAssembler json_;
};

}  // namespace dmss::recorder
