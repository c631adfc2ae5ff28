#include "base/charset.hpp"

#include <iconv.h>

#include <cerrno>
#include <cstdint>

#include "base/text.hpp"

namespace dmss {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

std::uint8_t byte_at(std::string_view s, std::size_t i) {
  return static_cast<std::uint8_t>(s[i]);
}

/// The rows of GB2312 that hold punctuation and characters in use.
bool is_common_pair(std::string_view s) {
  if (s.size() < 2) return false;
  const std::uint8_t lead = byte_at(s, 0), trail = byte_at(s, 1);
  return ((lead >= 0xa1 && lead <= 0xa9) || (lead >= 0xb0 && lead <= 0xf7)) && trail >= 0xa1 && trail <= 0xfe;
}

/// UTF-8 with a few bytes that are damaged: other encodings hit on its sequences by chance only.
bool is_nearly_utf8(std::string_view text) {
  constexpr std::size_t kSequencesForOneStray = 4;
  std::size_t sequences = 0, stray = 0;
  while (!text.empty()) {
    const std::size_t n = utf8_sequence(text);
    sequences += n > 1;
    stray += n == 0;
    text.remove_prefix(n == 0 ? 1 : n);
  }
  return sequences >= kSequencesForOneStray * stray;
}

class Converter {
 public:
  Converter(const char* to, const char* from) : handle_(iconv_open(to, from)) {}
  ~Converter() {
    if (*this) iconv_close(handle_);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  explicit operator bool() const { return handle_ != reinterpret_cast<iconv_t>(-1); }

  /// Appends what converts; returns how many bytes of `text` that was.
  std::size_t run(std::string_view text, std::string& out) {
    char* from = const_cast<char*>(text.data());  // POSIX asks for it, and leaves the text alone
    std::size_t left = text.size();
    while (left > 0) {
      char piece[1024];
      char* to = piece;
      std::size_t room = sizeof(piece);
      const std::size_t done = iconv(handle_, &from, &left, &to, &room);
      out.append(piece, sizeof(piece) - room);
      if (done == static_cast<std::size_t>(-1) && errno != E2BIG) break;
    }
    return text.size() - left;
  }

 private:
  iconv_t handle_;
};

std::string latin1_to_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::uint8_t b = byte_at(text, i);
    if (b < 0x80) {
      out += text[i];
    } else {
      out += static_cast<char>(0xc0 | b >> 6);
      out += static_cast<char>(0x80 | (b & 0x3f));
    }
  }
  return out;
}

std::optional<std::string> utf8_to_latin1(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::uint8_t b = byte_at(text, i);
    if (b < 0x80) {
      out += text[i];
    } else if ((b == 0xc2 || b == 0xc3) && i + 1 < text.size()) {
      out += static_cast<char>((b & 3) << 6 | (byte_at(text, ++i) & 0x3f));
    } else {
      return std::nullopt;
    }
  }
  return out;
}

std::string gbk_to_utf8(std::string_view text) {
  std::string out;
  Converter converter("UTF-8", "GBK");
  while (!text.empty()) {
    if (converter) text.remove_prefix(converter.run(text, out));
    if (text.empty()) break;
    if (byte_at(text, 0) < 0x80) {
      out += text[0];
      text.remove_prefix(1);
      continue;
    }
    out += kReplacement;
    text.remove_prefix(is_gbk_pair(text) ? 2 : 1);
  }
  return out;
}

}  // namespace

bool is_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const std::size_t n = utf8_sequence(text);
    if (n == 0) return false;
    text.remove_prefix(n);
  }
  return true;
}

bool is_gbk_pair(std::string_view text) noexcept {
  if (text.size() < 2) return false;
  const std::uint8_t lead = byte_at(text, 0), trail = byte_at(text, 1);
  return lead >= 0x81 && lead <= 0xfe && trail >= 0x40 && trail <= 0xfe && trail != 0x7f;
}

Charset guess_charset(std::string_view text) {
  if (is_nearly_utf8(text)) return Charset::utf8;
  std::size_t pairs = 0, single = 0;
  while (!text.empty()) {
    if (byte_at(text, 0) < 0x80) {
      text.remove_prefix(1);
    } else if (is_common_pair(text)) {
      ++pairs;
      text.remove_prefix(2);
    } else if (is_gbk_pair(text) && byte_at(text, 1) >= 0x80) {
      text.remove_prefix(2);  // rare in both
    } else {
      ++single;
      text.remove_prefix(1);
    }
  }
  return pairs > single ? Charset::gbk : Charset::latin1;
}

std::string to_utf8(std::string_view text, Charset from) {
  if (from == Charset::latin1) return latin1_to_utf8(text);
  if (from == Charset::gbk) return gbk_to_utf8(text);
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t n = utf8_sequence(text);
    out += n == 0 ? kReplacement : text.substr(0, n);
    text.remove_prefix(n == 0 ? 1 : n);
  }
  return out;
}

std::optional<std::string> from_utf8(std::string_view text, Charset to) {
  if (!is_utf8(text)) return std::nullopt;
  if (to == Charset::utf8) return std::string(text);
  if (to == Charset::latin1) return utf8_to_latin1(text);
  Converter converter("GBK", "UTF-8");
  std::string out;
  if (!converter || converter.run(text, out) != text.size()) return std::nullopt;
  return out;
}

}  // namespace dmss
