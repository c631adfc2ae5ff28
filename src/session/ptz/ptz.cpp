// The public Ptz and PtzMove.
#include "dmss/ptz.hpp"

#include "session/device/perform.hpp"
#include "session/ptz/ptz_conversations.hpp"
#include "session/ptz/ptz_head.hpp"

namespace dmss {
namespace {

using namespace std::chrono_literals;
using session::Commands;
using Shared = std::shared_ptr<Commands>;

constexpr std::chrono::milliseconds kLongestMove = 1h;
constexpr std::chrono::milliseconds kDefaultTime{0};

Error check_move(PtzAction action, const PtzMoveOptions& options, int channel) {
  if (channel < 1) return Error(Errc::invalid_argument, "channels are numbered from 1");
  if (name(action) == "unknown") return Error(Errc::invalid_argument, "no such PTZ action");
  if (options.speed < 1 || options.speed > 8)
    return Error(Errc::invalid_argument, "a PTZ speed is from 1 to 8");
  if (options.duration < 0ms || options.duration > kLongestMove)
    return Error(Errc::invalid_argument, "a PTZ move lasts 1 ms to 1 h, or 0 until it is stopped");
  return {};
}

}  // namespace

struct PtzMove::Impl {
  Impl(std::shared_ptr<session::EngineCore> c, const std::shared_ptr<session::PtzRun>& r)
      : core(std::move(c)), run(r), ends_by_itself(r->duration > session::Duration::zero()) {}
  ~Impl() {
    if (!ends_by_itself) stop();
  }
  void stop() const {
    core->post([weak = run] {
      const auto r = weak.lock();
      const auto head = r ? r->head.lock() : nullptr;
      if (head) head->stop(*r);
    });
  }

  const std::shared_ptr<session::EngineCore> core;
  const std::weak_ptr<session::PtzRun> run;  // its completions must not wait for this handle
  const bool ends_by_itself;
};

PtzMove& PtzMove::operator=(PtzMove&& other) noexcept {
  impl_ = std::move(other.impl_);
  return *this;
}

PtzMove::~PtzMove() = default;

void PtzMove::stop() {
  if (impl_) impl_->stop();
}

PtzMove Ptz::move(PtzAction action, PtzMoveOptions options) {
  const std::shared_ptr<session::EngineCore>& core = device_->session->core();
  const Error wrong = check_move(action, options, channel_);
  auto run = std::make_shared<session::PtzRun>(core->make_actor(), action, std::move(options));
  auto impl = std::make_shared<PtzMove::Impl>(core, run);
  if (wrong) {
    run->end_unsent(wrong);
    return PtzMove(std::move(impl));
  }
  device_->post([run = std::move(run), channel = channel_](session::DeviceSession& s) mutable {
    session::PtzHead::start(s, channel, std::move(run));
  });
  return PtzMove(std::move(impl));
}

Operation Ptz::stop_all(Done done) {
  device_->post([channel = channel_](session::DeviceSession& s) {
    if (auto head = session::PtzHead::find(s, channel)) head->stop_all();
  });
  session::Conversation<void> stop = [channel = channel_](Shared c) {
    return session::stop_all_ptz(std::move(c), channel);
  };
  return session::perform<void>(*device_, std::move(done), kDefaultTime, std::move(stop));
}

Operation Ptz::goto_preset(int number, Done done) {
  session::Conversation<void> go = [channel = channel_, number](Shared c) {
    return session::goto_preset(std::move(c), channel, number);
  };
  return session::perform<void>(*device_, std::move(done), kDefaultTime, std::move(go));
}

Operation Ptz::set_preset(int number, std::string name, Done done) {
  session::Conversation<void> set = [channel = channel_, number, name = std::move(name)](Shared c) {
    return session::set_preset(std::move(c), channel, number, name);
  };
  return session::perform<void>(*device_, std::move(done), kDefaultTime, std::move(set));
}

Operation Ptz::clear_preset(int number, Done done) {
  session::Conversation<void> clear = [channel = channel_, number](Shared c) {
    return session::clear_preset(std::move(c), channel, number);
  };
  return session::perform<void>(*device_, std::move(done), kDefaultTime, std::move(clear));
}

Operation Ptz::presets(std::function<void(Result<std::vector<PtzPreset>>)> done) {
  session::Conversation<std::vector<PtzPreset>> list = [channel = channel_](Shared c) {
    return session::list_presets(std::move(c), channel);
  };
  return session::perform<std::vector<PtzPreset>>(*device_, std::move(done), kDefaultTime, std::move(list));
}

namespace {

Operation tour(const session::DeviceHandle& device, int channel, std::string_view code, int number,
               int preset, Ptz::Done done) {
  session::Conversation<void> send = [channel, code, number, preset](Shared c) {
    return session::send_tour(std::move(c), channel, code, number, preset);
  };
  return session::perform<void>(device, std::move(done), kDefaultTime, std::move(send));
}

}  // namespace

Operation Ptz::start_tour(int number, Done done) {
  return tour(*device_, channel_, "StartTour", number, 0, std::move(done));
}

Operation Ptz::stop_tour(int number, Done done) {
  return tour(*device_, channel_, "StopTour", number, 0, std::move(done));
}

Operation Ptz::add_to_tour(int number, int preset, Done done) {
  return tour(*device_, channel_, "AddTour", number, preset, std::move(done));
}

Operation Ptz::remove_from_tour(int number, int preset, Done done) {
  return tour(*device_, channel_, "DelTour", number, preset, std::move(done));
}

Operation Ptz::clear_tour(int number, Done done) {
  return tour(*device_, channel_, "ClearTour", number, 0, std::move(done));
}

Operation Ptz::status(std::function<void(Result<PtzStatus>)> done) {
  session::Conversation<PtzStatus> ask = [channel = channel_](Shared c) {
    return session::ptz_status(std::move(c), channel);
  };
  return session::perform<PtzStatus>(*device_, std::move(done), kDefaultTime, std::move(ask));
}

Operation Ptz::move_to(PtzPosition position, Done done) {
  session::Conversation<void> go = [channel = channel_, position](Shared c) {
    return session::move_to_position(std::move(c), channel, position);
  };
  return session::perform<void>(*device_, std::move(done), kDefaultTime, std::move(go));
}

Operation Ptz::move_by(double right, double up, double zoom_in, Done done) {
  session::Conversation<void> go = [channel = channel_, right, up, zoom_in](Shared c) {
    return session::move_relatively(std::move(c), channel, right, up, zoom_in);
  };
  return session::perform<void>(*device_, std::move(done), kDefaultTime, std::move(go));
}

Operation Ptz::zoom_to(double left, double top, double right, double bottom, Done done) {
  session::Conversation<void> go = [channel = channel_, left, top, right, bottom](Shared c) {
    return session::zoom_to_rectangle(std::move(c), channel, left, top, right, bottom);
  };
  return session::perform<void>(*device_, std::move(done), kDefaultTime, std::move(go));
}

}  // namespace dmss
