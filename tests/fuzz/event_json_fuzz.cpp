// Events as JSON and as text blocks: what was read is written and read again the same.
#include "fuzz.hpp"
#include "proto/events/event.hpp"
#include "proto/events/picture.hpp"

using namespace dmss;
using namespace dmss::proto::events;

namespace {

void check_again(const WireEvent& first, const Result<WireEvent>& again) {
  FUZZ_CHECK(again);
  FUZZ_CHECK(again->event.code == first.event.code);
  FUZZ_CHECK(again->event.index == first.event.index);
  FUZZ_CHECK(again->event.objects.size() == first.event.objects.size());
  FUZZ_CHECK(again->event_id == first.event_id);
}

void look_at(const WireEvent& e) {
  FUZZ_CHECK(!e.event.code.empty() && e.event.code.size() <= kMaxCodeBytes);
  FUZZ_CHECK(e.event.objects.size() <= kMaxObjects);
  FUZZ_CHECK(e.event.index >= 0 && e.event.index <= kMaxIndex);
  for (const EventObject& o : e.event.objects) FUZZ_CHECK(o.box.left >= 0 && o.box.right <= 1);
  check_again(e, parse_event(to_json(e.event)));
  check_again(e, parse_block(write_block(e.event)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  if (const auto n = parse_notification(text)) {
    for (const WireEvent& e : n->events) look_at(e);
  }
  if (const auto e = parse_block(text)) look_at(*e);
  if (const auto e = parse_picture_text(text)) look_at(*e);
  return 0;
}
