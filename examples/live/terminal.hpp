// A table that redraws itself, for a person at the terminal.
#pragma once

#include <string>
#include <vector>

/// Prints lines, over the former ones when standard output is a terminal; elsewhere only show_last() prints.
class Table {
 public:
  Table();
  void show(const std::vector<std::string>& lines);
  void show_last(const std::vector<std::string>& lines);

 private:
  void print(const std::vector<std::string>& lines);
  bool terminal_;
  std::size_t printed_ = 0;
};
