#include "dmss/secret.hpp"

#include <atomic>

namespace dmss {

Secret& Secret::operator=(const Secret& other) {
  if (this != &other) {
    wipe();
    value_ = other.value_;
  }
  return *this;
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe();
    value_ = other.value_;
    other.wipe();
  }
  return *this;
}

bool Secret::operator==(const Secret& other) const noexcept {
  if (value_.size() != other.value_.size()) return false;
  unsigned char difference = 0;
  for (std::size_t i = 0; i < value_.size(); ++i) {
    difference |= static_cast<unsigned char>(value_[i] ^ other.value_[i]);
  }
  return difference == 0;
}

void Secret::wipe() noexcept {
  volatile char* p = value_.data();
  for (std::size_t i = 0; i < value_.size(); ++i) p[i] = 0;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  value_.clear();
}

}  // namespace dmss
