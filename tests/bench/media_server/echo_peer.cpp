// An exchange without a protocol: the first eight bytes of a request say its size and that of the reply (32-bit little-endian each).
#include "bench/media_server/media_server.hpp"

namespace dmss::bench {
namespace {

constexpr std::size_t kHead = 8;
constexpr std::size_t kLargest = 1u << 20;

class EchoPeer final : public Peer {
 public:
  explicit EchoPeer(std::shared_ptr<Connection> connection) : connection_(std::move(connection)) {}

  std::size_t consume(ByteView in) override {
    std::size_t used = 0;
    while (in.size() - used >= kHead) {
      const std::size_t request = load_le32(&in[used]), reply = load_le32(&in[used + 4]);
      if (request < kHead || request > kLargest || reply > kLargest) {
        connection_->close();
        break;
      }
      if (in.size() - used < request) break;
      used += request;
      answer_.resize(reply);
      connection_->send(answer_);
    }
    return used;
  }

 private:
  const std::shared_ptr<Connection> connection_;
  Bytes answer_;
};

}  // namespace

std::unique_ptr<Peer> make_echo_peer(MediaServer&, std::shared_ptr<Connection> connection) {
  return std::make_unique<EchoPeer>(std::move(connection));
}

}  // namespace dmss::bench
