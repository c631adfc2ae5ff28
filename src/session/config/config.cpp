// The public Config: conversations on the network thread.
#include "dmss/config.hpp"

#include "session/config/raw.hpp"
#include "session/config/typed.hpp"
#include "session/config/watcher.hpp"
#include "session/device/perform.hpp"

namespace dmss {

namespace session {

Error check_index(const Commands& commands, Rows rows, int index) {
  constexpr int kMaxRow = 1024;
  if (rows == Rows::device)
    return index == 0 ? Error()
                      : Error(Errc::invalid_argument, "index: the table is of the whole device, so it is 0");
  if (rows == Rows::channels) return check_channel(commands, index);
  if (index < 1 || index > kMaxRow)
    return Error(Errc::invalid_argument, "index: rows are numbered from 1 to 1024");
  return {};
}

}  // namespace session

template <class T>
Operation Config::get(int index, std::function<void(Result<T>)> done, ConfigOptions options) {
  return session::perform<T>(*device_, std::move(done), options.timeout,
                             [index](std::shared_ptr<session::Commands> commands) {
                               return session::get_value<T>(std::move(commands), index);
                             });
}

template <class T>
Operation Config::set(T value, std::function<void(Result<ConfigWritten>)> done, ConfigOptions options) {
  return session::perform<ConfigWritten>(
      *device_, std::move(done), options.timeout,
      [value = std::move(value), locks = device_->table_locks](std::shared_ptr<session::Commands> commands) {
        return session::set_value<T>(std::move(commands), locks, value);
      });
}

Operation Config::read(ConfigTable table, std::function<void(Result<std::string>)> done,
                       ConfigOptions options) {
  return session::perform<std::string>(
      *device_, std::move(done), options.timeout,
      [table = std::move(table)](std::shared_ptr<session::Commands> commands) {
        return session::read_raw(std::move(commands), table);
      });
}

Operation Config::write(ConfigTable table, std::string json, std::string expected,
                        std::function<void(Result<ConfigWritten>)> done, ConfigOptions options) {
  return session::perform<ConfigWritten>(
      *device_, std::move(done), options.timeout,
      [table = std::move(table), json = std::move(json), expected = std::move(expected),
       locks = device_->table_locks](std::shared_ptr<session::Commands> commands) {
        return session::write_raw(std::move(commands), locks, table, json, expected);
      });
}

Operation Config::remove(ConfigTable table, std::function<void(Result<void>)> done, ConfigOptions options) {
  return session::perform<void>(
      *device_, std::move(done), options.timeout,
      [table = std::move(table), locks = device_->table_locks](std::shared_ptr<session::Commands> commands) {
        return session::remove_raw(std::move(commands), locks, table);
      });
}

Operation Config::read_default(ConfigTable table, std::function<void(Result<std::string>)> done,
                               ConfigOptions options) {
  return session::perform<std::string>(
      *device_, std::move(done), options.timeout,
      [table = std::move(table)](std::shared_ptr<session::Commands> commands) {
        return session::read_raw_default(std::move(commands), table);
      });
}

Operation Config::list(std::function<void(Result<std::vector<std::string>>)> done, ConfigOptions options) {
  return session::perform<std::vector<std::string>>(
      *device_, std::move(done), options.timeout,
      [](std::shared_ptr<session::Commands> commands) { return session::list_tables(std::move(commands)); });
}

struct ConfigWatch::Impl {
  explicit Impl(std::shared_ptr<session::Watcher> w) : watcher(std::move(w)) {}
  ~Impl() {
    watcher->release();
    watcher->device()->core()->post([w = watcher] { w->stop(); });
  }
  std::shared_ptr<session::Watcher> watcher;
};

ConfigWatch& ConfigWatch::operator=(ConfigWatch&& other) noexcept {
  impl_ = std::move(other.impl_);
  return *this;
}

ConfigWatch::~ConfigWatch() = default;

ConfigWatch Config::watch(std::vector<std::string> names, std::function<void(const ConfigChange&)> on_change,
                          std::chrono::milliseconds period) {
  auto watcher =
      std::make_shared<session::Watcher>(device_->session, std::move(names), std::move(on_change), period);
  device_->session->core()->post([watcher] { watcher->start(); });
  return ConfigWatch(std::make_shared<ConfigWatch::Impl>(std::move(watcher)));
}

#define DMSS_CONFIG_TYPE(T)                                                              \
  template Operation Config::get<T>(int, std::function<void(Result<T>)>, ConfigOptions); \
  template Operation Config::set<T>(T, std::function<void(Result<ConfigWritten>)>, ConfigOptions)

DMSS_CONFIG_TYPE(MotionDetection);
DMSS_CONFIG_TYPE(SmartMotion);
DMSS_CONFIG_TYPE(VideoMask);
DMSS_CONFIG_TYPE(LocalAlarm);
DMSS_CONFIG_TYPE(NetworkAlarm);
DMSS_CONFIG_TYPE(IpcExternalAlarm);
DMSS_CONFIG_TYPE(IpcOfflineAlarm);
DMSS_CONFIG_TYPE(PirAlarm);
DMSS_CONFIG_TYPE(AlarmOutput);
DMSS_CONFIG_TYPE(EncodeSettings);
DMSS_CONFIG_TYPE(RecordSchedule);
DMSS_CONFIG_TYPE(RecordMode);
DMSS_CONFIG_TYPE(ChannelName);
DMSS_CONFIG_TYPE(ImageColor);
DMSS_CONFIG_TYPE(ImageOrientation);
DMSS_CONFIG_TYPE(GeneralSettings);
DMSS_CONFIG_TYPE(NetworkSettings);
DMSS_CONFIG_TYPE(TimeSettings);
DMSS_CONFIG_TYPE(DaylightSaving);

}  // namespace dmss
