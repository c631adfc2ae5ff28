// FakeCommands: a scripted device for conversations. Answers are set by method or by "service action"; everything asked is kept.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <catch2/catch.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/clock.hpp"
#include "proto/rpc/codes.hpp"
#include "session/capabilities/capability_cache.hpp"
#include "session/device/commands.hpp"

namespace dmss::session::test {

using proto::rpc::Json;

/// Connects to nothing.
class NoConnector final : public net::Connector {
 public:
  awaitable<Result<std::unique_ptr<net::Stream>>> connect(net::ConnectOptions) override {
    co_return Errc::connect_failed;
  }
};

/// The thread that the conversations of a test run on.
struct FakeWorld {
  net::VirtualClock clock;
  net::asio::io_context io{1};
  NoConnector connector;
  Context context{io.get_executor(), clock, connector, Logger()};
};

class FakeCommands final : public Commands, public std::enable_shared_from_this<FakeCommands> {
 public:
  struct Asked {
    std::string what;  ///< "ptz.start", "ptz.cgi start"
    Json params;       ///< of CGI an object of its query
    std::int64_t object = 0;
  };
  using RpcAnswer = std::function<Result<Json>(const Asked&)>;
  using CgiAnswer = std::function<Result<std::string>(const Asked&)>;

  explicit FakeCommands(FakeWorld& world) : world_(world) {}

  // How the device is made.
  bool rpc_there = true;
  bool cgi_there = false;
  int channel_count = 4;
  Duration left = std::chrono::seconds(30);
  std::optional<Error> over;  ///< the operation has ended
  std::string
      ends_with;  ///< cancelled while this is on its way: the device does it, and its answer is not heard

  /// "params" of the reply as JSON text; or an error.
  void on_rpc(const std::string& method, const std::string& params) {
    rpc_[method] = [params](const Asked&) -> Result<Json> { return Json::parse(params); };
  }
  void on_rpc(const std::string& method, Error error) {
    rpc_[method] = [error](const Asked&) -> Result<Json> { return error; };
  }
  void on_rpc(const std::string& method, RpcAnswer answer) { rpc_[method] = std::move(answer); }
  void on_cgi(const std::string& what, const std::string& body) {
    cgi_[what] = [body](const Asked&) -> Result<std::string> { return body; };
  }
  void on_cgi(const std::string& what, Error error) {
    cgi_[what] = [error](const Asked&) -> Result<std::string> { return error; };
  }
  void on_cgi(const std::string& what, CgiAnswer answer) { cgi_[what] = std::move(answer); }
  /// Instances of this service can be made.
  void on_instance(const std::string& service) { instances_.push_back(service); }

  // What it was asked.
  std::vector<Asked> asked;
  std::vector<std::string> words() const {
    std::vector<std::string> out;
    for (const Asked& a : asked) out.push_back(a.what);
    return out;
  }
  long count(const std::string& what) const {
    long n = 0;
    for (const Asked& a : asked) n += a.what == what;
    return n;
  }
  const Asked& last(const std::string& what) const {
    for (auto it = asked.rbegin(); it != asked.rend(); ++it) {
      if (it->what == what) return *it;
    }
    FAIL("never asked: " << what);
    return asked.front();
  }
  /// Handles that were made and not let go of.
  std::size_t open_instances() const { return open_.size(); }
  /// Answers wait until release() when set.
  void hold() { held_ = std::make_shared<net::asio::steady_timer>(world_.io, net::TimePoint::max()); }
  void release() {
    if (held_) held_->cancel();
    held_.reset();
    world_.io.restart();
    world_.io.poll();
  }

  static Error no_method() { return Error(Errc::unsupported).with_device(268894210, "Method not found!"); }
  static Error no_service() {
    return Error(Errc::unsupported).with_device(268632064, "Interface not found!");
  }
  static Error no_right() {
    return Error(Errc::no_permission).with_device(285278249, "Authority:check failure.");
  }
  static Error refusal() { return Error(Errc::device_error).with_device(268894211, "Bad parameter!"); }

