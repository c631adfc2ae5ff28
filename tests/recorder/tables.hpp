// Tables: the configuration a device keeps (configManager), in the shapes real ones have.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "proto/cgi/kv.hpp"
#include "recorder/profile.hpp"

namespace dmss::recorder {

class Tables {
 public:
  explicit Tables(const Profile& profile);

  /// "Encode", "ChannelTitle[0].Name": null when there is nothing of that name.
  const Json* find(std::string_view path) const;
  /// As it left the factory.
  const Json* find_default(std::string_view path) const;
  /// Replaces the value at a path that exists. False when it does not.
  bool set(std::string_view path, Json value);
  /// From text: "true", "5", "abc", by the type of what is there.
  bool set_text(std::string_view path, const std::string& value);
  /// The same, also in what the factory set.
  void seed(std::string_view path, const Json& value);
  /// Adds or replaces a whole table; null removes it.
  void put(const std::string& name, Json table);
  std::vector<std::string> names() const;

  /// After each change of a table, with its name.
  void on_change(std::function<void(const std::string& name)> heard) {
    listeners_.push_back(std::move(heard));
  }

  struct Write {
    std::string path;
    Json value;
    std::string service, user;
  };
  /// What clients wrote lately, newest last.
  void note(Write write);
  Json writes() const;

  static constexpr std::size_t kMaxWrites = 64;

 private:
  void changed(std::string_view path);
  Json all_ = Json::object(), defaults_;
  std::vector<std::function<void(const std::string&)>> listeners_;
  std::deque<Write> writes_;
};

/// Within any value: "[0].Name", "MainFormat[0]". Null when there is nothing.
Json* locate(Json& value, std::string_view path);
/// "Encode" of "Encode[0].MainFormat".
std::string table_name(std::string_view path);

enum class TextWrite {
  done,
  unknown,   // no such key, or no value of its type
  declined,  // a bank that the row lacks
};
/// Writes text at a path of a table, by the type of what is there.
TextWrite write_text(Json& table, std::string_view path, const std::string& text);

/// "table.Encode[0].MainFormat[0].Video.FPS=25" lines; null leaves are left out, as devices do. With `float_rates`
/// FPS is 25.000000.
void flatten(const std::string& key, const Json& value, proto::cgi::KeyValues& out, bool float_rates = false);

}  // namespace dmss::recorder
