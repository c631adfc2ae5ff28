// RecorderProcess: dmss-recorder as a real process on free ports, with its control port at hand. Needs only POSIX, so that the
// tests of the C ABI and of consumers can use it without linking anything of the SDK.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

namespace dmss::test {

class RecorderProcess {
 public:
  /// Starts `dmss-recorder` (path in DMSS_RECORDER) with these further arguments; waits for its line of ports. Fails the test
  /// program when it does not start.
  explicit RecorderProcess(std::vector<std::string> arguments = {});
  ~RecorderProcess();
  RecorderProcess(const RecorderProcess&) = delete;
  RecorderProcess& operator=(const RecorderProcess&) = delete;

  /// "dvrip", "http", "https", "rtsp", "rtsps", "dhip", "control"
  int port(const std::string& service) const;
  static constexpr const char* kUser = "admin";
  static constexpr const char* kPassword = "Test-pass-1";

  /// POST to the control port; returns the body.
  std::string post(const std::string& path, const std::string& json = "{}") const;
  std::string get(const std::string& path) const;
  void fault(const std::string& json) const { post("/fault", json); }

  /// SIGKILL, as a power cut; restart() comes back on the same ports.
  void kill();
  void restart();

 private:
  void spawn(const std::vector<std::string>& arguments);
  std::string request(const std::string& method, const std::string& path, const std::string& body) const;

  std::vector<std::string> arguments_;
  std::map<std::string, int> ports_;
  pid_t pid_ = -1;
  int stdin_ = -1;
};

}  // namespace dmss::test
