// Between the C structs and the C++ API.
#pragma once

#include <algorithm>
#include <cstring>
#include <deque>
#include <memory>
#include <new>
#include <string>

#include "dmss.h"
#include "dmss/dmss.hpp"

namespace dmss::c {

/// The caller's user_data; `destroy` runs when the last callback that could use it is gone.
class UserData {
 public:
  UserData(void* data, dmss_destroy_fn destroy) : data_(data), destroy_(destroy) {}
  ~UserData() {
    if (destroy_ != nullptr) destroy_(data_);
  }
  UserData(const UserData&) = delete;
  UserData& operator=(const UserData&) = delete;
  void* get() const { return data_; }
  /// The call failed: the caller keeps its data.
  void disown() { destroy_ = nullptr; }

 private:
  void* data_;
  dmss_destroy_fn destroy_;
};
using SharedUserData = std::shared_ptr<UserData>;

}  // namespace dmss::c

struct dmss_engine {
  dmss::Engine engine;
};
struct dmss_device {
  dmss::Device device;
};
struct dmss_live {
  dmss::Live live;
};
struct dmss_frame {
  dmss::Frame frame;
};
struct dmss_operation {
  dmss::Operation operation;
};

namespace dmss::c {

inline int32_t code(Errc e) {
  return -static_cast<int32_t>(e);
}
inline dmss_str view(std::string_view s) {
  return {s.data(), s.size()};
}
inline std::string_view text(dmss_str s) {
  return s.data != nullptr ? std::string_view(s.data, s.size) : std::string_view();
}
inline std::string copy(dmss_str s) {
  return std::string(text(s));
}
/// A size without data is a mistake of the caller, not an empty text.
inline bool sound(dmss_str s) {
  return s.data != nullptr || s.size == 0;
}
inline std::chrono::milliseconds ms(uint32_t n) {
  return std::chrono::milliseconds(n);
}

/// A struct without its size was not initialised with its *_INIT macro.
template <class T>
bool has_size(const T* given) {
  return given->struct_size >= sizeof(given->struct_size);
}

/// Into a field of fixed size; returns the bytes that fitted, cut between characters.
inline uint32_t copy_text(std::string_view from, char* to, std::size_t room) {
  std::size_t n = std::min(from.size(), room);
  while (n < from.size() && n > 0 && (static_cast<unsigned char>(from[n]) & 0xc0) == 0x80) --n;
  std::memcpy(to, from.data(), n);
  return static_cast<uint32_t>(n);
}

/// The caller's struct, read no further than the caller's own size; the rest keeps the defaults.
template <class T>
T read_struct(const T* given, const T& defaults) {
  T full = defaults;
  std::memcpy(&full, given, std::min<std::size_t>(given->struct_size, sizeof(T)));
  full.struct_size = sizeof(T);
  return full;
}

/// Fills the caller's struct, no further than the caller's own size.
template <class T>
void write_struct(T* to, T full) {
  const uint32_t size = to->struct_size;
  full.struct_size = size;
  std::memcpy(to, &full, std::min<std::size_t>(size, sizeof(T)));
}

/// A dmss_error with its causes, pointing into storage of its own.
class ErrorView {
 public:
  explicit ErrorView(const Error& error) {
    if (error) head_ = add(error);
  }
  const dmss_error* get() const { return head_; }

 private:
  const dmss_error* add(const Error& error) {
    const dmss_error* cause = error.cause() != nullptr ? add(*error.cause()) : nullptr;
    const std::string& message = texts_.emplace_back(error.message());
    dmss_error e{};
    e.struct_size = sizeof(e);
    e.code = code(error.code());
    e.category = static_cast<int32_t>(error.category());
    e.tries_left = error.tries_left().value_or(-1);
    e.seconds_left = error.seconds_left().value_or(-1);
    e.device_code = error.device_code();
    e.message = view(message);
    e.remedy = view(error.remedy());
    e.device_text = view(error.device_text());
    e.connection = view(error.connection());
    e.cause = cause;
    return &errors_.emplace_back(e);
  }
  std::deque<std::string> texts_;
  std::deque<dmss_error> errors_;
  const dmss_error* head_ = nullptr;
};

/// Runs `body`; no exception leaves the library.
template <class F>
int32_t guarded(F&& body) noexcept {
  try {
    return body();
  } catch (const std::bad_alloc&) {
    return DMSS_E_OVERFLOW;
  } catch (...) {
    return DMSS_E_INTERNAL;
  }
}

/// Runs `body(user)`, which takes the caller's user_data with it when it succeeds and leaves it with the caller when it does not.
template <class F>
int32_t guarded_with(void* user_data, dmss_destroy_fn destroy, F&& body) noexcept {
  return guarded([&] {
    auto user = std::make_shared<UserData>(user_data, destroy);
    const int32_t rc = guarded([&] { return body(user); });
    if (rc != DMSS_OK) user->disown();
    return rc;
  });
}

/// Starts a request and hands its Operation to the caller who asked for it. Nothing can fail any more after `begin`.
template <class F>
void start(dmss_operation** out, F&& begin) {
  auto handle = out != nullptr ? std::make_unique<dmss_operation>() : nullptr;
  Operation operation = begin();
  if (out == nullptr) return;
  handle->operation = std::move(operation);
  *out = handle.release();
}

}  // namespace dmss::c
