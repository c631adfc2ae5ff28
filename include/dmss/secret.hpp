// Secret: a password or key that cannot be printed by accident and is wiped when it goes.
#pragma once

#include <string>
#include <string_view>

namespace dmss {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  explicit Secret(std::string_view value) : value_(value) {}
  explicit Secret(const char* value) : value_(value) {}
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept : value_(other.value_) { other.wipe(); }
  Secret& operator=(const Secret& other);
  Secret& operator=(Secret&& other) noexcept;
  ~Secret() { wipe(); }

  /// The clear text. Named so that every use stands out in review.
  std::string_view reveal() const noexcept { return value_; }
  bool empty() const noexcept { return value_.empty(); }
  bool operator==(const Secret& other) const noexcept;

 private:
  void wipe() noexcept;
  std::string value_;
};

// There is no operator<< and no formatter, and these keep it so.
template <class Stream>
Stream& operator<<(Stream&, const Secret&) = delete;
std::string to_string(const Secret&) = delete;

}  // namespace dmss
