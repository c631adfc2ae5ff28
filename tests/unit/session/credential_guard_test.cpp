#include "session/device/credential_guard.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

using namespace dmss;
using namespace dmss::session;
using namespace std::chrono_literals;

namespace {

CredentialGuard& guard() {
  return CredentialGuard::instance();
}
CredentialGuard::Key key(const char* password, const char* host = "192.0.2.1") {
  return guard().key({host, 37777}, {"admin", Secret(password)});
}
const net::TimePoint kNow{1000s};

}  // namespace

TEST_CASE("refused credentials are held back until they change or are forgotten") {
  guard().refused(key("wrong"), Error(Errc::wrong_password).with_tries_left(4), kNow);
  const auto held = guard().held_back(key("wrong"), kNow + 24h);
  REQUIRE(held);
  CHECK(*held == Errc::credentials_held_back);
  REQUIRE(held->cause() != nullptr);
  CHECK(*held->cause() == Errc::wrong_password);
  CHECK(held->cause()->tries_left() == 4);
  CHECK_FALSE(guard().held_back(key("right"), kNow));
  CHECK_FALSE(guard().held_back(key("wrong", "192.0.2.2"), kNow));
  guard().forget(key("wrong"));
  CHECK_FALSE(guard().held_back(key("wrong"), kNow));
}

TEST_CASE("host names are compared without case") {
  guard().refused(key("x", "NVR.example"), Errc::wrong_user, kNow);
  CHECK(guard().held_back(key("x", "nvr.EXAMPLE"), kNow));
  guard().forget(key("x", "nvr.example"));
}

TEST_CASE("a lock is held back for the seconds that remain, counted down") {
  guard().refused(key("locked"), Error(Errc::locked).with_seconds_left(300), kNow);
  const auto held = guard().held_back(key("locked"), kNow + 100s);
  REQUIRE(held);
  CHECK(*held == Errc::locked);
  CHECK(held->seconds_left() == 200);
  CHECK_FALSE(guard().held_back(key("locked"), kNow + 300s));
}

TEST_CASE("failures that say nothing about the credentials are not remembered") {
  for (Errc code : {Errc::timeout, Errc::connect_failed, Errc::device_busy, Errc::too_many_users,
                    Errc::not_initialised, Errc::legacy_login_needed, Errc::tls_changed}) {
    guard().refused(key("fine"), code, kNow);
    CHECK_FALSE(guard().held_back(key("fine"), kNow));
  }
}

TEST_CASE("one login at a time for a device; the next waits for its turn, in order") {
  boost::asio::io_context io;
  std::vector<int> order;
  std::vector<CredentialGuard::Lease> leases(3);
  for (int i = 0; i < 3; ++i) {
    auto take = [](boost::asio::io_context& on, std::vector<int>& seen,
                   std::vector<CredentialGuard::Lease>& out, int n) -> awaitable<void> {
      out[static_cast<std::size_t>(n)] = co_await guard().acquire(
          "gate-test:1", std::make_shared<Signal>(on.get_executor()), [] { return false; });
      seen.push_back(n);
    };
    boost::asio::co_spawn(io, take(io, order, leases, i), boost::asio::detached);
  }
  io.poll();
  CHECK(order == std::vector<int>{0});
  leases[0].release();
  io.restart();
  io.poll();
  CHECK(order == std::vector<int>{0, 1});
  leases[1].release();
  io.restart();
  io.poll();
  CHECK(order == std::vector<int>{0, 1, 2});
}

TEST_CASE("who gives up loses the turn and hands on one that was already on its way") {
  boost::asio::io_context io, other;
  std::vector<CredentialGuard::Lease> leases(3);
  std::vector<std::shared_ptr<Signal>> turns;
  std::vector<bool> ended(3);
  bool gives_up = false;
  const auto take = [&](std::size_t n) -> awaitable<void> {
    leases[n] = co_await guard().acquire("gate-test:2", turns[n], [&, n] { return n == 1 && gives_up; });
    ended[n] = true;
  };
  for (std::size_t i = 0; i < 3; ++i) {
    auto& context = i == 1 ? other : io;
    turns.push_back(std::make_shared<Signal>(context.get_executor()));
    boost::asio::co_spawn(context, take(i), boost::asio::detached);
    context.poll();
    context.restart();
  }
  REQUIRE(ended == std::vector<bool>{true, false, false});
  SECTION("in the queue") {
    gives_up = true;
    turns[1]->notify();
    other.poll();
    CHECK(other.stopped());
    CHECK(ended[1]);
    leases[0].release();
    io.poll();
    CHECK(ended[2]);
  }
  SECTION("with the lease on its way") {
    leases[0].release();
    gives_up = true;
    turns[1]->notify();
    other.poll();
    CHECK(ended[1]);
    io.poll();
    CHECK_FALSE(ended[2]);
    leases[1].release();
    io.restart();
    io.poll();
    CHECK(ended[2]);
  }
}

TEST_CASE("credentials without a known verdict are held back for a time that doubles, up to half an hour") {
  net::TimePoint now = kNow;
  std::chrono::seconds expected = 30s;
  for (int i = 0; i < 10; ++i) {
    CAPTURE(i);
    if (i % 2 == 0)
      guard().unanswered(key("silent"), Errc::timeout, now);
    else
      guard().refused(key("silent"), Errc::login_refused, now);
    const auto held = guard().held_back(key("silent"), now);
    REQUIRE(held);
    CHECK(*held == Errc::credentials_held_back);
    CHECK(held->seconds_left() == expected.count());
    now += expected;
    CHECK_FALSE(guard().held_back(key("silent"), now));
    expected = std::min<std::chrono::seconds>(expected * 2, 30min);
  }
  guard().forget(key("silent"));
  guard().unanswered(key("silent"), Errc::timeout, now);
  CHECK(guard().held_back(key("silent"), now)->seconds_left() == 30);
}

TEST_CASE("credentials that were accepted are held back only by a verdict about them") {
  guard().unanswered(key("good"), Errc::timeout, kNow);
  guard().accepted(key("good"));
  CHECK_FALSE(guard().held_back(key("good"), kNow));
  guard().unanswered(key("good"), Errc::connection_lost, kNow);
  guard().refused(key("good"), Errc::login_refused, kNow);
  CHECK_FALSE(guard().held_back(key("good"), kNow));
  CHECK(guard().was_accepted(key("good")));
  CHECK_FALSE(guard().was_accepted(key("other")));
  guard().refused(key("good"), Errc::wrong_password, kNow);
  CHECK(guard().held_back(key("good"), kNow + 24h));
  CHECK_FALSE(guard().was_accepted(key("good")));
}
