// WWW-Authenticate and Authorization: whatever a device asks, the answer is one line and is accepted by our
// own server side.
#include "fuzz.hpp"
#include "proto/auth/digest.hpp"

using namespace dmss;
using namespace dmss::proto::auth;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  for (const Challenge& c : parse_challenges(text)) {
    (void)parse_challenges(write_challenge(c));
    if (!c.usable() || c.scheme == Scheme::basic) continue;
    const std::string answer = write_digest(c, "us\"er", "password", {"GET", "/a?b=c,d", 1, "cnonce"});
    FUZZ_CHECK(answer.find_first_of("\r\n") == std::string::npos);
    const auto a = parse_authorization(answer);
    if (answer.size() > kMaxAuthHeader) continue;
    FUZZ_CHECK(a && verify(*a, "GET", "password"));
    FUZZ_CHECK(!verify(*a, "GET", "passwore"));
  }
  if (const auto a = parse_authorization(text)) FUZZ_CHECK(!verify(*a, "GET", "not in any corpus"));
  const std::vector<std::string> values = {std::string(text)};
  Authenticator client("user", Secret("password"), false);
  if (client.challenged(values, false) == Authenticator::Verdict::retry)
    FUZZ_CHECK(client.authorize("GET", "/", "c"));
  return 0;
}
