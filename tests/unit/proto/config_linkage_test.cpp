#include <catch2/catch.hpp>

#include "proto/config/grid.hpp"
#include "proto/config/linkage.hpp"

using namespace dmss;
using namespace dmss::proto::config;

namespace {

std::vector<int> channels(const char* json) {
  const Json list = Json::parse(json);
  return read_channels(&list);
}

/// `list` after writing `wanted`; the error's name where there is one.
Json after(const char* list, std::vector<int> wanted) {
  Json row{{"RecordChannels", Json::parse(list)}};
  const std::vector<int> before = read_channels(&row["RecordChannels"]);
  Error error;
  Edit edit(error, "", &row);
  apply_channels(wanted, before, "RecordChannels", edit);
  return error ? Json(std::string(name(error.code()))) : row["RecordChannels"];
}

Json grid_after(const Region& value, const Region& before, BitOrder order, Json rows) {
  Json row{{"Region", std::move(rows)}};
  Error error;
  Edit edit(error, "", &row);
  apply_grid(value, before, order, "Region", edit);
  return error ? Json(std::string(name(error.code()))) : row["Region"];
}

Json rows(std::int64_t first, std::size_t n = Region::kRows) {
  Json out = Json::array();
  for (std::size_t i = 0; i < n; ++i) out.push_back(i == 0 ? first : 0);
  return out;
}

}  // namespace

TEST_CASE("channel lists: indexes, or a 0/1 for each channel; what could be either is indexes") {
  CHECK(channels("[0,1]") == std::vector{1, 2});
  CHECK(channels("[0,1,2]") == std::vector{1, 2, 3});
  CHECK(channels("[3,1]") == std::vector{2, 4});
  CHECK(channels("[0]") == std::vector{1});
  CHECK(channels("[1]") == std::vector{2});
  CHECK(channels("[0,1,0]") == std::vector{2});
  CHECK(channels("[1,0]") == std::vector{1});
  CHECK(channels("[1,1,1]") == std::vector{1, 2, 3});
  CHECK(channels("[0,0]").empty());
  CHECK(channels("[false,true]") == std::vector{2});
  CHECK(channels("[\"0\",\"2\"]") == std::vector{1, 3});
  CHECK(channels("[-1,5000,null,{},2]") == std::vector{3});
  CHECK(channels("null").empty());
  CHECK(channels("7").empty());
  CHECK(read_channels(nullptr).empty());
}

TEST_CASE("channel lists are written back in the shape they had") {
  CHECK(after("[0,2]", {1, 3, 4}) == Json({0, 2, 3}));
  CHECK(after("[0,2]", {4, 1, 1}) == Json({0, 3}));
  CHECK(after("[0,2]", {}) == Json::array());
  CHECK(after("null", {2}) == Json({1}));
  CHECK(after("[]", {2}) == Json({1}));
  CHECK(after("[\"0\"]", {2}) == Json({"1"}));
  CHECK(after("[0,1,0]", {1, 3}) == Json({1, 0, 1}));
  CHECK(after("[1,1,1]", {}) == Json({0, 0, 0}));
  CHECK(after("[false,true]", {1}) == Json({true, false}));
  CHECK(after("[0,1,0]", {4}) == "invalid_argument");
  CHECK(after("7", {1}) == "unsupported");
  CHECK(after("[3,1]", {4, 2}) == Json({3, 1}));  // the same channels: not touched
}

TEST_CASE("regions: the two grids have their columns in opposite order") {
  const Json low = rows(3), high = rows(3145728);
  const Region a = read_grid(&low, BitOrder::left_is_low), b = read_grid(&high, BitOrder::left_is_high);
  CHECK(a == b);
  CHECK(a.get(0, 0));
  CHECK(a.get(1, 0));
  CHECK(a.cells() == 2);
  Region wanted = a;
  wanted.set(21, 17);
  Json expected = low;
  expected[17] = 2097152;
  CHECK(grid_after(wanted, a, BitOrder::left_is_low, low) == expected);
  expected = high;
  expected[17] = 1;
  CHECK(grid_after(wanted, b, BitOrder::left_is_high, high) == expected);
}

TEST_CASE("regions: every cell keeps its place in either order") {
  for (BitOrder order : {BitOrder::left_is_low, BitOrder::left_is_high}) {
    for (int column = 0; column < Region::kColumns; ++column) {
      Region one;
      one.set(column, column % Region::kRows);
      const Json written = grid_after(one, Region(), order, rows(0));
      CHECK(read_grid(&written, order) == one);
    }
  }
}

TEST_CASE("regions: bits beyond the grid and the type stay, missing rows are empty and cannot be written") {
  Region left;
  left.set(0, 0);
  CHECK(grid_after(left, Region(), BitOrder::left_is_low, rows(1 << 25))[0] == (1 << 25 | 1));
  Json texts = rows(0);
  texts[0] = "0";
  CHECK(grid_after(left, Region(), BitOrder::left_is_low, texts)[0] == "1");
  const Json few = rows(1, 3);
  CHECK(read_grid(&few, BitOrder::left_is_low) == left);
  Region below;
  below.set(0, 5);
  CHECK(grid_after(below, Region(), BitOrder::left_is_low, few) == "unsupported");
  const Json junk = Json::parse(R"([null,"x",{},-1])");
  CHECK(read_grid(&junk, BitOrder::left_is_low).cells() == Region::kColumns);
}

TEST_CASE("regions: drawing") {
  Region r;
  CHECK(r.empty());
  r.fill(-5, 2, 100, 3);
  CHECK(r.cells() == 44);
  r.fill(0, 2, 0, 2, false);
  CHECK(r.cells() == 43);
  r.set(22, 0);
  r.set(0, 18);
  r.set(-1, 0);
  CHECK(r.cells() == 43);
  CHECK_FALSE(r.get(22, 0));
  CHECK(Region::full().cells() == 396);
  CHECK(Region::from_rows(r.rows()) == r);
  std::array<std::uint32_t, Region::kRows> beyond{};
  beyond[0] = 0xffffffff;
  CHECK(Region::from_rows(beyond).cells() == 22);
}

TEST_CASE("linkage: ranges of what differs, by name") {
  const Linkage before;
  const auto error = [&](void (*change)(Linkage&)) {
    Linkage value = before;
    change(value);
    Ranges r;
    check_linkage(value, before, r);
    return r.error();
  };
  CHECK_FALSE(error([](Linkage&) {}));
  CHECK_FALSE(error([](Linkage& l) { l.anti_dither = 600; }));
  CHECK(error([](Linkage& l) { l.anti_dither = 601; }).message().find("linkage.anti_dither") == 0);
  CHECK(error([](Linkage& l) { l.anti_dither = -1; }) == Errc::invalid_argument);
  CHECK(error([](Linkage& l) { l.record_delay = 9; }).message().find("linkage.record_delay") == 0);
  CHECK(error([](Linkage& l) { l.record_delay = 301; }) == Errc::invalid_argument);
  CHECK_FALSE(error([](Linkage& l) { l.alarm_output_delay = 0; }));
  CHECK(error([](Linkage& l) { l.alarm_output_delay = 301; }) == Errc::invalid_argument);
  CHECK(error([](Linkage& l) { l.record_channels = {0}; }).message().find("linkage.record_channels") == 0);
  CHECK(error([](Linkage& l) { l.snapshot_channels = {1025}; }) == Errc::invalid_argument);
  CHECK(error([](Linkage& l) { l.period.days[0][0] = {0, 60, 2}; }).message().find("linkage.period") == 0);
}
