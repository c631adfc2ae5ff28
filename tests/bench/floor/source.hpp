// Source: one open stream as a program without any library would have it: a descriptor and bytes.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

#include "base/bytes.hpp"

namespace dmss::bench {

enum class Transport { tcp, udp, tls, dvrip };

struct SourceOptions {
  Transport transport = Transport::tcp;
  std::uint16_t rtsp = 0, dvrip = 0;
  int stream = 0;
};

class Source {
 public:
  /// Opens channel `channel` of the server and starts the stream. Throws std::runtime_error.
  Source(const SourceOptions& options, int channel);
  ~Source();
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  int fd() const noexcept { return udp_ >= 0 ? udp_ : media_; }
  /// recv() or SSL_read(); 0 = nothing there, negative = ended.
  std::ptrdiff_t read(std::uint8_t* to, std::size_t room);
  /// Whether another read() may give more although the descriptor is not readable.
  bool may_hold_more() const noexcept { return ssl_ != nullptr || udp_ >= 0; }

 private:
  void open_rtsp(const SourceOptions& options, int channel);
  void open_dvrip(const SourceOptions& options, int channel);
  void request(const std::string& text);
  std::string response();

  int control_ = -1, media_ = -1, udp_ = -1, udp_rtcp_ = -1;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_{nullptr, &SSL_free};
};

}  // namespace dmss::bench
