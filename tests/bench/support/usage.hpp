// What this process has used so far: CPU time, voluntary context switches, memory, threads.
#pragma once

#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <ctime>

namespace dmss::bench {

struct Usage {
  double cpu = 0;     ///< seconds, all threads
  long switches = 0;  ///< voluntary context switches, all threads
  std::chrono::steady_clock::time_point at;

  static Usage now() {
    Usage u;
    timespec t{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    u.cpu = static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
    rusage r{};
    ::getrusage(RUSAGE_SELF, &r);
    u.switches = r.ru_nvcsw;
    u.at = std::chrono::steady_clock::now();
    return u;
  }
};

/// A number of /proc/self/status, e.g. "RssAnon" (kB) or "Threads".
inline long process_status(const char* key) {
  std::FILE* file = std::fopen("/proc/self/status", "re");
  if (file == nullptr) return 0;
  char line[256];
  long value = 0;
  const std::size_t length = std::strlen(key);
  while (std::fgets(line, sizeof line, file) != nullptr) {
    if (std::strncmp(line, key, length) != 0 || line[length] != ':') continue;
    std::sscanf(line + length + 1, "%ld", &value);
  }
  std::fclose(file);
  return value;
}

}  // namespace dmss::bench
