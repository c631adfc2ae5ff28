// Configuration lines as trees and back, in every encoding.
#include "base/charset.hpp"
#include "fuzz.hpp"
#include "proto/cgi/tree.hpp"

using namespace dmss;
using namespace dmss::proto;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  const Charset charset = guess_charset(text);
  const std::string utf8 = to_utf8(text, charset);
  FUZZ_CHECK(is_utf8(utf8));
  if (charset == Charset::latin1) FUZZ_CHECK(from_utf8(utf8, charset) == text);
  for (Charset other : {Charset::gbk, Charset::latin1}) FUZZ_CHECK(is_utf8(to_utf8(text, other)));
  const auto lines = cgi::parse_kv(utf8);
  if (!lines) return 0;
  const rpc::Json texts = cgi::to_text_tree(*lines);
  const auto tree = cgi::to_tree(*lines);
  if (!tree) return 0;
  cgi::KeyValues flat_texts;
  cgi::flatten(texts, "", flat_texts);
  cgi::KeyValues flat;
  cgi::flatten(*tree, "", flat);
  FUZZ_CHECK(flat.lines.size() <= lines->lines.size());
  // Typed or not, it is the same tree.
  FUZZ_CHECK(flat_texts.lines.size() == flat.lines.size());
  // Each line that was taken comes back in its own spelling.
  for (const auto& [key, value] : flat.lines) {
    const auto was = lines->get(key);
    if (was) FUZZ_CHECK(cgi::spell(cgi::to_json_leaf(*was), *was) == *was);
  }
  const auto again = cgi::to_tree(flat);
  if (again) FUZZ_CHECK(*again == *tree);
  return 0;
}
