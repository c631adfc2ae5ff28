// What a person at the terminal needs: a password without echo, and a table that redraws itself.
#pragma once

#include <string>
#include <vector>

/// From the environment variable, else asked for at the terminal without echo. Empty when there is neither.
std::string read_password(const char* environment_variable, const std::string& prompt);

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
