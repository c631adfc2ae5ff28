// EventStream: one CGI request that is answered with events for as long as the connection stands
// (eventManager.cgi?action=attach, snapManager.cgi?action=attachFileProc; protocol http-rpc.md §6.6, §11.1).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "recorder/core.hpp"
#include "recorder/event_hub.hpp"
#include "recorder/link.hpp"

namespace dmss::recorder {

class EventStream final : public EventListener, public std::enable_shared_from_this<EventStream> {
 public:
  struct Options {
    std::vector<std::string> codes;
    int heartbeat = 0;      // seconds; 0 = none
    bool pictures = false;  // each event is followed by a picture of its channel
    int channel = 0;        // from 1; with pictures the only one that counts
  };
  EventStream(Core& core, std::shared_ptr<Link> link, Options options);

  /// Writes until the connection ends.
  net::awaitable<void> run();

  std::string_view service() const override { return service_; }
  bool wants(const DeviceEvent& event) const override;
  void tell(const DeviceEvent& event) override;

 private:
  void beat();
  void send(const std::string& text);
  void send_picture(const DeviceEvent& event);

  Core& core_;
  std::shared_ptr<Link> link_;
  const std::string service_;
  const Options options_;
  net::Timer timer_;
  bool silent_ = false;
  std::uint64_t sent_ = 0;
};

}  // namespace dmss::recorder
