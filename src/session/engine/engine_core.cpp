#include "session/engine/engine_core.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "session/engine/trust_file.hpp"

namespace dmss::session {
namespace asio = boost::asio;

namespace {

constexpr int kMaxWorkers = 256;

}  // namespace

struct EngineCore::Threads {
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
  net::Clock clock;
  std::unique_ptr<net::Connector> connector;
  asio::steady_timer look{io};  // at the workers
  std::shared_ptr<ThreadWorkers> workers;
  std::thread network;
  std::mutex join_mutex;
};

EngineCore::EngineCore(Context context, std::shared_ptr<Workers> workers)
    : context_(std::move(context)), workers_(std::move(workers)) {}

EngineCore::EngineCore(const EngineOptions& options, std::shared_ptr<ThreadWorkers> workers)
    : held_(options.held),
      own_(std::make_unique<Threads>()),
      workers_(workers),
      log_hub_(make_log_hub(options.log_level, options.log_sink)) {
  own_->workers = std::move(workers);
  own_->connector =
      net::make_connector(own_->io.get_executor(), own_->clock,
                          make_trust_store(options.trust_file, Logger(log_hub_, "certificates")));
  context_.emplace(
      Context{own_->io.get_executor(), own_->clock, *own_->connector, Logger(log_hub_, "engine")});
}

EngineCore::~EngineCore() {
  if (own_ && own_->network.joinable()) own_->network.detach();
}

std::shared_ptr<EngineCore> EngineCore::start(const EngineOptions& options) {
  const int cores = static_cast<int>(std::thread::hardware_concurrency());
  const int count = std::clamp(options.workers > 0 ? options.workers : cores, 1, kMaxWorkers);
  auto core = std::make_shared<EngineCore>(options, std::make_shared<ThreadWorkers>(count));
  core->own_->workers->watch([weak = core->weak_from_this()] {
    if (auto c = weak.lock()) c->look_at_workers_later();
  });
  // The thread keeps the core alive until it has ended, whoever lets go of it first.
  core->own_->network = std::thread([core] { core->run_network(); });
  return core;
}

void EngineCore::look_at_workers_later() {
  post([self = shared_from_this()] {
    if (self->closing()) return;  // at the end the workers look after themselves
    self->own_->look.expires_after(Lending().patience);
    self->own_->look.async_wait([workers = self->own_->workers](const boost::system::error_code& cancelled) {
      if (!cancelled) workers->look();
    });
  });
}

void EngineCore::run_network() {
  own_->io.run();
  {
    std::lock_guard lock(mutex_);
    ended_ = true;
  }
  own_->io.restart();
  own_->io.poll();
  own_->workers->stop();
}

bool EngineCore::post(Task task) {
  std::lock_guard lock(mutex_);
  if (ended_) return false;
  asio::post(context_->executor, std::move(task));
  return true;
}

void EngineCore::shutdown() {
  if (closing_.exchange(true)) return;
  post([self = shared_from_this()] {
    const auto all = self->closables_;
    for (const auto& c : all) c->close();
    if (!self->own_) return;
    self->own_->look.cancel();
    self->own_->work.reset();
  });
}

void EngineCore::join() {
  if (!own_ || own_->workers->on_worker_thread()) return;
  std::lock_guard lock(own_->join_mutex);
  if (own_->network.joinable() && own_->network.get_id() != std::this_thread::get_id()) own_->network.join();
}

void EngineCore::set_log_level(LogLevel level) {
  if (log_hub_) dmss::set_level(*log_hub_, level);
}

EngineStats EngineCore::stats() const {
  EngineStats s;
  s.devices = devices.load();
  s.lives = lives.load();
  s.upstreams = upstreams.load();
  s.threads = own_ ? static_cast<std::uint64_t>(workers_->threads()) + 1 : 0;
  return s;
}

}  // namespace dmss::session
