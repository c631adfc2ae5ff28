// Streamer: one running stream. The first picture goes out at once, the others at the clip's rate or as fast
// as the client takes them.
#pragma once

#include <netinet/in.h>

#include <memory>

#include "bench/media_server/connection.hpp"

namespace dmss::bench {

/// How fast streams run.
struct Pace {
  bool bulk = false;     ///< as fast as the socket takes
  double speed = 1.0;    ///< of real time
  bool packets = false;  ///< one send for each RTP packet, as most cameras do, not one for each picture
};

/// Where a picture goes.
struct Route {
  enum class Kind { interleaved, datagrams, dvrip };
  Kind kind = Kind::interleaved;
  std::uint8_t channel = 0;  ///< interleaved
  int udp = -1;              ///< datagrams: the server's socket
  sockaddr_in to{};
};

class Streamer {
 public:
  /// `number` tells streams apart: their pictures are spread over the picture interval.
  Streamer(Loop& loop, std::shared_ptr<Connection> connection, Clip& clip, Route route, Pace pace,
           unsigned number);
  ~Streamer();
  Streamer(const Streamer&) = delete;
  Streamer& operator=(const Streamer&) = delete;

  static constexpr std::uint16_t kFirstSequence = 1000;
  static constexpr std::uint32_t kFirstTimestamp = 900000;

 private:
  void run();
  void send_picture();
  bool send_datagrams();
  void schedule(Time when);
  Time due(std::uint64_t picture) const;
  double stream_seconds() const { return static_cast<double>(next_) / clip_.fps(); }
  std::uint32_t timestamp() const {
    return kFirstTimestamp + static_cast<std::uint32_t>(stream_seconds() * 90000);
  }

  Loop& loop_;
  const std::shared_ptr<Connection> connection_;
  Clip& clip_;
  const Route route_;
  const Pace pace_;
  std::chrono::nanoseconds interval_;
  Time second_;  // when the second picture is due
  std::uint64_t next_ = 0;
  std::size_t next_packet_ = 0;
  std::uint16_t sequence_ = kFirstSequence;
  std::optional<Loop::TimerId> timer_;
};

}  // namespace dmss::bench
