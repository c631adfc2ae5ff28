// dmss-events: shows what a device reports, as it happens.
#include <condition_variable>
#include <csignal>
#include <iostream>
#include <mutex>

#include "common/program.hpp"
#include "events/output.hpp"

namespace {

volatile std::sig_atomic_t interrupted = 0;

struct Arguments : example::Arguments {
  dmss::EventOptions events;
  std::vector<std::string> groups;
  std::string channels;
  std::string folder;
  double seconds = 0;
};

int parse(int argc, char** argv, Arguments& a) {
  CLI::App app{"Shows the events of a Dahua-family device as they happen."};
  const std::map<std::string, dmss::EventRoute> routes{{"auto", dmss::EventRoute::automatic},
                                                       {"rpc", dmss::EventRoute::rpc},
                                                       {"cgi", dmss::EventRoute::cgi},
                                                       {"poll", dmss::EventRoute::poll}};
  example::add_arguments(app, a);
  app.add_option("--code", a.events.codes, "only these codes, e.g. VideoMotion")->delimiter(',');
  app.add_option("--group", a.groups, "only these groups: motion, masking, sensor, disk, intercom …")
      ->delimiter(',');
  app.add_option("--channels", a.channels, "only these channels, e.g. 1-4,9");
  app.add_flag("--housekeeping", a.events.housekeeping, "clock changes, new files and logins, too");
  app.add_option("--pictures", a.folder, "save the pictures of events in this folder");
  app.add_option("--seconds", a.seconds, "how long; 0 = until interrupted")->capture_default_str();
  example::add_choice(app, "--route", a.events.route, routes, "auto");
  if (const int code = example::parse(app, argc, argv, a); code >= 0) return code;
  for (const std::string& name : a.groups) {
    const auto group = dmss::parse_event_group(name);
    if (!group) return example::complain(group.error(), "--group " + name);
    a.events.groups.push_back(*group);
  }
  if (!a.channels.empty()) {
    auto channels = example::parse_channels(a.channels);
    if (!channels) return example::complain(channels.error(), "--channels");
    a.events.channels = std::move(*channels);
  }
  a.events.pictures = !a.folder.empty();
  return -1;
}

/// What the handlers tell the main thread.
struct Situation {
  std::mutex mutex;
  std::condition_variable changed;
  dmss::EventState state = dmss::EventState::attaching;
  dmss::Error why;
};

}  // namespace

int main(int argc, char** argv) {
  Arguments a;
  if (const int code = parse(argc, argv, a); code >= 0) return code;
  std::signal(SIGINT, [](int) { interrupted = 1; });
  std::signal(SIGTERM, [](int) { interrupted = 1; });

  Situation situation;
  const events::Output output(a.json, a.folder);
  dmss::EventHandlers handlers;  // they never overlap, so `output` needs no lock
  handlers.on_event = [&](const dmss::Event& e) { output.show(e); };
  handlers.on_gap = [&](const dmss::EventGap& g) { output.show(g); };
  handlers.on_state = [&](dmss::EventState state, const dmss::Error& why) {
    output.show(state, why);
    const std::lock_guard lock(situation.mutex);
    situation.state = state;
    if (why) situation.why = why;
    situation.changed.notify_all();
  };

  dmss::EngineOptions options;
  options.log_level = a.log;
  dmss::Engine engine(options);
  dmss::Device device = engine.device(a.device);
  dmss::EventSubscription subscription = device.events(a.events, handlers);

  using std::chrono::steady_clock;
  const auto end = steady_clock::now() + std::chrono::duration_cast<steady_clock::duration>(
                                             std::chrono::duration<double>(a.seconds));
  std::unique_lock lock(situation.mutex);
  while (interrupted == 0 && situation.state != dmss::EventState::failed &&
         (a.seconds <= 0 || steady_clock::now() < end))
    situation.changed.wait_for(lock, std::chrono::milliseconds(200));  // a signal wakes nobody
  const bool failed = situation.state == dmss::EventState::failed;
  const dmss::Error why = situation.why;
  const dmss::EventStats stats = subscription.stats();
  subscription.stop();
  // After `stopped` no handler runs any more, and what they use may go.
  situation.changed.wait(lock, [&] { return situation.state == dmss::EventState::stopped || failed; });
  lock.unlock();
  if (!a.json) output.show(stats);
  return failed ? example::complain(why) : example::kDone;
}
