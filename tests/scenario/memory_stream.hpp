// MemoryStream: a net::Stream in memory, made in pairs. Bytes arrive in order, on the executor, never inside the call that sent them.
#pragma once

#include <limits>
#include <memory>
#include <utility>

#include "net/stream.hpp"

namespace dmss::scenario {

class MemoryStream final : public net::Stream {
 public:
  struct Pair {
    std::unique_ptr<MemoryStream> client;
    std::unique_ptr<MemoryStream> device;
  };
  static Pair make(const net::Executor& executor, net::StreamInfo info);
  ~MemoryStream() override;

  net::Executor executor() override { return executor_; }
  net::awaitable<Result<std::size_t>> read_some(std::span<std::uint8_t> into) override;
  net::awaitable<Result<void>> write(ByteView data) override;
  /// The other end reads what is on its way, then the end.
  void close() override;
  const net::StreamInfo& info() const override { return info_; }
  bool has_input() override;

  /// write() without waiting.
  void send(ByteView data);
  /// The other end loses what is on its way and reads a reset.
  void reset();
  /// Largest piece in which the other end gets what is sent here; a frame then arrives in as many reads.
  void split(std::size_t piece);

 private:
  struct Direction;
  MemoryStream(net::Executor executor, net::StreamInfo info, std::shared_ptr<Direction> in,
               std::shared_ptr<Direction> out);

  const net::Executor executor_;
  const net::StreamInfo info_;
  const std::shared_ptr<Direction> in_;
  const std::shared_ptr<Direction> out_;
};

}  // namespace dmss::scenario
