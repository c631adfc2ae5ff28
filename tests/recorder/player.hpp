// Player: gives the pictures and the sound of clips to viewers in real time, endlessly, with a clock that
// runs on over the loop. One timer for all viewers.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <queue>
#include <set>
#include <vector>

#include "base/bytes.hpp"
#include "net/clock.hpp"
#include "recorder/clips.hpp"
#include "recorder/faults.hpp"
#include "recorder/live_painter.hpp"
#include "recorder/streams.hpp"

namespace dmss::recorder {

/// One picture or packet of sound. Valid during the call.
struct MediaUnit {
  bool video = true;
  bool key = false;
  Codec codec = Codec::h264;
  ByteView data;
  std::uint64_t number = 0;  // from 0, video and sound counted apart
  std::int64_t time_us = 0;  // since the viewer's start, on the device's clock
  std::int64_t wall_us = 0;  // since 1970
  int width = 0, height = 0, fps = 0;
  int sample_rate = 0, samples = 0;
};

class MediaSink {
 public:
  virtual ~MediaSink() = default;
  /// False when it could not be taken (the way is full); pictures are then left out until the next key frame.
  virtual bool on_media(const MediaUnit& unit) = 0;
};

class Player;

/// One running stream. Destroying it ends it.
class Viewer {
 public:
  ~Viewer();
  Viewer(const Viewer&) = delete;
  Viewer& operator=(const Viewer&) = delete;

  void pause();
  void resume();
  bool paused() const noexcept { return paused_; }
  int channel() const noexcept { return channel_; }
  int subtype() const noexcept { return subtype_; }
  Json to_json() const;

 private:
  friend class Player;
  Viewer(Player& player, MediaSink& sink) : player_(player), sink_(sink) {}

  Player& player_;
  MediaSink& sink_;
  std::string service_;
  int channel_ = 1, subtype_ = 0;
  std::shared_ptr<const Clip> clip_;
  std::shared_ptr<const Sound> sound_;    // null = no sound
  std::unique_ptr<LivePainter> painter_;  // null while the clip plays
  std::shared_ptr<const Clip> painted_;   // the clip it stands for
  bool paused_ = false;
  bool waits_for_key_ = false;
  bool video_on_ = true, sound_on_ = true;
  std::size_t position_ = 0;
  std::uint64_t pictures_ = 0, packets_ = 0;  // given out or left out
  std::int64_t video_us_ = 0, audio_us_ = 0;  // stream time of the next one
  std::int64_t jump_us_ = 0;
  std::int64_t wall_start_us_ = 0;
  net::TimePoint start_;  // when stream time 0 was
  net::TimePoint paused_at_;
  bool switched_ = false;
  bool queued_ = false;
  std::int64_t segment_us_ = 0;  // stream time of the first picture of this clip
  std::uint64_t segment_pictures_ = 0;
  std::uint64_t taken_ = 0, refused_ = 0, bytes_ = 0;
};

class Player {
 public:
  Player(net::asio::io_context& io, net::Clock& clock, const Profile& profile, Clips& clips, Streams& streams,
         Faults& faults);

  struct Request {
    std::string service;  // for the filters of faults
    int channel = 1;
    int subtype = 0;
    bool sound = true;
  };
  /// Starts with a key frame at once. `sink` must outlive the viewer.
  std::unique_ptr<Viewer> open(const Request& request, MediaSink& sink);
  const std::vector<Viewer*>& viewers() const noexcept { return viewers_; }
  /// Where a channel's camera points, once that is to be seen: its pictures are drawn from then on.
  using Position = std::function<std::optional<media::PositionStamp>(int channel)>;
  void show_position(Position position) { position_ = std::move(position); }
  /// Pictures of a channel that is off are left out.
  void switch_channel(int channel, bool on);
  bool channel_on(int channel) const { return off_.count(channel) == 0; }
  /// What plays on a stream changed: its viewers go on with the new clip, from its key frame, without a gap in time.
  void refresh(int channel, int subtype);
  /// How far the device's clock is ahead of the real one; for viewers opened from now on.
  void set_clock_offset(std::chrono::seconds ahead) { ahead_ = ahead; }
  void stop();

 private:
  friend class Viewer;
  struct Due {
    net::TimePoint at;
    Viewer* viewer;
    bool operator>(const Due& other) const { return at > other.at; }
  };
  void remove(Viewer* viewer);
  void schedule(Viewer* viewer);
  void arm();
  void run();
  void step(Viewer& viewer, net::TimePoint now);
  void give_picture(Viewer& viewer);
  void give_sound(Viewer& viewer);
  void apply_changes(Viewer& viewer);
  void damage(MediaUnit& unit);
  void draw(Viewer& viewer, MediaUnit& unit);
  static void change_clip(Viewer& viewer, std::shared_ptr<const Clip> clip);

  net::Clock& clock_;
  const Profile& profile_;
  Clips& clips_;
  Streams& streams_;
  Faults& faults_;
  std::chrono::seconds ahead_{0};
  std::unique_ptr<net::Timer> timer_;
  bool armed_ = false;
  net::asio::io_context& io_;
  std::vector<Viewer*> viewers_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
  Bytes damaged_;
  Position position_;
  std::set<int> off_;
};

}  // namespace dmss::recorder
