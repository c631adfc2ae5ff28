// The floors: what any program must spend on the same job.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "bench/floor/source.hpp"

namespace dmss::bench {

struct FloorOptions {
  std::string mode;
  SourceOptions source;
  std::string clip;  ///< an H.264 file, for the jobs without a server
  double fps = 25;
  int streams = 1;
  double warm_up = 1, seconds = 5;
  int pictures = 0;
  int repeats = 5;
  std::uint16_t echo = 0;      ///< port of the server's echo
  int request = 0, reply = 0;  ///< bytes of one exchange
};

/// `recv`: recv() into one buffer; `depay`: access units as well; `decode`: pictures as well. One thread for
/// all streams.
nlohmann::json receive(const FloorOptions& options);
/// Decodes from memory, in real time or, with `pictures`, that many at once.
nlohmann::json decode_memory(const FloorOptions& options);
/// CPU time of a new decoder for the first key frame.
nlohmann::json decode_first(const FloorOptions& options);
/// Exchanges of `request` bytes for `reply` bytes on one bare socket, `streams` under way at a time.
nlohmann::json echo(const FloorOptions& options);
/// CPU time of an MJPEG encoder for one picture.
nlohmann::json encode_jpeg(const FloorOptions& options);

}  // namespace dmss::bench
