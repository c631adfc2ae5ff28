// The JSON-RPC envelope of DVRIP, DHIP and HTTP RPC2 (protocol dvrip-dhip.md §7.1, §7.4; http-rpc.md §2.3).
// The only proto header that includes the JSON library.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/charset.hpp"
#include "dmss/result.hpp"
#include "proto/rpc/split.hpp"

namespace dmss::proto::rpc {

using Json = nlohmann::json;

/// One document. Depth, size and number of values are checked before anything is built. Text in GBK or Latin-1
/// is converted (guess_charset); bytes that make no sense become U+FFFD. Errors: malformed, too_large.
Result<Json> parse_json(std::string_view text, const JsonLimits& limits = {});
/// Never throws: bytes that are not UTF-8 become U+FFFD.
std::string dump(const Json& value);

/// Lenient access that never throws; the fallback on absence and on another type. Numbers as text ("60") are
/// read too.
std::int64_t int_or(const Json& object, const char* key, std::int64_t fallback);
std::string text_or(const Json& object, const char* key, std::string_view fallback);
bool bool_or(const Json& object, const char* key, bool fallback);
/// nullptr when `object` is no object or has no such member.
const Json* member(const Json& object, const char* key) noexcept;

struct Request {
  std::string method;
  Json params;  ///< null allowed
  std::int64_t id = 0;
  Json session;                        ///< number or string, echoed with its type; null = leave out
  std::optional<std::int64_t> object;  ///< instance handle
  std::string magic;                   ///< "0x1234" by some clients; empty = leave out
  Json extra;                          ///< further top-level members ("seq", "SID"); null or an object

  Json to_json() const;
};

/// A request as text. `params` is JSON text in whatever encoding the device wants, and stays so; empty: those of `request`.
/// Errors: invalid_argument (no JSON).
Result<std::string> write_request(Request request, std::string_view params);

struct Reply {
  std::int64_t id = 0;
  Json session;
  Json result;  ///< true, false, number (instance handle), text; null = absent
  Json params;  ///< a top-level "table" of odd firmware is moved to params["table"]
  /// The device's error code and words, from any of the shapes seen: error{code,message}, errCode + message,
  /// params.error.
  std::int64_t code = 0;
  std::string message;
  Charset charset = Charset::utf8;  ///< what its text came in, where the one who read it says so

  /// result is not false and no error came.
  bool ok() const noexcept;
  /// An instance handle; nullopt when `result` is no positive number.
  std::optional<std::int64_t> handle() const noexcept;
  /// remainLoginTimes, remainLockSecond of params.
  std::optional<int> tries_left() const;
  std::optional<int> lock_seconds() const;

  enum class ErrorShape { nested, top_level };
  Json to_json(ErrorShape shape = ErrorShape::nested) const;
};

/// "client.notify…"
struct Notification {
  std::string method;
  std::int64_t id = 0;  ///< that of the attach request, where the device sends it
  Json session;
  Json params;
  std::optional<std::int64_t> sid() const;  ///< params.SID

  Json to_json() const;
};

using Message = std::variant<Request, Reply, Notification>;

/// An object with "method" is a request or, when it begins with "client.", a notification; anything else is a
/// reply. Errors: malformed (no object).
Result<Message> to_message(Json value);
Result<Message> parse_message(std::string_view text, const JsonLimits& limits = {});
Reply to_reply(const Json& value);

Reply make_reply(const Request& request, Json result, Json params = nullptr);
Reply make_error(const Request& request, std::int64_t code, std::string message);

}  // namespace dmss::proto::rpc
