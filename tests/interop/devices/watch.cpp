// interop_watch KEY=VALUE…: logs in to a device, watches one channel and prints what came as one JSON line. The password is DMSS_PASSWORD.
#include <sys/resource.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <future>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "dmss/dmss.hpp"

namespace {

using nlohmann::json;
using std::chrono::milliseconds;

class Arguments {
 public:
  Arguments(int argc, char** argv) {
    for (int i = 1; i < argc; ++i) {
      const std::string word = argv[i];
      const auto at = word.find('=');
      if (at == std::string::npos) throw std::invalid_argument(word);
      values_[word.substr(0, at)] = word.substr(at + 1);
    }
  }
  std::string text(const std::string& key, const std::string& otherwise) const {
    const auto found = values_.find(key);
    return found == values_.end() ? otherwise : found->second;
  }
  int number(const std::string& key, int otherwise) const {
    const std::string value = text(key, std::to_string(otherwise));
    int n = 0;
    if (std::from_chars(value.data(), value.data() + value.size(), n).ec != std::errc())
      throw std::invalid_argument(key);
    return n;
  }
  std::uint16_t port(const std::string& key) const { return static_cast<std::uint16_t>(number(key, 0)); }
  template <class T>
  T one_of(const std::string& key, const std::map<std::string, T>& choices, T otherwise) const {
    const auto found = values_.find(key);
    return found == values_.end() ? otherwise : choices.at(found->second);
  }

 private:
  std::map<std::string, std::string> values_;
};

dmss::DeviceOptions device_options(const Arguments& a) {
  using dmss::ControlRoute, dmss::MediaRoute, dmss::RtspTransport;
  dmss::DeviceOptions o;
  o.address = a.text("address", "127.0.0.1");
  o.user = a.text("user", "admin");
  const char* password = std::getenv("DMSS_PASSWORD");
  o.password = dmss::Secret(password == nullptr ? "" : password);
  o.port = a.port("port");
  o.http_port = a.port("http_port");
  o.https_port = a.port("https_port");
  o.dhip_port = a.port("dhip_port");
  o.rtsp_port = a.port("rtsp_port");
  o.rtsps_port = a.port("rtsps_port");
  o.control = a.one_of<ControlRoute>("control",
                                     {{"dvrip", ControlRoute::dvrip},
                                      {"http", ControlRoute::http},
                                      {"https", ControlRoute::https},
                                      {"dhip", ControlRoute::dhip}},
                                     ControlRoute::automatic);
  o.media = a.one_of<MediaRoute>("media", {{"dvrip", MediaRoute::dvrip}, {"rtsp", MediaRoute::rtsp}},
                                 MediaRoute::automatic);
  o.rtsp_transport = a.one_of<RtspTransport>(
      "transport", {{"tcp", RtspTransport::tcp}, {"udp", RtspTransport::udp}}, RtspTransport::tcp);
  o.legacy_login = static_cast<dmss::LegacyLogin>(a.number("legacy", 0));
  o.allow_plaintext_password = a.number("plaintext", 0) != 0;
  o.connect_timeout = o.call_timeout = milliseconds(a.number("call_ms", 5000));
  o.reconnect = false;
  return o;
}

/// The codes of an error and of what led to it, outermost first.
json codes(const dmss::Error& error) {
  json out = json::array();
  for (const dmss::Error* e = &error; e != nullptr && *e; e = e->cause())
    out.push_back(dmss::name(e->code()));
  return out;
}

json to_json(const dmss::Error& error) {
  if (!error) return nullptr;
  json out{{"code", dmss::name(error.code())},
           {"codes", codes(error)},
           {"text", error.to_string()},
           {"device_code", error.device_code()}};
  if (error.tries_left()) out["tries_left"] = *error.tries_left();
  if (error.seconds_left()) out["seconds_left"] = *error.seconds_left();
  return out;
}

json to_json(const dmss::DeviceInfo& i) {
  return {{"serial", i.serial},       {"model", i.model},
          {"class", i.device_class},  {"channels", i.channels},
          {"names", i.channel_names}, {"route", dmss::name(i.route)},
          {"software", i.software},   {"login", dmss::name(i.login)}};
}

std::uint32_t crc32(std::uint32_t crc, const std::uint8_t* data, int size) {
  crc = ~crc;
  for (int i = 0; i < size; ++i) {
    crc ^= data[i];
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320u : 0u);
  }
  return ~crc;
}

/// CRC-32 of the visible pixels of an I420 picture, as in a raw .yuv file.
std::uint32_t picture_crc(const dmss::Frame& frame) {
  std::uint32_t crc = 0;
  for (int p = 0; p < 3; ++p) {
    const int width = p == 0 ? frame.width() : (frame.width() + 1) / 2;
    const int height = p == 0 ? frame.height() : (frame.height() + 1) / 2;
    const dmss::Frame::Plane plane = frame.plane(p);
    for (int y = 0; y < height; ++y)
      crc = crc32(crc, plane.data + static_cast<std::ptrdiff_t>(y) * plane.stride, width);
  }
  return crc;
}

