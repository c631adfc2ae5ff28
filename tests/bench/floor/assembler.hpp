// Assembler: bytes of a stream into access units, with as little code as the format allows. Trusts its input.
#pragma once

#include <functional>

#include "bench/floor/source.hpp"

namespace dmss::bench {

class Assembler {
 public:
  /// A whole picture, Annex-B, with room for libavcodec's padding behind it.
  using OnUnit = std::function<void(ByteView unit)>;

  Assembler(Transport transport, OnUnit on_unit) : transport_(transport), on_unit_(std::move(on_unit)) {}
  /// All or part of what `in` has; the rest must be given again. A datagram is used up whole.
  std::size_t take(ByteView in);
  std::uint64_t gaps() const noexcept { return gaps_; }

 private:
  void rtp(ByteView packet);
  void dhav(ByteView body);
  void append(ByteView bytes);
  void give(std::size_t begin, std::size_t end);

  Transport transport_;
  OnUnit on_unit_;
  Bytes unit_;
  std::size_t size_ = 0;
  std::uint16_t expected_ = 0;
  bool started_ = false;
  std::uint64_t gaps_ = 0;
};

}  // namespace dmss::bench
