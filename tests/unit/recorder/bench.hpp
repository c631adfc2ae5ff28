// A recorder's core with its methods, called without a network.
#pragma once

#include <string>

#include "recorder/cgi.hpp"
#include "recorder/control_events.hpp"
#include "recorder/core.hpp"
#include "recorder/link.hpp"
#include "recorder/rpc_methods.hpp"

namespace dmss::recorder {

inline Options bench_options() {
  Options o;
  o.user = "admin";
  o.password = "x";
  return o;
}

/// A connection over which nothing goes.
class NoStream final : public net::Stream {
 public:
  explicit NoStream(net::Executor executor) : executor_(std::move(executor)) {}
  net::Executor executor() override { return executor_; }
  net::awaitable<Result<std::size_t>> read_some(std::span<std::uint8_t>) override {
    co_return Errc::connection_lost;
  }
  net::awaitable<Result<void>> write(ByteView) override { co_return Errc::connection_lost; }
  void close() override {}
  const net::StreamInfo& info() const override { return info_; }

 private:
  net::Executor executor_;
  net::StreamInfo info_{"memory", "192.0.2.7:40000", {}, {}, {}};
};

/// One device and one logged-in caller, whose notifications are kept.
struct Bench {
  explicit Bench(const std::string& profile = "nvr16", const std::string& service = "dvrip")
      : core(bench_options(), *load_profile(profile)),
        rpc(core),
        cgi(rpc),
        link(std::make_shared<Link>(core, std::make_unique<NoStream>(core.io.get_executor()), "http", -1)) {
    caller.service = service;
    caller.session = core.sessions.open("admin", service, "192.0.2.7");
    caller.by_connection = true;
    caller.session->notify = [this](const Json& note, int copies) {
      for (int i = 0; i < copies; ++i) notes.push_back(note);
    };
  }

  Reply call(const std::string& method, Json params = nullptr, std::optional<std::int64_t> object = {}) {
    Request r;
    r.method = method;
    r.params = std::move(params);
    r.id = ++id;
    r.session = caller.session->key;
    r.object = object;
    const auto reply = rpc.call(r, caller);
    return reply ? *reply : Reply{};
  }
  std::int64_t instance(const std::string& service, int channel) {
    return call(service + ".factory.instance", {{"channel", channel}}).handle().value_or(0);
  }
  HttpAnswer get(const std::string& target) {
    HttpRequest request;
    request.method = "GET";
    request.target = "/cgi-bin/" + target;
    return cgi.answer(request, "admin", *link);
  }
  bool fault(const char* json) { return core.faults.add(*proto::rpc::parse_json(json)).has_value(); }
  bool happen(const std::string& path, const char* json) {
    return control_happening(core, path, *proto::rpc::parse_json(json)).has_value();
  }
  /// How many it reached; -1 = it was refused.
  int event(const std::string& json) {
    const Result<int> reached = control_event(core, json);
    return reached ? *reached : -1;
  }

  Core core;
  Rpc rpc;
  Cgi cgi;
  std::shared_ptr<Link> link;
  Caller caller;
  std::int64_t id = 0;
  std::vector<Json> notes;
};

}  // namespace dmss::recorder
