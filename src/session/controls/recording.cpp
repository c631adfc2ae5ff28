// Recording by hand (protocol http-rpc.md §5.9).
#include "proto/caps/fields.hpp"
#include "session/capabilities/probe.hpp"
#include "session/controls/config_rows.hpp"
#include "session/controls/control_conversations.hpp"
#include "session/device/question.hpp"

namespace dmss::session {

using proto::rpc::Json;

awaitable<Result<void>> set_recording(std::shared_ptr<Commands> commands, int channel, RecordingMode mode) {
  if (Error e = check_channel(*commands, channel)) co_return e;
  const auto wanted = static_cast<std::int64_t>(mode);
  // The row goes back whole, with the modes of the extra streams as they are.
  RowChange change = [wanted](Json& row) {
    if (!row.is_object() || !row.contains("Mode")) return false;
    set_leaf(row, "Mode", wanted);
    return true;
  };
  co_return co_await change_row(commands, "RecordMode", channel, std::move(change), RowLeaves::all);
}

awaitable<Result<bool>> is_recording(std::shared_ptr<Commands> commands, int channel) {
  if (Error e = check_channel(*commands, channel)) co_return e;
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
  Result<Json> row = co_await read_row(commands, "RecordMode", channel);
  if (!row) co_return row.error();
  constexpr std::int64_t kManual = 1;
  constexpr std::int64_t kOff = 2;
  const std::int64_t mode = proto::rpc::int_or(*row, "Mode", 0);
  if (mode == kManual) co_return true;
  if (mode == kOff) co_return false;
  co_return Error(Errc::unsupported,
                  "this device tells the record mode (by schedule) but not whether it records now");
}

}  // namespace dmss::session
