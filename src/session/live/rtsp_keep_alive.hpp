// RtspKeepAlive: the requests that keep a stream's RTSP session (protocol media.md §2.6).
#pragma once

#include <memory>
#include <string>

#include "session/live/rtsp_dialogue.hpp"

namespace dmss::session {

/// Owned by a source, beside its dialogue.
class RtspKeepAlive {
 public:
  RtspKeepAlive(RtspDialogue& dialogue, std::shared_ptr<RtspMemory> memory)
      : dialogue_(dialogue), memory_(std::move(memory)) {}

  /// Sends one when it is time: twice in the time that the device announced, and every 30 s at least. `slack` is the time between two
  /// calls.
  void tick(net::TimePoint now, Duration slack, const std::string& uri);
  /// For a new session.
  void reset();
  /// Answers that still come are nobody's.
  void stop() { asked_.reset(); }

 private:
  void send();
  void on_answer(const proto::rtsp::Message& answer, bool get_parameter);

  RtspDialogue& dialogue_;
  const std::shared_ptr<RtspMemory> memory_;
  std::string uri_;
  net::TimePoint last_{};
  bool works_ = true;
  bool challenged_ = false;      // the latest one was answered by a challenge
  std::shared_ptr<char> asked_;  // alive while answers are awaited
};

}  // namespace dmss::session
