// The public Controls.
#include "dmss/controls.hpp"

#include "session/controls/control_conversations.hpp"
#include "session/device/perform.hpp"

namespace dmss {
namespace {

using Shared = std::shared_ptr<session::Commands>;
using session::Conversation;

constexpr std::chrono::milliseconds kDefaultTime{0};

template <class T>
Operation run(const session::DeviceHandle& device, std::function<void(Result<T>)> done,
              Conversation<T> conversation) {
  return session::perform<T>(device, std::move(done), kDefaultTime, std::move(conversation));
}

}  // namespace

Operation Controls::wipe_once(Done done) {
  Conversation<void> c = [channel = channel_](Shared s) { return session::wipe_once(std::move(s), channel); };
  return run<void>(*device_, std::move(done), std::move(c));
}

Operation Controls::wipe_continuously(std::chrono::seconds interval, Done done) {
  Conversation<void> c = [channel = channel_, interval](Shared s) {
    return session::wipe_continuously(std::move(s), channel, interval);
  };
  return run<void>(*device_, std::move(done), std::move(c));
}

Operation Controls::stop_wiper(Done done) {
  Conversation<void> c = [channel = channel_](Shared s) {
    return session::stop_wiper(std::move(s), channel);
  };
  return run<void>(*device_, std::move(done), std::move(c));
}

Operation Controls::set_light(bool on, Done done) {
  Conversation<void> c = [channel = channel_, on](Shared s) {
    return session::set_deterrent(std::move(s), channel, session::Deterrent::light, on);
  };
  return run<void>(*device_, std::move(done), std::move(c));
}

Operation Controls::set_siren(bool on, Done done) {
  Conversation<void> c = [channel = channel_, on](Shared s) {
    return session::set_deterrent(std::move(s), channel, session::Deterrent::siren, on);
  };
  return run<void>(*device_, std::move(done), std::move(c));
}

Operation Controls::deterrence_status(std::function<void(Result<DeterrenceStatus>)> done) {
  Conversation<DeterrenceStatus> c = [channel = channel_](Shared s) {
    return session::deterrence_status(std::move(s), channel);
  };
  return run<DeterrenceStatus>(*device_, std::move(done), std::move(c));
}

Operation Controls::set_smart_tracking(bool on, Done done) {
  Conversation<void> c = [locks = device_->table_locks, channel = channel_, on](Shared s) {
    return session::set_smart_tracking(std::move(s), locks, channel, on);
  };
  return run<void>(*device_, std::move(done), std::move(c));
}

Operation Controls::set_lens(double zoom, double focus, Done done) {
  Conversation<void> c = [channel = channel_, zoom, focus](Shared s) {
    return session::set_lens(std::move(s), channel, zoom, focus);
  };
  return run<void>(*device_, std::move(done), std::move(c));
}

Operation Controls::auto_focus(Done done) {
  Conversation<void> c = [channel = channel_](Shared s) {
    return session::auto_focus(std::move(s), channel);
  };
  return run<void>(*device_, std::move(done), std::move(c));
}

Operation Controls::lens_status(std::function<void(Result<LensStatus>)> done) {
  Conversation<LensStatus> c = [channel = channel_](Shared s) {
    return session::lens_status(std::move(s), channel);
  };
  return run<LensStatus>(*device_, std::move(done), std::move(c));
}

Operation Controls::reset_image(Done done) {
  Conversation<void> c = [locks = device_->table_locks, channel = channel_](Shared s) {
    return session::reset_image(std::move(s), locks, channel);
  };
  return run<void>(*device_, std::move(done), std::move(c));
}

Operation Controls::start_recording(Done done) {
  Conversation<void> c = [locks = device_->table_locks, channel = channel_](Shared s) {
    return session::set_recording(std::move(s), locks, channel, RecordMode::Mode::manual);
  };
  return run<void>(*device_, std::move(done), std::move(c));
}

Operation Controls::stop_recording(Done done) {
  Conversation<void> c = [locks = device_->table_locks, channel = channel_](Shared s) {
    return session::set_recording(std::move(s), locks, channel, RecordMode::Mode::automatic);
  };
  return run<void>(*device_, std::move(done), std::move(c));
}

Operation Controls::recording(std::function<void(Result<bool>)> done) {
  Conversation<bool> c = [channel = channel_](Shared s) {
    return session::is_recording(std::move(s), channel);
  };
  return run<bool>(*device_, std::move(done), std::move(c));
}

}  // namespace dmss
