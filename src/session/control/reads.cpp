#include "session/control/reads.hpp"

namespace dmss::session {
namespace {

/// "getStatus" begins with the word "get", "getaway" does not.
bool begins_with_word(std::string_view name, std::string_view word) {
  if (!name.starts_with(word)) return false;
  return name.size() == word.size() || name[word.size()] < 'a' || name[word.size()] > 'z';
}

}  // namespace

bool is_read(std::string_view method) {
  const std::string_view name = method.substr(method.rfind('.') + 1);
  return name == "keepAlive" || begins_with_word(name, "get") || begins_with_word(name, "list");
}

bool is_read_target(std::string_view target) {
  const std::size_t query = target.find('?');
  const std::string_view path = target.substr(0, query);
  std::string_view rest = query == std::string_view::npos ? std::string_view() : target.substr(query + 1);
  constexpr std::string_view kAction = "action=";
  while (!rest.empty()) {
    const std::size_t end = rest.find('&');
    const std::string_view pair = rest.substr(0, end);
    if (pair.starts_with(kAction)) return is_read(pair.substr(kAction.size()));
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
  return path == "/cgi-bin/snapshot.cgi";
}

}  // namespace dmss::session
