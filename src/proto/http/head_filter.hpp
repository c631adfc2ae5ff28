// The head of an HTTP answer as devices send it, made into one as the standard has it: interim answers (1xx) are skipped, bare line feeds, a status line
// without a reason, lines without a colon and a length beside chunks are mended (RFC 9112 §2.2, §6.3; RFC 9110 §15.2).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dmss::proto::http {

class HeadFilter {
 public:
  explicit HeadFilter(std::size_t max_head) : max_head_(max_head) {}

  /// What the parser may have of it: nothing until the head is whole, then head and rest. What cannot be an answer, or has no end within
  /// the limit, is handed on as it is, for the parser to refuse.
  std::string put(std::string_view bytes);
  /// From now on bytes go to the parser directly.
  bool done() const noexcept { return done_; }

 private:
  const std::size_t max_head_;
  std::string raw_;
  std::size_t searched_ = 0;
  int interim_ = 0;
  bool done_ = false;
};

}  // namespace dmss::proto::http
