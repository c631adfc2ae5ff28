// Recording by hand (protocol http-rpc.md §5.9).
#include "proto/caps/fields.hpp"
#include "session/capabilities/probe.hpp"
#include "session/config/typed.hpp"
#include "session/controls/control_conversations.hpp"
#include "session/controls/setting.hpp"
#include "session/device/question.hpp"

namespace dmss::session {

namespace {

Error set_main_mode(Json& row, RecordMode::Mode mode) {
  const Result<RecordMode> read = proto::config::Codec<RecordMode>::read(row);
  if (!read) return read.error();
  RecordMode before = *read, wanted = *read;
  wanted.main = mode;
  // Not the mode that was read: that is "automatic" also where there is none, or one that nobody knows.
  before.main = mode == RecordMode::Mode::off ? RecordMode::Mode::manual : RecordMode::Mode::off;
  return proto::config::Codec<RecordMode>::apply(wanted, before, row);
}

}  // namespace

awaitable<Result<void>> set_recording(std::shared_ptr<Commands> commands, std::shared_ptr<TableLocks> locks,
                                      int channel, RecordMode::Mode mode) {
  if (Error e = check_channel(*commands, channel)) co_return e;
  if (Error e = co_await require(commands, 0, Feature::recording)) co_return e;
  std::function<Error(Json&)> change = [mode](Json& row) { return set_main_mode(row, mode); };
  co_return co_await change_setting<RecordMode>(commands, std::move(locks), channel, std::move(change));
}

awaitable<Result<bool>> is_recording(std::shared_ptr<Commands> commands, int channel) {
  if (Error e = check_channel(*commands, channel)) co_return e;
  if (Error e = known_lack(*commands, 0, Feature::recording)) co_return e;
  Question q;
  q.method = "recordManager.getState";
  q.params = {{"channel", channel - 1}};
  const Answer answer = co_await ask(commands, std::move(q));
  if (answer.tree) {
    if (const auto state = proto::caps::flag(*answer.tree, "state")) co_return *state;
    co_return Error(Errc::malformed, "the device's recording state has no \"state\"");
  }
  const Error why = answer.tree.error();
  if (why != Errc::unsupported && why != Errc::device_error) co_return why;
  // Without that, only a mode other than the schedule's tells.
  Result<RecordMode> mode = co_await get_value<RecordMode>(commands, channel);
  if (!mode) co_return mode.error();
  if (mode->main == RecordMode::Mode::manual) co_return true;
  if (mode->main == RecordMode::Mode::off) co_return false;
  co_return Error(Errc::unsupported,
                  "this device tells the record mode (by schedule) but not whether it records now");
}

}  // namespace dmss::session
