#include "recorder/recorder.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <thread>

#include "proto/rpc/message.hpp"
#include "recorder/control_events.hpp"
#include "recorder/control_service.hpp"
#include "recorder/core.hpp"
#include "recorder/dvrip_service.hpp"
#include "recorder/http_service.hpp"
#include "recorder/rpc_methods.hpp"
#include "recorder/rtsp_service.hpp"
#include "recorder/server.hpp"

namespace dmss::recorder {

std::string Ports::to_json() const {
  Json j;
  j["dvrip"] = dvrip;
  j["http"] = http;
  j["https"] = https;
  j["rtsp"] = rtsp;
  j["rtsps"] = rtsps;
  j["dhip"] = dhip;
  j["control"] = control;
  return j.dump();
}

class Recorder::Impl {
 public:
  explicit Impl(Options options) : options_(std::move(options)) {}
  ~Impl() { stop(); }

  Result<Ports> start();
  void stop();

  /// Runs on the recorder's thread and waits.
  template <class F>
  auto ask(F f) -> decltype(f(std::declval<Core&>())) {
    std::promise<decltype(f(std::declval<Core&>()))> promise;
    auto answer = promise.get_future();
    net::asio::post(core_->io, [&] { promise.set_value(f(*core_)); });
    return answer.get();
  }
  bool running() const { return thread_.joinable(); }
  const Ports& ports() const { return ports_; }

 private:
  Result<void> listen();

  Options options_;
  Ports ports_;
  std::unique_ptr<Core> core_;
  std::unique_ptr<Rpc> rpc_;
  std::unique_ptr<DvripService> dvrip_;
  std::unique_ptr<HttpService> http_;
  std::unique_ptr<RtspService> rtsp_;
  std::vector<std::shared_ptr<Server>> servers_;
  std::thread thread_;
};

Result<void> Recorder::Impl::listen() {
  Core& core = *core_;
  Result<std::shared_ptr<net::asio::ssl::context>> tls = make_server_context(core.profile.serial);
  if (!tls) return tls.error();
  struct Row {
    const char* name;
    int Ports::* port;
    Server::Handler handler;
    bool secure;
    int limit;
  };
  const auto dvrip = [this](std::shared_ptr<Link> l) { return dvrip_->serve(std::move(l)); };
  const auto dhip = [this](std::shared_ptr<Link> l) { return dvrip_->serve_dhip(std::move(l)); };
  const auto http = [this](std::shared_ptr<Link> l) { return http_->serve(std::move(l)); };
  const auto rtsp = [this](std::shared_ptr<Link> l) { return rtsp_->serve(std::move(l)); };
  const auto control = [this](std::shared_ptr<Link> l) { return serve_control(*core_, std::move(l)); };
  const Row rows[] = {
      {"dvrip", &Ports::dvrip, dvrip, false, core.profile.dvrip.max_connections},
      {"dhip", &Ports::dhip, dhip, false, 0},
      {"http", &Ports::http, http, false, 0},
      {"https", &Ports::https, http, true, 0},
      {"rtsp", &Ports::rtsp, rtsp, false, 0},
      {"rtsps", &Ports::rtsps, rtsp, true, 0},
      {"control", &Ports::control, control, false, 0},
  };
  for (const Row& row : rows) {
    ports_.*row.port = Ports::kOff;
    if (options_.ports.*row.port == Ports::kOff) continue;
    const auto server = std::make_shared<Server>(core, row.name, row.handler, row.secure ? *tls : nullptr);
    server->limit(row.limit);
    const Result<int> port = server->listen(options_.listen, options_.ports.*row.port);
    if (!port) return port.error();
    ports_.*row.port = *port;
    servers_.push_back(server);
  }
  core.ports = ports_;
  // Clients make media URLs of what the tables say.
  if (ports_.rtsp != Ports::kOff) core.tables.seed("RTSP.Port", ports_.rtsp);
  if (ports_.dvrip != Ports::kOff) core.tables.seed("DVRIP.TCPPort", ports_.dvrip);
  return {};
}

Result<Ports> Recorder::Impl::start() {
  if (running()) return ports_;
  Result<Profile> profile = load_profile(options_.profile, options_.channels);
  if (!profile) return profile.error();
  core_ = std::make_unique<Core>(options_, std::move(*profile));
  if (Result<void> clips = core_->clips.prepare(); !clips) return clips.error();
  rpc_ = std::make_unique<Rpc>(*core_);
  dvrip_ = std::make_unique<DvripService>(*core_, *rpc_);
  http_ = std::make_unique<HttpService>(*core_, *rpc_);
  rtsp_ = std::make_unique<RtspService>(*core_);
  if (Result<void> listening = listen(); !listening) {
    servers_.clear();
    return listening.error();
  }
  thread_ = std::thread([this] {
    auto work = net::asio::make_work_guard(core_->io);
    core_->io.run();
  });
  return ports_;
}

void Recorder::Impl::stop() {
  if (!running()) return;
  net::asio::post(core_->io, [this] {
    for (const auto& server : servers_) server->close();
    std::vector<std::shared_ptr<Link>> links;
    for (const auto& [raw, weak] : core_->links) {
      if (auto link = weak.lock()) links.push_back(std::move(link));
    }
    for (const auto& link : links) link->close();
    core_->player.stop();
    core_->io.stop();
  });
  thread_.join();
  core_->streams.stop();
  // Coroutines that were on their way die with the context, before what they use.
  core_->io_owner.reset();
  servers_.clear();
  rtsp_.reset();
  http_.reset();
  dvrip_.reset();
  rpc_.reset();
  core_.reset();
}

Recorder::Recorder(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Recorder::~Recorder() = default;
Result<Ports> Recorder::start() {
  return impl_->start();
}
void Recorder::stop() {
  impl_->stop();
}
const Ports& Recorder::ports() const {
  return impl_->ports();
}

Result<void> Recorder::fault(std::string_view json) {
  if (!impl_->running()) return Errc::invalid_state;
  return impl_->ask([json = std::string(json)](Core& core) { return control_fault(core, json); });
}

void Recorder::clear(std::string_view name) {
  if (!impl_->running()) return;
  impl_->ask([name = std::string(name)](Core& core) {
    core.faults.clear(name);
    return true;
  });
}

Result<void> Recorder::event(std::string_view json) {
  if (!impl_->running()) return Errc::invalid_state;
  return impl_->ask([json = std::string(json)](Core& core) -> Result<void> {
    const Result<int> reached = control_event(core, json);
    if (!reached) return reached.error();
    return {};
  });
}

std::string Recorder::state() const {
  if (!impl_->running()) return "{}";
  return impl_->ask([](Core& core) { return proto::rpc::dump(control_state(core)); });
}

Result<void> prepare_clips(const std::string& profile, const std::filesystem::path& dir) {
  Result<Profile> p = load_profile(profile);
  if (!p) return p.error();
  return Clips(*p, dir).prepare();
}

}  // namespace dmss::recorder
