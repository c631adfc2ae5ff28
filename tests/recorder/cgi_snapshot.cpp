// snapshot.cgi (protocol http-rpc.md §6.6).
#include <charconv>

#include "recorder/cgi.hpp"

namespace dmss::recorder {
namespace {

HttpAnswer snapshot(const CgiCall& call) {
  Core& core = call.core;
  core.count("snapshots");
  int channel = 1;
  if (const auto given = call.query.get("channel")) {
    const auto [end, error] = std::from_chars(given->data(), given->data() + given->size(), channel);
    if (error != std::errc() || end != given->data() + given->size()) return cgi::bad_request();
  }
  if (channel == 0) channel = 1;  // clients of cameras count from 0
  if (channel < 1 || channel > core.profile.channels) return cgi::bad_request();
  const Bytes jpeg = core.clips.snapshot(channel);
  HttpAnswer a;
  a.type = "image/jpeg";
  a.body.assign(jpeg.begin(), jpeg.end());
  return a;
}

}  // namespace

void add_cgi_snapshot(Cgi& c) {
  c.add("snapshot.cgi", snapshot);
}

}  // namespace dmss::recorder
