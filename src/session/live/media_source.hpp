// MediaSource: one media connection to a device (RTSP or DVRIP), from opening to its end. Reconnecting is the owner's business.
#pragma once

#include <memory>
#include <string>

#include "dmss/live.hpp"
#include "media/access_unit.hpp"
#include "session/context.hpp"
#include "session/live/key_watch.hpp"

namespace dmss::session {

struct SourceRequest {
  int channel = 1;  ///< from 1
  StreamKind stream = StreamKind::extra;
  bool audio = true;
  Duration key_patience = kKeyPatience;  ///< how long pictures may come before the first key frame
};

struct SourceInfo {
  MediaRoute route = MediaRoute::automatic;
  std::string transport;         ///< "rtsp/tcp 192.0.2.10:554", "dvrip 192.0.2.10:37777"
  Codec video = Codec::unknown;  ///< as announced; the access units tell the truth
  Codec audio = Codec::unknown;
};

struct SourceStats {
  std::uint64_t bytes = 0;    ///< from the socket, protocol included
  std::uint64_t lost = 0;     ///< RTP packets or DHAV frames that never came
  std::uint64_t skipped = 0;  ///< bytes thrown away while looking for a frame
};

/// Receives what a source produces, on the network thread.
class MediaSink {
 public:
  virtual ~MediaSink() = default;
  virtual void on_access_unit(media::AccessUnit&& unit) = 0;
  /// Something the window should know without ending the stream: encrypted, codec_unsupported …
  virtual void on_notice(Error notice) = 0;
};

/// Used on the network thread only, held by shared_ptr. open() → run() → stop() or close().
class MediaSource {
 public:
  virtual ~MediaSource() = default;
  /// Completes when the device has accepted the stream. Media may reach the sink before it returns.
  virtual awaitable<Result<SourceInfo>> open() = 0;
  /// Reads until the stream ends; returns why: connection_lost, no_media (nothing for 10 s), no_key_frame (pictures, but none to begin
  /// with), decode_failed (not what was described), cancelled (close()), malformed, what end() was given …
  virtual awaitable<Error> run() = 0;
  /// Makes run() return `why`; stop() may follow. Also from inside the sink.
  virtual void end(Error why) = 0;
  /// Ends the stream politely (TEARDOWN, Monitor state 0), not longer than 2 s, then closes.
  virtual awaitable<void> stop() = 0;
  /// At once; idempotent.
  virtual void close() = 0;
  virtual SourceStats stats() const = 0;
};

}  // namespace dmss::session
