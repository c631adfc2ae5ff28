#include "proto/config/grid.hpp"

#include <bit>

namespace dmss {
namespace {

constexpr std::uint32_t kRow = (1u << Region::kColumns) - 1;

}  // namespace

Region Region::full() {
  Region r;
  r.rows_.fill(kRow);
  return r;
}

bool Region::get(int column, int row) const noexcept {
  if (column < 0 || column >= kColumns || row < 0 || row >= kRows) return false;
  return (rows_[static_cast<std::size_t>(row)] >> column & 1u) != 0;
}

void Region::set(int column, int row, bool on) noexcept {
  if (column < 0 || column >= kColumns || row < 0 || row >= kRows) return;
  const std::uint32_t bit = 1u << column;
  std::uint32_t& cells = rows_[static_cast<std::size_t>(row)];
  cells = on ? cells | bit : cells & ~bit;
}

void Region::fill(int left, int top, int right, int bottom, bool on) noexcept {
  for (int row = std::max(top, 0); row <= std::min(bottom, kRows - 1); ++row) {
    for (int column = std::max(left, 0); column <= std::min(right, kColumns - 1); ++column)
      set(column, row, on);
  }
}

bool Region::empty() const noexcept {
  return cells() == 0;
}

int Region::cells() const noexcept {
  int n = 0;
  for (std::uint32_t row : rows_) n += std::popcount(row);
  return n;
}

Region Region::from_rows(const std::array<std::uint32_t, kRows>& rows) noexcept {
  Region r;
  for (std::size_t i = 0; i < rows.size(); ++i) r.rows_[i] = rows[i] & kRow;
  return r;
}

namespace proto::config {
namespace {

std::uint32_t mirrored(std::uint32_t row) {
  std::uint32_t out = 0;
  for (int column = 0; column < Region::kColumns; ++column) {
    if ((row >> column & 1u) != 0) out |= 1u << (Region::kColumns - 1 - column);
  }
  return out;
}

/// The order is its own inverse.
std::uint32_t ordered(std::uint32_t row, BitOrder order) {
  return order == BitOrder::left_is_low ? row : mirrored(row);
}

}  // namespace

Region read_grid(const Json* rows, BitOrder order) {
  std::array<std::uint32_t, Region::kRows> out{};
  if (rows == nullptr || !rows->is_array()) return {};
  for (std::size_t i = 0; i < std::min(out.size(), rows->size()); ++i) {
    const auto n = as_int((*rows)[i]);
    if (n) out[i] = ordered(static_cast<std::uint32_t>(*n) & kRow, order);
  }
  return Region::from_rows(out);
}

void apply_grid(const Region& value, const Region& before, BitOrder order, const char* key, Edit& edit) {
  if (value == before || edit.failed()) return;
  Json* rows = edit.find(key);
  for (std::size_t i = 0; i < value.rows().size(); ++i) {
    if (value.rows()[i] == before.rows()[i]) continue;
    if (rows == nullptr || !rows->is_array() || i >= rows->size() || !as_int((*rows)[i]))
      return edit.lacks(std::string(key) + "[" + std::to_string(i) + "]");
    const std::int64_t beyond = *as_int((*rows)[i]) & ~std::int64_t{kRow};
    put((*rows)[i], beyond | ordered(value.rows()[i], order));
  }
}

}  // namespace proto::config
}  // namespace dmss
