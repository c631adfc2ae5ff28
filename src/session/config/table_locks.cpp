#include "session/config/table_locks.hpp"

#include <algorithm>

namespace dmss::session {

TableLocks::Turn::Turn(std::shared_ptr<TableLocks> locks, std::string table, net::Executor executor)
    : locks_(std::move(locks)), table_(std::move(table)), granted_(std::move(executor)) {
  locks_->queues_[table_].push_back(this);
}

TableLocks::Turn::~Turn() {
  const auto found = locks_->queues_.find(table_);
  auto& queue = found->second;
  queue.erase(std::find(queue.begin(), queue.end(), this));
  if (queue.empty())
    locks_->queues_.erase(found);
  else
    queue.front()->granted_.notify();
}

net::awaitable<void> TableLocks::Turn::wait() {
  while (locks_->queues_.at(table_).front() != this) co_await granted_.wait();
}

std::unique_ptr<TableLocks::Turn> TableLocks::queue(const std::string& table, net::Executor executor) {
  return std::make_unique<Turn>(shared_from_this(), table, std::move(executor));
}

}  // namespace dmss::session
