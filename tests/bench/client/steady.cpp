#include "bench/client/steady.hpp"

#include <thread>

namespace dmss::bench {

void rest(double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

Json steady(const Usage& from, const Usage& to) {
  return {{"cpu_s", to.cpu - from.cpu},
          {"wall_s", std::chrono::duration<double>(to.at - from.at).count()},
          {"wakeups", to.switches - from.switches},
          {"threads", process_status("Threads")},
          {"anon_kb", process_status("RssAnon")}};
}

}  // namespace dmss::bench
