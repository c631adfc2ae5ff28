#include "dmss/error.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "dmss/result.hpp"
#include "dmss/secret.hpp"

using namespace dmss;

TEST_CASE("an error tells everything it knows in one line") {
  Error cause(Errc::connection_lost, "reset by peer");
  Error e = Error(Errc::wrong_password)
                .with_device(0x100, "1/0")
                .with_tries_left(4)
                .with_connection("tcp 192.0.2.10:37777")
                .with_cause(cause);
  CHECK(
      e.to_string() ==
      "wrong_password: user or password not valid (4 tries left) {device 256: 1/0} [tcp 192.0.2.10:37777] <- "
      "connection_lost: reset by peer");
  CHECK(e.category() == ErrorCategory::login);
  CHECK_FALSE(e.remedy().empty());
}

TEST_CASE("details are shared, not aliased: editing a copy leaves the original alone") {
  const Error a = Error(Errc::locked).with_seconds_left(300);
  Error b = Error(a).with_seconds_left(5);
  CHECK(a.seconds_left() == 300);
  CHECK(b.seconds_left() == 5);
}

TEST_CASE("every code has a name of its own and a description") {
  std::set<std::string_view> names;
  for (int n = 0; n < 100; ++n) {
    const auto code = static_cast<Errc>(n);
    if (name(code) == "unknown") continue;
    CHECK(names.insert(name(code)).second);
    CHECK_FALSE(description(code).empty());
  }
  CHECK(names.size() > 40);
}

TEST_CASE("every login refusal says what to do") {
  for (int n = 40; n <= 51; ++n) {
    CAPTURE(n);
    CHECK_FALSE(remedy(static_cast<Errc>(n)).empty());
  }
}

TEST_CASE("a result is a value or an error") {
  Result<int> good = 3;
  Result<int> bad = Errc::timeout;
  CHECK(good);
  CHECK(*good == 3);
  CHECK_FALSE(good.error());
  CHECK_FALSE(bad);
  CHECK(bad.error() == Errc::timeout);
  CHECK(Result<void>());
  CHECK_FALSE(Result<void>(Errc::cancelled));
}

TEST_CASE("a moved-from secret holds nothing") {
  Secret a("hunter2");
  Secret b = std::move(a);
  CHECK(a.empty());  // NOLINT: the point of the test
  CHECK(b.reveal() == "hunter2");
  CHECK(b == Secret("hunter2"));
  CHECK_FALSE(b == Secret("hunter3"));
}
