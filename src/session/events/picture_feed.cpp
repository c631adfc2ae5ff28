#include "session/events/picture_feed.hpp"

#include <algorithm>

#include "proto/cgi/url.hpp"
#include "proto/events/picture.hpp"
#include "session/device/device_session.hpp"
#include "session/engine/spawn.hpp"

namespace dmss::session {
namespace {

using namespace std::chrono_literals;

constexpr Duration kLeastPause = 2s;
constexpr Duration kLongestPause = 60s;
constexpr Duration kSteady = 10s;

/// The device knows no such stream, at least not in this form.
bool is_refusal(const Error& why) {
  return why == Errc::unsupported || why == Errc::device_error || why == Errc::no_permission ||
         why == Errc::malformed || why.category() == ErrorCategory::login;
}

}  // namespace

PictureFeed::PictureFeed(std::shared_ptr<DeviceSession> device, Options options)
    : device_(std::move(device)),
      options_(std::move(options)),
      wake_(device_->context().executor),
      pause_(device_->context().executor, device_->context().clock) {}

void PictureFeed::start() {
  spawn(device_->context().executor, run(shared_from_this()), device_->context().log);
}

void PictureFeed::close() {
  if (std::exchange(closed_, true)) return;
  if (stream_) stream_->close();
  attached_ = false;
  pause_.cancel();
  wake_.notify();
}

void PictureFeed::on_changed() {
  wake_.notify();
}

void PictureFeed::set_attached(bool attached) {
  if (std::exchange(attached_, attached) != attached && on_attached && !closed_) on_attached();
}

std::string PictureFeed::target() const {
  proto::cgi::Query query;
  query.add("channel", options_.channel).add("heartbeat", options_.heartbeat.count());
  std::string list;
  for (std::size_t i = 0; i < options_.codes.size(); ++i) {
    if (!old_form_) query.add("Ede[" + std::to_string(i) + "].Code", options_.codes[i]);
    list += (list.empty() ? "" : ",") + options_.codes[i];
  }
  if (old_form_) query.add("Flags[0]", "Event").add("Events", "[" + list + "]");
  return proto::cgi::cgi_path("snapManager", "attachFileProc", query);
}

awaitable<Result<void>> PictureFeed::open() {
  auto self = shared_from_this();
  auto stream = std::make_shared<MultipartStream>(device_, options_.heartbeat, habits_);
  stream->on_part = [weak = weak_from_this()](const proto::events::Part& part) {
    if (auto feed = weak.lock()) feed->on_part(part);
  };
  stream->on_end = [weak = weak_from_this()](const Error&) {
    auto feed = weak.lock();
    if (!feed) return;
    feed->ended_ = true;
    feed->wake_.notify();
  };
  about_.reset();
  ended_ = false;
  stream_ = stream;
  std::string where = target();
  co_return co_await stream->open(std::move(where), device_->options().call_timeout);
}

awaitable<void> PictureFeed::run([[maybe_unused]] std::shared_ptr<PictureFeed> self) {
  Duration pause = kLeastPause;
  while (!closed_) {
    if (!device_->online() || given_up_ == device_->generation()) {
      co_await wake_.wait();
      continue;
    }
    const net::TimePoint begin = device_->context().clock.now();
    Result<void> opened = co_await open();
    if (closed_) break;
    if (opened) {
      set_attached(true);
      const std::uint64_t generation = device_->generation();
      // One whose silence proves nothing may have died with the session.
      const auto lives = [&] {
        return stream_->watched() || !device_->online() || device_->generation() == generation;
      };
      while (!ended_ && !closed_ && lives()) co_await wake_.wait();
      stream_->close();
      set_attached(false);
      if (closed_) break;
      if (device_->context().clock.now() - begin >= std::max<Duration>(kSteady, 3 * options_.heartbeat))
        pause = kLeastPause;
    } else if (is_refusal(opened.error())) {
      // Two forms of the request are known; which one a device takes shows only by asking.
      if (std::exchange(old_form_, !old_form_)) given_up_ = device_->generation();
    }
    pause_.expires_after(pause);
    co_await pause_.wait();
    pause = std::min(pause * 2, kLongestPause);
  }
}

void PictureFeed::on_part(const proto::events::Part& part) {
  using Kind = proto::events::Part::Kind;
  if (closed_ || part.kind == Kind::heartbeat) return;
  if (part.kind == Kind::text) {
    about_.reset();
    if (auto about = proto::events::parse_picture_text(part.text())) about_ = std::move(*about);
    return;
  }
  if (!about_) return;
  const proto::events::WireEvent about = *std::exchange(about_, std::nullopt);
  if (on_picture) on_picture(about, part.body);
}

}  // namespace dmss::session
