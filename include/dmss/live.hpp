// Live: one window on one channel.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dmss/media.hpp"
#include "dmss/operation.hpp"
#include "dmss/result.hpp"

namespace dmss {

/// Which protocol carries the media (protocol media.md §2, dvrip-dhip.md §4).
enum class MediaRoute : std::int32_t {
  automatic = 0,  ///< RTSP where its port answers, else DVRIP
  rtsp = 1,
  dvrip = 2,
};

enum class RtspTransport : std::int32_t {
  tcp = 0,  ///< interleaved
  udp = 1,  ///< falls back to tcp when nothing arrives
  tls = 2,  ///< RTSPS, interleaved
};

/// What to give up when the window cannot keep up (manual §4, D8).
enum class Quality : std::int32_t {
  real_time = 0,  ///< stay close to now: queue at most 0.5 s, then drop to the newest key frame
  fluent = 1,     ///< queue up to 2 s before dropping
  /// real_time; main goes over to extra under lasting load (behind three times in ten seconds) and comes back after half a minute
  /// without, after twice that each time it was too much again, 15 minutes at most. switch_stream() begins anew.
  automatic = 2,
};

enum class HardwareDecoding : std::int32_t { off = 0, on = 1 /**< where it works, else software */ };

struct LiveOptions {
  int channel = 1;  ///< 1 to 1024, as on the recorder's screen
  StreamKind stream = StreamKind::extra;
  /// Ask the device for sound. Windows on one stream share it: once one of them wants sound all get their pictures from the stream that
  /// brings it, those without still hear and decode none.
  bool audio = true;
  bool muted = false;  ///< start without on_audio calls
  /// Decode only when on_frame is set; packets alone cost about 1/500 of decoding.
  Quality quality = Quality::real_time;
  HardwareDecoding hardware = HardwareDecoding::off;
  /// Show pictures that lost data, and those that build on them, instead of waiting for the next clean key frame. Where none comes, as
  /// over a path that loses a part of every one, a window without it shows a damaged one after five seconds without a picture, and
  /// what follows up to the next loss. Frame::corrupt() is true for all of these.
  bool show_corrupt = false;
  /// Call on_packet on the network thread, straight from the depacketiser: no queue, no copy, no wake-up of a worker, nothing dropped.
  /// It may then run at the same time as the window's other handlers, and must return within microseconds: the whole engine waits.
  bool packets_on_network_thread = false;
  /// 0 or 1: one decoder thread, no added delay. 2 and more: frame threads for 4K on slow cores, each adds a picture of delay; at most 16.
  int decoder_threads = 0;
};

enum class LiveState : std::int32_t {
  opening = 0,
  playing = 1,  ///< pictures arrive, from a key frame on
  paused = 2,
  reconnecting = 3,  ///< `why` says what happened; comes back by itself
  failed = 4,        ///< will not come back without help: `why` says what and its remedy what to do
  stopped = 5,       ///< by stop(), destruction or logout
};

/// All optional. Called on a worker thread; the calls of one window never overlap (for on_packet see
/// LiveOptions::packets_on_network_thread). A handler that blocks delays its own window only: while others wait
/// for a worker the engine lends a thread for it, 64 at most.
struct LiveHandlers {
  std::function<void(const Frame&)> on_frame;
  std::function<void(const AudioBlock&)> on_audio;
  std::function<void(const Packet&)> on_packet;
  std::function<void(LiveState, const Error& why)> on_state;
};

struct LiveStats {
  LiveState state = LiveState::opening;
  MediaRoute route = MediaRoute::automatic;
  std::string transport;  ///< "rtsp/tcp 192.0.2.10:554" …
  StreamKind stream = StreamKind::main;
  Codec video = Codec::unknown;
  Codec audio = Codec::unknown;
  int width = 0, height = 0;
  double bit_rate = 0;    ///< bits per second over the last seconds; 0 when nothing has come for some
  double frame_rate = 0;  ///< access units per second over the last seconds
  /// From the sockets of the streams the window was on while it was, protocol included, as of the latest access unit; a stream that
  /// several windows share counts for each. Never falls.
  std::uint64_t bytes = 0;
  std::uint64_t packets = 0;  ///< video access units received
  std::uint64_t frames = 0;   ///< pictures given to on_frame
  std::uint64_t lost = 0;     ///< RTP packets or DHAV frames that never came, counted as `bytes`
  std::uint64_t corrupt = 0;  ///< access units with parts missing
  std::uint64_t dropped = 0;  ///< access units thrown away because the window could not keep up
  std::uint64_t decode_errors = 0;
  std::uint64_t restarts = 0;  ///< times the stream was opened anew
  std::uint64_t audio_blocks = 0;
  std::chrono::microseconds decode_time{0};  ///< sum over all pictures
  std::chrono::microseconds first_frame{0};  ///< from open_live to the first picture; 0 = none yet
  /// Sender's wall clock to callback, of the last picture, where the sender's clock is believable.
  std::optional<std::chrono::milliseconds> latency;
};

struct SnapshotOptions {
  int quality = 3;  ///< mjpeg quantiser scale 2 (best) … 31
};

struct BurstOptions {
  int count = 3;                              ///< 1 to 20 (manual §12, capture quantity)
  int quality = 3;                            ///< as in SnapshotOptions
  std::chrono::milliseconds timeout{10'000};  ///< for all of them
};

/// A handle, move-only: destroying it stops the window. Functions may be called from any thread, also inside this window's handlers.
class Live {
 public:
  struct Impl;
  Live() = default;
  explicit Live(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
  Live(Live&&) noexcept = default;
  Live& operator=(Live&& other) noexcept;
  ~Live();
  explicit operator bool() const noexcept { return impl_ != nullptr; }

  /// Keeps the connection for a while but decodes and delivers nothing; resume() starts at the next key frame.
  void pause();
  void resume();
  void mute(bool muted);
  /// Goes over to another stream of the same channel at the new stream's first key frame; the old one plays until then.
  /// Cancelling keeps the old one. Errors: why the new stream does not open; invalid_state after stop().
  Operation switch_stream(StreamKind stream, std::function<void(Result<void>)> done = {});
  /// JPEG of the last decoded picture. Errors: no_picture.
  Operation snapshot(std::function<void(Result<std::vector<std::uint8_t>>)> done,
                     SnapshotOptions options = {});
  /// JPEGs of the next `count` decoded pictures, without one between them left out unless the window itself drops it. `on_picture` is
  /// called for each with its index from 0, like the window's other handlers and never together with them or after `done`; nothing
  /// is kept, so a handler that blocks delays the window. At most four at a time in a window. Errors: invalid_argument, no_picture
  /// (the window decodes nothing: it has no on_frame), timeout (also of a paused window; what came until then stays good), overflow,
  /// invalid_state after stop(), cancelled by stop().
  Operation snapshot_burst(BurstOptions options,
                           std::function<void(int index, const std::vector<std::uint8_t>& jpeg)> on_picture,
                           std::function<void(Result<void>)> done = {});
  /// Ends the window; on_state(stopped) is the last call.
  void stop();
  LiveStats stats() const;

 private:
  std::shared_ptr<Impl> impl_;
};

/// Stable identifiers, e.g. "playing", "rtsp".
std::string_view name(LiveState state) noexcept;
std::string_view name(MediaRoute route) noexcept;

}  // namespace dmss