  // Commands
  using Commands::rpc;
  bool has_rpc() const override { return rpc_there; }
  bool has_cgi() const override { return cgi_there; }
  awaitable<Result<proto::rpc::Reply>> rpc(std::string method, Json params, std::int64_t object) override {
    if (over) co_return *over;
    Result<proto::rpc::Reply> reply = co_await say(std::move(method), std::move(params), object);
    if (over) co_return *over;
    co_return reply;
  }
  awaitable<Result<proto::rpc::Reply>> say(std::string method, Json params, std::int64_t object) {
    if (!rpc_there) co_return Errc::unsupported;
    const Asked now{method, std::move(params), object};
    asked.push_back(now);
    co_await wait();
    if (method == ends_with) over = Errc::cancelled;
    proto::rpc::Reply reply;
    reply.result = true;
    const auto found = rpc_.find(method);
    if (found != rpc_.end()) {
      Result<Json> answer = found->second(now);
      if (!answer) co_return answer.error();
      reply.params = std::move(*answer);
      co_return reply;
    }
    if (const auto instance = instance_answer(now)) {
      reply.result = *instance;
      co_return reply;
    }
    co_return no_method();
  }
  awaitable<Result<std::string>> cgi(std::string service, std::string action,
                                     proto::cgi::Query query) override {
    if (over) co_return *over;
    Result<std::string> body = co_await get(std::move(service), std::move(action), std::move(query));
    if (over) co_return *over;
    co_return body;
  }
  awaitable<Result<std::string>> get(std::string service, std::string action, proto::cgi::Query query) {
    if (!cgi_there) co_return Errc::unsupported;
    Asked now{service + ".cgi " + action, Json::object(), 0};
    for (const auto& [key, value] : query.pairs()) now.params[key] = value;
    asked.push_back(now);
    co_await wait();
    const auto found = cgi_.find(service + " " + action);
    if (found == cgi_.end()) co_return Error(Errc::unsupported).with_device(501, "Not Implemented!");
    co_return found->second(now);
  }
  std::shared_ptr<Commands> lasting() override { return std::make_shared<Lasting>(shared_from_this()); }
  CapabilityCache& capabilities() override { return *cache; }
  int channels() const override { return channel_count; }
  const Context& context() const override { return world_.context; }
  Duration time_left() const override { return left; }

  /// Shared by the operations of one login.
  std::shared_ptr<CapabilityCache> cache = std::make_shared<CapabilityCache>();

 private:
  /// Says what it is told although the operation is over.
  class Lasting final : public Commands {
   public:
    explicit Lasting(std::shared_ptr<FakeCommands> of) : of_(std::move(of)) {}
    using Commands::rpc;
    bool has_rpc() const override { return of_->has_rpc(); }
    bool has_cgi() const override { return of_->has_cgi(); }
    awaitable<Result<proto::rpc::Reply>> rpc(std::string method, Json params, std::int64_t object) override {
      return of_->say(std::move(method), std::move(params), object);
    }
    awaitable<Result<std::string>> cgi(std::string service, std::string action,
                                       proto::cgi::Query query) override {
      return of_->get(std::move(service), std::move(action), std::move(query));
    }
    std::shared_ptr<Commands> lasting() override { return std::make_shared<Lasting>(of_); }
    CapabilityCache& capabilities() override { return of_->capabilities(); }
    int channels() const override { return of_->channels(); }
    const Context& context() const override { return of_->context(); }
    Duration time_left() const override { return std::chrono::seconds(10); }

   private:
    const std::shared_ptr<FakeCommands> of_;
  };

  awaitable<void> wait() {
    if (const auto held = held_) co_await held->async_wait(net::asio::as_tuple(net::asio::use_awaitable));
  }
  std::optional<Json> instance_answer(const Asked& now) {
    for (const std::string& service : instances_) {
      if (now.what == service + ".factory.instance") {
        open_.push_back(next_);
        return Json(next_++);
      }
      if (now.what == service + ".destroy") {
        std::erase(open_, now.object);
        return Json(true);
      }
    }
    return std::nullopt;
  }

  FakeWorld& world_;
  std::map<std::string, RpcAnswer> rpc_;
  std::map<std::string, CgiAnswer> cgi_;
  std::vector<std::string> instances_;
  std::vector<std::int64_t> open_;
  std::int64_t next_ = 77;
  std::shared_ptr<net::asio::steady_timer> held_;
};

/// Starts a conversation; its result is there when it has ended.
template <class T>
std::shared_ptr<std::optional<T>> start(FakeWorld& world, awaitable<T> conversation) {
  auto out = std::make_shared<std::optional<T>>();
  auto keep = [](awaitable<T> inner, std::shared_ptr<std::optional<T>> place) -> awaitable<void> {
    place->emplace(co_await std::move(inner));
  };
  net::asio::co_spawn(world.io, keep(std::move(conversation), out), [](std::exception_ptr failure) {
    if (failure) std::rethrow_exception(failure);
  });
  world.io.restart();
  world.io.poll();
  return out;
}

/// Runs a conversation to its end.
template <class T>
T run(FakeWorld& world, awaitable<T> conversation) {
  auto out = start(world, std::move(conversation));
  REQUIRE(out->has_value());
  return std::move(**out);
}

}  // namespace dmss::session::test
