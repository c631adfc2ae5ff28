// EventLedger: what is on by the events heard so far, and which events were heard before. Knows nothing of connections.
#pragma once

#include <compare>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "net/clock.hpp"
#include "proto/events/event.hpp"

namespace dmss::session {

/// What Start and Stop are about.
struct EventKey {
  std::string code;
  int index = 0;  ///< as Event::index
  auto operator<=>(const EventKey&) const = default;
};

class EventLedger {
 public:
  /// False when it was heard before: from the same source only when nothing distinguishes the two that a second event would have
  /// changed; from another source when that one told it already, once for each time. `source` numbers attachments.
  bool take(int source, const proto::events::WireEvent& event, net::TimePoint now);
  /// Both sources hear the same events from now on, until one of them ends.
  void overlap(int one, int other, net::TimePoint since);

  /// Events that were no duplicates.
  std::uint64_t count() const { return count_; }
  std::vector<EventKey> on() const;
  bool is_on(const EventKey& key) const;
  /// Which event was the latest about it, of count(); 0 = none.
  std::uint64_t heard_at(const EventKey& key) const;
  /// On, and unchanged since that moment.
  std::vector<EventKey> on_since(net::TimePoint moment) const;
  /// On, and without an event since `count` of them.
  std::vector<EventKey> stale(const std::string& code, std::uint64_t count) const;
  /// Codes that have told a beginning or an end.
  const std::set<std::string>& stateful() const { return stateful_; }

  struct Difference {
    EventKey key;
    bool on = false;  ///< by the device
  };
  /// Where the device's answer (indexes from 1) to a question asked at `asked` events differs. What events have told since then is
  /// newer than the answer.
  std::vector<Difference> compare(const std::string& code, const std::set<int>& indexes,
                                  std::uint64_t asked) const;
  void recover(const Difference& difference, net::TimePoint now);
  /// Whether these are on is not known any more.
  void forget(const std::function<bool(const EventKey&)>& which);

 private:
  struct State {
    bool on = false;
    bool recovered = false;  // not told by an event
    std::uint64_t at = 0;    // count_ of its latest event
    net::TimePoint changed{};
  };
  struct Heard {
    EventKey key;
    EventAction action;
    std::size_t data;  // hash
    std::int64_t event_id;
    bool has_time;
    net::TimePoint at;
    std::uint64_t number;
    int source;
    std::set<int> repeated_by;
  };
  struct Overlap {
    int one = -1;
    int other = -1;
    net::TimePoint since{};
  };

  bool heard_before(int source, const proto::events::WireEvent& event, std::size_t data);
  bool repeats(const Heard& heard, int source, const proto::events::WireEvent& event) const;
  bool told_already(const EventKey& key, bool on, net::TimePoint now) const;

  std::map<EventKey, State> states_;
  std::set<std::string> stateful_;
  std::deque<Heard> heard_;
  Overlap overlap_;
  std::uint64_t count_ = 0;
};

}  // namespace dmss::session
