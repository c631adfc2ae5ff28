// TableLocks: writes to one table of a device one after another, in the order they were asked for.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>

#include "session/engine/signal.hpp"

namespace dmss::session {

/// Network thread. One for each device.
class TableLocks : public std::enable_shared_from_this<TableLocks> {
 public:
  /// Held by whoever may write; destroying it lets the next one in. It may be destroyed while it still waits.
  class Turn {
   public:
    Turn(std::shared_ptr<TableLocks> locks, std::string table, net::Executor executor);
    ~Turn();
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

    net::awaitable<void> wait();

   private:
    friend class TableLocks;
    const std::shared_ptr<TableLocks> locks_;
    const std::string table_;
    Signal granted_;
  };

  std::unique_ptr<Turn> queue(const std::string& table, net::Executor executor);

 private:
  std::map<std::string, std::deque<Turn*>> queues_;  // the first of each has its turn
};

}  // namespace dmss::session
