// The multipart/x-mixed-replace bodies of event streams, cut into parts whatever the firmware does to their heads (protocol
// http-rpc.md §11.1, §6.6): the boundary is what counts, lengths are hints.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace dmss::proto::events {

inline constexpr std::size_t kMaxTextPart = (1u << 20) + 8192;
inline constexpr std::size_t kMaxPicturePart = 8u << 20;
inline constexpr std::size_t kMaxPartHeadLine = 4096;
inline constexpr std::size_t kMaxPartHeadLines = 32;
inline constexpr std::size_t kMaxBoundary = 128;

/// The boundary of a Content-Type value, without the dashes some devices put into it; "myboundary" when it names none.
std::string boundary_of(std::string_view content_type);

struct Part {
  enum class Kind { heartbeat, text, picture };
  Kind kind = Kind::text;
  ByteView body;  ///< without the line ends around it; valid until the next call

  std::string_view text() const noexcept { return as_text(body); }
};

/// A text that says by itself where it ends ("Heartbeat", "Code=…" with its JSON) is given when that end has come; other texts and
/// pictures by their length where that fits, else when the next boundary comes.
class MultipartReader {
 public:
  explicit MultipartReader(std::string_view boundary = "myboundary");

  void feed(ByteView bytes);
  std::optional<Part> next();
  /// For when nothing has come for a moment: a text of the length its head tells, whose line end is missing. Then next() again.
  std::optional<Part> flush();
  /// flush() would give something.
  bool waiting() const noexcept { return waiting_; }
  /// Pieces that made no sense and were skipped.
  std::uint64_t malformed() const noexcept { return malformed_; }

 private:
  enum class State { seeking, head, text, picture };
  struct Found {
    std::size_t begin = std::string::npos;
    std::size_t end = 0;
    bool exists() const noexcept { return begin != std::string::npos; }
  };
  /// Where one JSON value ends, found piece by piece.
  struct JsonEnd {
    std::size_t at = 0;  // into buffer_, the next byte to look at
    std::size_t depth = 0;
    bool in_string = false;
    bool escaped = false;
  };

  Found find_boundary(std::size_t from);
  void begin_head(std::size_t at);
  bool read_head();
  bool read_head_line(std::string_view line, std::size_t body_if_none, std::size_t next);
  void begin_body(std::size_t at);
  bool seek();
  std::optional<Part> read_text();
  std::optional<Part> read_picture();
  /// End of a self-delimiting text that begins at `at`; npos when it has not come.
  std::size_t text_end(std::size_t at);
  bool json_ends();
  Part give(std::size_t begin, std::size_t end, std::size_t consumed);
  void skip_part(std::size_t to);
  void compact();

  const std::string boundary_;
  std::string buffer_;
  std::size_t pos_ = 0;      // everything before is done with
  std::size_t scanned_ = 0;  // no boundary begins before
  State state_ = State::seeking;
  bool junk_ = false;  // while seeking: something else than white space was skipped
  std::size_t head_lines_ = 0;
  bool picture_ = false;
  std::optional<std::size_t> length_;
  std::optional<JsonEnd> json_;
  bool waiting_ = false;
  std::uint64_t malformed_ = 0;
};

enum class LengthForm { with_space, without_space, absent };
struct PartFormat {
  LengthForm length = LengthForm::with_space;
  int length_error = 0;  ///< added to the length told
  bool blank_line = true;
  bool space_in_boundary = false;
};
/// "--myboundary" head, body, two line ends. Devices count one of those line ends as the body's for events, none for heartbeats.
std::string write_part(std::string_view boundary, std::string_view body, const PartFormat& format = {});
std::string write_picture_part(std::string_view boundary, ByteView jpeg);

}  // namespace dmss::proto::events
