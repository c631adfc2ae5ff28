#include <catch2/catch.hpp>

#include "proto/rtp/rtcp.hpp"

using namespace dmss;
using namespace dmss::proto::rtp;

namespace {

const SenderReport kReport{0x30a98ee7, 0xe4362f99cccccccc, 0xcf237b71, 100, 0x12345};
const std::string kReportBytes =
    "80 c8 00 06 30 a9 8e e7 e4 36 2f 99 cc cc cc cc cf 23 7b 71 00 00 00 64 00 01 23 45";
const std::string kNameBytes = "81 ca 00 04 30 a9 8e e7 01 06 28 6e 6f 6e 65 29 00 00 00 00";

Rtcp read(std::string_view hex) {
  const Bytes in = from_hex(hex);
  return parse_rtcp(in);
}

}  // namespace

TEST_CASE("a sender report and a name are written as a recorder writes them, and read") {
  CHECK(to_hex(write_sender_report(kReport, "(none)")) == kReportBytes + " " + kNameBytes);
  const Rtcp r = read(kReportBytes + " " + kNameBytes);
  REQUIRE(r.sender_report);
  CHECK(r.sender_report->ssrc == kReport.ssrc);
  CHECK(r.sender_report->ntp == kReport.ntp);
  CHECK(r.sender_report->rtp_time == kReport.rtp_time);
  CHECK(r.sender_report->packets == 100);
  CHECK(r.sender_report->octets == 0x12345);
  CHECK_FALSE(r.bye);
  CHECK_FALSE(r.receiver_report);
}

TEST_CASE("a receiver report has one block or none, and a name") {
  CHECK(to_hex(write_receiver_report(0x01020304, std::nullopt, "a")) ==
        "80 c9 00 01 01 02 03 04 81 ca 00 02 01 02 03 04 01 01 61 00");
  ReportBlock b;
  b.ssrc = 0x30a98ee7;
  b.fraction_lost = 64;
  b.lost = -2;
  b.highest_sequence = 0x10002;
  b.jitter = 7;
  b.last_sender_report = 0x2f99cccc;
  b.delay_since = 0x8000;
  CHECK(to_hex(write_receiver_report(0x01020304, b, "ab")) ==
        "81 c9 00 07 01 02 03 04 30 a9 8e e7 40 ff ff fe 00 01 00 02 00 00 00 07 2f 99 cc cc 00 00 80 00 "
        "81 ca 00 03 01 02 03 04 01 02 61 62 00 00 00 00");
  CHECK(parse_rtcp(write_receiver_report(1, b, "ab")).receiver_report);
  CHECK(to_hex(write_bye(0x01020304)) == "81 cb 00 01 01 02 03 04");
  CHECK(parse_rtcp(write_bye(1)).bye);
}

TEST_CASE("a name ends in at least one zero and at a word, whatever its length") {
  for (std::size_t n = 0; n <= 300; ++n) {
    INFO(n);
    const Bytes report = write_receiver_report(1, std::nullopt, std::string(n, 'n'));
    const std::size_t kept = std::min<std::size_t>(n, 255);
    REQUIRE(report.size() % 4 == 0);
    CHECK(report.size() == 8 + (static_cast<std::size_t>(load_be16(&report[10])) + 1) * 4);
    CHECK(report[17] == kept);
    CHECK(report.back() == 0);
    CHECK(report.size() <= 8 + 8 + 2 + kept + 4);
  }
}

TEST_CASE("sub-packets of a compound packet are read in order, unknown ones are skipped") {
  const Rtcp r = read("80 cc 00 02 00 00 00 01 41 42 43 44 " + kReportBytes +
                      " 81 cb 00 01 30 a9 8e e7 80 c9 00 01 00 00 00 01");
  CHECK(r.sender_report);
  CHECK(r.bye);
  CHECK(r.receiver_report);
}

TEST_CASE("inconsistent lengths end the reading of a compound packet") {
  const Rtcp too_long = read(kReportBytes + " 81 cb 00 02 30 a9 8e e7");
  CHECK(too_long.sender_report);
  CHECK_FALSE(too_long.bye);
  CHECK_FALSE(read("80 c8 00 06 30 a9 8e e7").sender_report);
  CHECK_FALSE(read("80 c8 ff ff 30 a9 8e e7").sender_report);
  CHECK_FALSE(read("80 c8 00 00 81 cb 00 01 00 00 00 01").sender_report);
  CHECK(read("80 c8 00 00 81 cb 00 01 00 00 00 01").bye);
  CHECK_FALSE(read("80 c8 00 05 30 a9 8e e7 e4 36 2f 99 cc cc cc cc cf 23 7b 71 00 00 00 64").sender_report);
  CHECK_FALSE(read("80 c9 00 00").receiver_report);
  CHECK_FALSE(read("40 cb 00 01 00 00 00 01").bye);
  const Bytes whole = from_hex(kReportBytes);
  for (std::size_t cut = 0; cut < whole.size(); ++cut)
    CHECK_FALSE(parse_rtcp(ByteView(whole).first(cut)).sender_report);
}

TEST_CASE("RTCP is told from RTP by its type") {
  const auto rtcp = [](std::string_view hex) { return is_rtcp(from_hex(hex)); };
  CHECK(rtcp("80 c8 00 00 00 00 00 00"));
  CHECK(rtcp("81 cf 00 00 00 00 00 00"));
  CHECK_FALSE(rtcp("80 c7 00 00 00 00 00 00"));
  CHECK_FALSE(rtcp("80 d0 00 00 00 00 00 00"));
  CHECK_FALSE(rtcp("80 e0 00 00 00 00 00 00"));
  CHECK_FALSE(rtcp("00 c8 00 00 00 00 00 00"));
  CHECK_FALSE(rtcp("80 c8 00 00 00 00 00"));
}

TEST_CASE("NTP time is seconds since 1900 with a fraction of 32 bits") {
  CHECK(ntp_to_unix_us(0x83aa7e80'00000000) == 0);
  CHECK(ntp_to_unix_us(0xe4362f99'cccccccc) == 1'619'767'577'799'999);
  CHECK(ntp_to_unix_us(0x83aa7e80'80000000) == 500'000);
  CHECK(ntp_to_unix_us(0x83aa7e7f'80000000) == -500'000);
  CHECK(ntp_to_unix_us(0xffffffff'ffffffff) == 2'085'978'495'999'999);
  CHECK(unix_us_to_ntp(0) == 0x83aa7e80'00000000);
  CHECK(unix_us_to_ntp(1'500'000) == 0x83aa7e81'80000000);
}

TEST_CASE("a time sent as NTP comes back the same") {
  for (std::int64_t us : {std::int64_t{0}, std::int64_t{1}, std::int64_t{999'999},
                          std::int64_t{1'619'767'577'800'000}, std::int64_t{1'800'000'000'123'457},
                          std::int64_t{-1}, std::int64_t{-1'000'000}, std::int64_t{-1'500'000}}) {
    INFO(us);
    CHECK(ntp_to_unix_us(unix_us_to_ntp(us)) == us);
  }
}
