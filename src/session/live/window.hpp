// Window: the worker side of a live window: a bounded queue of access units, the decoder, and the caller's handlers.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>

#include "dmss/live.hpp"
#include "media/access_unit.hpp"
#include "media/decode/audio_decoder.hpp"
#include "media/decode/video_decoder.hpp"
#include "net/clock.hpp"
#include "session/context.hpp"
#include "session/engine/completion.hpp"
#include "session/engine/workers.hpp"
#include "session/live/burst.hpp"
#include "session/live/rate_meter.hpp"

namespace dmss::session {

class Window final : public std::enable_shared_from_this<Window> {
 public:
  Window(std::shared_ptr<Actor> actor, net::Clock& clock, const LiveOptions& options, LiveHandlers handlers,
         Logger log);

  // Network thread.
  void push(const media::AccessUnit& unit, StreamKind stream);
  /// A key frame and the pictures since, of a stream that plays already: only the newest of them is shown.
  void catch_up(const std::vector<media::AccessUnit>& units, StreamKind stream);
  /// The next picture shown is a key frame: after a pause, a switch, a new opening.
  void wait_for_key();
  bool waits_for_key() const { return need_key_; }
  void tell(LiveState state, const Error& why);
  void opened(MediaRoute route, std::string transport, bool again);
  void note_source(std::uint64_t bytes, std::uint64_t lost);
  /// Called on the network thread when the window falls behind (Quality::automatic); `lasting`: it does so again and again.
  std::function<void(bool lasting)> on_behind;
  /// Called on a worker when pictures have come for ten seconds and more and the decoder made nothing of them: no_key_frame when it only
  /// waits for one, else decode_failed. Then ok with the next picture. Set before the first unit.
  std::function<void(Errc)> on_decoding;

  // Any thread.
  void mute(bool muted) { muted_.store(muted, std::memory_order_relaxed); }
  void snapshot(SnapshotOptions options, Completion<std::vector<std::uint8_t>> done);
  /// Takes pictures from now on until it is done.
  void take_burst(std::shared_ptr<Burst> burst);
  bool decodes() const { return handlers_.on_frame != nullptr; }
  const std::shared_ptr<Actor>& actor() const { return actor_; }
  LiveStats stats() const;
  /// No further handler starts.
  void release() { released_.store(true, std::memory_order_release); }

 private:
  static constexpr Duration kDecodePatience = std::chrono::seconds(10);
  struct Item {
    media::AccessUnit unit;
    StreamKind stream;
    bool hidden = false;    // decoded for the pictures that build on it
    bool repeated = false;  // on_packet has had it
  };
  bool queued(MediaKind kind) const;
  bool make_room(const media::AccessUnit& next, bool& behind);
  void fell_behind(net::TimePoint now);
  void drain();
  void handle(Item& item);
  void show(const Frame& frame);
  void give_to_bursts(const Frame& frame);
  void decode_video(const Item& item);
  void watch_decoding(bool picture, media::DecodeOutcome outcome, net::TimePoint arrived);
  void decode_audio(const Item& item);
  bool released() const { return released_.load(std::memory_order_acquire); }

  const std::shared_ptr<Actor> actor_;
  net::Clock& clock_;
  const LiveOptions options_;
  const LiveHandlers handlers_;
  const Logger log_;
  const net::TimePoint made_;
  std::atomic<bool> muted_;
  std::atomic<bool> released_{false};

  std::mutex queue_mutex_;
  std::deque<Item> queue_;
  std::size_t queued_bytes_ = 0;
  bool catching_up_ = false;  // from a catch_up() to an empty queue or a key frame
  bool draining_ = false;

  // Network thread.
  bool need_key_ = true;
  std::uint64_t newest_ = 0;  // number of the latest picture pushed
  bool have_state_ = false;
  LiveState state_ = LiveState::opening;
  net::TimePoint last_overload_{};
  int overloads_ = 0;

  // Actor.
  std::unique_ptr<media::VideoDecoder> video_;
  std::unique_ptr<media::AudioDecoder> audio_;
  Frame last_frame_;
  std::optional<net::TimePoint> undecoded_since_;
  int undecoded_ = 0;
  bool undecoded_wait_ = false;  // all of them for want of a key frame
  Duration decode_patience_ = kDecodePatience;
  bool told_undecodable_ = false;
  std::vector<std::shared_ptr<Burst>> bursts_;

  mutable std::mutex stats_mutex_;
  LiveStats stats_;
  RateMeter rate_;
};

}  // namespace dmss::session
