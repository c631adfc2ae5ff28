// Faults on demand: what the recorder is told to do wrong, by name, with filters and counts. docs/recorder.md
// lists them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dmss/result.hpp"
#include "proto/rpc/message.hpp"

namespace dmss::recorder {

using proto::rpc::Json;

/// Where a fault might strike; a fault strikes only where each filter it names is equal. Empty = not
/// applicable.
struct Where {
  std::string_view service = {};  // "dvrip", "dhip", "http", "https", "rtsp", "rtsps"
  std::string_view what = {};     // DVRIP command as two hex digits, RPC or RTSP method, HTTP path
  int channel = 0;                // from 1
  std::string_view user = {};
  std::string_view action = {};  // CGI
  std::string_view table = {};   // configuration
};

class Faults {
 public:
  struct Known {
    std::string_view name;
    std::string_view help;
  };
  static const std::vector<Known>& known();

  /// {"name":…, "service","what","channel","user","action","table": filters, "times": uses (default: until cleared), "skip":
  /// uses to let pass, further members are the fault's own}. Errors: invalid_argument.
  Result<void> add(Json fault);
  void clear(std::string_view name);  // empty = all

  bool none() const noexcept { return active_.empty(); }
  /// Uses the fault once: its arguments, or nullopt when it does not strike here.
  std::optional<Json> take(std::string_view name, const Where& where = {});
  /// Whether it would strike, without using it.
  const Json* find(std::string_view name, const Where& where = {}) const;
  /// The same as take() for those who need no arguments.
  bool strikes(std::string_view name, const Where& where = {}) {
    return !none() && take(name, where).has_value();
  }

  Json list() const;

 private:
  struct Fault {
    std::string name;
    Json arguments;
    std::int64_t times = -1;  // -1 = for ever
    std::int64_t skip = 0;
  };
  static bool matches(const Fault& fault, std::string_view name, const Where& where);
  std::vector<Fault> active_;
};

}  // namespace dmss::recorder
