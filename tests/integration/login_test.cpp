#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "integration/windows.hpp"

using namespace dmss;
using namespace dmss::test;

namespace {

/// Times the recorder was given credentials for the account, over all services.
int attempts(const RecorderProcess& r) {
  return nlohmann::json::parse(r.get("/state")).at("logins").at("admin").at("attempts").get<int>();
}

Result<std::string> call(Device& device, const std::string& method, const std::string& params = {}) {
  auto promise = std::make_shared<std::promise<Result<std::string>>>();
  auto future = promise->get_future();
  device.call(method, params, [promise](Result<std::string> r) { promise->set_value(std::move(r)); });
  return get(std::move(future));
}

}  // namespace

TEST_CASE("every control route logs in, tells who the device is, and carries JSON calls") {
  RecorderProcess recorder;
  struct Row {
    ControlRoute route;
    LoginKind kind;
  };
  for (const Row& row :
       {Row{ControlRoute::dvrip, LoginKind::dvrip_digest}, Row{ControlRoute::http, LoginKind::rpc_digest},
        Row{ControlRoute::https, LoginKind::rpc_digest}, Row{ControlRoute::dhip, LoginKind::rpc_digest}}) {
    CAPTURE(static_cast<int>(row.route));
    Engine engine(quiet_engine());
    DeviceOptions o = device_options(recorder);
    o.control = row.route;
    Device device = engine.device(o);
    const auto info = log_in(device);
    REQUIRE(info);
    CHECK(info->route == row.route);
    CHECK(info->login == row.kind);
    CHECK_FALSE(info->serial.empty());
    CHECK_FALSE(info->model.empty());
    CHECK_FALSE(info->software.empty());
    CHECK_FALSE(info->hardware.empty());
    CHECK_FALSE(info->build.empty());
    CHECK(info->channels == 16);
    CHECK(info->channel_names.size() == 16);
    CHECK(info->tls.empty() == (row.route != ControlRoute::https));
    const auto reply = call(device, "magicBox.getSerialNo");
    REQUIRE(reply);
    CHECK(nlohmann::json::parse(*reply).at("params").at("sn") == info->serial);
    const auto unknown = call(device, "magicBox.noSuchThing");
    CHECK_FALSE(unknown);
    CHECK(unknown.error().device_code() != 0);
  }
}

TEST_CASE("the automatic route takes the first service that answers") {
  RecorderProcess recorder;
  Engine engine(quiet_engine());
  DeviceOptions o = device_options(recorder);
  o.port = 1;  // nobody listens there
  Device device = engine.device(o);
  const auto info = log_in(device);
  REQUIRE(info);
  CHECK(info->route == ControlRoute::https);
}

TEST_CASE("a wrong password is sent exactly once, whatever the caller does in a loop") {
  RecorderProcess recorder;
  {
    Engine first(quiet_engine());
    Engine second(quiet_engine());
    DeviceOptions o = device_options(recorder);
    o.password = Secret("not the password");
    Error refusal;
    for (int i = 0; i < 20; ++i) {
      Device device = (i % 2 == 0 ? first : second).device(o);
      const auto r = log_in(device);
      REQUIRE_FALSE(r);
      if (i == 0) {
        refusal = r.error();
      } else {
        CHECK(r.error() == Errc::credentials_held_back);
        REQUIRE(r.error().cause() != nullptr);
        CHECK(*r.error().cause() == Errc::wrong_password);
      }
      TestWindow window(1);
      Live live = device.open_live({}, window.handlers());
      CHECK(window.wait_state(LiveState::failed));
    }
    CHECK(refusal == Errc::wrong_password);
    CHECK(refusal.tries_left().has_value());
    CHECK_FALSE(refusal.remedy().empty());
  }
  CHECK(attempts(recorder) == 1);

  SECTION("the right password still works, and the caller may insist on the wrong one") {
    Engine engine(quiet_engine());
    DeviceOptions o = device_options(recorder);
    o.password = Secret("not the password");
    Device device = engine.device(o);
    LoginOptions insist;
    insist.retry_refused = true;
    CHECK(log_in(device, insist).error() == Errc::wrong_password);
    CHECK(attempts(recorder) == 2);
    device.set_credentials(RecorderProcess::kUser, Secret(RecorderProcess::kPassword));
    CHECK(log_in(device));
    CHECK(attempts(recorder) == 3);
  }
}

TEST_CASE("a locked account is reported with its seconds, and left alone") {
  RecorderProcess recorder;
  recorder.fault(R"({"name":"lock","seconds":300})");
  Engine engine(quiet_engine());
  Device device = engine.device(device_options(recorder));
  const auto r = log_in(device);
  REQUIRE(r.error() == Errc::locked);
  REQUIRE(r.error().seconds_left().has_value());
  CHECK(*r.error().seconds_left() > 200);
  CHECK(*r.error().seconds_left() <= 300);
  const int sent = attempts(recorder);
  const auto again = log_in(device);
  CHECK(again.error() == Errc::locked);
  CHECK(attempts(recorder) == sent);
}

