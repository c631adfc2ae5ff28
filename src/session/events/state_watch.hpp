// StateWatch: compares what is on by the events with what the device says, after gaps and from time to time, so that nothing stays on
// for ever and nothing that began unheard stays unknown. Lives on the network thread.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>

#include "session/context.hpp"
#include "session/events/ledger.hpp"
#include "session/events/state_reader.hpp"

namespace dmss::session {

class DeviceSession;

/// What the watch needs of the hub.
class StateWatchOwner {
 public:
  virtual ~StateWatchOwner() = default;
  virtual EventLedger& ledger() = 0;
  virtual bool wants_code(const std::string& code) const = 0;
  /// Some subscription lists it itself.
  virtual bool names_code(const std::string& code) const = 0;
  /// The present attachment brings its events.
  virtual bool asks_code(const std::string& code) const = 0;
  /// What the subscriptions want, where that is a list; empty = everything.
  virtual std::set<std::string> listed_codes() const = 0;
  /// Began or ended since the latest poll.
  virtual void deliver_polled(const EventLedger::Difference& difference) = 0;
  virtual void polled(bool answered) = 0;
  /// settled() may say more than before.
  virtual void settled() = 0;
  virtual void deliver_recovered(const EventLedger::Difference& difference) = 0;
  virtual void tell_gap(net::TimePoint begin, net::TimePoint end, const Error& why) = 0;
};

class StateWatch final : public std::enable_shared_from_this<StateWatch> {
 public:
  /// `owner` outlives the watch, or closes it.
  StateWatch(std::shared_ptr<DeviceSession> device, StateWatchOwner& owner);

  /// Attached: everything is read. After a gap, differences are its consequences; the first time they are news; else they prove that
  /// events were missed since the latest reading. `polls`: there are no events but what poll() finds.
  void attached(bool after_gap, bool polls);
  /// Not attached: nothing is read until attached() comes again.
  void lost();
  /// Reads what has been on for long, and everything when `all`. Differences prove a gap since the latest reading.
  void look(bool all);
  /// Reads everything once: what differs has just happened.
  void poll();
  /// Somebody wants these of whom nobody did before: read once more. Differences are news.
  void joined(const std::set<std::string>& codes);
  /// What a reading of everything would ask for now.
  std::set<std::string> readable() const { return codes_to_read(true); }
  /// Heard or read since the latest gap, or there was none.
  bool settled(const EventKey& key) const;
  void close();
  /// When something should be looked at again: what is on, now and then.
  static constexpr Duration kInterval = std::chrono::minutes(10);

 private:
  struct Reading {
    bool all = false;
    bool after_gap = false;
    bool poll = false;
    std::uint64_t events = 0;  // heard before the attachment
    std::optional<net::TimePoint> since;
    std::set<std::string> codes;
  };
  enum class Outcome { done, again, lost };

  void start(Reading reading);
  awaitable<void> run(std::shared_ptr<StateWatch> self);
  awaitable<Outcome> read(Reading& reading);
  awaitable<Outcome> read_code(Reading& reading, std::string code);
  awaitable<Outcome> ask(std::string code, std::optional<std::set<int>>& indexes, std::uint64_t& asked);
  awaitable<void> pause(Duration d);
  void finished(net::TimePoint begin);
  std::set<std::string> codes_to_read(bool all) const;
  void cannot_tell(const Reading& reading, const std::string& code);
  /// Differences of what was heard and read before prove that something was missed.
  bool proves_gap(const Reading& reading, const std::string& code) const;
  void apply(Reading& reading, const std::string& code,
             const std::vector<EventLedger::Difference>& differences);
  bool stopped(int epoch) const { return closed_ || !attached_ || epoch != epoch_; }

  const std::shared_ptr<DeviceSession> device_;
  StateWatchOwner& owner_;
  net::Timer timer_;
  std::optional<Reading> next_;
  std::set<std::string> silent_;  // codes of which this device tells nothing
  StateWays ways_;
  std::uint64_t generation_ = 0;           // for which these hold
  std::set<std::string> known_;            // codes that were read since the attachments bring their events
  std::optional<net::TimePoint> read_at_;  // the latest reading of everything
  std::optional<std::uint64_t> owed_;      // events heard before the first gap after which not all was read
  std::set<std::string> reread_;           // codes read since then
  std::set<std::string> news_;             // codes to read because somebody has come who wants them
  int epoch_ = 0;                          // counts attachments
  bool attached_ = false;
  bool polls_ = false;
  bool running_ = false;
  bool closed_ = false;
};

}  // namespace dmss::session
