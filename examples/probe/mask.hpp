// Takes out of a recorded profile what must not be passed on.
#pragma once

#include <map>
#include <string>

#include "common/program.hpp"

namespace probe {

struct MaskOptions {
  bool serials = false;
  bool addresses = false;  ///< IP and MAC, names of wireless networks
};

/// Passwords, tokens, keys, user names, telephone numbers and e-mail addresses always go; the same for the login of this session, wherever it
/// stands. What is masked keeps its kind, and equal things stay equal, so that a profile still makes sense.
class Mask {
 public:
  Mask(MaskOptions options, std::string password, std::string serial);
  void apply(example::Json& value, const std::string& key = "");
  int count() const { return count_; }

 private:
  std::string text(const std::string& key, const std::string& value);
  std::string stand_in(const std::string& value, const char* form);

  const MaskOptions options_;
  const std::string password_;
  const std::string serial_;
  std::map<std::string, std::string> stand_ins_;
  int count_ = 0;
};

}  // namespace probe
