// CGI bodies, their errors, queries and request targets.
#include "fuzz.hpp"
#include "proto/cgi/kv.hpp"
#include "proto/cgi/url.hpp"
#include "proto/rpc/codes.hpp"

using namespace dmss;
using namespace dmss::proto::cgi;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  if (const auto kv = parse_kv(text)) {
    const auto again = parse_kv(kv->body());
    if (again) FUZZ_CHECK(again->lines == kv->lines);
  }
  FUZZ_CHECK(decode(encode(text)) == text);
  const Target t = parse_target(text);
  FUZZ_CHECK(t.query.pairs().size() <= kMaxQueryPairs);
  const std::string query = t.query.text();
  if (query.size() <= kMaxQueryBytes) FUZZ_CHECK(Query::parse(query).text() == query);
  for (int status : {200, 400, 401, 403, 501}) {
    const Error e = proto::rpc::cgi_error(status, text);
    FUZZ_CHECK(status == 200 || e);
  }
  return 0;
}
