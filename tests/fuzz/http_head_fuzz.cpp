// Heads of HTTP answers: however they are cut, the parser gets the same; what is no answer comes through as it is.
#include "fuzz.hpp"
#include "proto/http/head_filter.hpp"

using namespace dmss;
using proto::http::HeadFilter;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kMaxHead = 4096;
  const std::string_view text = as_text({data, size});
  HeadFilter whole(kMaxHead), pieces(kMaxHead);
  const std::string at_once = whole.put(text);
  std::string one_by_one;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (pieces.done())
      one_by_one += text[i];
    else
      one_by_one += pieces.put(text.substr(i, 1));
  }
  if (text.size() <= kMaxHead) {
    FUZZ_CHECK(whole.done() == pieces.done());
    FUZZ_CHECK(at_once == one_by_one);
  }
  FUZZ_CHECK(whole.done() || at_once.empty());
  if (whole.done() && !at_once.starts_with("HTTP/")) FUZZ_CHECK(at_once == text || text.starts_with("HTTP/"));
  return 0;
}
