// DvripService: the private protocol on 37777 and DHIP on 5000.
#pragma once

#include <map>
#include <memory>

#include "recorder/core.hpp"
#include "recorder/dvrip_media.hpp"
#include "recorder/link.hpp"
#include "recorder/rpc_methods.hpp"

namespace dmss::recorder {

class DvripService {
 public:
  DvripService(Core& core, Rpc& rpc) : core_(core), rpc_(rpc) {}

  /// Either protocol on one port: decides by the first bytes.
  net::awaitable<void> serve(std::shared_ptr<Link> link);
  net::awaitable<void> serve_dhip(std::shared_ptr<Link> link);

  /// A second connection of a session that media goes over.
  struct SubChannel {
    std::uint32_t session = 0;
    std::weak_ptr<Link> link;  // once it was acknowledged
    std::unique_ptr<DvripMedia> media;
  };
  std::uint32_t add_sub_channel(std::uint32_t session);
  bool full() const noexcept { return subs_.size() >= kMaxSubChannels; }
  SubChannel* find(std::uint32_t connection);
  void remove(std::uint32_t connection) { subs_.erase(connection); }

  /// Old dialect: connections tied with f1, by session and channel (from 0).
  using TieKey = std::pair<std::uint32_t, int>;
  std::map<TieKey, SubChannel>& ties() { return ties_; }

  /// Media and connections of a session that ended.
  void drop_session(std::uint32_t session);

  Core& core() noexcept { return core_; }
  Rpc& rpc() noexcept { return rpc_; }

 private:
  net::awaitable<void> serve_dhip(std::shared_ptr<Link> link, Bytes first);

  static constexpr std::size_t kMaxSubChannels = 1024;
  Core& core_;
  Rpc& rpc_;
  std::map<std::uint32_t, SubChannel> subs_;
  std::map<TieKey, SubChannel> ties_;
  std::uint32_t next_connection_ = 100;
};

}  // namespace dmss::recorder
