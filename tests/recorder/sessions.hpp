// Sessions: logged-in callers of all services, and what each wants to be told.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "net/clock.hpp"
#include "recorder/faults.hpp"
#include "recorder/profile.hpp"

namespace dmss::recorder {

struct Session {
  std::uint32_t id = 0;
  Json key;    // as JSON-RPC carries it: the number, or 32 hex digits
  Json alias;  // that of the challenge, where it goes on to be taken; else null
  std::string user, service, address;
  std::chrono::system_clock::time_point since;
  net::TimePoint heard;

  struct Attachment {
    int sid = 0;
    std::int64_t request = 0;
    std::vector<std::string> codes;
    bool silent = false;  // answered, and never told of anything
  };
  std::vector<Attachment> attachments;
  std::map<std::int64_t, std::string> objects;          // instance handle -> service
  std::map<std::int64_t, int> object_channels;          // instance handle -> channel, from 1
  std::function<void(const Json&, int copies)> notify;  // empty where nothing can be pushed (HTTP)
};

class Sessions {
 public:
  Sessions(const Profile& profile, net::Clock& clock, std::uint32_t seed)
      : profile_(profile), clock_(clock), next_id_(seed) {}

  std::shared_ptr<Session> open(std::string user, std::string service, std::string address);
  /// By JSON-RPC key; null when unknown or silent for too long.
  std::shared_ptr<Session> find(const Json& key);
  std::shared_ptr<Session> find(std::uint32_t id);
  void close(std::uint32_t id);
  void close_all() { sessions_.clear(); }
  const std::map<std::uint32_t, std::shared_ptr<Session>>& all() const noexcept { return sessions_; }

  int next_sid() { return next_sid_++; }
  std::int64_t next_object() { return next_object_++; }

 private:
  const Profile& profile_;
  net::Clock& clock_;
  std::map<std::uint32_t, std::shared_ptr<Session>> sessions_;
  std::uint32_t next_id_;
  int next_sid_ = 513;
  std::int64_t next_object_ = 1048577;
};

}  // namespace dmss::recorder
