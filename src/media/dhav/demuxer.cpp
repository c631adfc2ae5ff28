#include "media/dhav/demuxer.hpp"

#include <algorithm>
#include <utility>

namespace dmss::media::dhav {
namespace {

constexpr std::string_view kMagic = "DHAV";
constexpr std::string_view kTrailer = "dhav";
constexpr std::size_t kSniffSize = 64;

bool starts_with(ByteView in, std::string_view text) {
  return in.size() >= text.size() && as_text(in.first(text.size())) == text;
}

}  // namespace

void Demuxer::push(ByteView data, const std::function<void(const Frame&)>& on_frame) {
  // Bring over only what completes the frame that has begun; the rest is read where it is.
  while (!held_.empty() && !data.empty()) {
    const ByteView begun = held();
    std::size_t wanted = kHeaderSize;
    if (begun.size() >= kHeaderSize) {
      const auto h = parse_header(begun, max_frame_);
      wanted = h ? h->length + kMagic.size() : begun.size() + data.size();
    }
    const std::size_t n = std::min(data.size(), wanted > begun.size() ? wanted - begun.size() : data.size());
    held_.insert(held_.end(), data.begin(), data.begin() + static_cast<std::ptrdiff_t>(n));
    data = data.subspan(n);
    while (!held().empty()) {
      const std::size_t step = take(held(), on_frame);
      if (step == 0) break;
      held_start_ += step;
    }
    // Moving the rest to the front each time would cost a megabyte moved for each header of a hostile stream.
    if (held_start_ >= held_.size() - held_start_) {
      held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(held_start_));
      held_start_ = 0;
    }
  }
  if (data.empty()) return;
  std::size_t used = 0;
  for (std::size_t step; used < data.size() && (step = take(data.subspan(used), on_frame)) != 0;)
    used += step;
  const ByteView rest = data.subspan(used);
  held_.insert(held_.end(), rest.begin(), rest.end());
}

std::size_t Demuxer::take(ByteView in, const std::function<void(const Frame&)>& on_frame) {
  if (in.size() < kHeaderSize) {
    const std::size_t n = std::min(in.size(), kMagic.size());
    return as_text(in.first(n)) == kMagic.substr(0, n) ? 0 : resync(in);
  }
  const auto header = parse_header(in, max_frame_);
  if (!header) return resync(in);
  if (in.size() < header->length) return 0;

  const bool trailer = starts_with(in.subspan(header->length - kTrailerSize), kTrailer) &&
                       load_le32(&in[header->length - 4]) == header->length;
  std::size_t whole = header->length;
  std::size_t payload_end = header->length - kTrailerSize;
  if (!trailer) {
    // A frame without trailer is good when the next one stands where it should, with or without the trailer's room.
    if (in.size() < header->length + kMagic.size()) return 0;
    if (starts_with(in.subspan(header->length), kMagic)) {
      // damaged trailer, right length
    } else if (starts_with(in.subspan(header->length - kTrailerSize), kMagic)) {
      whole = payload_end;
    } else {
      return resync(in);
    }
  }
  Frame f;
  f.header = *header;
  f.extension = in.subspan(kHeaderSize, header->extension_length);
  const std::size_t payload_start = kHeaderSize + header->extension_length;
  f.payload = in.subspan(payload_start, payload_end - payload_start);
  lost_ = false;
  ++stats_.frames;
  on_frame(f);
  return whole;
}

std::size_t Demuxer::resync(ByteView in) {
  const auto next = as_text(in).find(kMagic, 1);
  if (stats_.frames == 0 && stats_.skipped == 0) {
    // The verdict must not depend on how much has arrived.
    if (next == std::string_view::npos && in.size() < kSniffSize + kMagic.size()) return 0;
    sniff(in.first(std::min(next, kSniffSize)));
  }
  if (!std::exchange(lost_, true)) ++stats_.resyncs;
  // Without a magic in sight keep what could be the beginning of one.
  std::size_t n = next;
  if (next == std::string_view::npos) n = in.size() >= kMagic.size() ? in.size() - (kMagic.size() - 1) : 1;
  stats_.skipped += n;
  return n;
}

void Demuxer::sniff(ByteView in) {
  const std::string_view text = as_text(in);
  if (text.find("Dahua_ZH") != std::string_view::npos) {
    foreign_ = Foreign::raw_mpeg4;
  } else if (in.size() >= 4 && in[0] == 0 && in[1] == 0 && in[2] == 1 &&
             (in[3] == 0xfd || in[3] == 0xfc || in[3] == 0xfe || in[3] == 0xf0)) {
    foreign_ = Foreign::old_stream;
  } else if (in.size() >= 4 && in[0] == 0 && in[1] == 0 && in[2] == 1 && in[3] == 0xba) {
    foreign_ = Foreign::mpeg_ps;
  } else if (starts_with(in, "RIFF")) {
    foreign_ = Foreign::avi;
  } else if (in.size() >= 8 && starts_with(in.subspan(4), "ftyp")) {
    foreign_ = Foreign::mp4;
  }
}

}  // namespace dmss::media::dhav
