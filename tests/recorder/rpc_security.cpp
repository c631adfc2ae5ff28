// Sealed calls: Security.getEncryptInfo and system.multiSec (protocol dvrip-dhip.md §7.5).
#include "recorder/rpc_answers.hpp"
#include "recorder/sealed.hpp"

namespace dmss::recorder {
namespace {

using namespace answers;
using rpc::text_or;

constexpr std::size_t kMaxCalls = 256;

}  // namespace

void add_security_methods(Rpc& rpc) {
  const auto sealing = std::make_shared<Sealing>();
  tell(rpc, "Security.getEncryptInfo", [sealing](const Request&) {
    return Json{{"asymmetric", "RSA"},
                {"cipher", {"RPAC-256", "AES-128"}},
                {"pub", sealing->public_key()},
                {"AESPadding", {"ZERO", "PKCS7"}}};
  });
  rpc.add("system.multiSec", [&rpc, sealing](const Request& r, Caller& c) {
    const auto key = sealing->open_key(text_or(r.params, "cipher", ""), text_or(r.params, "salt", ""));
    const auto text = key ? key->open(text_or(r.params, "content", "")) : std::nullopt;
    const Result<Json> calls = rpc::parse_json(text.value_or(""));
    if (!calls || !calls->is_array() || calls->size() > kMaxCalls) return bad_parameter(r);
    Json named = *calls;
    for (Json& one : named) {
      if (one.is_object() && !one.contains("session")) one["session"] = r.session;
    }
    c.secure = true;
    const Json answers = rpc.dispatch_all(named, c);
    c.secure = false;
    return rpc::make_reply(r, true, {{"content", key->seal(rpc::dump(answers))}});
  });
}

}  // namespace dmss::recorder
