// Multipart event streams in pieces: bounded, and a clean event behind anything is found.
#include "fuzz.hpp"
#include "proto/events/event.hpp"
#include "proto/events/multipart.hpp"

using namespace dmss;
using namespace dmss::proto::events;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  MultipartReader reader;
  fuzz::in_pieces({data, size}, [&](ByteView piece) {
    reader.feed(piece);
    while (const auto part = reader.next()) {
      FUZZ_CHECK(part->body.size() <= kMaxPicturePart);
      if (part->kind == Part::Kind::text) (void)parse_block(part->text());
    }
    if (piece.size() % 5 == 0 && reader.waiting()) FUZZ_CHECK(reader.flush());
    return true;
  });
  const std::string last = "\r\n" + write_part("myboundary", "Heartbeat") +
                           write_part("myboundary", "Code=Last;action=Pulse;index=0");
  const auto found = [&] {
    reader.feed(as_bytes(last));
    bool seen = false;
    while (const auto part = reader.next()) seen = part->text() == "Code=Last;action=Pulse;index=0";
    return seen;
  };
  if (found()) return 0;
  // A picture that was promised may swallow what comes next; behind its limit nothing is left of it.
  reader.feed(as_bytes(std::string(kMaxPicturePart + 1, ' ')));
  while (reader.next()) {
  }
  FUZZ_CHECK(found());
  return 0;
}
