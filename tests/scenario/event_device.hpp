// A device with events: pushed over DHIP, as a CGI stream, and told when asked (protocol http-rpc.md §11, §5.5, §6.6).
#pragma once

#include <functional>
#include <list>
#include <set>
#include <string>
#include <vector>

#include "dmss/events.hpp"
#include "scenario/rpc_device.hpp"

namespace dmss::scenario {

class EventDevice {
 public:
  using Json = RpcDevice::Json;
  using Key = std::pair<std::string, int>;  ///< code and index from 0

  EventDevice();

  Script dhip(int step = -1, Fault fault = Fault::none);
  Script http();

  /// Something happens: the truth changes, and whoever listens is told.
  void raise(const std::string& code, EventAction action, int index, Json data = nullptr);
  /// The truth changes and nobody is told.
  void happen(const std::string& code, EventAction action, int index);
  bool is_on(const std::string& code, int index) const { return on.contains({code, index}); }
  /// Every connection breaks; `half_open`: without the clients being told.
  void reboot(bool half_open);
  /// Attachments of clients that are there.
  int listeners() const;
  /// Sends a picture and the text before it to the picture streams.
  void picture(const std::string& code, int index, const std::string& jpeg);
  /// Bytes into the CGI streams of events.
  void write_streams(const std::string& bytes);

  RpcDevice rpc;
  std::set<Key> on;
  bool tells_state = true;  ///< knows getEventIndexes and getInState
  bool rpc_events = true;   ///< knows eventManager over JSON-RPC
  bool sends_sid = true;
  bool event_with_attach = false;   ///< an event comes in one piece with the answer to attach
  std::string attach_error;         ///< JSON in place of success
  int deaf = 0;                     ///< events that will be lost
  int copies = 1;                   ///< of each event that is pushed
  int cgi_status = 200;             ///< of the stream's head
  std::size_t longest_list = 1000;  ///< of codes; else 400
  int most_streams = 1000;          ///< else 503
  int picture_status = 200;
  bool heartbeats = true;
  std::string heartbeat_word = "heartbeat";  ///< without it in the request: no heartbeats
  std::chrono::seconds own_heartbeat{0};     ///< whatever was asked for
  bool refuses_keepalive = false;            ///< 400
  bool silent_cgi = false;                   ///< no answer about states

  int rpc_attaches = 0;
  int cgi_attaches = 0;  ///< requests for the stream
  int detaches = 0;
  int state_requests = 0;
  std::vector<std::string> targets;  ///< of CGI
  std::string last_codes;            ///< of the latest attach, as sent
  int last_sid = 512;

 private:
  struct Connection {
    Peer* peer = nullptr;
    bool dead = false;
    bool stream = false;  // of events
    bool pictures = false;
    std::set<std::string> codes;
    struct Attachment {
      int sid = 0;
      std::int64_t request = 0;
      std::set<std::string> codes;
    };
    std::vector<Attachment> attachments;
  };

  static awaitable<void> serve_dhip(EventDevice* self, Peer& peer, int step, Fault fault);
  static awaitable<void> serve_http(EventDevice* self, Peer& peer);
  static awaitable<void> serve_stream(EventDevice* self, Peer& peer, std::shared_ptr<Connection> c,
                                      std::chrono::seconds heartbeat);
  std::optional<Json> answer(const Json& request);
  Json attach(const Json& request);
  std::string state_text(const std::string& code) const;
  std::string cgi(const std::string& target, Connection& c);
  std::string notification(const Connection::Attachment& a, const Json& event);
  void push(const Json& event);

  std::list<std::shared_ptr<Connection>> connections_;
  Connection* current_ = nullptr;  // whose request is being answered
  Bytes after_answer_;
};

}  // namespace dmss::scenario
