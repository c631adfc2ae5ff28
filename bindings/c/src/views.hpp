// Pieces that the C functions of control share: text lists, handlers of plain requests.
#pragma once

#include <string>
#include <vector>

#include "convert.hpp"

namespace dmss::c {

/// Views of a list of texts, which must outlive it.
class StringViews {
 public:
  explicit StringViews(const std::vector<std::string>& texts) {
    views_.reserve(texts.size());
    for (const std::string& t : texts) views_.push_back(view(t));
  }
  const dmss_str* data() const { return views_.data(); }
  std::size_t size() const { return views_.size(); }

 private:
  std::vector<dmss_str> views_;
};

/// False when a list or a text in it has a size but no data.
inline bool sound(const dmss_str* texts, std::size_t count) {
  if (texts == nullptr) return count == 0;
  return std::all_of(texts, texts + count, [](const dmss_str& t) { return sound(t); });
}
inline std::vector<std::string> copy(const dmss_str* texts, std::size_t count) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(copy(texts[i]));
  return out;
}

/// Keeps the user data even when there is no function to call.
inline std::function<void(Result<void>)> done_handler(SharedUserData user, dmss_done_fn done) {
  return [user = std::move(user), done](const Result<void>& r) {
    if (done != nullptr) done(user->get(), ErrorView(r.error()).get());
  };
}

/// A request whose answer is only ok or an error: begin(handler) starts it.
template <class F>
int32_t request(void* user_data, dmss_destroy_fn destroy, dmss_operation** operation, dmss_done_fn done,
                F begin) {
  return guarded_with(user_data, destroy, [&](const SharedUserData& user) {
    auto handler = done_handler(user, done);
    start(operation, [&] { return begin(std::move(handler)); });
    return DMSS_OK;
  });
}

}  // namespace dmss::c
