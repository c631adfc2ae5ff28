// Upstream: one media stream of a device, kept open as long as windows want it, opened anew when it ends. All windows on the
// same stream share one.
#pragma once

#include <compare>
#include <memory>
#include <vector>

#include "session/engine/engine_core.hpp"
#include "session/live/gop_cache.hpp"
#include "session/live/media_source.hpp"

namespace dmss::session {

class DeviceSession;
class Upstream;

struct UpstreamKey {
  int channel = 1;
  StreamKind stream = StreamKind::extra;
  bool audio = true;
  auto operator<=>(const UpstreamKey&) const = default;
};

/// What a window hears from its upstream, on the network thread.
class UpstreamListener {
 public:
  virtual ~UpstreamListener() = default;
  /// It takes no pictures now and will ask to catch up.
  virtual bool rests() const = 0;
  virtual void on_unit(Upstream& from, const media::AccessUnit& unit) = 0;
  /// Once, right after joining a stream that plays: its latest key frame and the pictures since.
  virtual void on_backlog(Upstream& from, const std::vector<media::AccessUnit>& units) = 0;
  /// The device accepted the stream.
  virtual void on_opened(Upstream& from, const SourceInfo& info) = 0;
  /// `final`: it will not come back by itself.
  virtual void on_interrupted(Upstream& from, const Error& why, bool final) = 0;
  /// Another upstream brings the same pictures with sound: one is enough.
  virtual void on_superseded(Upstream& from) = 0;
  virtual void on_upstream_notice(Upstream& from, const Error& notice) = 0;
};

class Upstream final : public MediaSink, public std::enable_shared_from_this<Upstream> {
 public:
  Upstream(std::shared_ptr<DeviceSession> device, UpstreamKey key);
  ~Upstream() override;

  void start();
  void attach(UpstreamListener& listener);
  /// Gives the backlog again, to a listener that has not followed the stream for a while.
  void catch_up(UpstreamListener& listener);
  /// A listener rests, or does not any more.
  void size_backlog();
  /// The last one to leave closes the stream.
  void detach(UpstreamListener& listener);
  /// Ends it for all its listeners; `why` = ok means on the caller's wish.
  void close(const Error& why);
  /// One with sound has opened.
  void supersede();

  /// What is being opened for it, so that close() can call it off.
  void opening(std::shared_ptr<MediaSource> source);
  bool closed() const { return closed_; }
  /// It plays, or nothing is known against it.
  bool hopeful() const { return opened_ || !interrupted_; }

  const UpstreamKey& key() const { return key_; }
  SourceRequest request() const { return {key_.channel, key_.stream, key_.audio, key_patience_}; }
  /// Opens the stream anew, for `why`; nothing happens while none is open.
  void renew(Error why);
  /// The present source has given a key frame.
  bool has_key() const { return has_key_; }
  /// Of the present source, once the device has accepted it.
  const SourceInfo* info() const { return opened_ ? &info_ : nullptr; }
  /// Of all sources so far; never falls.
  SourceStats stats();
  std::uint64_t openings() const { return openings_; }

  void on_access_unit(media::AccessUnit&& unit) override;
  void on_notice(Error notice) override;

 private:
  awaitable<void> run(std::shared_ptr<Upstream> self);
  awaitable<Error> play_once();
  void count_last();
  void tell_interrupted(const Error& why, bool final);
  template <class F>
  void for_each_listener(F&& f);

  const std::shared_ptr<DeviceSession> device_;
  const UpstreamKey key_;
  Logger log_;
  std::vector<UpstreamListener*> listeners_;
  std::shared_ptr<MediaSource> source_;
  SourceInfo info_;
  GopCache gop_;          // of the present source
  Error interrupted_;     // why nothing plays now, for listeners that come later
  bool final_ = false;    // of interrupted_
  SourceStats total_;     // of all sources
  SourceStats counted_;   // of it, the present source's
  bool counts_ = false;   // the present source has not ended
  net::Timer pause_;      // between two openings
  std::uint64_t number_;  // of the latest unit; windows know by it which of a backlog they have had
  bool opened_ = false;
  bool closed_ = false;
  bool played_ = false;  // media has arrived since the upstream was made
  bool heard_ = false;   // media has arrived from the present source
  bool has_key_ = false;
  std::uint64_t openings_ = 0;
  Duration key_patience_ = kKeyPatience;
};

}  // namespace dmss::session
