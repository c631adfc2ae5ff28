// OldTie: the media connection of one channel in the old dialect (protocol dvrip-dhip.md §3.2, §4.2). All who watch the channel share it:
// a channel has one tie and sends one stream at a time, that of whoever came last.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "proto/dvrip/legacy.hpp"
#include "session/control/control_link.hpp"
#include "session/control/dvrip_connection.hpp"
#include "session/engine/signal.hpp"

namespace dmss::session {

class OldTie;

/// Of one control connection.
struct OldTies {
  proto::dvrip::LiveFlags flags;  ///< of the first 16 channels: each `11` tells them all
  std::map<int, std::weak_ptr<OldTie>> by_channel;
};

/// Used on the network thread only, held by shared_ptr.
class OldTie final : public std::enable_shared_from_this<OldTie>, private FrameSink {
 public:
  /// The channel's (from 0), or a new one over `connection`; a connection that is not needed is closed.
  static std::shared_ptr<OldTie> of(const Context& context, std::shared_ptr<DvripLink> link, int channel,
                                    std::shared_ptr<DvripConnection> connection);

  OldTie(const Context& context, std::shared_ptr<DvripLink> link, int channel,
         std::shared_ptr<DvripConnection> connection);

  /// `user` hears the frames from now on, and the device is told to send `stream`: when it has acknowledged the tie, or soon without that,
  /// as the start goes over the control connection and could overtake it; and again when nothing comes.
  void join(const std::shared_ptr<FrameSink>& user, int stream);
  /// Those who stay get their stream again; with the last one the channel stops and the connection ends. Idempotent.
  void leave(const FrameSink& user);
  /// Completes when the user has left, or with the connection's end.
  awaitable<Result<void>> wait(const FrameSink& user);

  const std::shared_ptr<DvripConnection>& connection() const { return connection_; }

 private:
  struct User {
    std::weak_ptr<FrameSink> sink;
    const FrameSink* id;
    int stream;
  };
  awaitable<void> read(std::shared_ptr<OldTie> self);
  bool on_frame(const proto::dvrip::FrameView& frame) override;
  bool has(const FrameSink& user) const;
  void start();
  void start_after(Duration patience);
  /// A later tie of the channel has the say, once there is one.
  void tell(bool on, int stream);

  const std::shared_ptr<DvripLink> link_;
  const int channel_;
  const std::shared_ptr<DvripConnection> connection_;
  Signal changed_;
  net::Timer patience_;  // for the acknowledgement, then for media
  bool tied_ = false;    // acknowledged, or waited for long enough
  bool heard_ = false;   // media has come
  int starts_ = 0;
  std::vector<User> users_;  // the last one's stream is sent
  int told_ = -1;            // the stream, or none
  std::optional<Result<void>> ended_;
};

}  // namespace dmss::session
