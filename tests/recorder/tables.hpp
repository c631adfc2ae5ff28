// Tables: the configuration a device keeps (configManager), in the shapes real ones have.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "proto/cgi/kv.hpp"
#include "proto/rpc/message.hpp"
#include "recorder/profile.hpp"

namespace dmss::recorder {

using proto::rpc::Json;

class Tables {
 public:
  explicit Tables(const Profile& profile);

  /// "Encode", "ChannelTitle[0].Name": null when there is nothing of that name.
  const Json* find(std::string_view path) const;
  /// Replaces the value at a path that exists. False when it does not.
  bool set(std::string_view path, Json value);
  /// From text: "true", "5", "abc", by the type of what is there.
  bool set_text(std::string_view path, const std::string& value);
  std::vector<std::string> names() const;

 private:
  Json* locate(std::string_view path);
  Json all_ = Json::object();
};

/// "table.Encode[0].MainFormat[0].Video.FPS=25" lines; null leaves are left out, as devices do.
void flatten(const std::string& key, const Json& value, proto::cgi::KeyValues& out);

/// What encode.getConfigCaps says of one channel.
Json encode_caps(const Profile& profile);

}  // namespace dmss::recorder