TEST_CASE("every refusal of a recorder is its own error") {
  RecorderProcess recorder;
  struct Row {
    const char* fault;
    Errc code;
    int pair = 0;
  };
  const Row rows[] = {{R"({"name":"not_initialised"})", Errc::not_initialised},
                      {R"({"name":"verdict","b8":1,"b9":5})", Errc::blocked},
                      {R"({"name":"verdict","b8":1,"b9":1})", Errc::wrong_user},
                      {R"({"name":"verdict","b8":9,"b9":77})", Errc::login_refused, 9 * 256 + 77},
                      {R"({"name":"busy"})", Errc::login_refused, 256 + 7},
                      {R"({"name":"too_many_users"})", Errc::already_logged_in},
                      {R"({"name":"wrong_password"})", Errc::wrong_password}};
  for (const Row& row : rows) {
    CAPTURE(row.fault);
    recorder.post("/clear");
    recorder.fault(row.fault);
    Engine engine(quiet_engine());
    DeviceOptions o = device_options(recorder);
    o.control = ControlRoute::dvrip;
    Device device = engine.device(o);
    LoginOptions insist;
    insist.retry_refused = true;
    const auto r = log_in(device, insist);
    REQUIRE_FALSE(r);
    CHECK(r.error().code() == row.code);
    if (row.code == Errc::login_refused) CHECK(r.error().device_code() == row.pair);
  }
}

TEST_CASE("a recorder that is busy for once does not cost its users their login") {
  RecorderProcess recorder;
  const char* fault = GENERATE(R"({"name":"busy","times":1})", R"({"name":"too_many_users","times":1})");
  Engine engine(quiet_engine());
  DeviceOptions o = device_options(recorder);
  o.control = ControlRoute::dvrip;
  Device device = engine.device(o);
  REQUIRE(log_in(device));
  device.logout();
  recorder.fault(fault);
  CHECK_FALSE(log_in(device));
  CHECK(log_in(device));
}

TEST_CASE("an old recorder is logged in to only by the weak login that the caller names") {
  RecorderProcess recorder({"--profile", "olddvr"});
  Engine engine(quiet_engine());
  DeviceOptions o = device_options(recorder);
  o.control = ControlRoute::dvrip;
  Device careful = engine.device(o);
  CHECK(log_in(careful).error() == Errc::legacy_login_needed);
  CHECK(attempts(recorder) == 0);
  int expected = 0;
  for (const LegacyLogin legacy : {LegacyLogin::plain, LegacyLogin::gen0}) {
    o.legacy_login = legacy;
    Device old = engine.device(o);
    const auto info = log_in(old);
    REQUIRE(info);
    CHECK(info->login == (legacy == LegacyLogin::plain ? LoginKind::dvrip_plain : LoginKind::dvrip_gen0));
    CHECK(attempts(recorder) == ++expected);
  }
  o.password = Secret("wrong");
  Device wrong = engine.device(o);
  CHECK(log_in(wrong).error() == Errc::wrong_password);
  CHECK(log_in(wrong).error() == Errc::credentials_held_back);
  CHECK(attempts(recorder) == ++expected);
}

TEST_CASE("a certificate seen first is trusted, and pinning another one is refused") {
  RecorderProcess recorder;
  Engine engine(quiet_engine());
  DeviceOptions o = device_options(recorder);
  o.control = ControlRoute::https;
  o.tls.mode = TlsMode::pin;
  o.tls.fingerprint = std::string(64, '0');
  Device pinned = engine.device(o);
  CHECK(log_in(pinned).error() == Errc::tls_changed);
  CHECK(attempts(recorder) == 0);
  o.tls.mode = TlsMode::ca;
  Device by_ca = engine.device(o);
  CHECK(log_in(by_ca).error() == Errc::tls_untrusted);
  o.tls.mode = TlsMode::first_use;
  Device trusting = engine.device(o);
  CHECK(log_in(trusting));
}

TEST_CASE("the device makes a JPEG on both routes") {
  RecorderProcess recorder;
  for (ControlRoute route : {ControlRoute::dvrip, ControlRoute::http}) {
    CAPTURE(static_cast<int>(route));
    Engine engine(quiet_engine());
    DeviceOptions o = device_options(recorder);
    o.control = route;
    Device device = engine.device(o);
    auto promise = std::make_shared<std::promise<Result<std::vector<std::uint8_t>>>>();
    auto future = promise->get_future();
    device.snapshot(3, [promise](Result<std::vector<std::uint8_t>> r) { promise->set_value(std::move(r)); });
    const auto jpeg = get(std::move(future));
    REQUIRE(jpeg);
    REQUIRE(jpeg->size() > 1000);
    CHECK((*jpeg)[0] == 0xff);
    CHECK((*jpeg)[1] == 0xd8);
  }
}

TEST_CASE("destroying device and engine answers everything that is pending with cancelled") {
  RecorderProcess recorder;
  recorder.fault(R"({"name":"silent"})");
  std::promise<Errc> login, snapshot;
  std::promise<LiveState> last;
  {
    Engine engine(quiet_engine());
    Device device = engine.device(device_options(recorder));
    device.login([&](Result<DeviceInfo> r) { login.set_value(r.error().code()); });
    device.snapshot(1, [&](Result<std::vector<std::uint8_t>> r) { snapshot.set_value(r.error().code()); });
  }
  CHECK(login.get_future().get() == Errc::cancelled);
  CHECK(snapshot.get_future().get() == Errc::cancelled);
}
