// PictureDesk: joins the pictures of events with the events, which come by different connections. Lives on the network thread.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "session/events/picture_feed.hpp"

namespace dmss::session {

/// What all subscriptions with pictures want together.
struct PictureWishes {
  bool all_channels = false;
  std::set<int> channels;
  bool everything = false;
  std::set<std::string> codes;
  std::chrono::seconds heartbeat{60};

  void add(const EventOptions& options, const std::set<std::string>& asked);
  bool operator==(const PictureWishes&) const = default;
};

struct PictureEvents {
  /// In the order in which the events came, each with its picture or without.
  std::function<void(const std::shared_ptr<const Event>&)> deliver;
  std::function<void(bool)> on_attached;
};

class PictureDesk final : public std::enable_shared_from_this<PictureDesk> {
 public:
  PictureDesk(std::shared_ptr<DeviceSession> device, PictureEvents events);

  void want(PictureWishes wishes);
  /// Given on at once, unless a picture of it may still come.
  void add(std::shared_ptr<const Event> event);
  /// Everything that waits is given on.
  void flush();
  void on_changed();
  void close();

 private:
  struct Held {
    std::shared_ptr<const Event> event;
    net::TimePoint until;
    bool waits = false;
  };
  struct Picture {
    proto::events::WireEvent about;
    std::vector<std::uint8_t> jpeg;
    net::TimePoint until;
  };

  void make_feeds();
  bool may_have_picture(const Event& event) const;
  static bool belong(const Event& event, const proto::events::WireEvent& about);
  void on_picture(int channel, proto::events::WireEvent about, ByteView jpeg);
  void told_attached();
  void release();
  void arm();

  const std::shared_ptr<DeviceSession> device_;
  const PictureEvents events_;
  PictureWishes wishes_;
  std::map<int, std::shared_ptr<PictureFeed>> feeds_;
  bool feeds_wanted_ = false;
  std::deque<Held> held_;
  std::deque<Picture> pictures_;             // whose event has not come
  std::map<std::string, int> disappointed_;  // by code: how often no picture came in a row
  net::Timer timer_;
  bool attached_ = false;
  bool closed_ = false;
};

}  // namespace dmss::session
