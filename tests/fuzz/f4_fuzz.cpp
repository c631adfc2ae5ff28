// The f4 key:value text: what was read is written and read again the same.
#include "fuzz.hpp"
#include "proto/dvrip/text.hpp"

using namespace dmss;
using namespace dmss::proto::dvrip;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = Text::parse({data, size});
  if (!text) return 0;
  FUZZ_CHECK(text->pairs().size() <= kMaxTextPairs);
  (void)text->connection_id();
  (void)text->port();
  (void)text->ok();
  const auto again = Text::parse(as_bytes(text->body()));
  if (again) FUZZ_CHECK(again->pairs() == text->pairs());
  const Text reply = make_reply(*text, 1);
  FUZZ_CHECK(!reply.ok() && reply.is_response());
  return 0;
}
