// UdpPair: the two neighbouring UDP ports of one RTP track (RFC 3550 §11).
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/bytes.hpp"
#include "dmss/result.hpp"
#include "net/asio.hpp"

namespace dmss::net {

/// Used on one executor.
class UdpPair {
 public:
  using OnDatagram = std::function<void(bool rtcp, ByteView datagram)>;

  virtual ~UdpPair() = default;
  /// The even port, for RTP; RTCP is on the next one.
  virtual std::uint16_t port() const = 0;
  /// Only datagrams from `remote` (an address) are passed on; the view is valid during the call. Until close().
  virtual void receive(const std::string& remote, OnDatagram on_datagram) = 0;
  /// Best effort.
  virtual void send(bool rtcp, std::uint16_t to_port, ByteView datagram) = 0;
  virtual void close() = 0;
};

/// `v6`: the address family of the device. Errors: internal (no pair of free ports).
Result<std::shared_ptr<UdpPair>> open_udp_pair(Executor executor, bool v6);

}  // namespace dmss::net
