// Streams: which clip plays on which channel and stream now. The Encode table says so; a clip that is not on disk yet
// is encoded beside the running one, which goes on until the new one is there.
#pragma once

#include <boost/asio/io_context.hpp>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "base/log.hpp"
#include "net/clock.hpp"
#include "recorder/clips.hpp"
#include "recorder/stream_setting.hpp"
#include "recorder/tables.hpp"

namespace dmss::recorder {

class Streams {
 public:
  Streams(net::asio::io_context& io, const Profile& profile, Tables& tables, Clips& clips, Logger log);
  ~Streams();
  Streams(const Streams&) = delete;
  Streams& operator=(const Streams&) = delete;

  /// Never null.
  std::shared_ptr<const Clip> video(int channel, int subtype);
  std::shared_ptr<const Sound> sound(int channel, int subtype);
  bool video_on(int channel, int subtype) const;
  bool sound_on(int channel, int subtype) const;

  /// After each change of what may play, once a stream that somebody has opened.
  void on_change(std::function<void(int channel, int subtype)> heard) { heard_ = std::move(heard); }
  /// Ends the encoder; what it is at is finished first.
  void stop();

  /// The clip that comes nearest to a setting; the profile's own where the setting says the same.
  static ClipSpec nearest(const Profile& profile, int channel, int subtype, const StreamSetting& setting);

 private:
  using Key = std::pair<int, int>;
  std::optional<StreamSetting> setting(int channel, int subtype) const;
  void follow();
  void encode(const ClipSpec& spec);
  void work();
  void arrived(const std::string& file);

  net::asio::io_context& io_;
  const Profile& profile_;
  Tables& tables_;
  Clips& clips_;
  Logger log_;
  std::function<void(int, int)> heard_;
  std::map<Key, std::shared_ptr<const Clip>> playing_;
  std::map<Key, ClipSpec> wanted_;

  std::thread worker_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<ClipSpec> queue_;  // under mutex_
  bool ending_ = false;         // under mutex_
};

}  // namespace dmss::recorder
