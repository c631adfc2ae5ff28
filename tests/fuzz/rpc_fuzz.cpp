// JSON-RPC messages, logins and the errors made from them.
#include "fuzz.hpp"
#include "proto/rpc/codes.hpp"
#include "proto/rpc/login.hpp"

using namespace dmss;
using namespace dmss::proto::rpc;

namespace {

void look_at(const Request& r) {
  (void)dump(r.to_json());
  if (const auto login = parse_login(r))
    FUZZ_CHECK(!verify_login(*login, {"realm", "1", "Default", 1}, "not guessed"));
}

void look_at(const Reply& r) {
  FUZZ_CHECK(r.ok() == !call_error(r));
  (void)login_error(r).to_string();
  const LoginAnswer a = read_login(r);
  if (a.kind == LoginAnswer::Kind::refused) FUZZ_CHECK(a.error);
  if (a.kind == LoginAnswer::Kind::challenge) (void)password_field(a.challenge, "user", "password");
  (void)dump(r.to_json());
}

void look_at(const Notification& n) {
  (void)n.sid();
  (void)dump(n.to_json());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  for (std::string_view object : split_body(text).objects) {
    auto message = parse_message(object);
    if (message) std::visit([](const auto& m) { look_at(m); }, *message);
  }
  return 0;
}
