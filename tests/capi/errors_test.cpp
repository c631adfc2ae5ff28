#include "capi/handles.hpp"

using namespace capi;

namespace {

void on_login(void* user, const dmss_error* error, const dmss_device_info* info) {
  static_cast<Board*>(user)->note([&](Board& b) {
    ++b.answers;
    b.code = error != nullptr ? error->code : 0;
    if (error != nullptr) {
      b.tries_left = error->tries_left;
      b.seconds_left = error->seconds_left;
      b.message = text(error->message) + "|" + text(error->remedy);
      if (error->cause != nullptr) b.state = error->cause->code;
    }
    if (info != nullptr) b.serial = text(info->serial);
  });
}
void on_text(void* user, const dmss_error* error, dmss_str json) {
  static_cast<Board*>(user)->note([&](Board& b) {
    ++b.answers;
    b.code = error != nullptr ? error->code : 0;
    b.json = text(json);
  });
}

struct Login {
  explicit Login(dmss_device* device, int retry = 0) {
    REQUIRE(dmss_device_login(device, 0, retry, on_login, &board, count_destroy, nullptr) == DMSS_OK);
    REQUIRE(board.wait([](const Board& b) { return b.answers == 1 && b.destroyed == 1; }));
  }
  Board board;
};

}  // namespace

TEST_CASE("a wrong password tells its tries, is held back after that, and the cause is kept") {
  RecorderProcess recorder;
  dmss_engine* engine = make_engine();
  dmss_device* device = make_device(engine, device_config(recorder, "wrong"));
  Login first(device);
  CHECK(first.board.code == DMSS_E_WRONG_PASSWORD);
  CHECK(first.board.tries_left > 0);
  CHECK(first.board.message.find('|') < first.board.message.size() - 1);
  Login second(device);
  CHECK(second.board.code == DMSS_E_CREDENTIALS_HELD_BACK);
  CHECK(second.board.state == DMSS_E_WRONG_PASSWORD);
  dmss_device_stats stats = DMSS_DEVICE_STATS_INIT;
  REQUIRE(dmss_device_get_stats(device, &stats) == DMSS_OK);
  CHECK(stats.login_attempts == 1);
  CHECK(stats.state == DMSS_DEVICE_REFUSED);
  REQUIRE(dmss_device_set_credentials(device, dmss_str_from(RecorderProcess::kUser),
                                      dmss_str_from(RecorderProcess::kPassword)) == DMSS_OK);
  Login right(device);
  CHECK(right.board.code == 0);
  CHECK_FALSE(right.board.serial.empty());
  dmss_device_destroy(device);
  dmss_engine_destroy(engine);
}

TEST_CASE("a locked account tells its seconds") {
  RecorderProcess recorder;
  recorder.fault(R"({"name":"lock","seconds":120})");
  dmss_engine* engine = make_engine();
  dmss_device* device = make_device(engine, device_config(recorder));
  Login locked(device);
  CHECK(locked.board.code == DMSS_E_LOCKED);
  CHECK(locked.board.seconds_left > 60);
  CHECK(locked.board.seconds_left <= 120);
  dmss_device_destroy(device);
  dmss_engine_destroy(engine);
}

TEST_CASE("raw calls answer with the device's JSON, a refusal with the device's code") {
  RecorderProcess recorder;
  dmss_engine* engine = make_engine();
  dmss_device* device = make_device(engine, device_config(recorder));
  Board good, bad;
  REQUIRE(dmss_device_call(device, dmss_str_from("magicBox.getDeviceType"), {nullptr, 0}, 0, 0, on_text,
                           &good, count_destroy, nullptr) == DMSS_OK);
  REQUIRE(good.wait([](const Board& b) { return b.answers == 1; }));
  CHECK(good.code == 0);
  CHECK(good.json.find("\"type\"") != std::string::npos);
  REQUIRE(dmss_device_call(device, dmss_str_from("magicBox.getSerialNo"), dmss_str_from("{not json"), 0, 0,
                           on_text, &bad, count_destroy, nullptr) == DMSS_OK);
  REQUIRE(bad.wait([](const Board& b) { return b.answers == 1; }));
  CHECK(bad.code == DMSS_E_INVALID_ARGUMENT);
  dmss_device_destroy(device);
  dmss_engine_destroy(engine);
}

TEST_CASE("cancelling a request completes it with cancelled, once") {
  RecorderProcess recorder;
  recorder.fault(R"({"name":"silent"})");
  dmss_engine* engine = make_engine();
  dmss_device* device = make_device(engine, device_config(recorder));
  Board board;
  dmss_operation* operation = nullptr;
  REQUIRE(dmss_device_login(device, 0, 0, on_login, &board, count_destroy, &operation) == DMSS_OK);
  dmss_operation_cancel(operation);
  dmss_operation_cancel(operation);
  REQUIRE(board.wait([](const Board& b) { return b.answers == 1 && b.destroyed == 1; }));
  CHECK(board.code == DMSS_E_CANCELLED);
  dmss_operation_destroy(operation);
  dmss_device_destroy(device);
  dmss_engine_destroy(engine);
  CHECK(board.answers == 1);
}
