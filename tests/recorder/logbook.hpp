// Logbook: what the device writes down, and searches in it (protocol http-rpc.md §10.1; log.cgi).
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "recorder/device_clock.hpp"

namespace dmss::recorder {

class Logbook {
 public:
  explicit Logbook(const DeviceClock& clock) : clock_(clock) {}

  struct Entry {
    std::int64_t number = 0;
    DeviceClock::Time time;
    std::string type;  // "Event.VideoMotion.Start"
    std::string user;
    Json detail;

    Json to_json() const;
  };
  void add(std::string type, std::string user = {}, Json detail = nullptr);
  void clear() { entries_.clear(); }

  struct Condition {
    std::optional<DeviceClock::Time> from, to;
    std::vector<std::string> types;  // "Event" also finds "Event.VideoMotion.Start"; empty = all
    bool descending = false;
  };
  /// A search; nullopt when too many are open.
  std::optional<std::int64_t> start(const Condition& condition);
  /// nullptr when there is no such search.
  const std::vector<Entry>* found(std::int64_t token) const;
  /// The next of a search read in order.
  std::optional<std::vector<Entry>> next(std::int64_t token, std::size_t count);
  bool stop(std::int64_t token) { return searches_.erase(token) != 0; }

  static constexpr std::size_t kMaxEntries = 1024;
  static constexpr std::size_t kMaxSearches = 8;

 private:
  struct Search {
    std::vector<Entry> found;
    std::size_t read = 0;
  };
  const DeviceClock& clock_;
  std::deque<Entry> entries_;
  std::map<std::int64_t, Search> searches_;
  std::int64_t next_number_ = 1, next_token_ = 101;
};

}  // namespace dmss::recorder
