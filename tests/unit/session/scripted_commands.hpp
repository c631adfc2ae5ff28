// A device that answers a fixed conversation: each request must be the next of the script. One script serves the Commands of an operation and
// the lasting ones; any step can be made to fail, and the operation can be cancelled at any step.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "proto/rpc/codes.hpp"
#include "session/capabilities/capability_cache.hpp"
#include "session/device/commands.hpp"

namespace dmss::session {

class ScriptedDevice {
 public:
  using Json = proto::rpc::Json;

  /// Its abilities were asked for, and it told nothing: scripts begin with what they are about.
  ScriptedDevice() {
    for (const ProbeGroup group :
         {ProbeGroup::slots, ProbeGroup::storage, ProbeGroup::recording, ProbeGroup::log})
      capabilities.merge(0, group, {});
  }

  /// The next request is `method` with `params` (JSON text, "" = none) and `object`; the answer is a whole reply, as the notes show it.
  ScriptedDevice& rpc(std::string method, const std::string& params, const std::string& reply,
                      std::int64_t object = 0) {
    steps_.push_back({text("rpc " + method, params, object), reply, false});
    return *this;
  }
  /// The next request is `method` with params of which only the device can say what they should be; it makes the whole reply.
  ScriptedDevice& rpc(const std::string& method, std::function<std::string(const Json& params)> answer) {
    steps_.push_back({"rpc " + method, "", false, 200, std::move(answer)});
    return *this;
  }
  /// The next request is GET `service`.cgi?action=`action`&`query`; the answer has this status.
  ScriptedDevice& cgi(const std::string& service, const std::string& action, const std::string& query,
                      const std::string& body, int status = 200) {
    steps_.push_back({"cgi " + service + " " + action + " " + query, body, true, status});
    return *this;
  }
  /// The step with that number (from 0) fails with `error` in place of its answer; -1 = none.
  void fail_at(int step, Error error) {
    fails_at_ = step;
    failure_ = std::move(error);
  }
  /// From this step on the operation has ended: its own Commands answer cancelled.
  void cancel_at(int step) { cancelled_at_ = step; }
  /// Forgets the script and what was asked.
  void clear() {
    steps_.clear();
    heard.clear();
  }
  int steps() const { return static_cast<int>(steps_.size()); }

  /// What was asked, "rpc method params #object" or "cgi service action query".
  std::vector<std::string> heard;
  /// The conversation may leave out steps.
  bool may_skip = false;
  bool has_rpc = true;
  bool has_cgi = true;
  Duration round_trip{};
  net::VirtualClock clock;
  CapabilityCache capabilities;

  std::shared_ptr<Commands> commands() { return std::make_shared<Link>(*this, false); }
  std::shared_ptr<Commands> lasting() { return std::make_shared<Link>(*this, true); }

  /// Runs a conversation to its end.
  template <class T>
  Result<T> run(awaitable<Result<T>> conversation) {
    std::optional<Result<T>> result;
    auto wait = [](awaitable<Result<T>> c, std::optional<Result<T>>& out) -> awaitable<void> {
      out = co_await std::move(c);
    };
    net::asio::co_spawn(io_, wait(std::move(conversation), result), [](std::exception_ptr e) {
      if (e) std::rethrow_exception(e);
    });
    io_.restart();
    io_.run();
    REQUIRE(result);
    return std::move(*result);
  }
  /// The whole script was asked for.
  bool finished() const { return heard.size() == steps_.size(); }

 private:
  struct Step {
    std::string request;
    std::string answer;
    bool cgi = false;
    int status = 200;
    std::function<std::string(const Json&)> make{};
    bool is(const std::string& asked) const {
      return make ? asked.starts_with(request + " ") : asked == request;
    }
  };

  class Link final : public Commands {
   public:
    Link(ScriptedDevice& device, bool lasting) : device_(device), lasting_(lasting) {}
    using Commands::rpc;
    bool has_rpc() const override { return device_.has_rpc; }
    bool has_cgi() const override { return device_.has_cgi; }
    awaitable<Result<proto::rpc::Reply>> rpc(std::string method, Json params, std::int64_t object) override {
      const std::string body = params.is_null() ? "" : params.dump();
      Result<Step> step = device_.next(text("rpc " + method, body, object), lasting_);
      if (!step) co_return step.error();
      const std::string answer = step->make ? step->make(params) : step->answer;
      proto::rpc::Reply reply = proto::rpc::to_reply(Json::parse(answer));
      if (Error e = proto::rpc::call_error(reply)) co_return e;
      co_return reply;
    }
    awaitable<Result<std::string>> cgi(std::string service, std::string action,
                                       proto::cgi::Query query) override {
      std::string asked = "cgi " + service + " " + action + " ";
      for (const auto& [key, value] : query.pairs())
        asked += (asked.back() == ' ' ? "" : "&") + key + "=" + value;
      Result<Step> step = device_.next(asked, lasting_);
      if (!step) co_return step.error();
      if (Error e = proto::rpc::cgi_error(step->status, step->answer)) co_return e;
      co_return step->answer;
    }
    std::shared_ptr<Commands> lasting() override { return device_.lasting(); }
    CapabilityCache& capabilities() override { return device_.capabilities; }
    int channels() const override { return 16; }
    const Context& context() const override { return device_.context_; }
    Duration time_left() const override { return std::chrono::seconds(30); }

   private:
    ScriptedDevice& device_;
    const bool lasting_;
  };

  struct NoConnector final : net::Connector {
    awaitable<Result<std::unique_ptr<net::Stream>>> connect(net::ConnectOptions) override {
      co_return Errc::internal;
    }
  };

  static std::string text(std::string head, const std::string& params, std::int64_t object) {
    if (!params.empty()) head += " " + Json::parse(params).dump();
    if (object != 0) head += " #" + std::to_string(object);
    return head;
  }

  Result<Step> next(const std::string& request, bool lasting) {
    const int number = static_cast<int>(heard.size());
    if (!lasting && cancelled_at_ >= 0 && number >= cancelled_at_) return Errc::cancelled;
    heard.push_back(request);
    clock.advance(round_trip, [] {});
    if (number == fails_at_) return failure_;
    // Behind a failure a conversation may leave out steps, but it does not ask anything new.
    const bool skips = may_skip || fails_at_ >= 0 || cancelled_at_ >= 0;
    std::size_t at = skips ? 0 : static_cast<std::size_t>(number);
    while (skips && at < steps_.size() && !steps_[at].is(request)) ++at;
    INFO("request " << number);
    REQUIRE(at < steps_.size());
    if (!steps_[at].is(request)) CHECK(request == steps_[at].request);
    return steps_[at];
  }

  std::deque<Step> steps_;
  int fails_at_ = -1;
  int cancelled_at_ = -1;
  Error failure_;
  NoConnector connector_;
  net::asio::io_context io_;
  Context context_{io_.get_executor(), clock, connector_, Logger()};
};

/// What an unknown method, and a lack of rights, look like.
inline constexpr const char* kNoMethod =
    R"({"error":{"code":268894210,"message":"Method not found!"},"result":false})";
inline constexpr const char* kNoAuthority =
    R"({"error":{"code":285278249,"message":"Authority:check failure."},"result":false})";
inline constexpr const char* kDone = R"({"result":true})";

}  // namespace dmss::session
