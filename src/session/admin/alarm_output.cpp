// Alarm outputs are switched by a table: AlarmOut[i].Mode (protocol http-rpc.md §5.10).
#include "session/admin/alarm_io.hpp"
#include "session/capabilities/probe.hpp"
#include "session/config/kinds.hpp"

namespace dmss::session {
namespace {

using Mode = AlarmOutput::Mode;

constexpr int kMaxOutput = 1024;

Error set_mode(Json& row, Mode mode) {
  const Result<AlarmOutput> read = proto::config::Codec<AlarmOutput>::read(row);
  if (!read) return read.error();
  AlarmOutput before = *read, wanted = *read;
  wanted.mode = mode;
  // Not the mode that was read: that is "automatic" also where there is none, or one that nobody knows.
  before.mode = mode == Mode::close ? Mode::manual : Mode::close;
  return proto::config::Codec<AlarmOutput>::apply(wanted, before, row);
}

}  // namespace

awaitable<Result<void>> set_alarm_output(std::shared_ptr<Commands> commands,
                                         std::shared_ptr<TableLocks> locks, int output, Mode mode) {
  if (output < 1 || output > kMaxOutput)
    co_return Error(Errc::invalid_argument, "alarm outputs are numbered from 1");
  if (mode != Mode::automatic && mode != Mode::manual && mode != Mode::close)
    co_return Error(Errc::invalid_argument, "no such mode of an alarm output");
  if (Error why = co_await require(commands, 0, Feature::alarm_outputs)) co_return why;
  Edition edition;
  edition.place = place_of<AlarmOutput>(output);
  edition.change = [mode](Json& row) { return set_mode(row, mode); };
  Result<Edited> edited = co_await edit_place(std::move(commands), std::move(locks), std::move(edition));
  if (edited) co_return Result<void>();
  if (edited.error() == Errc::no_such_channel)
    co_return Error(Errc::invalid_argument, "this device has no alarm output " + std::to_string(output));
  co_return edited.error();
}

}  // namespace dmss::session
