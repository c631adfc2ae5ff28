// Byte views and bounds-checked cursors, the only way codecs touch memory from the wire.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dmss {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

inline ByteView as_bytes(std::string_view s) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(s.data()), s.size()};
}
inline std::string_view as_text(ByteView b) noexcept {
  return {reinterpret_cast<const char*>(b.data()), b.size()};
}

constexpr std::uint16_t load_le16(const std::uint8_t* p) noexcept {
  return static_cast<std::uint16_t>(p[0] | p[1] << 8);
}
constexpr std::uint32_t load_le32(const std::uint8_t* p) noexcept {
  return static_cast<std::uint32_t>(p[0]) | static_cast<std::uint32_t>(p[1]) << 8 |
         static_cast<std::uint32_t>(p[2]) << 16 | static_cast<std::uint32_t>(p[3]) << 24;
}
constexpr std::uint16_t load_be16(const std::uint8_t* p) noexcept {
  return static_cast<std::uint16_t>(p[0] << 8 | p[1]);
}
constexpr std::uint32_t load_be32(const std::uint8_t* p) noexcept {
  return static_cast<std::uint32_t>(p[0]) << 24 | static_cast<std::uint32_t>(p[1]) << 16 |
         static_cast<std::uint32_t>(p[2]) << 8 | static_cast<std::uint32_t>(p[3]);
}
constexpr void store_le16(std::uint8_t* p, std::uint16_t v) noexcept {
  p[0] = static_cast<std::uint8_t>(v);
  p[1] = static_cast<std::uint8_t>(v >> 8);
}
constexpr void store_le32(std::uint8_t* p, std::uint32_t v) noexcept {
  store_le16(p, static_cast<std::uint16_t>(v));
  store_le16(p + 2, static_cast<std::uint16_t>(v >> 16));
}
constexpr void store_be16(std::uint8_t* p, std::uint16_t v) noexcept {
  p[0] = static_cast<std::uint8_t>(v >> 8);
  p[1] = static_cast<std::uint8_t>(v);
}
constexpr void store_be32(std::uint8_t* p, std::uint32_t v) noexcept {
  store_be16(p, static_cast<std::uint16_t>(v >> 16));
  store_be16(p + 2, static_cast<std::uint16_t>(v));
}

/// Reads forward through a view. Reading past the end returns zeros and sets failed(); it never throws or touches memory outside.
class Reader {
 public:
  explicit Reader(ByteView data) noexcept : data_(data) {}

  std::uint8_t u8() noexcept { return take(1) ? data_[pos_ - 1] : 0; }
  std::uint16_t le16() noexcept { return take(2) ? load_le16(&data_[pos_ - 2]) : 0; }
  std::uint32_t le32() noexcept { return take(4) ? load_le32(&data_[pos_ - 4]) : 0; }
  std::uint16_t be16() noexcept { return take(2) ? load_be16(&data_[pos_ - 2]) : 0; }
  std::uint32_t be32() noexcept { return take(4) ? load_be32(&data_[pos_ - 4]) : 0; }
  ByteView bytes(std::size_t n) noexcept { return take(n) ? data_.subspan(pos_ - n, n) : ByteView(); }
  void skip(std::size_t n) noexcept { take(n); }

  std::size_t offset() const noexcept { return pos_; }
  std::size_t left() const noexcept { return data_.size() - pos_; }
  ByteView rest() const noexcept { return data_.subspan(pos_); }
  bool failed() const noexcept { return failed_; }

 private:
  bool take(std::size_t n) noexcept {
    if (failed_ || n > data_.size() - pos_) {
      failed_ = true;
      return false;
    }
    pos_ += n;
    return true;
  }
  ByteView data_;
  std::size_t pos_ = 0;
  bool failed_ = false;
};

/// Appends to a byte vector.
class Writer {
 public:
  explicit Writer(Bytes& out) noexcept : out_(out) {}

  Writer& u8(std::uint8_t v) {
    out_.push_back(v);
    return *this;
  }
  Writer& le16(std::uint16_t v) {
    return put<2>([v](std::uint8_t* p) { store_le16(p, v); });
  }
  Writer& le32(std::uint32_t v) {
    return put<4>([v](std::uint8_t* p) { store_le32(p, v); });
  }
  Writer& be16(std::uint16_t v) {
    return put<2>([v](std::uint8_t* p) { store_be16(p, v); });
  }
  Writer& be32(std::uint32_t v) {
    return put<4>([v](std::uint8_t* p) { store_be32(p, v); });
  }
  Writer& bytes(ByteView b) {
    out_.insert(out_.end(), b.begin(), b.end());
    return *this;
  }
  Writer& text(std::string_view s) { return bytes(as_bytes(s)); }
  Writer& zeros(std::size_t n) {
    out_.resize(out_.size() + n);
    return *this;
  }

 private:
  template <std::size_t N, class F>
  Writer& put(F store) {
    out_.resize(out_.size() + N);
    store(out_.data() + out_.size() - N);
    return *this;
  }
  Bytes& out_;
};

/// "a0 05 00 60 …", at most `limit` bytes; for logs and tests.
std::string to_hex(ByteView b, std::size_t limit = 64);
/// Reads hex digits, ignoring white space; empty on any other character or an odd count.
Bytes from_hex(std::string_view hex);

}  // namespace dmss
