// The public Admin: runs the conversations of this folder.
#include "dmss/admin.hpp"

#include "session/admin/alarm_io.hpp"
#include "session/admin/ask.hpp"
#include "session/admin/log.hpp"
#include "session/admin/password.hpp"
#include "session/admin/reboot.hpp"
#include "session/admin/smart.hpp"
#include "session/admin/storage.hpp"
#include "session/admin/time.hpp"
#include "session/admin/users.hpp"
#include "session/device/perform.hpp"

namespace dmss {

namespace session {
namespace {

constexpr std::chrono::milliseconds kDefault{0};
constexpr std::chrono::minutes kSearch{10};

using CommandsPtr = std::shared_ptr<Commands>;
template <class Entry>
using Handler = std::function<bool(const std::vector<Entry>&)>;
template <class Entry>
using OnPage = std::function<awaitable<bool>(std::vector<Entry>)>;
template <class Query, class Entry>
using Search = awaitable<Result<void>> (*)(CommandsPtr, CommandsPtr, Query, OnPage<Entry>);

/// Shows a page to the caller's handler on its actor and waits for the verdict. Once `done` has been called the handler hears nothing more.
template <class Entry>
awaitable<bool> show_page(std::shared_ptr<DeviceSession> session, std::shared_ptr<Actor> actor,
                          Completion<void> done, std::shared_ptr<Handler<Entry>> handler,
                          std::vector<Entry> page) {
  struct Verdict {
    explicit Verdict(net::Executor e) : given(std::move(e)) {}
    Signal given;
    bool more = false;
    bool known = false;
  };
  auto verdict = std::make_shared<Verdict>(session->context().executor);
  auto entries = std::make_shared<std::vector<Entry>>(std::move(page));
  actor->post([session, done, handler, verdict, entries] {
    const bool more = !done.finished() && (!*handler || call_handler(*handler, *entries));
    session->core()->post([verdict, more] {
      verdict->more = more;
      verdict->known = true;
      verdict->given.notify();
    });
  });
  while (!verdict->known) co_await verdict->given.wait();
  co_return verdict->more;
}

/// Runs `run` with pages that go to the caller's handler.
template <class Query, class Entry>
Operation search(DeviceHandle& device, Query query, Handler<Entry> on_page, Admin::Done done,
                 Search<Query, Entry> run) {
  auto actor = device.session->core()->make_actor();
  Completion<void> completion(actor, std::move(done));
  auto handler = std::make_shared<Handler<Entry>>(std::move(on_page));
  device.post([actor, completion, handler, run, query = std::move(query)](DeviceSession& s) mutable {
    const auto self = s.shared_from_this();
    OnPage<Entry> show = [self, actor, completion, handler](std::vector<Entry> page) {
      return show_page<Entry>(self, actor, completion, handler, std::move(page));
    };
    LastingConversation<void> pages = [query = std::move(query), show, run](CommandsPtr c,
                                                                            CommandsPtr lasting) {
      return run(std::move(c), std::move(lasting), query, show);
    };
    Conversation<void> conversation = [self, pages](CommandsPtr c) {
      return with_lasting<void>(self, std::move(c), pages);
    };
    spawn(s.context().executor, converse<void>(self, completion, kSearch, std::move(conversation)),
          s.context().log);
  });
  return completion.operation();
}

awaitable<Result<void>> change_and_use(std::shared_ptr<DeviceSession> session, CommandsPtr lasting,
                                       Secret old_password, Secret new_password) {
  const DeviceOptions& options = session->options();
  Account account;
  account.credentials = {options.user, options.password};
  account.realm = session->realm();
  account.session = session->session_number();
  account.encrypted = session->info() && session->info()->route == ControlRoute::https;
  account.allow_plaintext = options.allow_plaintext_password;
  Credentials fresh{options.user, new_password};
  Result<void> changed = co_await change_password(std::move(lasting), std::move(account),
                                                  std::move(old_password), std::move(new_password));
  if (changed) session->adopt_credentials(std::move(fresh));
  co_return changed;
}

}  // namespace
}  // namespace session

using session::CommandsPtr;
using session::perform;

Operation Admin::time(std::function<void(Result<DeviceTime>)> done) {
  return perform<DeviceTime>(*device_, std::move(done), session::kDefault,
                             [](CommandsPtr c) { return session::read_time(std::move(c)); });
}

Operation Admin::set_time(DeviceTime time, Done done) {
  return perform<void>(*device_, std::move(done), session::kDefault,
                       [time](CommandsPtr c) { return session::write_time(std::move(c), time); });
}

Operation Admin::sync_time(Done done) {
  return perform<void>(*device_, std::move(done), session::kDefault, [](CommandsPtr c) {
    return session::sync_time(std::move(c), session::host_local_time);
  });
}

Operation Admin::online_users(std::function<void(Result<std::vector<OnlineUser>>)> done) {
  return perform<std::vector<OnlineUser>>(*device_, std::move(done), session::kDefault, [](CommandsPtr c) {
    return session::read_online_users(std::move(c));
  });
}

Operation Admin::search_log(LogQuery query, std::function<bool(const std::vector<LogEntry>&)> on_page,
                            Done done) {
  return session::search<LogQuery, LogEntry>(*device_, std::move(query), std::move(on_page), std::move(done),
                                             session::search_log);
}

Operation Admin::search_smart(SmartQuery query, std::function<bool(const std::vector<SmartEntry>&)> on_page,
                              Done done) {
  return session::search<SmartQuery, SmartEntry>(*device_, std::move(query), std::move(on_page),
                                                 std::move(done), session::search_smart);
}

Operation Admin::disks(std::function<void(Result<std::vector<Disk>>)> done) {
  using Disks = std::vector<Disk>;
  return perform<Disks>(*device_, std::move(done), session::kDefault, [s = device_->session](CommandsPtr c) {
    return session::with_lasting<Disks>(s, std::move(c), session::read_disks);
  });
}

Operation Admin::alarm_states(std::function<void(Result<AlarmStates>)> done) {
  return perform<AlarmStates>(*device_, std::move(done), session::kDefault,
                              [](CommandsPtr c) { return session::read_alarm_states(std::move(c)); });
}

Operation Admin::set_alarm_output(int output, AlarmOutput::Mode mode, Done done) {
  return perform<void>(*device_, std::move(done), session::kDefault,
                       [locks = device_->table_locks, output, mode](CommandsPtr c) {
                         return session::set_alarm_output(std::move(c), locks, output, mode);
                       });
}

Operation Admin::set_network_alarm(int input, bool on, Done done) {
  return perform<void>(*device_, std::move(done), session::kDefault, [input, on](CommandsPtr c) {
    return session::set_network_alarm(std::move(c), input, on);
  });
}

Operation Admin::change_password(Secret old_password, Secret new_password, Done done) {
  using namespace session;
  LastingConversation<void> change = [s = device_->session, old = std::move(old_password),
                                      fresh = std::move(new_password)](CommandsPtr, CommandsPtr lasting) {
    return change_and_use(s, std::move(lasting), old, fresh);
  };
  return perform<void>(*device_, std::move(done), kDefault,
                       [s = device_->session, change = std::move(change)](CommandsPtr c) {
                         return with_lasting<void>(s, std::move(c), change);
                       });
}

Operation Admin::reboot(Done done) {
  return perform<void>(*device_, std::move(done), session::kDefault,
                       [](CommandsPtr c) { return session::reboot(std::move(c)); });
}

}  // namespace dmss
