#include "session/live/rtsp_keep_alive.hpp"

#include <algorithm>
#include <utility>

namespace dmss::session {
namespace {

using proto::rtsp::Message;

constexpr int kMaxSeconds = 30;

}  // namespace

void RtspKeepAlive::reset() {
  stop();
  works_ = true;
  challenged_ = false;
}

void RtspKeepAlive::tick(net::TimePoint now, Duration slack, const std::string& uri) {
  const Duration period = std::chrono::seconds(std::clamp(dialogue_.session().timeout / 2, 5, kMaxSeconds));
  if (!works_ || now - last_ < period - slack / 2) return;
  last_ = now;
  uri_ = uri;
  send();
}

void RtspKeepAlive::send() {
  if (!asked_) asked_ = std::make_shared<char>();
  Message m;
  const bool get_parameter = memory_->get_parameter;
  m.method = get_parameter ? "GET_PARAMETER" : "OPTIONS";
  m.uri = uri_;
  dialogue_.send(std::move(m), [this, asked = std::weak_ptr(asked_), get_parameter](const Message& answer) {
    if (!asked.expired()) on_answer(answer, get_parameter);
  });
}

void RtspKeepAlive::on_answer(const Message& answer, bool get_parameter) {
  const bool unknown = answer.status == 405 || answer.status == 501 || answer.status == 551;
  if (unknown && get_parameter) {
    memory_->get_parameter = false;
    send();
  } else if (answer.status == 401) {
    // One that refuses the new answer, too, is not asked again: each refusal may count towards a lock.
    if (!std::exchange(challenged_, true) && dialogue_.challenged(answer)) return send();
    works_ = false;
  } else {
    challenged_ = false;
  }
}

}  // namespace dmss::session
