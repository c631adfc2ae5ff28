#include "session/live/old_tie.hpp"

#include <algorithm>

#include "session/engine/spawn.hpp"

namespace dmss::session {

namespace dvrip = proto::dvrip;

namespace {

constexpr Duration kAcknowledgement = std::chrono::milliseconds(500);  // many devices send none
constexpr Duration kFirstMedia = std::chrono::seconds(2);
constexpr int kStarts = 4;

}  // namespace

std::shared_ptr<OldTie> OldTie::of(const Context& context, std::shared_ptr<DvripLink> link, int channel,
                                   std::shared_ptr<DvripConnection> connection) {
  std::weak_ptr<OldTie>& known = link->old_ties().by_channel[channel];
  if (auto tie = known.lock(); tie && !tie->ended_) {
    connection->close();
    return tie;
  }
  auto tie = std::make_shared<OldTie>(context, link, channel, std::move(connection));
  known = tie;
  tie->connection_->send(dvrip::write_tie({link->session(), 1, channel, false}));
  spawn(context.executor, tie->read(tie), context.log);
  tie->start_after(kAcknowledgement);
  return tie;
}

OldTie::OldTie(const Context& context, std::shared_ptr<DvripLink> link, int channel,
               std::shared_ptr<DvripConnection> connection)
    : link_(std::move(link)),
      channel_(channel),
      connection_(std::move(connection)),
      changed_(context.executor),
      patience_(context.executor, context.clock) {}

void OldTie::start_after(Duration patience) {
  patience_.expires_after(patience);
  patience_.async_wait([weak = weak_from_this()](bool expired) {
    auto self = weak.lock();
    if (expired && self && !self->ended_) self->start();
  });
}

void OldTie::start() {
  tied_ = true;
  if (users_.empty()) return;
  told_ = -1;
  tell(true, users_.back().stream);
  if (++starts_ < kStarts) start_after(kFirstMedia);
}

awaitable<void> OldTie::read([[maybe_unused]] std::shared_ptr<OldTie> self) {
  ended_ = co_await connection_->read_all(*this);
  patience_.cancel();
  changed_.notify();
}

void OldTie::join(const std::shared_ptr<FrameSink>& user, int stream) {
  users_.push_back({user, user.get(), stream});
  tell(true, stream);
}

void OldTie::leave(const FrameSink& user) {
  if (std::erase_if(users_, [&](const User& u) { return u.id == &user; }) == 0) return;
  changed_.notify();
  if (!users_.empty()) return tell(true, users_.back().stream);
  if (!ended_) ended_ = Errc::cancelled;  // nobody joins any more
  patience_.cancel();
  tell(false, told_);
  connection_->close();
}

void OldTie::tell(bool on, int stream) {
  if (on && !tied_) return;
  if ((on && stream == told_) || link_->old_ties().by_channel[channel_].lock().get() != this) return;
  told_ = stream;
  if (channel_ >= dvrip::kFlagChannels) {
    link_->send(dvrip::write_live(dvrip::LiveByName{channel_, stream, on}));
    return;
  }
  dvrip::LiveFlags& flags = link_->old_ties().flags;
  flags.on[static_cast<std::size_t>(channel_)] = on;
  flags.stream[static_cast<std::size_t>(channel_)] = static_cast<std::uint8_t>(stream);
  link_->send(dvrip::write_live(flags));
}

/// The newest user first: it may be the one for whom another is about to leave.
bool OldTie::on_frame(const dvrip::FrameView& frame) {
  if (frame.header.command() == dvrip::Command::tie && !tied_) start();
  if (frame.header.command() == dvrip::Command::media && !std::exchange(heard_, true)) patience_.cancel();
  const std::vector<User> present = users_;
  for (auto u = present.rbegin(); u != present.rend(); ++u) {
    const std::shared_ptr<FrameSink> sink = u->sink.lock();
    if (!sink || (has(*u->id) && !sink->on_frame(frame))) leave(*u->id);
  }
  return !users_.empty();
}

bool OldTie::has(const FrameSink& user) const {
  return std::any_of(users_.begin(), users_.end(), [&](const User& u) { return u.id == &user; });
}

awaitable<Result<void>> OldTie::wait(const FrameSink& user) {
  auto self = shared_from_this();
  while (has(user) && !ended_) co_await changed_.wait();
  co_return ended_ ? *ended_ : Result<void>();
}

}  // namespace dmss::session
