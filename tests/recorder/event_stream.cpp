#include "recorder/event_stream.hpp"

#include <array>

#include "recorder/multipart.hpp"

namespace dmss::recorder {
namespace {

namespace rpc = proto::rpc;

}  // namespace

EventStream::EventStream(Core& core, std::shared_ptr<Link> link, Options options)
    : core_(core),
      link_(std::move(link)),
      service_(link_->service()),
      options_(std::move(options)),
      timer_(core.io.get_executor(), core.clock) {}

net::awaitable<void> EventStream::run() {
  const auto self = shared_from_this();
  silent_ = core_.faults.strikes("attach_silent", {.service = service_, .what = "attach"});
  link_->send(as_bytes(multipart_head()));
  core_.events.add(self);
  beat();
  // Nothing is expected from the client; reading tells when it goes.
  std::array<std::uint8_t, 1024> ignored;
  for (;;) {
    const Result<std::size_t> n = co_await link_->read_some(ignored);
    if (!n) break;
  }
  timer_.cancel();
  core_.events.remove(this);
}

void EventStream::beat() {
  if (options_.heartbeat <= 0) return;
  timer_.expires_after(std::chrono::seconds(options_.heartbeat));
  timer_.async_wait([weak = weak_from_this()](bool came) {
    const auto self = weak.lock();
    if (!came || !self || !self->link_->open()) return;
    Faults& faults = self->core_.faults;
    const Where where{.service = self->service_, .what = "Heartbeat"};
    if (!self->silent_ && !faults.strikes("no_heartbeat", where)) {
      const auto f = faults.none() ? std::nullopt : faults.take("multipart", where);
      self->send(heartbeat_part(f ? part_shape(*f) : PartShape()));
    }
    self->beat();
  });
}

bool EventStream::wants(const DeviceEvent& e) const {
  if (silent_ || !link_->open() || !holds_code(options_.codes, e.code)) return false;
  return !options_.pictures || (e.index + 1 == options_.channel && e.action != "Stop");
}

void EventStream::tell(const DeviceEvent& e) {
  if (options_.pictures) return send_picture(e);
  const Where where{.service = service_, .what = e.code, .channel = e.index + 1};
  const auto f = core_.faults.none() ? std::nullopt : core_.faults.take("multipart", where);
  send(event_part(e, f ? part_shape(*f) : PartShape()));
}

void EventStream::send_picture(const DeviceEvent& e) {
  const std::string base = "Events[0].EventBaseInfo.";
  const std::string text = base + "Code=" + e.code + "\r\n" + base + "Action=" + e.action + "\r\n" + base +
                           "Index=" + std::to_string(e.index) + "\r\n";
  const Bytes jpeg = core_.clips.snapshot(options_.channel);
  const std::string picture(jpeg.begin(), jpeg.end());
  send(multipart_part("text/plain", text + "\r\n", text.size(), {}) +
       multipart_part("image/jpeg", picture + "\r\n", picture.size(), {}));
}

void EventStream::send(const std::string& text) {
  ByteView data = as_bytes(text);
  const Where where{.service = service_, .what = "stream"};
  const Json* cut = core_.faults.none() ? nullptr : core_.faults.find("stream_cut", where);
  if (cut == nullptr) {
    sent_ += data.size();
    return link_->send(data);
  }
  const auto limit = static_cast<std::uint64_t>(std::max<std::int64_t>(0, rpc::int_or(*cut, "bytes", 0)));
  const bool resets = rpc::bool_or(*cut, "reset", false);
  if (sent_ + data.size() <= limit) {
    sent_ += data.size();
    return link_->send(data);
  }
  core_.faults.take("stream_cut", where);
  if (limit > sent_) link_->send(data.first(static_cast<std::size_t>(limit - sent_)));
  if (resets) return link_->reset();
  link_->close_after_sending();
}

}  // namespace dmss::recorder
