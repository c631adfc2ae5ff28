// Everything from many threads and from inside callbacks, meant for ThreadSanitizer and AddressSanitizer.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <thread>
#include <vector>

#include "capi/stress_rig.hpp"

using namespace capi;

TEST_CASE("the stress test calls every function of the headers") {
  std::set<std::string> declared;
  for (const auto& file : std::filesystem::directory_iterator(DMSS_C_HEADERS)) {
    std::ifstream in(file.path());
    const std::string header((std::istreambuf_iterator<char>(in)), {});
    const std::regex function(R"(DMSS_API[^;(]*?\b(dmss_\w+)\s*\()");
    for (std::sregex_iterator it(header.begin(), header.end(), function), end; it != end; ++it)
      declared.insert((*it)[1]);
  }
  CHECK(declared.size() >= 100);
  std::set<std::string> called;
  for (const stress::Row& row : stress::table()) CHECK(called.insert(row.name).second);
  std::vector<std::string> differ;
  std::set_symmetric_difference(declared.begin(), declared.end(), called.begin(), called.end(),
                                std::back_inserter(differ));
  CHECK(differ == std::vector<std::string>{});
}

TEST_CASE(
    "everything at once from many threads and from callbacks: each request completes once, each user_data is "
    "destroyed once") {
  using stress::Tally;
  RecorderProcess recorder;
  Tally tally;
  const auto rows = stress::table();
  for (int round = 0; round < 4; ++round) {
    tally.note([](Tally& t) {
      t.succeeded = t.ended_inside = t.audio = t.packets = t.frames = t.states = t.lines = 0;
    });
    std::shared_ptr<stress::Rig> rig = stress::Rig::make(tally, recorder);
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < 4; ++t) {
      threads.emplace_back([&, rig, t] {
        // Each begins elsewhere.
        for (std::size_t i = 0; i < rows.size(); ++i)
          rows[(i + t * rows.size() / 4) % rows.size()].call(*rig);
        if (t == 0 && round % 2 == 1) dmss_device_logout(rig->device);
      });
    }
    for (auto& t : threads) t.join();
    // Every second round is torn down in the middle of things.
    if (round % 2 == 0) {
      const auto walked = static_cast<int>(rows.size());
      CHECK(tally.wait([&](const Tally& t) {
        return rig->called_from_callbacks() >= walked && t.frames > 0 && t.audio > 0 && t.packets > 0 &&
               t.states > 0 && t.lines > 0 && t.ended_inside > 10 && t.succeeded > 100;
      }));
    }
  }
  // Objects whose callbacks have not come, or come no more: handles outlive their engine. Callbacks that still run may open others.
  const auto all_back = [](const Tally& t) {
    return t.owned.empty() && t.completed == t.started && t.destroyed == t.made;
  };
  while (tally.wait([&](const Tally& t) { return !t.open.empty() || all_back(t); })) {
    decltype(tally.open) left;
    tally.note([&](Tally& t) { left.swap(t.open); });
    if (left.empty()) break;
    for (const auto& own : left) own->give_back();
  }
  std::lock_guard lock(tally.mutex);
  CHECK(tally.completed == tally.started);
  CHECK(tally.destroyed == tally.made);
}

TEST_CASE("an engine may be destroyed inside one of its own callbacks") {
  RecorderProcess recorder;
  for (int round = 0; round < 5; ++round) {
    struct State {
      dmss_engine* engine;
      dmss_device* device;
      Board board;
    } state{nullptr, nullptr, {}};
    const auto destroyed = [](void* user) {
      static_cast<State*>(user)->board.note([](Board& b) { ++b.destroyed; });
    };
    dmss_engine_config engine = DMSS_ENGINE_CONFIG_INIT;
    engine.user_data = &state;
    engine.destroy = destroyed;
    state.engine = make_engine(engine);
    const dmss_device_config config = device_config(recorder);
    state.device = make_device(state.engine, config);
    const auto destroy_all = [](void* user, const dmss_error*, const dmss_device_info*) {
      auto* s = static_cast<State*>(user);
      dmss_engine_destroy(s->engine);
      dmss_device_destroy(s->device);
      s->board.note([](Board& b) { ++b.answers; });
    };
    REQUIRE(dmss_device_login(state.device, 0, 0, destroy_all, &state, destroyed, nullptr) == DMSS_OK);
    // The request's and, once the engine's threads are done, the engine's.
    REQUIRE(state.board.wait([](const Board& b) { return b.answers == 1 && b.destroyed == 2; }));
  }
}
