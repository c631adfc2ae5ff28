// The conversation of a live stream on 37777, in the new dialect and in the old one (protocol dvrip-dhip.md §3, §4).
#include "session/live/dvrip_source.hpp"

#include "media/dhav/unit_reader.hpp"
#include "proto/dvrip/media_frame.hpp"
#include "proto/dvrip/text.hpp"
#include "session/control/dvrip_connection.hpp"
#include "session/engine/signal.hpp"
#include "session/engine/spawn.hpp"
#include "session/live/old_tie.hpp"

namespace dmss::session {
namespace {

using namespace std::chrono_literals;
namespace dvrip = proto::dvrip;

constexpr Duration kSilence = 10s;
constexpr Duration kWatch = 5s;
constexpr Duration kGoodbye = 2s;
constexpr Duration kStartAnswer = 3s;  // some firmware streams without ever answering the start

class DvripSource final : public MediaSource,
                          private FrameSink,
                          public std::enable_shared_from_this<DvripSource> {
 public:
  DvripSource(Context context, std::shared_ptr<DvripLink> link, SourceRequest request, Secret stream_password,
              std::string serial, MediaSink& sink)
      : context_(std::move(context)),
        link_(std::move(link)),
        request_(request),
        reader_([&sink](media::AccessUnit&& u) { sink.on_access_unit(std::move(u)); },
                [&sink](Error e) { sink.on_notice(std::move(e)); }),
        watch_(context_.executor, context_.clock),
        dialled_signal_(context_.executor) {
    reader_.set_key(std::move(serial), std::move(stream_password));
  }

  awaitable<Result<SourceInfo>> open() override {
    auto self = shared_from_this();
    const Duration limit = link_->options().call_timeout;
    // Both dialects want a second connection; it is dialled while the device thinks about the new one.
    spawn(context_.executor, dial(self), context_.log);
    Result<dvrip::Text> object = co_await link_->text(dvrip::add_object(0), limit);
    if (!object && object.error() != Errc::timeout) co_return object.error();
    while (!dialled_) co_await dialled_signal_.wait();
    if (!*dialled_) co_return dialled_->error();
    media_ = **dialled_;
    if (closed_) {
      media_->close();
      co_return Errc::cancelled;
    }
    const auto id = object && object->ok() ? object->connection_id() : std::nullopt;
    Result<void> started;
    if (id) {
      connection_id_ = *id;
      started = co_await start_monitor(object->port());
    } else {
      context_.log.info("no sub-connections here, using the old dialect");
      start_old();
    }
    if (!started) co_return started.error();
    SourceInfo info;
    info.route = MediaRoute::dvrip;
    info.transport = "dvrip/" + media_->info().label();
    co_return info;
  }

  awaitable<Error> run() override {
    auto self = shared_from_this();
    if (verdict_) co_return *verdict_;
    last_media_ = context_.clock.now();
    arm_watch();
    Result<void> read;
    if (tie_) {
      read = co_await tie_->wait(*this);
    } else {
      read = co_await media_->read_all(*this);
    }
    watch_.cancel();
    if (verdict_) co_return *verdict_;
    if (refusal_ != 0) co_return media_->labelled(Error(Errc::no_stream).with_device(refusal_, ""));
    if (!read) co_return read.error();
    co_return Errc::cancelled;
  }

  void end(Error why) override {
    if (verdict_) return;
    verdict_ = media_->labelled(std::move(why));
    end_media();
  }

  awaitable<void> stop() override {
    auto self = shared_from_this();
    watch_.cancel();
    end_media();
    if (!closed_ && connection_id_ != 0) {
      const net::TimePoint until = context_.clock.now() + kGoodbye;
      Result<dvrip::Text> stopped = co_await link_->text(monitor(false), kGoodbye);
      const Duration left = until - context_.clock.now();
      if (stopped || stopped.error() == Errc::timeout) {
        [[maybe_unused]] const auto deleted =
            co_await link_->text(dvrip::delete_object(0, connection_id_), left);
      }
    }
    close();
  }

  void close() override {
    closed_ = true;
    watch_.cancel();
    abort_->abort();
    end_media();
  }

  SourceStats stats() const override {
    SourceStats s;
    if (media_) s.bytes = media_->bytes_in() - bytes_before_;
    s.lost = reader_.lost();
    s.skipped = reader_.stats().skipped;
    return s;
  }

 private:
  bool on_frame(const dvrip::FrameView& frame) override {
    if (frame.header.command() != dvrip::Command::media) return true;
    if (frame.body.empty()) refusal_ = dvrip::media_return_code(frame.header);
    if (refusal_ != 0) return false;
    last_media_ = media_->last_received();
    reader_.push(frame.body, last_media_);
    if (!reader_.waits_for_key()) {
      key_watch_.reset();
    } else if (key_watch_.waits(last_media_, request_.key_patience)) {
      end(Errc::no_key_frame);
    }
    return !closed_ && !verdict_;
  }

  void end_media() {
    if (tie_) {
      tie_->leave(*this);
    } else if (media_) {
      media_->close();
    }
  }

  dvrip::Text monitor(bool on) const {
    return dvrip::monitor(0, request_.channel - 1, static_cast<int>(request_.stream), connection_id_, on);
  }

  awaitable<Result<std::shared_ptr<DvripConnection>>> connect(std::uint16_t port) {
    net::Endpoint to = link_->options().endpoint;
    to.port = port;
    std::optional<TlsOptions> tls = link_->options().tls;
    co_return co_await DvripConnection::connect(context_, std::move(to), std::move(tls),
                                                link_->options().connect_timeout, abort_);
  }

  awaitable<void> dial([[maybe_unused]] std::shared_ptr<DvripSource> self) {
    dialled_ = co_await connect(link_->options().endpoint.port);
    if (closed_ && *dialled_) (**dialled_)->close();
    dialled_signal_.notify();
  }

  awaitable<Result<void>> start_monitor(std::optional<std::uint16_t> port) {
    if (port && *port != link_->options().endpoint.port) {
      media_->close();
      Result<std::shared_ptr<DvripConnection>> other = co_await connect(*port);
      if (!other) co_return other.error();
      media_ = *other;
      if (closed_) media_->close();
    }
    media_->send(dvrip::write_text(dvrip::ack_sub_channel(1, link_->session(), connection_id_)));
    // The start goes over the other connection, where it could overtake the tie: a device that does not know the tie yet may drop it.
    if (auto acknowledged = co_await read_acknowledgement(); !acknowledged) co_return acknowledged;
    Result<dvrip::Text> started = co_await link_->text(monitor(true), kStartAnswer);
    if (!started && started.error() != Errc::timeout) co_return started.error();
    if (started && !started->ok()) co_return refused("Monitor.General", *started);
    co_return Result<void>();
  }

  awaitable<Result<void>> read_acknowledgement() {
    for (;;) {
      Result<dvrip::FrameView> frame = co_await media_->read(link_->options().call_timeout);
      if (!frame) co_return frame.error();
      if (frame->header.command() == dvrip::Command::media) reader_.push(frame->body, context_.clock.now());
      if (frame->header.command() != dvrip::Command::text) continue;
      Result<dvrip::Text> answer = dvrip::Text::parse(frame->body);
      if (!answer || !answer->ok()) co_return refused("AckSubChannel", answer ? *answer : dvrip::Text());
      co_return Result<void>();
    }
  }

  void start_old() {
    tie_ = OldTie::of(context_, link_, request_.channel - 1, media_);
    media_ = tie_->connection();
    bytes_before_ = media_->bytes_in();
    tie_->join({shared_from_this(), static_cast<FrameSink*>(this)}, static_cast<int>(request_.stream));
  }

  Error refused(const char* what, const dvrip::Text& answer) const {
    const std::int64_t reason = answer.error_reason().value_or(0);
    // No note tells what the reasons mean; the device's number is passed on.
    return media_->labelled(Error(Errc::no_stream, std::string(what) + " was refused")
                                .with_device(reason, answer.body().substr(0, 200)));
  }

  void arm_watch() {
    watch_.expires_after(kWatch);
    watch_.async_wait([weak = weak_from_this()](bool expired) {
      auto self = weak.lock();
      if (!expired || !self || self->closed_) return;
      if (self->context_.clock.now() - self->last_media_ >= kSilence) {
        self->end(Errc::no_media);
      } else {
        self->arm_watch();
      }
    });
  }

  const Context context_;
  const std::shared_ptr<DvripLink> link_;
  const SourceRequest request_;
  media::dhav::UnitReader reader_;
  net::Timer watch_;
  std::optional<Result<std::shared_ptr<DvripConnection>>> dialled_;
  Signal dialled_signal_;
  std::shared_ptr<DvripConnection> media_;
  std::uint32_t connection_id_ = 0;
  std::shared_ptr<OldTie> tie_;  // in the old dialect; others may share it and media_
  std::uint64_t bytes_before_ = 0;
  std::uint32_t refusal_ = 0;  // a media frame that says why no more will come
  const std::shared_ptr<net::Abort> abort_ = std::make_shared<net::Abort>();
  bool closed_ = false;
  std::optional<Error> verdict_;  // what run() returns
  KeyWatch key_watch_;
  net::TimePoint last_media_{};
};

}  // namespace

std::shared_ptr<MediaSource> make_dvrip_source(Context context, std::shared_ptr<DvripLink> link,
                                               SourceRequest request, Secret stream_password,
                                               std::string serial, MediaSink& sink) {
  return std::make_shared<DvripSource>(std::move(context), std::move(link), request,
                                       std::move(stream_password), std::move(serial), sink);
}

}  // namespace dmss::session
