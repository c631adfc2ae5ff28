// Recorder: a virtual recorder, camera or DVR on real sockets, with faults on demand. Written from the
// protocol notes so that programs of other people take it for a device. docs/recorder.md describes faults,
// events and the state it tells.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "dmss/result.hpp"
#include "recorder/options.hpp"

namespace dmss::recorder {

class Recorder {
 public:
  explicit Recorder(Options options);
  ~Recorder();  ///< stops
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  /// Prepares clips when they are missing (half a minute of encoding, once), listens and serves on a thread
  /// of its own. Errors: invalid_argument (profile, ports), connect_failed (a port is taken), device_error
  /// (clips could not be made).
  Result<Ports> start();
  /// Closes everything. Idempotent.
  void stop();
  const Ports& ports() const;

  // The same as the control port, from any thread while it runs. Text is JSON.

  /// {"name":"lock","seconds":30, …}. Errors: invalid_argument (unknown name, bad arguments).
  Result<void> fault(std::string_view json);
  /// One fault, or all of them when `name` is empty.
  void clear(std::string_view name = {});
  /// {"code":"VideoMotion","action":"Start","index":0,"data":{…}}
  Result<void> event(std::string_view json);
  /// What the recorder saw and does: logins, connections, viewers, reports.
  std::string state() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// Encodes the clips of a profile into `dir` (with the `ffmpeg` program) unless they are there already.
Result<void> prepare_clips(const std::string& profile, const std::filesystem::path& dir);

}  // namespace dmss::recorder