/// Shared with the handlers: the last of them may run after the window is gone.
class Watcher : public std::enable_shared_from_this<Watcher> {
 public:
  explicit Watcher(std::size_t frames, std::size_t audio) : frames_wanted_(frames), audio_wanted_(audio) {}

  dmss::LiveHandlers handlers() {
    dmss::LiveHandlers h;
    h.on_frame = [this, self = shared_from_this()](const dmss::Frame& f) {
      std::lock_guard lock(mutex_);
      crcs_.push_back(picture_crc(f));
      times_.push_back(f.time().count());
      changed_.notify_one();
    };
    h.on_audio = [this, self = shared_from_this()](const dmss::AudioBlock& b) {
      std::lock_guard lock(mutex_);
      samples_ += b.samples.size();
      rate_ = b.sample_rate;
      audio_channels_ = b.channels;
      for (const std::int16_t s : b.samples) peak_ = std::max(peak_, std::abs(static_cast<int>(s)));
      changed_.notify_one();
    };
    h.on_state = [this, self = shared_from_this()](dmss::LiveState state, const dmss::Error& why) {
      std::lock_guard lock(mutex_);
      states_.emplace_back(dmss::name(state));
      if (why) why_ = why;
      over_ = state == dmss::LiveState::failed || state == dmss::LiveState::stopped ||
              state == dmss::LiveState::reconnecting;
      changed_.notify_one();
    };
    return h;
  }

  void wait(milliseconds limit) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, limit, [this] {
      return over_ || (crcs_.size() >= frames_wanted_ && samples_ >= audio_wanted_);
    });
  }

  json result(const dmss::LiveStats& s) const {
    std::lock_guard lock(mutex_);
    return {{"crcs", crcs_},
            {"times", times_},
            {"states", states_},
            {"error", to_json(why_)},
            {"width", s.width},
            {"height", s.height},
            {"samples", samples_},
            {"rate", rate_},
            {"peak", peak_},
            {"audio_channels", audio_channels_},
            {"lost", s.lost},
            {"corrupt", s.corrupt},
            {"dropped", s.dropped},
            {"decode_errors", s.decode_errors},
            {"codec", dmss::name(s.video)},
            {"audio", dmss::name(s.audio)},
            {"route", dmss::name(s.route)}};
  }

 private:
  const std::size_t frames_wanted_;
  const std::size_t audio_wanted_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::uint32_t> crcs_;
  std::vector<std::int64_t> times_;
  std::vector<std::string> states_;
  std::size_t samples_ = 0;
  int rate_ = 0;
  int audio_channels_ = 0;
  int peak_ = 0;
  bool over_ = false;
  dmss::Error why_;
};

json run(const Arguments& a) {
  dmss::EngineOptions engine_options;
  engine_options.log_level = a.number("log", 0) != 0 ? dmss::LogLevel::debug : dmss::LogLevel::error;
  dmss::Engine engine(engine_options);
  dmss::Device device = engine.device(device_options(a));
  json out;

  const int logins = a.number("logins", 1);
  for (int i = 0; i < logins; ++i) {
    std::promise<dmss::Result<dmss::DeviceInfo>> answer;
    dmss::LoginOptions options;
    options.timeout = milliseconds(a.number("login_ms", 20000));
    device.login([&](dmss::Result<dmss::DeviceInfo> r) { answer.set_value(std::move(r)); }, options);
    const auto info = answer.get_future().get();
    out["login"] = info ? to_json(*info) : json(nullptr);
    out["error"] = info ? json(nullptr) : to_json(info.error());
  }

  if (const std::string method = a.text("call", ""); !method.empty() && out["error"].is_null()) {
    std::promise<dmss::Result<std::string>> answer;
    device.call(method, a.text("params", ""),
                [&](dmss::Result<std::string> r) { answer.set_value(std::move(r)); });
    const auto reply = answer.get_future().get();
    out["call"] = reply ? json(*reply) : json(nullptr);
    out["call_error"] = reply ? json(nullptr) : to_json(reply.error());
  }

  if (const int channel = a.number("channel", 0); channel > 0 && out["error"].is_null()) {
    const auto watcher = std::make_shared<Watcher>(static_cast<std::size_t>(a.number("frames", 1)),
                                                   static_cast<std::size_t>(a.number("samples", 0)));
    dmss::LiveOptions options;
    options.channel = channel;
    options.stream =
        a.one_of<dmss::StreamKind>("stream", {{"main", dmss::StreamKind::main}}, dmss::StreamKind::extra);
    options.quality = dmss::Quality::fluent;
    dmss::Live live = device.open_live(options, watcher->handlers());
    watcher->wait(milliseconds(a.number("watch_ms", 20000)));
    out["live"] = watcher->result(live.stats());
    live.stop();
  }
  out["login_attempts"] = device.stats().login_attempts;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  out["rss_kb"] = usage.ru_maxrss;
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    std::cout << run(Arguments(argc, argv)).dump() << '\n';
  } catch (const std::exception& e) {
    std::cerr << "bad arguments: " << e.what() << '\n';
    return 2;
  }
  return 0;
}
