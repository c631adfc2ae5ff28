// Region: which cells of the picture count, as drawn by a person (manual §3.2; protocol http-rpc.md §5.3).
#pragma once

#include <array>
#include <cstdint>

namespace dmss {

/// 22 columns × 18 rows from the top left; whatever bit order a table has on the wire.
class Region {
 public:
  static constexpr int kColumns = 22;
  static constexpr int kRows = 18;

  static Region full();
  /// Cells outside read as false and are ignored when set.
  bool get(int column, int row) const noexcept;
  void set(int column, int row, bool on = true) noexcept;
  /// From (left, top) to (right, bottom), all inclusive.
  void fill(int left, int top, int right, int bottom, bool on = true) noexcept;
  bool empty() const noexcept;
  int cells() const noexcept;  ///< how many are on

  /// Bit c of rows()[r] is column c.
  const std::array<std::uint32_t, kRows>& rows() const noexcept { return rows_; }
  static Region from_rows(const std::array<std::uint32_t, kRows>& rows) noexcept;

  bool operator==(const Region&) const = default;

 private:
  std::array<std::uint32_t, kRows> rows_{};
};

}  // namespace dmss
