#include "recorder/logbook.hpp"

#include <algorithm>

namespace dmss::recorder {

Json Logbook::Entry::to_json() const {
  return {{"RecNo", number},
          {"Time", DeviceClock::text(time)},
          {"Type", type},
          {"User", user},
          {"Detail", detail.is_null() ? Json::object() : detail}};
}

void Logbook::add(std::string type, std::string user, Json detail) {
  entries_.push_back({next_number_++, clock_.now(), std::move(type), std::move(user), std::move(detail)});
  if (entries_.size() > kMaxEntries) entries_.pop_front();
}

std::optional<std::int64_t> Logbook::start(const Condition& c) {
  if (searches_.size() >= kMaxSearches) return std::nullopt;
  const auto of_type = [&](const Entry& e) {
    return c.types.empty() || std::any_of(c.types.begin(), c.types.end(), [&](const std::string& t) {
             return e.type == t || e.type.rfind(t + ".", 0) == 0;
           });
  };
  Search search;
  for (const Entry& e : entries_) {
    if ((!c.from || e.time >= *c.from) && (!c.to || e.time < *c.to + std::chrono::seconds(1)) && of_type(e))
      search.found.push_back(e);
  }
  if (c.descending) std::reverse(search.found.begin(), search.found.end());
  searches_[next_token_] = std::move(search);
  return next_token_++;
}

const std::vector<Logbook::Entry>* Logbook::found(std::int64_t token) const {
  const auto search = searches_.find(token);
  return search == searches_.end() ? nullptr : &search->second.found;
}

std::optional<std::vector<Logbook::Entry>> Logbook::next(std::int64_t token, std::size_t count) {
  const auto search = searches_.find(token);
  if (search == searches_.end()) return std::nullopt;
  Search& s = search->second;
  const std::size_t n = std::min(count, s.found.size() - s.read);
  std::vector<Entry> out(s.found.begin() + static_cast<std::ptrdiff_t>(s.read),
                         s.found.begin() + static_cast<std::ptrdiff_t>(s.read + n));
  s.read += n;
  return out;
}

}  // namespace dmss::recorder
