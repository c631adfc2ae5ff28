// DHAV bytes to access units. Cut into pieces the stream gives the same frames as in one.
#include "fuzz.hpp"
#include "media/dhav/unit_reader.hpp"

using namespace dmss;
using namespace dmss::media;

namespace {

constexpr std::size_t kLimit = 4096;

void look_at(const dhav::Frame& f) {
  FUZZ_CHECK(f.header.length >= dhav::kSmallestFrame && f.header.length <= kLimit);
  FUZZ_CHECK(f.extension.size() == f.header.extension_length);
  FUZZ_CHECK(f.extension.size() + f.payload.size() + dhav::kSmallestFrame == f.header.length);
  const dhav::Extensions x = dhav::parse_extensions(f.extension);
  FUZZ_CHECK(x.width >= 0 && x.height >= 0);
  if (const auto date = dhav::unpack_date(f.header.date)) FUZZ_CHECK(dhav::pack_date(*date) == f.header.date);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView stream = ByteView(data, size).subspan(1);  // the first byte sets the size of the pieces
  dhav::Demuxer whole(kLimit), cut(kLimit);
  dhav::Timeline timeline;
  whole.push(stream, [&](const dhav::Frame& f) {
    look_at(f);
    (void)timeline.next(f.header, data[0] % 64);
  });
  fuzz::in_pieces({data, size}, [&](ByteView piece) {
    cut.push(piece, look_at);
    return true;
  });
  FUZZ_CHECK(cut.stats().frames == whole.stats().frames);
  FUZZ_CHECK(cut.stats().skipped == whole.stats().skipped);
  FUZZ_CHECK(cut.foreign() == whole.foreign());

  std::size_t notices = 0;
  dhav::UnitReader reader(
      [](AccessUnit u) {
        FUZZ_CHECK(!u.data.empty());
        FUZZ_CHECK(u.kind == MediaKind::data || u.codec != Codec::unknown);
        FUZZ_CHECK(is_audio(u.codec) == (u.kind == MediaKind::audio));
      },
      [&](const Error&) { ++notices; });
  reader.push(stream, {});
  FUZZ_CHECK(notices <= 2);
  return 0;
}
