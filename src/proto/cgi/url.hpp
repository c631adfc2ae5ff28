// Query strings as the devices read them (protocol http-rpc.md §2.1): `action` first, brackets literal, space
// as %20.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dmss::proto::cgi {

inline constexpr std::size_t kMaxQueryBytes = 64u << 10;
inline constexpr std::size_t kMaxQueryPairs = 1024;

/// Percent-encodes everything but unreserved characters and [ ] : , /
std::string encode(std::string_view text);
/// %XX and '+'; a broken %-sequence stays as it is.
std::string decode(std::string_view text);

/// Ordered pairs.
class Query {
 public:
  Query& add(std::string_view key, std::string_view value);
  Query& add(std::string_view key, std::int64_t value);
  std::optional<std::string_view> get(std::string_view key) const noexcept;
  const std::vector<std::pair<std::string, std::string>>& pairs() const noexcept { return pairs_; }
  /// "a=1&b=2"
  std::string text() const;
  /// What follows the '?'. Pairs beyond the limits are left out.
  static Query parse(std::string_view text);

 private:
  std::vector<std::pair<std::string, std::string>> pairs_;
};

/// "/cgi-bin/magicBox.cgi?action=getSystemInfo&…"
std::string cgi_path(std::string_view service, std::string_view action, const Query& more = {});

struct Target {
  std::string path;  ///< decoded, without the query
  Query query;
};
/// A request target in origin form, "/path?query"; an absolute one loses scheme and host.
Target parse_target(std::string_view target);

}  // namespace dmss::proto::cgi
