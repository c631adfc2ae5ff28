// A recorder's RTSP service: answers as protocol media.md §2.3 has them, digest as §2.2.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "proto/rtp/packet.hpp"
#include "proto/rtsp/message.hpp"
#include "scenario/conversation.hpp"

namespace dmss::scenario {

struct RtspDevice {
  bool digest = false;         ///< asks for credentials
  bool takes_password = true;  ///< and finds them right
  std::string nonce = "8b27de45a2c5f0f8";
  bool stale_once = false;  ///< refuses the first good answer for the nonce's age
  bool closes_with_challenge = false;
  bool says_close = false;  ///< with its challenge, leaving it to the client
  bool takes_range = true;  ///< in PLAY; else 457
  std::string session_timeout = "60";
  /// Status instead of 200, by method ("PLAY") or by method and track ("SETUP/trackID=1").
  std::map<std::string, int> refusals;
  /// A header more in the answer to a method.
  std::map<std::string, std::pair<std::string, std::string>> extra_headers;

  std::uint8_t payload_type = 96;
  std::uint32_t ssrc = 0x30a98ee7;
  std::uint16_t drop_next = 0;     ///< so many packets are lost before the next picture
  std::size_t predicted_size = 4;  ///< bytes of a picture that builds on the one before, at most 60,000

  std::vector<proto::rtsp::Message> heard;  ///< text requests, in order
  int with_credentials = 0;
  int reports = 0;  ///< RTCP packets of the client

  std::vector<std::string> methods() const;
  /// A whole key frame in RTP on every connection that plays.
  void send_frames();
  /// A picture that builds on the one before.
  void send_predicted();
  /// A picture of these NAL units, each in a packet of its own; `whole` = false leaves the marker out.
  void send(const std::vector<Bytes>& nals, bool whole = true);
  /// 20 ms of sound, to those who have set it up.
  void send_sound();
  /// The encoder starts anew: other numbers, another clock.
  void restart_sender(std::uint32_t new_ssrc);
  Script script(int step = -1, Fault fault = Fault::none);

 private:
  struct Playing {
    Peer* peer;
    std::uint16_t sequence;
    std::uint32_t timestamp;
    bool sound;
    std::uint32_t sound_time = 0;
  };
  void send_packet(const Playing& to, std::uint8_t channel, const proto::rtp::Packet& head,
                   const Bytes& payload);

  Bytes answer(const Bytes& item, Peer* peer);
  int refusal(const proto::rtsp::Message& request) const;
  bool authorised(const proto::rtsp::Message& request);
  std::vector<Playing> playing_;
  std::map<Peer*, int> set_up_;  // tracks
  bool was_stale_ = false;
};

}  // namespace dmss::scenario
