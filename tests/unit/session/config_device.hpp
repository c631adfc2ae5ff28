// A device's configuration behind Commands: tables over JSON-RPC and over CGI, with the habits and faults of real ones.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "session/capabilities/capability_cache.hpp"
#include "session/config/table.hpp"

namespace dmss::config_test {

using proto::rpc::Json;
using session::awaitable;

struct NoConnector final : net::Connector {
  awaitable<Result<std::unique_ptr<net::Stream>>> connect(net::ConnectOptions) override {
    co_return Error(Errc::connect_failed);
  }
};

/// The test's thread and time.
struct World {
  net::VirtualClock clock;
  net::asio::io_context io{1};
  NoConnector connector;
  session::Context context{io.get_executor(), clock, connector, Logger()};
  std::shared_ptr<session::TableLocks> locks = std::make_shared<session::TableLocks>();

  template <class T>
  using Answer = std::shared_ptr<std::optional<Result<T>>>;

  /// Starts it; the result is there when the io_context has nothing more to do.
  template <class T>
  Answer<T> start(awaitable<Result<T>> conversation) {
    auto out = std::make_shared<std::optional<Result<T>>>();
    net::asio::co_spawn(io, keep<T>(std::move(conversation), out), [](std::exception_ptr failure) {
      if (failure) std::rethrow_exception(failure);
    });
    return out;
  }
  template <class T>
  static awaitable<void> keep(awaitable<Result<T>> conversation, Answer<T> out) {
    Result<T> result = co_await std::move(conversation);
    *out = std::move(result);
  }
  template <class T>
  Result<T> run(awaitable<Result<T>> conversation) {
    auto out = start(std::move(conversation));
    io.restart();
    io.run();
    REQUIRE(out->has_value());
    return **out;
  }
};

class ConfigDevice final : public session::Commands, public std::enable_shared_from_this<ConfigDevice> {
 public:
  /// Its abilities are known, as unknown: ask_anew() makes it one that was never asked.
  explicit ConfigDevice(World& world);
  void ask_anew() { cache_ = {}; }

  // What it is.
  Json tables = Json::object();
  Json pir = nullptr;  ///< configEx[0] of channel 1
  bool rpc_there = true;
  bool cgi_there = false;
  int channel_count = 0;
  bool ignores_scope = false;            ///< answers with the whole table whatever is asked
  bool refuses_scope = false;            ///< "invalid param" when asked for a channel
  bool wants_table_prefix = false;       ///< CGI
  std::set<std::string> without_index;   ///< CGI: tables whose rows have no index in setConfig
  Charset charset = Charset::utf8;       ///< of CGI
  Charset json_charset = Charset::utf8;  ///< what answers of JSON-RPC say they came in
  std::map<std::string, Json>
      abilities;  ///< params of what "alarm.getOutSlots", "encode.getConfigCaps" … answer
  std::size_t longest_body = 1u << 20;
  Json options = Json::array();
  bool answers_empty = false;    ///< CGI: writes answer nothing
  std::set<std::string> deaf;    ///< members that are taken and forgotten
  bool forbids_unknown = false;  ///< no such table is "no right"

  // What is done to it.
  std::map<int, Error> faults;              ///< of the n-th request, from 1
  std::function<void(int)> before_request;  ///< with its number
  bool slow = false;                        ///< each request takes a turn of the loop

  // What it heard.
  std::vector<std::string> heard;  ///< "getConfig MotionDetect[0]", "setConfig …"
  std::vector<Json> rpc_params;
  std::vector<proto::cgi::Query> queries;
  std::vector<Charset> written_in;  ///< of setConfig over JSON-RPC

  int count(const std::string& word) const;

  using Commands::rpc;
  awaitable<Result<proto::rpc::Reply>> rpc_in(Charset charset_of_text, std::string method,
                                              Json params) override;
  bool has_rpc() const override { return rpc_there; }
  bool has_cgi() const override { return cgi_there; }
  awaitable<Result<proto::rpc::Reply>> rpc(std::string method, Json params, std::int64_t object) override;
  awaitable<Result<std::string>> cgi(std::string service, std::string action,
                                     proto::cgi::Query query) override;
  std::shared_ptr<Commands> lasting() override { return shared_from_this(); }  // no operation ends here
  session::CapabilityCache& capabilities() override { return cache_; }
  int channels() const override { return channel_count; }
  const session::Context& context() const override { return world_.context; }
  session::Duration time_left() const override { return std::chrono::seconds(10); }

 private:
  std::optional<Error> fault();
  proto::rpc::Reply answer(const std::string& method, const Json& params);
  proto::rpc::Reply set_config(const Json& params);
  std::string get_text(const std::string& name);
  std::string set_text(const proto::cgi::Query& query, const std::string& root, Json& scope);
  void merge(Json& place, const Json& value, const std::string& key);

  World& world_;
  session::CapabilityCache cache_;
};

/// A device that conversations may keep.
inline std::shared_ptr<ConfigDevice> make_device(World& world) {
  return std::make_shared<ConfigDevice>(world);
}

}  // namespace dmss::config_test
