// Events as a long multipart answer: eventManager.cgi?action=attach (protocol http-rpc.md §11.1).
#include "proto/cgi/url.hpp"
#include "session/device/device_session.hpp"
#include "session/events/event_source.hpp"
#include "session/events/multipart_stream.hpp"

namespace dmss::session {
namespace {

using proto::events::Part;

std::string target_of(const std::set<std::string>& codes, std::chrono::seconds heartbeat, bool keepalive) {
  std::string list;
  for (const std::string& code : codes) list += (list.empty() ? "" : ",") + code;
  if (list.empty()) list = "All";
  proto::cgi::Query query;
  query.add("codes", "[" + list + "]").add("heartbeat", heartbeat.count());
  if (keepalive) query.add("keepalive", heartbeat.count());
  return proto::cgi::cgi_path("eventManager", "attach", query);
}

/// The device may only dislike the length of the list, or the older word for heartbeats.
bool may_be_the_query(const Error& why) {
  return why.device_code() == 400 || why.device_code() == 500;
}

class CgiSource final : public EventSource, public std::enable_shared_from_this<CgiSource> {
 public:
  CgiSource(std::shared_ptr<DeviceSession> device, SourceOptions options, SourceEvents events)
      : device_(std::move(device)), options_(std::move(options)), events_(std::move(events)) {}

  awaitable<Result<void>> open() override {
    auto self = shared_from_this();
    // Where "heartbeat" brought none, older firmware may know "keepalive".
    Result<void> opened = co_await open_stream(options_.codes, options_.habits->patient());
    if (options_.habits->patient() && refused_query(opened))
      opened = co_await open_stream(options_.codes, false);
    if (!options_.codes.empty() && refused_query(opened)) {
      everything_ = true;
      std::set<std::string> all;
      opened = co_await open_stream(std::move(all), false);
    }
    co_return opened;
  }

  Error ended() const override { return ended_; }
  net::TimePoint last_heard() const override { return stream_ ? stream_->last_heard() : net::TimePoint{}; }
  bool watched() const override { return stream_ && stream_->watched(); }
  EventRoute route() const override { return EventRoute::cgi; }
  bool took_everything() const override { return everything_; }

  void close() override {
    if (std::exchange(closed_, true)) return;
    if (stream_) stream_->close();
  }

 private:
  bool refused_query(const Result<void>& opened) const {
    return !opened && !closed_ && may_be_the_query(opened.error());
  }

  awaitable<Result<void>> open_stream(std::set<std::string> codes, bool keepalive) {
    auto stream = std::make_shared<MultipartStream>(device_, options_.heartbeat, options_.habits);
    stream->on_part = [weak = weak_from_this()](const Part& part) {
      if (auto self = weak.lock()) self->on_part(part);
    };
    stream->on_end = [weak = weak_from_this()](const Error& why) {
      if (auto self = weak.lock()) self->on_end(why);
    };
    stream_ = stream;
    std::string target = target_of(codes, options_.heartbeat, keepalive);
    co_return co_await stream->open(std::move(target), device_->options().call_timeout);
  }

  void on_part(const Part& part) {
    if (closed_) return;
    std::uint64_t malformed = stream_->take_malformed();
    if (part.kind == Part::Kind::text) {
      auto event = proto::events::parse_block(part.text());
      if (!event || event->damaged) ++malformed;
      if (event) events_.on_event(*event);
    } else if (part.kind == Part::Kind::picture) {
      ++malformed;
    }
    if (malformed > 0 && !closed_ && events_.on_malformed) events_.on_malformed(malformed);
  }

  void on_end(const Error& why) {
    ended_ = why ? why : Error(Errc::connection_lost);
    if (!closed_ && events_.on_end) events_.on_end();
  }

  const std::shared_ptr<DeviceSession> device_;
  const SourceOptions options_;
  const SourceEvents events_;
  std::shared_ptr<MultipartStream> stream_;
  bool everything_ = false;
  bool closed_ = false;
  Error ended_;
};

}  // namespace

std::shared_ptr<EventSource> make_cgi_source(std::shared_ptr<DeviceSession> device, SourceOptions options,
                                             SourceEvents events) {
  return std::make_shared<CgiSource>(std::move(device), std::move(options), std::move(events));
}

}  // namespace dmss::session
