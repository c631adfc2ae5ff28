#include <catch2/catch.hpp>

#include "dmss/device.hpp"

using namespace dmss;

TEST_CASE("a device URL gives address, user and port") {
  struct Row {
    const char* url;
    const char* address;
    const char* user;
    int port;
  };
  const Row rows[] = {
      {"dahua://192.0.2.10", "192.0.2.10", "admin", 37777},
      {"dahua://viewer@192.0.2.10:40000", "192.0.2.10", "viewer", 40000},
      {"dahua://viewer@nvr.example/", "nvr.example", "viewer", 37777},
      {"192.0.2.10:5", "192.0.2.10", "admin", 5},
      {"dahua://a@b@[2001:db8::1]:7", "2001:db8::1", "a@b", 7},
      {"dahua://[2001:db8::1]", "2001:db8::1", "admin", 37777},
  };
  for (const Row& r : rows) {
    CAPTURE(r.url);
    const auto options = parse_device_url(r.url);
    REQUIRE(options);
    CHECK(options->address == r.address);
    CHECK(options->user == r.user);
    CHECK(options->port == r.port);
  }
}

TEST_CASE(
    "a device URL that makes no sense is refused, and one with a password is not repeated in the error") {
  for (const char* url : {"", "dahua://", "http://x", "dahua://h:0", "dahua://h:65536", "dahua://h:12x",
                          "dahua://h:", "dahua://[::1", "dahua://[::1]x", "dahua://a b", "dahua://h/path"}) {
    CAPTURE(url);
    CHECK(parse_device_url(url).error() == Errc::invalid_argument);
  }
  for (const char* url :
       {"dahua://admin:hunter2@192.0.2.10", "rtsp://admin:hunter2@192.0.2.10", "dahua://admin hunter2@h:0",
        "admin:hunter2@192.0.2.10/x", "dahua://hunter2@[::1"}) {
    CAPTURE(url);
    const auto with_password = parse_device_url(url);
    REQUIRE(with_password.error() == Errc::invalid_argument);
    CHECK(with_password.error().to_string().find("hunter2") == std::string::npos);
  }
}
